"""Handing in what a citizen filled in: checked again, taken over from the licence library, sent on as an application (row 3)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from sqlmodel import col

from models.access import Role
from models.citizens import DRAFT, CitizenInvitation
from models.house import House, HouseCategory, ProofKind
from models.one_stop import StopCase, StopMaterial
from models.one_stop_codes import (
    OPEN_STATES,
    MaterialSource,
    MaterialState,
    MessageOutcome,
    StopKind,
    StopMaterialKind,
    StopState,
)
from models.sealed import Sealed
from models.tenancy import LeaseFiling
from models.tenancy_codes import LeaseMode, Situation
from models.verification_codes import PrecheckState
from services.citizens.application_paper import application_paper
from services.citizens.drafts import OF_DRAFTS, DraftView, OfDraft, draft_of, open_draft, owned_by, view_of
from services.citizens.forms import applicant_of, form_of, role_in
from services.citizens.sessions import Citizen
from services.documents.attachments import Examined, KeepAttachment, examined, store_attachment
from services.engine.door import Gathering
from services.engine.findings import Finding, Severity
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import action
from services.engine.steps import take_step
from services.engine.work import Work
from services.files.inspection import inspect_material
from services.one_stop.intake import Application, Taken, submit_application
from services.one_stop.items import ITEM
from services.one_stop.messages import Content, LibraryMessage, StopAttachment, StopForm, content_of
from services.ports.answers import Answer, HeldLicences, skipped
from services.ports.systems import LICENCE_LIBRARY
from services.tenancy.fact_sources import OutsideFacts, house_of_form
from services.tenancy.lease_form import HouseForm, LeaseForm
from services.tenancy.predicates import number_of
from services.verification.precheck import CheckBefore, gather_again, use_token

#: Papers of the lease that the other side handed in and a confirmation need not bring again.
_SHARED = frozenset({StopMaterialKind.CONTRACT, StopMaterialKind.TITLE, StopMaterialKind.COOWNER_CONSENT})
_NOT_NAMED = NotFound("没有找到需要您确认的申请。请核对办件编号，并确认对方填写了您的证件号码")


@dataclass(frozen=True)
class SubmitDraft:
    """A draft handed in by its owner from a network address."""

    citizen: Citizen
    id: UUID
    address: str = ""


@dataclass(frozen=True)
class OfCase:
    """A case by its number, of the citizen who is signed in."""

    citizen: Citizen
    case_no: str


@dataclass(frozen=True)
class Prepared:
    """Facts gathered with no transaction open: registers, licence library and the application as a file."""

    message: LibraryMessage
    outside: OutsideFacts | None
    held: Answer[HeldLicences]
    paper: bytes
    examined: Examined


def my_case(work: Work, order: OfCase) -> StopCase:
    """Return a case of the citizen; another person's is not found."""
    return work.find(
        StopCase,
        StopCase.case_no == order.case_no.strip().upper(),
        owned_by(work, StopCase.applicant_no_index, order.citizen),
        missing=NotFound("没有找到您的这件申请"),
    )


def content_of_case(case: StopCase) -> Content:
    """Return the newest content of a case."""
    return content_of(case.content.json() if case.content else None)


def others_case(work: Work, order: OfCase) -> StopCase:
    """Return the open case of another applicant whose lease names the citizen; all others are not found.

    Those whom a filed lease names learn that they need not confirm it any more.
    """
    case = work.first(StopCase, StopCase.case_no == order.case_no.strip().upper(), StopCase.situation == Situation.NEW)
    if case is None or role_in(content_of_case(case).form, order.citizen) is None:
        raise _NOT_NAMED
    if case.state is StopState.DONE:
        raise Conflict("这份合同已经备案，不需要您再确认。备案记录见“我的申请”里的“有效的备案”")
    if case.state not in OPEN_STATES:
        raise _NOT_NAMED
    if case.applicant_no is not None and number_of(case.applicant_no.plain) == number_of(order.citizen.id_no):
        raise _NOT_NAMED
    return case


