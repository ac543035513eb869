"""A head company applies for admission on the public page, without an account; it comes back by number and code (row 52)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hmac import compare_digest
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import OrgUnit, Role, UnitKind
from models.columns import new_id
from models.companies import AdmissionState, GroupCompany, HeadCompany, PublicApplication
from models.labels import Label
from models.records import REVISION, InForceState, Revision, RevisionState
from models.sealed import Sealed
from models.sealing import sm3_hex
from services.companies.company_kinds import HEAD_COMPANY
from services.companies.facts import LIBRARY, given, live_key, registered
from services.companies.names import code_key
from services.companies.rules import REGISTRY
from services.documents.attachments import Examined, KeepAttachment, examined, store_attachment
from services.engine.cycle_drafts import keep, new_version
from services.engine.cycle_judgement import Answers, findings_of
from services.engine.cycle_lock import open_of, owner_of
from services.engine.cycle_orders import Submit
from services.engine.cycle_review import submit
from services.engine.door import Gathering
from services.engine.findings import Finding, Severity
from services.engine.kinds import Owner
from services.engine.notices import notify
from services.engine.numbering import number_later
from services.engine.proposals import Form, form_of, read_form
from services.engine.record_files import OF_RECORDS, cite_files
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import action, query
from services.engine.words import LEAST_WORDS, some_words
from services.engine.work import Work
from services.files.inspection import inspect_material
from services.files.names import clean_file_name
from services.ports.registry import CompanyProfile

#: What an application's files are until a reviewer has looked: handed out as downloads, shown in no page (decision 10).
APART = "公开申请材料"
#: What a visitor fills in: the form of a head company, but for the codes of its shares.
FIELDS = tuple(one.name for one in HEAD_COMPANY.fields if one.name != "listed_codes")
SLOTS = tuple(one.name for one in HEAD_COMPANY.slots)
#: What the page may show to a visitor who types a code: nothing of a person.
_TOLD = ("name", "reg_place", "established_on", "registry_status", "registered_capital", "currency")
_SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CITY = "310000"


@dataclass(frozen=True)
class HandedIn:
    """A file for a slot."""

    slot: str
    file_name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Apply:
    """The form as typed. `receipt_no` and `code` name an application that was sent back and is handed in again."""

    values: Mapping[str, str]
    files: tuple[HandedIn, ...] = ()
    explanation: str = ""
    receipt_no: str = ""
    code: str = field(default="", repr=False)


@dataclass(frozen=True)
class Applied:
    """The number and the code are shown once."""

    receipt_no: str
    code: str
    company: str


@dataclass(frozen=True)
class Asked:
    """Facts gathered with no transaction open."""

    answers: Answers
    files: tuple[Examined, ...]
    code: str


def _ask(gathering: Gathering, order: Apply) -> Asked:
    order = replace(order, files=tuple(one for one in order.files if one.content))
    for one in order.files:
        if one.slot not in SLOTS:
            raise Rejected("没有这个附件栏，请返回后重新提交")
    some_words(order.explanation, "情况说明")
    form = _form(order)
    files = []
    for one in order.files:
        inspected = inspect_material(one.content)
        files.append(examined(gathering, one.content, replace(inspected, active=(*inspected.active, APART))))
    code = "".join(secrets.choice(_SIGNS) for _ in range(10))
    return Asked(registered(gathering, str(form.values.get("uscc") or "")), tuple(files), code)


def _form(order: Apply) -> Form:
    values: dict[str, Any] = {name: order.values[name] for name in FIELDS if order.values.get(name, "").strip()}
    values["independent"] = values.get("independent") in {"on", "true", "是", "1"}
    return read_form(HEAD_COMPANY, values)


@action("companies.apply", "申请总公司准入", roles={Role.SYSTEM}, gather=_ask, event="DATA.CREATE")
def apply(work: Work, order: Apply, asked: Asked) -> Applied:
    """Submit the application for review, or refuse it with all reasons and store nothing."""
    bureau = _bureau(work)
    # The city's office takes it in: it may read its own, whichever way it came.
    acting = replace(work, caller=replace(work.caller, unit_id=bureau.id, clearance=Label.INTERNAL))
    before, known = _returned(work, order) if order.receipt_no else (None, None)
    row = before if before is not None else _begin(acting, order)
    profile = _profile(asked.answers)
    files = _take_files(acting, row, order, asked)
    form = _whole_form(order, profile, files)
    if profile is not None:
        _remember_source(acting, row, profile)
    keep(acting, HEAD_COMPANY, row, form, Owner(head_company_id=row.head_company_id))
    work.session.flush()
    kept = form_of(HEAD_COMPANY, row.payload.json())
    found = findings_of(acting, HEAD_COMPANY, row, kept, owner_of(row), asked.answers, references=True)
    reasons = _reasons(found, order.explanation)
    submit(HEAD_COMPANY, acting, Submit(row.id, row.version, reasons), asked.answers)
    name = str(form.values.get("name") or "")
    notify(work, "收到总公司准入申请", f"“{name}”通过公开页面申请准入。", about=row, to_unit=bureau.id)
    if known is not None:
        return Applied(known.receipt_no, "", name)
    made = PublicApplication(
        receipt_no=row.id.hex,
        code_digest=_digest(asked.code),
        record_id=row.record_id,
        revision_id=row.id,
        applied_at=work.now,
    )
    work.add(made)
    work.trail.tell("DATA.CREATE", "companies.apply", about=made)

    number_later(work, "ZR", _CITY, work.today, lambda number: setattr(made, "receipt_no", number))
    return work.later(lambda: Applied(made.receipt_no, asked.code, name))


def _bureau(work: Work) -> OrgUnit:
    """The city's office, whose people look after applications from outside."""
    return work.find(
        OrgUnit,
        OrgUnit.kind == UnitKind.CITY_BUREAU,
        by=OrgUnit.unit_code,
        missing=Conflict("暂未开放网上申请，请联系市房屋管理局"),
    )


