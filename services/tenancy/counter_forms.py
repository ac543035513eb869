"""Queries of the guided counter form: defaults, early checks, a trial, materials, progress."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlmodel import col

from models.codes import Code
from models.documents import IssuedDocument
from models.normal import half_width
from models.tenancy import CheckItem, CheckRun, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import CaseState, FeeItem, FilingWay, Relation, Side
from services.access.matches import documents_seen, open_persons
from services.engine.door import Gathering
from services.engine.facts import together
from services.engine.findings import Finding, Judgement, Rule, Severity, judge
from services.engine.registry import query
from services.engine.work import Work
from services.ports.answers import Answer, HeldLicences, skipped
from services.ports.systems import LICENCE_LIBRARY
from services.privacy.accesses import note_parties
from services.tenancy.contract_views import papers_about
from services.tenancy.contracts import FILERS, DrawnUp, drawn_up
from services.tenancy.endings import newest_filing
from services.tenancy.fact_sources import OutsideFacts, SourceAge, filing_facts, gather_form
from services.tenancy.filing import judge_trial
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.lease_form import FeeForm, LeaseForm, PartyForm, ResidentForm, form_of
from services.tenancy.paper_words import parties_of
from services.tenancy.predicates import last_day
from services.tenancy.rules.applicants import required_materials
from services.tenancy.rules.catalogue import FILING_RULES

#: Rules that need nothing but the form and our own house base: shown while the form is still being filled in.
EARLY_RULES: tuple[Rule[FilingFacts], ...] = tuple(
    rule for rule in FILING_RULES if rule.source.startswith(("表单", "户型", "行政区划")) and rule.code not in {"F10"}
)

TERMS = {
    "deposit_deduct_rule": "租赁期满或合同解除后，承租人欠付租金、费用，或损坏房屋及设施的，可据实从押金中扣减。",
    "add_occupant_rule": "增加居住人应事先征得出租人同意，且不得超过规定的居住人数。",
    "repair_rule": "房屋及其附属设施自然损耗的，由出租人在接到通知后7日内维修；因承租人使用不当损坏的，由承租人负责维修。",
    "use_rule": "承租人应合理使用房屋及其附属设施，不得改变房屋用途和结构，不得群租，遵守消防、治安和物业管理规定。",
    "return_state": "租赁期满，承租人应将房屋及附属设施完好返还，结清应由其承担的费用，双方当场验收。",
    "early_end_rule": "双方协商一致可以解除合同；一方需提前解除的，应提前30日书面通知对方，并承担约定的违约责任。",
    "renew_rule": "租赁期限届满前30日，双方可以协商续租；同等条件下承租人有优先承租权。",
    "breach": "一方违约的，应向对方支付相当于一个月租金的违约金；造成损失超过违约金的，还应赔偿超过部分。",
}
FACILITIES = ("床", "衣柜", "书桌", "沙发", "餐桌椅", "空调", "电视机", "冰箱", "洗衣机", "热水器", "燃气灶", "油烟机")


def new_party() -> dict[str, Any]:
    """An empty party with what is usual, as it would be typed."""
    return as_typed(PartyForm())


def new_resident() -> dict[str, Any]:
    return as_typed(ResidentForm(relation=Relation.SPOUSE))


def new_form(today: date) -> dict[str, Any]:
    """The typed form a new filing starts from: one year from today, monthly, costs borne by the tenant."""
    fees = tuple(FeeForm(item.value, Side.LESSEE.value) for item in FeeItem if item is not FeeItem.OTHER)
    usual = LeaseForm(
        lessors=(PartyForm(),),
        lessees=(PartyForm(),),
        start=today,
        end=last_day(today, 12),
        signed_on=today,
        handover_on=today,
        deposit_return_days=7,
        fees=fees,
        mortgaged_told="未设定抵押",
    )
    return {**as_typed(usual), **TERMS}


@dataclass(frozen=True)
class FollowOn:
    """A lease to be changed from today, or with `renews` to be let again after its last day."""

    contract_id: UUID
    renews: bool = False


@query("counter.follow_on", "变更续租表单", roles=FILERS, personal=True)
def follow_on_form(work: Work, order: FollowOn) -> dict[str, Any]:
    """Return a lease as typed anew, with those parties whose documents were read here today; the others are to be read."""
    contract = work.get(LeaseContract, order.contract_id)
    before, filing = form_of(contract.form.json()), newest_filing(work, contract)
    parties, seen = parties_of(work, contract.id), open_persons(work)
    note_parties(work, parties, seen, "counter.follow_on", about=contract)
    shown = documents_seen(work)
    read = {party.id_no.plain: party.id_no_index in shown for party in parties if party.id_no_index in seen}
    first = max(work.today, contract.end + timedelta(days=1) if order.renews else contract.start)

    def those(people: Sequence[PartyForm]) -> tuple[PartyForm, ...]:
        return tuple(replace(one, card_read=read[one.id_no]) if one.id_no in read else PartyForm() for one in people)

    form = replace(
        before,
        lessors=those(before.lessors),
        lessees=those(before.lessees),
        residents=(),
        materials=frozenset(),
        start=first,
        end=last_day(first, 12) if order.renews else contract.end,
        signed_on=work.today,
        handover_on=first,
        way=FilingWay.FILING_ONLY if before.way is FilingWay.FILING_ONLY else FilingWay.COMBINED,
        previous_filing_no=filing.filing_no if filing is not None and not order.renews else "",
    )
    return as_typed(form)


def as_typed(form: LeaseForm | PartyForm | ResidentForm) -> dict[str, Any]:
    """Return a form, or a part of one, as it would be typed: codes by their value."""
    typed: dict[str, Any] = to_jsonable_python(form)
    return typed


def short_day(text: str, *, start: date | None, today: date) -> str:
    """`+1y`, `+6m`, `+30d` are counted from the start of the lease, `t` is today; anything else stays as typed."""
    plain = half_width(text).strip().casefold()
    if plain in {"t", "今", "今天"}:
        return today.isoformat()
    parts = re.fullmatch(r"\+([0-9]{1,3})\s*(y|m|d|年|月|个月|天|日)", plain)
    if not parts:
        return text
    count, unit, first = int(parts[1]), parts[2], start or today
    if unit in {"d", "天", "日"}:
        return (first + timedelta(days=count - 1)).isoformat() if count else text
    months = count * 12 if unit in {"y", "年"} else count
    return last_day(first, months).isoformat() if 0 < months <= 1200 else text


@query("counter.check_form", "填写检查", roles=FILERS)
def check_form(work: Work, form: LeaseForm) -> list[Finding]:
    """Return findings that follow from the form alone; the final decision uses these rules too."""
    nobody = OutsideFacts(skipped("不动产登记"), skipped("公房系统"), {}, {}, {})
    facts = filing_facts(work.session, form, nobody, today=work.today, thresholds=work.thresholds)
    return [finding for finding in judge(facts, EARLY_RULES).findings if finding.severity is not Severity.PENDING]


@dataclass(frozen=True)
class Trial:
    """A judgement with how old its sources are."""

    judgement: Judgement
    sources: tuple[SourceAge, ...]


@query("counter.try", "预检", roles=FILERS, gather=gather_form)
def try_at_counter(work: Work, form: LeaseForm, outside: OutsideFacts) -> Trial:
    """Judge the form by every rule and report the age of each source; nothing is written."""
    judgement = judge_trial(work, form, outside)
    ages: dict[str, SourceAge] = {}
    for _, answer in outside.answers():
        known = ages.get(answer.source)
        if answer.state.value != "SKIPPED" and (known is None or answer.silent or not known.silent):
            ages[answer.source] = SourceAge.of(answer)
    return Trial(judgement, (*ages.values(), SourceAge("本系统备案库", "实时", work.now, 0)))


class MaterialState(Code):
    HELD = "HELD", "免提交", "good"
    SHOWN = "SHOWN", "已读证", "good"
    SILENT = "SILENT", "证照库未应答，待核", "warn"
    NEEDED = "NEEDED", "需提交", "info"


@dataclass(frozen=True)
class MaterialLine:
    """A paper of the application: held by the library, shown by its holder's card, or to be handed in."""

    name: str
    whose: str
    state: MaterialState