def check_of(citizen: Citizen, values: Mapping[str, str], token: str, address: str) -> CheckBefore:
    """Return the precheck that belongs to what was filled in."""
    public = values.get("proof_type") == ProofKind.A4.value
    return CheckBefore(
        cert_no=values.get("title_cert_no", ""),
        owner_name=values.get("owner_name", ""),
        owner_id=values.get("owner_id", ""),
        requester_no=citizen.id_no,
        flat_room=values.get("room_no", ""),
        mode=LeaseMode.ROOM if values.get("lease_mode") == LeaseMode.ROOM.value else LeaseMode.WHOLE,
        room_no=values.get("rooms", "") if values.get("lease_mode") == LeaseMode.ROOM.value else "",
        token=token,
        category=HouseCategory.PUBLIC if public else None,
        address=address,
    )


def needs_token(draft: DraftView) -> bool:
    """Return whether an application must carry a precheck: a new one about a home, not a correction or a confirmation."""
    return draft.situation is Situation.NEW and not draft.case_no and not draft.confirms


def _message(work: Work, citizen: Citizen, draft: DraftView) -> LibraryMessage:
    form = form_of(draft.values)
    applicant = applicant_of(citizen, draft.values)
    attachments = [StopAttachment(one.material.value, one.file_name, one.size) for one in draft.files]
    earlier: StopCase | None = None
    kind = StopKind.SUBMIT
    if draft.confirms:
        earlier = others_case(work, OfCase(citizen, draft.confirms))
        form = content_of_case(earlier).form
        role = role_in(form, citizen)
        assert role is not None
        applicant = applicant_of(citizen, {"role": role.value})
    elif draft.case_no:
        earlier = my_case(work, OfCase(citizen, draft.case_no))
        kind = StopKind.SUPPLEMENT if earlier.situation is draft.situation else StopKind.CONVERT
    if earlier is not None:
        brought = {one.material for one in attachments}
        shared = _SHARED if draft.confirms else frozenset(StopMaterialKind)
        attachments += [one for one in _handed_in(work, earlier, shared) if one.material not in brought]
    return LibraryMessage(
        msg_id=uuid4().hex,
        case_no="-",
        version=0,
        event_time=work.now,
        kind=kind,
        item_code=ITEM,
        situation=draft.situation,
        accept_center_code=earlier.accept_district if earlier else _centre(work, form),
        applicant=applicant,
        form=form,
        attachments=tuple(attachments),
    )


def _centre(work: Work, form: StopForm) -> str:
    """Return the district of the home, whose centre accepts what is handed in online."""
    if form.filing_no:
        filing = work.first(LeaseFiling, LeaseFiling.filing_no == form.filing_no)
        house = work.first(House, House.id == filing.house_id) if filing else None
    else:
        named = HouseForm(cert_no=form.house.title_cert_no, room_no=form.house.room_no)
        house = house_of_form(work.session, LeaseForm(house=named))
    return house.district_code if house else ""


def _handed_in(work: Work, case: StopCase, kinds: frozenset[StopMaterialKind]) -> list[StopAttachment]:
    """Return the good files of a case; what it holds of the licence library is asked anew."""
    rows = work.rows(
        StopMaterial,
        StopMaterial.case_id == case.id,
        StopMaterial.source == MaterialSource.UPLOAD,
        StopMaterial.state == MaterialState.GOOD,
        col(StopMaterial.kind).in_(kinds),
    )
    return [StopAttachment(one.kind.value, one.file_name.plain if one.file_name else "", one.size) for one in rows]


def _prepare(gathering: Gathering, order: SubmitDraft) -> Prepared:
    """Ask registers and library, and draw the application, before the transaction."""

    def read(work: Work) -> tuple[DraftView, LibraryMessage]:
        draft: DraftView = open_draft(work, OfDraft(order.citizen, order.id))
        return draft, _message(work, order.citizen, draft)

    draft, message = gathering.look(read)
    check = check_of(order.citizen, draft.values, draft.token, order.address)
    outside = gather_again(gathering, check) if needs_token(draft) else None
    paper = application_paper(order.citizen, message, draft.values, gathering.now)
    return Prepared(
        message,
        outside,
        gathering.systems.at(LICENCE_LIBRARY).held_for(number_of(order.citizen.id_no)),
        paper,
        examined(gathering, paper, inspect_material(paper)),
    )


