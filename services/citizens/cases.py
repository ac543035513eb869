"""Matters of a citizen: own drafts and cases, leases to confirm, filings to cancel, materials of the licence library (row 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from models.access import Role
from models.citizens import CitizenDraft, CitizenInvitation, DraftState
from models.house import House
from models.one_stop import StopCase, StopCorrection, StopStep
from models.one_stop_codes import INTAKE, OPEN_STATES, StopAct, StopMaterialKind, StopState
from models.tenancy import ContractParty, LeaseContract, LeaseFiling
from models.tenancy_codes import FilingState, IdType, Side, Situation
from services.citizens.applications import OfCase, content_of_case, my_case, others_case
from services.citizens.drafts import DraftView, owned_by, view_of
from services.citizens.forms import values_of
from services.citizens.sessions import Citizen
from services.engine.door import Gathering
from services.engine.registry import query
from services.engine.work import Work
from services.one_stop.items import ITEM, Item, item_on
from services.ports.answers import Answer, HeldLicences
from services.ports.systems import LICENCE_LIBRARY
from services.tenancy.predicates import number_of
from services.tenancy.rules.applicants import PROOF_PAPERS
from services.tenancy.rules.catalogue import BY_CODE

#: Steps of the log that a citizen is shown; the others are work of the office.
_SHOWN = frozenset(
    {
        StopAct.RECEIVE,
        StopAct.CORRECT,
        StopAct.CONVERT,
        StopAct.ACCEPT,
        StopAct.REFUSE,
        StopAct.MERGE,
        StopAct.DECIDE,
        StopAct.NOTICE,
        StopAct.WITHDRAW,
        StopAct.TIME_OUT,
    }
)
_NEXT = {
    StopState.RECEIVED: "正在审查材料，一般当天完成。",
    StopState.CORRECTION: "请按下面列出的内容一次补齐，逾期未补的申请将关闭。",
    StopState.ACCEPTED: "已经受理，系统核验后给出结果。",
    StopState.GROUPED: "与同一合同的其他申请合并办理，系统核验后给出结果。",
    StopState.CHECKING: "系统正在核验。",
    StopState.INTERCEPTED: "系统核验时发现需要人工判断的情况，请携带证件和材料到区住房租赁服务中心或街镇社区事务受理服务中心说明。",
    StopState.DONE: "已经办结。",
    StopState.RETURNED: "没有通过，原因如下。处理后可以重新申请。",
    StopState.REFUSED: "不予受理，原因见办理过程。",
    StopState.WITHDRAWN: "您已撤回申请。",
    StopState.CLOSED_TIMEOUT: "逾期未补正，申请已关闭。可以重新申请。",
}
_MOST = 50


@dataclass(frozen=True)
class CaseLine:
    """A case in the citizen's list."""

    case_no: str
    situation: Situation
    state: StopState
    received_at: datetime
    address: str


@dataclass(frozen=True)
class FilingLine:
    """A filing in force to which the citizen is a party; `asked` says that the other side asked to cancel it."""

    filing_no: str
    contract_no: str
    address: str
    side: Side
    start: date
    end: date
    asked: str = ""


@dataclass(frozen=True)
class Mine:
    """All matters of a citizen."""

    drafts: tuple[DraftView, ...]
    cases: tuple[CaseLine, ...]
    to_confirm: tuple[str, ...]
    filings: tuple[FilingLine, ...]


@query("citizens.mine", "我的网上申请", roles={Role.SYSTEM}, personal=True)
def my_matters(work: Work, citizen: Citizen) -> Mine:
    """List drafts, cases, leases to confirm and filings of the citizen."""
    drafts = work.rows(
        CitizenDraft,
        owned_by(work, CitizenDraft.owner_no_index, citizen),
        CitizenDraft.state == DraftState.OPEN,
        by=col(CitizenDraft.edited_at).desc(),
    )
    cases = work.rows(
        StopCase,
        owned_by(work, StopCase.applicant_no_index, citizen),
        by=col(StopCase.received_at).desc(),
        most=_MOST,
    )
    lines = tuple(
        CaseLine(one.case_no, one.situation, one.state, one.received_at, _address(work, one)) for one in cases
    )
    return Mine(tuple(map(view_of, drafts)), lines, tuple(_to_confirm(work, citizen)), filings_of(work, citizen))


def _address(work: Work, case: StopCase) -> str:
    form = content_of_case(case).form
    return form.house.address_text or form.house.title_cert_no or form.filing_no


def _to_confirm(work: Work, citizen: Citizen) -> list[str]:
    numbers = work.rows(
        CitizenInvitation.case_no,
        owned_by(work, CitizenInvitation.party_no_index, citizen),
        col(CitizenInvitation.answered_at).is_(None),
        by=col(CitizenInvitation.invited_at).desc(),
        most=_MOST,
    )
    open_ones = work.rows(StopCase.case_no, col(StopCase.case_no).in_(numbers), col(StopCase.state).in_(OPEN_STATES))
    return [one for one in numbers if one in set(open_ones)]


