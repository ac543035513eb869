"""A case on one page: form, materials, checks, every step, and the applications it is merged with or contradicts (rows 1, 2).

`one_stop.case` gives a `CaseView`; its `actions` are what the caller may do now (ask for corrections, refuse, withdraw,
merge, part), by the names of the actions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import col

from models.cancellation import CancelApply
from models.codes import Code
from models.house import House
from models.masking import mask
from models.one_stop import StopCase, StopCorrection, StopGroup, StopMatch, StopMaterial, StopStep
from models.one_stop_codes import MatchVerdict, StopKind
from models.places_data import districts_by_code
from models.tenancy import CheckRun, LeaseFiling
from models.tenancy_codes import Situation
from services.access.visibility import STAFF
from services.engine.actor_names import people_shown
from services.engine.findings import Outcome
from services.engine.registry import query
from services.engine.steps import available
from services.engine.work import Work
from services.one_stop.applications import rent_of
from services.one_stop.items import item_on
from services.one_stop.lease_groups import COMPARED, facts_of
from services.one_stop.listings import clock_of, fields_text
from services.one_stop.messages import Content, StopPerson, content_of
from services.ports.answers import AnswerState
from services.tenancy.check_record import items_of
from services.tenancy.paper_words import part_name


@dataclass(frozen=True)
class MaterialLine:
    """A material: needed or not, where it is from, and what is wrong with it. `state` is empty for a missing one."""

    label: str
    needed: bool
    source: str
    file_name: str
    size: int
    state: Code | str
    note: str


@dataclass(frozen=True)
class CheckLine:
    """A rule that found something."""

    code: str
    result: str
    severity: str
    message: str
    source: str
    milliseconds: int
    forceable: bool


@dataclass(frozen=True)
class StepLine:
    """A step of the log: who, when, what, the answer code and the milliseconds."""

    at: datetime
    actor: str
    act: str
    answer: str
    milliseconds: int
    note: str


#: Words of the answers that are ours; a partner's receipt is shown as it came.
_ANSWERS = {
    **Outcome.labels(),
    **MatchVerdict.labels(),
    **StopKind.labels(),
    **AnswerState.labels(),
    "OUTDATED": "已过时",
    "PENDING": "待查",
    "FAILED": "未送达",
}


@dataclass(frozen=True)
class PeerLine:
    """Another application of the group. `differing` are the labels of the fields that contradict this case's.

    `id` is None where the caller may not open it.
    """

    id: UUID | None
    case_no: str
    role: str
    state: Code
    differing: tuple[str, ...]
    values: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class NoticeLine:
    """A correction notice with everything it lists."""

    at: datetime
    until: date
    words: tuple[str, ...]
    answered_at: datetime | None


@dataclass(frozen=True)
class VerdictLine:
    """A verdict of this and another application: exact, suggested or apart, by the system or by hand with a reason."""

    at: datetime
    other_no: str
    verdict: Code
    fields: str
    by_hand: bool
    reason: str


@dataclass(frozen=True)
class CaseView:
    """A case in full. `fields` are label and value, personal ones masked."""

    id: UUID
    version: int
    case_no: str
    situation: Code
    state: Code
    item_name: str
    item_code: str
    clock: str
    codes: str
    filing_no: str
    contract_id: UUID | None
    filing_id: UUID | None
    cancel_id: UUID | None
    gov_case_id: UUID | None
    fields: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str, str, str], ...]
    materials: tuple[MaterialLine, ...]
    checks: tuple[CheckLine, ...]
    notices: tuple[NoticeLine, ...]
    steps: tuple[StepLine, ...]
    group_no: str
    merged: tuple[PeerLine, ...]
    contradicting: tuple[PeerLine, ...]
    verdicts: tuple[VerdictLine, ...]
    cancelling: tuple[tuple[str, str], ...]
    actions: frozenset[str]


@query("one_stop.case", "一网通办办件详情", roles=STAFF, personal=True)
def one_case(work: Work, case_id: UUID) -> CaseView:
    """Return a case with everything a clerk looks at before deciding anything about it."""
    case = work.get(StopCase, case_id)
    content = content_of(case.content.json() if case.content else None)
    item = item_on(work, case.item_code, case.opened_on)
    filing = work.session.get(LeaseFiling, case.filing_id) if case.filing_id else None
    group = work.session.get(StopGroup, case.group_id) if case.group_id else None
    return CaseView(
        id=case.id,
        version=case.version,
        case_no=case.case_no,
        situation=case.situation,
        state=case.state,
        item_name=item.name,
        item_code=case.item_code,
        clock=clock_of(work, case),
        codes=case.codes,
        filing_no=filing.filing_no if filing else "",
        contract_id=case.contract_id,
        filing_id=case.filing_id,
        cancel_id=case.cancel_id,
        gov_case_id=case.gov_case_id,
        fields=tuple(_fields(work, case, content)),
        people=tuple(_people(content)),
        materials=tuple(_materials(work, case, item.needed(case.situation))),
        checks=tuple(_checks(work, case)),
        notices=tuple(_notices(work, case)),
        steps=tuple(_steps(work, case)),
        group_no=group.group_no if group else "",
        merged=_peers(work, case, content, StopCase.group_id, case.group_id),
        contradicting=_peers(work, case, content, StopCase.suggestion_id, case.suggestion_id),
        verdicts=tuple(_verdicts(work, case)),
        cancelling=tuple(_cancelling(work, case)),
        actions=frozenset(one.name for one in available(work.caller, case) if one.name.startswith("one_stop.")),
    )


def _fields(work: Work, case: StopCase, content: Content) -> Iterator[tuple[str, str]]:
    form = content.form
    yield "受理区", districts_by_code().get(case.accept_district, case.accept_district)
    yield "渠道", case.channel.label
    if case.situation is Situation.CANCEL:
        yield "备案编号", form.filing_no
        yield "合同编号", form.contract_no
        yield "申请方式", {"BOTH": "双方", "ONE": "单方"}.get(form.mode, form.mode)
        yield "申请终止日期", form.termination_date
        return
    house = work.session.get(House, case.house_id) if case.house_id else None
    yield "房屋坐落", house.address if house else form.house.address_text
    yield "权属证明编号", case.cert_no.masked() if case.cert_no else ""
    yield "部位", part_name(case.part_keys) if case.part_keys else ""
    yield "租期", f"{form.start_date} 至 {form.end_date}"
    rent = rent_of(form.rent_amount)
    yield "租金", f"{rent:,.2f} 元／月" if isinstance(rent, Decimal) else form.rent_amount
    yield "签订日期", form.sign_date


def _people(content: Content) -> Iterator[tuple[str, str, str, str]]:
    """Return the persons named: capacity, masked name, masked number, masked phone."""
    one = content.applicant
    yield "申请人", *_masked(StopPerson(one.name, one.id_type, one.id_no, one.mobile))
    if one.principal is not None:
        yield "委托人", *_masked(one.principal)
    for label, people in (
        ("出租人", content.form.lessors),
        ("承租人", content.form.lessees),
        ("同住人", content.form.co_occupants),
    ):
        for person in people:
            yield label, *_masked(person)


def _masked(person: StopPerson) -> tuple[str, str, str]:
    return mask("name", person.name), mask("id", person.id_no), mask("phone", person.mobile)


def _materials(work: Work, case: StopCase, needed: Sequence[Code]) -> Iterator[MaterialLine]:
    rows = {row.kind: row for row in work.rows(StopMaterial, StopMaterial.case_id == case.id)}
    for kind in [*needed, *(kind for kind in rows if kind not in needed)]:
        row = rows.get(kind)  # type: ignore[call-overload]
        if row is None:
            yield MaterialLine(kind.label, True, "", "", 0, "", "未提交")
            continue
        name = row.file_name.plain if row.file_name else ""
        yield MaterialLine(kind.label, kind in needed, row.source.label, name, row.size, row.state, row.note)


def _checks(work: Work, case: StopCase) -> Iterator[CheckLine]:
    run = work.first(CheckRun, CheckRun.object_id == case.gov_case_id, by=col(CheckRun.started_at).desc())
    for item in items_of(work, run) if run is not None else ():
        if item.result != "PASS":
            yield CheckLine(
                item.code, item.result, item.severity, item.message, item.source, item.milliseconds, item.forceable
            )


def _notices(work: Work, case: StopCase) -> Iterator[NoticeLine]:
    for row in work.rows(StopCorrection, StopCorrection.case_id == case.id, by=StopCorrection.position):
        words = tuple(dict.fromkeys(message for _, message, *_ in row.findings.json()))
        yield NoticeLine(row.at, row.until, words, row.answered_at)


def _steps(work: Work, case: StopCase) -> Iterator[StepLine]:
    rows = work.rows(StopStep, StopStep.case_id == case.id, by=StopStep.position)
    actors = people_shown(work, {row.by_account for row in rows if row.by_account})
    for row in rows:
        actor = row.actor or actors.get(row.by_account, "") if row.by_account else row.actor
        yield StepLine(
            row.at, actor or "工作人员", row.act.label, _ANSWERS.get(row.answer, row.answer), row.milliseconds, row.note
        )


def _peers(work: Work, case: StopCase, content: Content, column: object, group_id: UUID | None) -> tuple[PeerLine, ...]:
    if group_id is None:
        return ()
    mine, peers = facts_of(content), []
    others = work.rows(StopCase, column == group_id, StopCase.id != case.id, by=StopCase.case_no)
    seen = {row.id for row in work.rows(work.visible(StopCase).where(column == group_id))}
    for other in others:
        theirs = facts_of(content_of(other.content.json() if other.content else None))
        values = tuple(
            (one.label, *_plain(one.name, mine[one.name], theirs[one.name]))
            for one in COMPARED
            if case.situation is Situation.NEW
        )
        if case.situation is Situation.CANCEL:
            values = (("终止日期", str(case.terminated_on or ""), str(other.terminated_on or "")),)
        differing = tuple(label for label, one, two in values if one != two)
        shown = other.id if other.id in seen else None
        peers.append(PeerLine(shown, other.case_no, other.role.label, other.state, differing, values))
    return tuple(peers)


def _plain(name: str, mine: object, theirs: object) -> tuple[str, str]:
    """Two compared values in words: landlords by masked names."""

    def words(value: object) -> str:
        if isinstance(value, list):
            return "、".join(f"{mask('name', one)}／{mask('id', number)}" for one, number in value)
        rent = rent_of(str(value)) if name == "rent_amount" else None
        return str(value) if rent is None else f"{rent:,.2f}"

    return words(mine), words(theirs)


def _verdicts(work: Work, case: StopCase) -> Iterator[VerdictLine]:
    pair = (col(StopMatch.case_id) == case.id) | (col(StopMatch.other_id) == case.id)
    for row in work.rows(StopMatch, pair, by=StopMatch.at):
        other = row.other_id if row.case_id == case.id else row.case_id
        number = work.first(StopCase.case_no, StopCase.id == other) or ""
        yield VerdictLine(row.at, number, row.verdict, fields_text(row.conflict_fields), row.by_hand, row.reason)


def _cancelling(work: Work, case: StopCase) -> Iterator[tuple[str, str]]:
    apply = work.session.get(CancelApply, case.cancel_id) if case.cancel_id else None
    if apply is not None:
        yield "注销申请编号", apply.apply_no
        yield "状态", apply.state.label
        yield "终止日期", str(apply.terminated_on)
        yield "异议期至", str(apply.objection_until or "")
        yield "对方异议", "已提出" if apply.objection else ""