@action("citizens.submit", "提交网上申请", roles={Role.SYSTEM}, gather=_prepare, event="DATA.CREATE")
def submit_draft(work: Work, order: SubmitDraft, prepared: Prepared) -> Taken:
    """Hand in a draft once; what may not be handed in stays a draft, with every reason."""
    row = draft_of(work, OfDraft(order.citizen, order.id))
    draft = view_of(row)
    _complete(draft, prepared.message.form or StopForm())
    if prepared.outside is not None:
        told = use_token(work, check_of(order.citizen, draft.values, draft.token, order.address), prepared.outside)
        if told.state is PrecheckState.FAILED:
            raise Rejected("房屋前置核验未通过，请处理后重新核验", told.findings)
    # As it is now: the other side, or a clerk, may have changed the case meanwhile.
    message = _with_paper(_message(work, order.citizen, draft), draft, len(prepared.paper))
    if message.form != prepared.message.form:
        raise Conflict("对方刚刚修改了合同内容，请重新核对后确认")
    paper = KeepAttachment(StopMaterialKind.APPLICATION.label, "网上申请书.pdf", prepared.paper)
    store_attachment(work, paper, prepared.examined, object_kind=OF_DRAFTS, object_id=row.id)
    taken = submit_application(work, Application(message, draft.case_no), prepared.held)
    if taken.outcome is MessageOutcome.REFUSED:
        raise Conflict(taken.note or "申请没有被接收，请稍后再试")
    take_step(work, row, DRAFT, "submit")
    row.case_no = taken.case_no
    work.add(row)
    _answer_invitation(work, order.citizen, draft.confirms)
    if not draft.confirms and not draft.case_no:
        _invite(work, message, order.citizen, taken.case_no)
    return taken


def _complete(draft: DraftView, form: StopForm) -> None:
    """Refuse an application without parties or without a home; rules judge everything else."""
    missing = []
    if draft.situation is Situation.NEW:
        checks = {
            "lessor1_name": ("出租人", form.lessors),
            "lessee1_name": ("承租人", form.lessees),
            "start_date": ("起租日期", form.start_date),
            "end_date": ("止租日期", form.end_date),
            "rent_amount": ("月租金", form.rent_amount),
        }
        missing = [
            Finding("FORM", f"请填写{label}", name, Severity.CORRECT)
            for name, (label, value) in checks.items()
            if not value
        ]
    elif not form.filing_no:
        missing = [Finding("FORM", "请选择要注销的备案", "filing_no", Severity.CORRECT)]
    elif not form.termination_date:
        missing = [Finding("FORM", "请填写合同终止日期", "termination_date", Severity.CORRECT)]
    if missing:
        raise Rejected("申请还没有填完整", missing)


def _with_paper(message: LibraryMessage, draft: DraftView, size: int) -> LibraryMessage:
    """The message with the application that was filled in, and the commitment it contains."""
    made = [StopAttachment(StopMaterialKind.APPLICATION.value, "网上申请书.pdf", size)]
    if draft.situation is Situation.CANCEL and draft.values.get("committed"):
        made.append(StopAttachment(StopMaterialKind.COMMITMENT.value, "网上申请书.pdf", size))
    kinds = {one.material for one in made}
    return replace(message, attachments=(*made, *(one for one in message.attachments if one.material not in kinds)))


def _invite(work: Work, message: LibraryMessage, citizen: Citizen, case_no: str) -> None:
    form = message.form
    if form is None or message.situation is not Situation.NEW:
        return
    numbers = {number_of(one.id_no) for one in (*form.lessors, *form.lessees)} - {number_of(citizen.id_no), ""}
    for number in sorted(numbers):
        work.add(CitizenInvitation(party_no=Sealed.of(number), case_no=case_no, invited_at=work.now))


def _answer_invitation(work: Work, citizen: Citizen, case_no: str) -> None:
    if not case_no:
        return
    rows = work.rows(
        CitizenInvitation,
        CitizenInvitation.case_no == case_no,
        owned_by(work, CitizenInvitation.party_no_index, citizen),
        col(CitizenInvitation.answered_at).is_(None),
    )
    for row in rows:
        row.answered_at = work.now
        work.add(row)


@action("citizens.withdraw", "撤回网上申请", roles={Role.SYSTEM})
def withdraw_case(work: Work, order: OfCase) -> Taken:
    """Withdraw a case of the citizen before it is decided; in a merged group only this application leaves."""
    case = my_case(work, order)
    if case.state not in OPEN_STATES:
        raise Conflict(f"办件{case.state.label}，不能撤回")
    message = LibraryMessage(uuid4().hex, case.case_no, 0, work.now, StopKind.WITHDRAW, situation=case.situation)
    return submit_application(work, Application(message, case.case_no), skipped("电子证照库"))
