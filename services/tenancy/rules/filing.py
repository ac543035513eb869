"""F: whether this filing may be made, here and now, by this filer (leasing 4.7)."""

from collections.abc import Iterator
from datetime import date, timedelta

from models.enterprise import KeyState, RecordState, ServiceState
from models.house import HouseCategory, ProofKind
from models.practitioner_codes import CardState
from models.rooms import CentralRoomState
from models.tenancy_codes import ApplicantSide, DealKind, FilingState, FilingWay, LessorCapacity, PartyKind
from models.working_days import months_later
from services.engine.findings import Severity
from services.engine.rule_declaration import Fault, unanswered
from services.tenancy.filing_facts import CardFacts, FilingFacts, FirmFacts, OtherFiling
from services.tenancy.predicates import number_of, overlap, parts_meet, same_part, whole_against_room
from services.tenancy.rules.applicants import Material, required_materials
from services.tenancy.rules.held_parts import holding_during, replaced
from services.tenancy.rules.words import rule

_CENTRAL = frozenset({HouseCategory.MARKET_CENTRAL})
_BY_OPERATOR = frozenset({HouseCategory.PUBLIC_RENTAL, HouseCategory.LOW_RENT})
_STAFF = {"audience": "staff"}


def central(facts: FilingFacts) -> bool:
    """Return whether the house is a room of a centralised project."""
    return (
        facts.project is not None
        or facts.form.house.proof_kind is ProofKind.C1
        or facts.form.house.category in _CENTRAL
    )


@rule("F01", Severity.REFUSE, forceable=True)
def part_has_no_overlapping_filing(facts: FilingFacts) -> Iterator[Fault]:
    for filing in holding_during(facts):
        if same_part(filing.parts, facts.form.parts):
            yield Fault("start", found="租期重叠", evidence={"filing_no": filing.filing_no})


@rule("F02", Severity.INTERCEPT, forceable=True)
def last_filing_of_the_part_lies_back_far_enough(facts: FilingFacts) -> Iterator[Fault]:
    thresholds = facts.thresholds
    if not thresholds.flag("filing.interval_on"):
        return
    if central(facts) and not thresholds.flag("filing.interval_central"):
        return
    own = replaced(facts)
    filed = [
        filing.filed_on
        for filing in facts.filings
        if filing is not own and filing.filed_on <= facts.today and parts_meet(filing.parts, facts.form.parts)
    ]
    months = thresholds.integer("filing.interval_months")
    if filed and facts.today < months_later(max(filed), months):
        yield Fault(
            "rooms" if facts.form.rooms else "house.cert_no",
            message=f"距上次备案不足{months}个月，请到区租赁中心或社区受理中心说明情况",
            evidence={"last_filed_on": max(filed).isoformat()},
        )


@rule("F03", Severity.WARN)
def no_other_case_asks_for_the_same(facts: FilingFacts) -> Iterator[Fault]:
    form = facts.form
    for case in facts.open_cases:
        start, end = case.start or date.min, case.end or date.max
        if not parts_meet(case.parts, form.parts) or not overlap(form.start or start, form.end or end, start, end):
            continue
        words = "" if case.same_content else "该房屋（部位）另有办理中的申请，内容不一致，请与对方核对"
        yield Fault(
            "house.cert_no",
            found="",
            message=words,
            evidence={"case_no": case.case_no, "same_content": case.same_content},
        )


@rule("F04", Severity.ROUTE)
def firms_file_their_own_deals(facts: FilingFacts) -> Iterator[Fault]:
    form = facts.form
    expected = {DealKind.BROKER: ApplicantSide.BROKERAGE, DealKind.ENTERPRISE: ApplicantSide.ENTERPRISE}.get(form.deal)
    if expected is not None and form.applicant is not expected:
        yield Fault("applicant", found=f"{form.deal.label}，申请方为{form.applicant.label}")


def _deal_firm(facts: FilingFacts) -> tuple[bool, str, FirmFacts | None]:
    """Return whether the deal needs a firm, the firm's field, and its recorded facts."""
    if facts.form.deal is DealKind.BROKER:
        return True, "broker_uscc", facts.broker
    if facts.form.deal is DealKind.ENTERPRISE:
        return True, "enterprise_uscc", facts.enterprise
    return False, "", None


@rule("F05", Severity.CORRECT)
def practitioner_card_was_in_force(facts: FilingFacts) -> Iterator[Fault]:
    needed, _, firm = _deal_firm(facts)
    if not needed:
        return
    if not facts.form.card_no.strip():
        yield Fault("card_no", found="未填写")
    elif facts.card is None:
        yield Fault("card_no", found="未查询到该信息卡")
    elif not _in_force(facts.card, facts.form.signed_on or facts.today):
        yield Fault("card_no", found="签约日该信息卡不在有效期内")
    elif firm is not None and facts.card.firm_uscc != firm.uscc:
        yield Fault("card_no", found="信息卡不属于该机构")