def _begin(work: Work, order: Apply) -> Revision:
    """A new record, or for a company that had left another version of the old one."""
    key = live_key(order.values)
    old = work.first(HeadCompany, HeadCompany.live_key == key, HeadCompany.in_force == InForceState.EFFECTIVE)
    again = old if old is not None and old.admission_state is AdmissionState.EXITED else None
    if again is not None and open_of(work, again.id) is not None:
        raise Rejected("该企业已有在办的申请，请先办结", (Finding("SUB-03", "该企业已有在办的申请", "uscc"),))
    reason = "退出后重新申请准入" if again is not None else ""
    row = new_version(work, HEAD_COMPANY, again.id if again is not None else new_id(), again, reason=reason)
    row.head_company_id = again.id if again is not None else None
    return work.add(row)


def _returned(work: Work, order: Apply) -> tuple[Revision, PublicApplication]:
    known = _known(work, order.receipt_no, order.code)
    row: Revision = work.held(select(Revision).where(Revision.id == known.revision_id)).one()
    if row.state is not RevisionState.RETURNED or REVISION.after("submit", row.state) is None:
        raise Conflict(f"申请当前为“{row.state.label}”，不能重新提交")
    return row, known


def _profile(answers: Answers) -> CompanyProfile | None:
    answer = answers.get(REGISTRY)
    return answer.value if answer is not None and answer.hit else None


def _whole_form(order: Apply, profile: CompanyProfile | None, files: Mapping[str, Sequence[UUID]]) -> Form:
    """Return what was typed, with the shareholders as they are registered: a visitor types none."""
    typed = _form(order)
    lists = given(profile).children if profile is not None and profile.holders else {}
    raw = {name: [{key: str(value) for key, value in line.items()} for line in lines] for name, lines in lists.items()}
    return replace(read_form(HEAD_COMPANY, typed.raw, raw, files), typed=typed.typed)


def _remember_source(work: Work, row: Revision, profile: CompanyProfile) -> None:
    values = {key: str(value) for key, value in given(profile).values.items()}
    row.source_snapshot = Sealed.of_json(
        {
            "source": LIBRARY,
            "state": "HIT",
            "at": work.now.isoformat(),
            "key": profile.uscc,
            "note": "",
            "values": read_form(HEAD_COMPANY, values).payload["values"],
            "children": {},
        }
    )