def _ask_library(gathering: Gathering, form: LeaseForm) -> dict[str, Answer[HeldLicences]]:
    numbers = {number for material in required_materials(form) for number in material.holders}
    library = gathering.systems.at(LICENCE_LIBRARY)
    return together(
        {number: ("电子证照库", lambda asked=number: library.held_for(asked)) for number in numbers}  # type: ignore[misc]
    )


@query("counter.materials", "申请材料", roles=FILERS, gather=_ask_library)
def materials_for(work: Work, form: LeaseForm, held: dict[str, Answer[HeldLicences]]) -> list[MaterialLine]:
    """Return every required document, and which of them must not be demanded."""
    lines = []
    for material in required_materials(form):
        answers = [held[number] for number in material.holders if number in held]
        if any(answer.value is not None and material.name in answer.value.materials for answer in answers):
            state = MaterialState.HELD
        elif material.shown:
            state = MaterialState.SHOWN
        else:
            silent = any(answer.silent for answer in answers)
            state = MaterialState.SILENT if silent else MaterialState.NEEDED
        lines.append(MaterialLine(material.name, _whose(form, material.field), state))
    return lines


def _whose(form: LeaseForm, path: str) -> str:
    side, _, rest = path.partition(".")
    if not rest:
        return ""
    place = int(rest.split(".")[0])
    party = getattr(form, side)[place]
    return f"{'出租人' if side == 'lessors' else '承租人'}{party.name or place + 1}"