def _in_force(card: CardFacts, on: date) -> bool:
    """A card cancelled later was good on the day of signing; a suspended one is not, for its day is not recorded."""
    if card.state in (CardState.PASSED, CardState.SUSPENDED) or card.active_from is None or card.active_from > on:
        return False
    if card.cancelled_on is None:
        return card.state is CardState.ACTIVE
    return card.cancelled_on > on


@rule("F06", Severity.REFUSE)
def firm_is_recorded_with_a_valid_key(facts: FilingFacts) -> Iterator[Fault]:
    needed, field, firm = _deal_firm(facts)
    if not needed:
        return
    if firm is None:
        yield Fault(field, found="未查询到企业备案")
        return
    # A change under way leaves the record in force.
    if firm.record_state not in (RecordState.RECORDED, RecordState.CHANGED):
        yield Fault(field, found=f"备案状态：{firm.record_state.label}")
    if not firm.scope_ok:
        yield Fault(field, found="经营范围不含住房租赁或房地产经纪")
    if KeyState.VALID not in firm.keys:
        yield Fault(field, found="没有有效密钥")


@rule("F07", Severity.REFUSE)
def firm_is_not_suspended(facts: FilingFacts) -> Iterator[Fault]:
    for field, firm in (("broker_uscc", facts.broker), ("enterprise_uscc", facts.enterprise)):
        if firm is not None and firm.service_state is ServiceState.SUSPENDED:
            yield Fault(field, found=firm.service_state.label)


@rule("F08", Severity.CORRECT)
def materials_are_complete(facts: FilingFacts) -> Iterator[Fault]:
    for material in required_materials(facts.form):
        if material.shown or material.name in facts.form.materials:
            continue
        answers = [facts.licences[number] for number in material.holders if number in facts.licences]
        if any(answer.value is not None and material.name in answer.value.materials for answer in answers):
            continue
        if silent := next((answer for answer in answers if answer.silent), None):
            yield unanswered(silent, material.field)
        else:
            yield Fault(material.field, found=material.name, message=f"还需补充以下材料：{_whose(facts, material)}")


def _whose(facts: FilingFacts, material: Material) -> str:
    side, _, rest = material.field.partition(".")
    if not rest:
        return material.name
    role = "出租人" if side == "lessors" else "承租人"
    many = len(facts.form.lessors if side == "lessors" else facts.form.lessees) > 1
    return f"{role}{int(rest.split('.')[0]) + 1 if many else ''}的{material.name}"


@rule("F09", Severity.REFUSE)
def whole_flat_and_rooms_do_not_meet(facts: FilingFacts) -> Iterator[Fault]:
    for filing in holding_during(facts):
        if whole_against_room(filing.parts, facts.form.parts):
            yield Fault("mode", found=facts.form.mode.label, evidence={"filing_no": filing.filing_no})


@rule("F10", Severity.REFUSE)
def text_is_what_was_confirmed(facts: FilingFacts) -> Iterator[Fault]:
    if facts.confirmed_digest != facts.text_digest:
        yield Fault("text", evidence={"confirmed": facts.confirmed_digest[:16], "now": facts.text_digest[:16]})


@rule("F11", Severity.REFUSE)
def term_has_not_ended(facts: FilingFacts) -> Iterator[Fault]:
    if facts.form.end is not None and facts.form.end < facts.today:
        yield Fault("end", found=facts.form.end.isoformat())


@rule("F12", Severity.WARN)
def landlord_files_with_the_tenant(facts: FilingFacts) -> Iterator[Fault]:
    if facts.form.applicant is ApplicantSide.LESSEE:
        yield Fault("applicant", found=facts.form.applicant.label)


@rule("F13", Severity.INTERCEPT)
def merged_cases_agree(facts: FilingFacts) -> Iterator[Fault]:
    if facts.merged_conflicts:
        yield Fault("", found=f"不一致的内容：{'、'.join(facts.merged_conflicts)}")


@rule("F14", Severity.WARN)
def changes_are_filed_in_time(facts: FilingFacts) -> Iterator[Fault]:
    form, days = facts.form, facts.thresholds.integer("filing.deadline_days")
    if not form.previous_filing_no or form.way is FilingWay.REFILE or form.signed_on is None:
        return
    if form.signed_on + timedelta(days=days) < facts.today:
        yield Fault("signed_on", found=form.signed_on.isoformat(), message=f"备案内容变化应在{days}日内变更")