def _take_files(work: Work, row: Revision, order: Apply, asked: Asked) -> dict[str, list[UUID]]:
    """Store the files; what is handed in again takes the place of what was sent back."""
    earlier = row.payload.json().get("files", {})
    taken: dict[str, list[UUID]] = {}
    chosen = [one for one in order.files if one.content]
    for one, found in zip(chosen, asked.files, strict=True):
        kept = KeepAttachment(one.slot, clean_file_name(one.file_name, found.inspected.extension), one.content)
        told = store_attachment(work, kept, found, object_kind=OF_RECORDS, object_id=row.record_id)
        if not told.usable:
            raise Rejected(told.note)
        taken.setdefault(one.slot, []).append(told.id)
    files = {slot: [UUID(one) for one in ids] for slot, ids in earlier.items()} | taken
    work.session.flush()
    cite_files(work, row, files)
    return files


def _reasons(found: list[Finding], explanation: str) -> dict[str, str]:
    """Use the visitor's single explanation as the reason for every warning."""
    warned = {one.code for one in found if one.severity is Severity.WARN}
    said = some_words(explanation, "情况说明")
    if warned and len(said) < LEAST_WORDS and not any(one.severity is Severity.REFUSE for one in found):
        raise Rejected(f"以下事项请在“情况说明”中说明（不少于{LEAST_WORDS}个字）", found)
    return dict.fromkeys(warned, said)


# ------------------------------------------------------------------ coming back


def _digest(code: str) -> str:
    return sm3_hex(f"companies.apply:{code_key(code)}".encode())


def _known(work: Work, receipt_no: str, code: str) -> PublicApplication:
    """Return the application of a number for its code; a wrong code and a missing application get the same answer."""
    number = code_key(receipt_no)[:32]
    row = work.first(PublicApplication, PublicApplication.receipt_no == number)
    expected = row.code_digest if row is not None else _digest("")
    if not compare_digest(expected, _digest(code[:40])) or row is None:
        raise NotFound("申请号或查询码不正确")
    return row


@dataclass(frozen=True)
class AskStanding:
    receipt_no: str
    code: str = field(repr=False)


@dataclass(frozen=True)
class PublicStanding:
    """State of an application; `again` when it was returned, with the typed values for the form."""

    receipt_no: str
    company: str
    state: str
    level: str
    opinion: str
    record_no: str
    applied_at: datetime
    again: bool
    values: Mapping[str, Any]


@query("companies.public_standing", "查询准入申请", roles={Role.SYSTEM})
def public_standing(work: Work, order: AskStanding) -> PublicStanding:
    """Return the state of an application by its number and code."""
    known = _known(work, order.receipt_no, order.code)
    row = work.session.get_one(Revision, known.revision_id)
    returned = row.state is RevisionState.RETURNED
    waiting = row.state is RevisionState.SUBMITTED and row.review_step < len(HEAD_COMPANY.review)
    opinion = row.opinion.json().get("text", "") if row.opinion is not None else ""
    told = row.state in {RevisionState.RETURNED, RevisionState.REJECTED}
    return PublicStanding(
        receipt_no=known.receipt_no,
        company=str(row.title.json()),
        state=row.state.label,
        level=HEAD_COMPANY.review[row.review_step].label if waiting else "",
        opinion=opinion if told else "",
        record_no=row.record_no,
        applied_at=known.applied_at,
        again=returned,
        values=row.payload.json().get("values", {}) if returned else {},
    )


@query("companies.public_choices", "准入申请选项", roles={Role.SYSTEM})
def public_choices(work: Work, order: None) -> Mapping[str, str]:
    """The groups of the directory by name, which is public."""
    rows = work.session.exec(
        select(col(GroupCompany.id), col(GroupCompany.name))
        .where(GroupCompany.in_force == InForceState.EFFECTIVE)
        .order_by(col(GroupCompany.name), col(GroupCompany.id))
    ).all()
    return {str(row_id): name for row_id, name in rows}


def _ask_prefill(gathering: Gathering, uscc: str) -> CompanyProfile | None:
    return _profile(registered(gathering, uscc))


@query("companies.public_prefill", "按信用代码带入", roles={Role.SYSTEM}, gather=_ask_prefill)
def public_prefill(work: Work, uscc: str, profile: CompanyProfile | None) -> Mapping[str, str]:
    """Return the library's public data for a code, without any person; empty when there is none."""
    if profile is None:
        return {}
    values = given(profile).values
    return {name: str(values[name]) for name in _TOLD if name in values}