@dataclass(frozen=True)
class Progress:
    """Progress of a lease towards its filing, for a page that is opened again."""

    drawn: DrawnUp
    contract: LeaseContract
    case: GovCase | None = None
    filing_no: str = ""
    findings: tuple[Finding, ...] = ()
    papers: Sequence[IssuedDocument] = ()
    unanswered: tuple[str, ...] = ()

    @property
    def case_no(self) -> str:
        """The number of the newest case."""
        return self.case.case_no if self.case is not None else ""


@query("counter.progress", "办理进度", roles=FILERS, personal=True)
def filing_progress(work: Work, contract_id: UUID) -> Progress:
    """The contract, its newest case, what was decided and which papers were issued."""
    contract = work.get(LeaseContract, contract_id)
    drawn = drawn_up(work, contract)
    case = work.first(work.visible(GovCase), GovCase.contract_id == contract.id, by=col(GovCase.received_at).desc())
    if case is None:
        return Progress(drawn, contract)
    filing = work.first(LeaseFiling, LeaseFiling.case_id == case.id)
    findings = _stopping(work, case)
    return Progress(
        drawn,
        contract,
        case,
        filing.filing_no if filing else "",
        tuple(finding for finding in findings if finding.severity is not Severity.PENDING),
        papers_about(work, contract.id, case.id, *([filing.id] if filing else [])),
        tuple(sorted({finding.message for finding in findings if finding.severity is Severity.PENDING})),
    )


@query("counter.case_state", "办件状态", roles=FILERS)
def case_state(work: Work, case_id: UUID) -> CaseState:
    """Only the state, for a page that waits."""
    return work.get(GovCase, case_id).state


def _stopping(work: Work, case: GovCase) -> list[Finding]:
    run = work.first(work.visible(CheckRun), CheckRun.object_id == case.id, by=col(CheckRun.started_at).desc())
    if run is None:
        return []
    items = work.rows(
        CheckItem,
        CheckItem.run_id == work.whole(run).id,
        col(CheckItem.severity).not_in(["", Severity.WARN.value]),
        by=CheckItem.position,
    )
    return [
        Finding(item.code, item.message, item.field, Severity.of(item.severity), forceable=item.forceable)
        for item in items
    ]