@rule("F15", Severity.CORRECT)
def refiling_continues_a_filing(facts: FilingFacts) -> Iterator[Fault]:
    form = facts.form
    if form.way is not FilingWay.REFILE:
        return
    previous = next((filing for filing in facts.filings if filing.filing_no == form.previous_filing_no), None)
    if previous is None or not form.previous_filing_no:
        yield _not_refiled("previous_filing_no", "该房屋没有这个备案编号的备案")
        return
    running = previous.contract_end is None or previous.contract_end >= facts.today
    if not running or form.end is None or form.end < facts.today:
        yield _not_refiled("end", "合同已到期")
    if not _same_people(facts, previous):
        yield _not_refiled("lessees", "当事人与原备案不一致")
    if set(previous.parts) != set(form.parts):
        yield _not_refiled("rooms", "租赁部位与原备案不一致")
    if _room_changed(facts, previous):
        yield _not_refiled("rooms", "房间面积已变更，请另签合同后备案")
    days = facts.thresholds.integer("filing.refile_days")
    if previous.state is FilingState.ACTIVE and (previous.valid_to - facts.today).days > days:
        yield _not_refiled("previous_filing_no", f"原备案到期前{days}日内方可办理")
    elif previous.state not in (FilingState.ACTIVE, FilingState.EXPIRED):
        yield _not_refiled("previous_filing_no", f"原备案{previous.state.label}")


def _room_changed(facts: FilingFacts, previous: OtherFiling) -> bool:
    """Return whether a room of a project has another area than at the filing before, which took that of room or flat."""
    project, then = facts.project, previous.leased_area
    if project is None or project.room_area is None or then is None:
        return False
    tolerance = facts.thresholds.decimal("house.area_tolerance")
    known = [project.room_area] + ([facts.house.build_area] if facts.house is not None else [])
    return all(abs(area - then) > tolerance for area in known)


def _not_refiled(field: str, reason: str) -> Fault:
    return Fault(field, found=reason, message=f"暂不符合重新备案条件：{reason}")


def _same_people(facts: FilingFacts, previous: OtherFiling) -> bool:
    return all(
        {number_of(number) for number in then} == {number_of(party.id_no) for party in now}
        for then, now in (
            (previous.lessor_ids, facts.form.lessors),
            (previous.lessee_ids, facts.form.lessees),
        )
    )


@rule("F16", Severity.REFUSE)
def centralised_room_is_open_and_free(facts: FilingFacts) -> Iterator[Fault]:
    project, form = facts.project, facts.form
    if not central(facts):
        return
    if project is None or not project.room_in_library:
        yield Fault("house.house_code", found="房间未入库")
        return
    # A filing that takes another's place finds the room let by that one; beds share a room.
    free = {CentralRoomState.FREE}
    if replaced(facts) is not None or project.beds:
        free.add(CentralRoomState.LET)
    if project.room_state not in free:
        yield Fault("house.house_code", found=f"房间状态：{project.room_state.label if project.room_state else '未知'}")
    if not project.opened:
        yield Fault("house.house_code", found="项目未开盘")
    early = form.start is not None and project.operate_from is not None and form.start < project.operate_from
    late = form.end is not None and project.operate_to is not None and form.end > project.operate_to
    if early or late:
        cut = late and not early and form.way is FilingWay.REFILE
        if cut and project.operate_to is not None and project.operate_to >= facts.today:
            told = f"经营期限至{project.operate_to}，早于合同终止日期，本次备案有效期到该日为止"
            yield Fault("end", told, severity=Severity.WARN)
            return
        yield Fault("start" if early else "end", found="租期超出经营期限")


@rule("F17", Severity.REFUSE)
def caller_may_file_this_house(facts: FilingFacts) -> Iterator[Fault]:
    caller = facts.caller_enterprise
    if not caller:
        return
    if facts.project is not None:
        allowed = caller == facts.project.operator_uscc
    elif facts.house is not None and facts.house.operator_uscc:
        allowed = caller == facts.house.operator_uscc
    else:
        allowed = caller in {facts.form.broker_uscc, facts.form.enterprise_uscc}
    if not allowed:
        yield Fault("house.house_code")


@rule("F19", Severity.ROUTE)
def public_rental_is_filed_by_its_operator(facts: FilingFacts) -> Iterator[Fault]:
    form = facts.form
    categories = {form.house.category} | ({facts.house.category} if facts.house is not None else set())
    operated = (form.applicant is ApplicantSide.ENTERPRISE or form.lessor_capacity is LessorCapacity.OPERATOR) and all(
        lessor.kind is PartyKind.ORG for lessor in form.lessors
    )
    if categories & _BY_OPERATOR and not operated:
        yield Fault("house.category", found=min(categories & _BY_OPERATOR).label)


@rule("F18", Severity.WARN)
def filing_does_not_look_sham(facts: FilingFacts) -> Iterator[Fault]:
    many = facts.thresholds.integer("filing.suspect_tenant")
    for place, lessee in enumerate(facts.form.lessees):
        count = facts.tenant_filings.get(lessee.id_no, 0)
        if count >= many:
            yield Fault(f"lessees.{place}", found=f"承租人有效备案{count}件", evidence=dict(_STAFF))
    if facts.house_filings_year >= facts.thresholds.integer("filing.suspect_house"):
        yield Fault("house.house_code", found=f"房屋十二个月内备案{facts.house_filings_year}件", evidence=dict(_STAFF))