def filings_of(work: Work, citizen: Citizen) -> tuple[FilingLine, ...]:
    """Return the filings in force to which the citizen is a landlord or tenant."""
    rows = work.session.exec(
        select(LeaseFiling, LeaseContract, House, ContractParty)
        .join(LeaseContract, col(LeaseContract.id) == col(LeaseFiling.contract_id))
        .join(House, col(House.id) == col(LeaseFiling.house_id))
        .join(ContractParty, col(ContractParty.contract_id) == col(LeaseContract.id))
        .where(
            owned_by(work, ContractParty.id_no_index, citizen),
            col(ContractParty.side).in_((Side.LESSOR, Side.LESSEE)),
            LeaseFiling.state == FilingState.ACTIVE,
            col(LeaseFiling.valid_to) >= work.today,
        )
        .order_by(col(LeaseFiling.filed_at).desc())
        .limit(_MOST)
    ).all()
    asked = _asked_to_cancel(work, citizen, [filing.filing_no for filing, *_ in rows])
    return tuple(
        FilingLine(
            filing.filing_no,
            contract.contract_no or "",
            house.address,
            party.side,
            contract.start,
            contract.end,
            asked.get(filing.filing_no, ""),
        )
        for filing, contract, house, party in rows
    )


def _asked_to_cancel(work: Work, citizen: Citizen, numbers: list[str]) -> Mapping[str, str]:
    """Return the day on which the other side wants to end the lease, by filing number."""
    rows = work.rows(
        StopCase,
        StopCase.situation == Situation.CANCEL,
        col(StopCase.lease_key).in_(numbers),
        col(StopCase.state).in_(OPEN_STATES),
    )
    mine = number_of(citizen.id_no)
    others = [one for one in rows if one.applicant_no is None or number_of(one.applicant_no.plain) != mine]
    return {one.lease_key: one.terminated_on.isoformat() if one.terminated_on else "" for one in others}


@dataclass(frozen=True)
class CaseStep:
    """A step of a case as the citizen reads it."""

    at: datetime
    what: str
    note: str


@dataclass(frozen=True)
class CaseView:
    """A case of the citizen with what has to be done next; `reasons` are those of the correction notice or of the refusal."""

    case_no: str
    situation: Situation
    state: StopState
    next: str
    values: dict[str, str]
    reasons: tuple[str, ...]
    correct_by: date | None
    filing_no: str
    steps: tuple[CaseStep, ...]

    @property
    def open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def convertible(self) -> bool:
        return self.state in INTAKE


@query("citizens.case", "网上申请进度", roles={Role.SYSTEM}, personal=True)
def view_case(work: Work, order: OfCase) -> CaseView:
    """Show a case of the citizen: its state, every step that concerns the citizen, and what to do."""
    case = my_case(work, order)
    content = content_of_case(case)
    steps = work.rows(StopStep, StopStep.case_id == case.id, col(StopStep.act).in_(_SHOWN), by=col(StopStep.position))
    filing = work.first(LeaseFiling.filing_no, LeaseFiling.id == case.filing_id) if case.filing_id else None
    return CaseView(
        case.case_no,
        case.situation,
        case.state,
        _NEXT[case.state],
        values_of(content.form, content.applicant.role),
        tuple(_reasons(work, case)),
        case.correct_by,
        filing or "",
        tuple(CaseStep(one.at, one.act.label, one.note) for one in steps),
    )


def _reasons(work: Work, case: StopCase) -> list[str]:
    if case.state is StopState.CORRECTION:
        notice = work.first(StopCorrection, StopCorrection.case_id == case.id, by=col(StopCorrection.position).desc())
        return [str(message) for _, message, *_ in notice.findings.json()] if notice else []
    if case.state in (StopState.RETURNED, StopState.INTERCEPTED):
        return [_sentence(code) for code in case.codes.split()]
    return []


def _sentence(code: str) -> str:
    rule = BY_CODE.get(code)
    return rule.message if rule else "申请不符合办理条件，请到受理窗口咨询"


@query("citizens.confirm", "待确认的合同", roles={Role.SYSTEM}, personal=True)
def view_other(work: Work, order: OfCase) -> dict[str, str]:
    """Show the lease of another party's application to a citizen whom it names."""
    content = content_of_case(others_case(work, order))
    return values_of(content.form, content.applicant.role)


@query("citizens.item", "办事指南", roles={Role.SYSTEM})
def guide(work: Work, order: None) -> Item:
    """Return the item definition in force today."""
    return item_on(work, ITEM, work.today)


@dataclass(frozen=True)
class Held:
    """Materials that need not be handed in; `silent` while the licence library does not answer."""

    materials: frozenset[StopMaterialKind] = frozenset()
    silent: bool = False


def _ask_library(gathering: Gathering, citizen: Citizen) -> Answer[HeldLicences]:
    return gathering.systems.at(LICENCE_LIBRARY).held_for(number_of(citizen.id_no))


@query("citizens.held", "免提交材料", roles={Role.SYSTEM}, personal=True, gather=_ask_library)
def held_materials(work: Work, citizen: Citizen, answer: Answer[HeldLicences]) -> Held:
    """Return what the licence library holds for the citizen; another person's licence is never shown."""
    if answer.value is None:
        return Held(silent=answer.silent)
    kinds = set()
    own = next((one.label for one in IdType if one.value == citizen.id_type), "")
    if own in answer.value.materials:
        kinds.add(StopMaterialKind.ID)
    if answer.value.materials & frozenset(PROOF_PAPERS.values()):
        kinds.add(StopMaterialKind.TITLE)
    return Held(frozenset(kinds))


def needed_by(item: Item, situation: Situation) -> list[StopMaterialKind]:
    """Return the materials a page asks for: the application is the page itself."""
    return [one for one in item.needed(situation) if one is not StopMaterialKind.APPLICATION]
