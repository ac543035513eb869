"""F: whether this filing may be made, here and now, by this filer (leasing 4.7)."""

from collections.abc import Iterator
from datetime import date, timedelta

from models.enterprise import CentralRoomState
from models.house import HouseCategory, ProofKind
from models.tenancy_codes import ApplicantSide, FilingState, FilingWay
from services.engine.findings import Severity
from services.engine.rule_declaration import Fault, rule, unanswered
from services.tenancy.filing_facts import FilingFacts, OtherFiling
from services.tenancy.predicates import months_later, number_of, overlap, parts_meet, same_part, whole_against_room
from services.tenancy.rules import basis
from services.tenancy.rules.firms import (
    caller_may_file_this_house,
    firm_is_not_suspended,
    firm_is_recorded_with_a_valid_key,
    firms_file_their_own_deals,
    practitioner_card_was_in_force,
    public_rental_is_filed_by_its_operator,
)
from services.tenancy.rules.held_parts import holding_during, replaced
from services.tenancy.rules.materials import Material, required_materials

_COUNTER = "区住房租赁服务中心或街镇社区事务受理服务中心"
_CENTRAL = frozenset({HouseCategory.MARKET_CENTRAL})
_STAFF = {"audience": "staff"}


def central(facts: FilingFacts) -> bool:
    """Return whether the house is a room of a centralised project."""
    return (
        facts.project is not None
        or facts.form.house.proof_kind is ProofKind.C1
        or facts.form.house.category in _CENTRAL
    )


@rule(
    "F01",
    "同一部位没有重叠的有效备案",
    Severity.REFUSE,
    source="备案记录",
    message="该房屋（部位）已有有效备案，请先注销",
    basis=basis.PRACTICE,
    bring="原备案的注销证明；对方无法联系的，带书面说明和房屋实际使用情况材料",
    where=_COUNTER,
    forceable=True,
)
def part_has_no_overlapping_filing(facts: FilingFacts) -> Iterator[Fault]:
    for filing in holding_during(facts):
        if same_part(filing.parts, facts.form.parts):
            yield Fault("start", found="租期重叠", evidence={"filing_no": filing.filing_no})


@rule(
    "F02",
    "距上次备案已满规定间隔",
    Severity.INTERCEPT,
    source="备案记录",
    message="距上次备案不足2个月，请到区租赁中心或社区受理中心说明情况",
    basis=basis.FILING_RULES_2024,
    bring="再次出租的情况说明、原合同终止的证明",
    where=_COUNTER,
    forceable=True,
)
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


@rule(
    "F03",
    "没有同一部位的其他在办申请",
    Severity.WARN,
    source="办件记录",
    message="已有其他当事人提交了同一合同，可合并办理",
    basis=basis.PRACTICE,
)
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


@rule(
    "F08",
    "申请材料齐全",
    Severity.CORRECT,
    source="电子证照库",
    message="还需补充以下材料：",
    basis=basis.together(basis.filing_2019("五"), basis.platform("五")),
    bring="所缺材料原件",
    where="原办理渠道",
)
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


@rule(
    "F09",
    "整套与按间备案不冲突",
    Severity.REFUSE,
    source="备案记录",
    message="整套与按间备案冲突",
    basis=basis.PRACTICE,
    where=_COUNTER,
)
def whole_flat_and_rooms_do_not_meet(facts: FilingFacts) -> Iterator[Fault]:
    for filing in holding_during(facts):
        if whole_against_room(filing.parts, facts.form.parts):
            yield Fault("mode", found=facts.form.mode.label, evidence={"filing_no": filing.filing_no})


@rule(
    "F10",
    "合同内容与确认时一致",
    Severity.REFUSE,
    source="系统",
    message="合同内容已变化，请双方重新确认",
    basis=basis.transfer("九"),
    where="原办理渠道",
)
def text_is_what_was_confirmed(facts: FilingFacts) -> Iterator[Fault]:
    if facts.confirmed_digest != facts.text_digest:
        yield Fault("text", evidence={"confirmed": facts.confirmed_digest[:16], "now": facts.text_digest[:16]})


@rule(
    "F11",
    "租期尚未结束",
    Severity.REFUSE,
    source="表单",
    message="租期已结束，不能备案",
    basis=basis.PRACTICE,
)
def term_has_not_ended(facts: FilingFacts) -> Iterator[Fault]:
    if facts.form.end is not None and facts.form.end < facts.today:
        yield Fault("end", found=facts.form.end.isoformat())


@rule(
    "F12",
    "承租人单独申请",
    Severity.WARN,
    source="表单",
    message="承租人可以单独申请备案",
    basis=basis.ordinance("十八"),
)
def landlord_files_with_the_tenant(facts: FilingFacts) -> Iterator[Fault]:
    if facts.form.applicant is ApplicantSide.LESSEE:
        yield Fault("applicant", found=facts.form.applicant.label)


@rule(
    "F13",
    "合并办件内容一致",
    Severity.INTERCEPT,
    source="办件记录",
    message="各申请内容不一致，请确认后办理",
    basis=basis.PRACTICE,
    where=_COUNTER,
)
def merged_cases_agree(facts: FilingFacts) -> Iterator[Fault]:
    if facts.merged_conflicts:
        yield Fault("", found=f"不一致的内容：{'、'.join(facts.merged_conflicts)}")


@rule(
    "F14",
    "变更在三十日内备案",
    Severity.WARN,
    source="备案记录",
    message="备案内容变化应在30日内变更",
    basis=basis.ordinance("十八"),
)
def changes_are_filed_in_time(facts: FilingFacts) -> Iterator[Fault]:
    form, days = facts.form, facts.thresholds.integer("filing.deadline_days")
    if not form.previous_filing_no or form.way is FilingWay.REFILE or form.signed_on is None:
        return
    if form.signed_on + timedelta(days=days) < facts.today:
        yield Fault("signed_on", found=form.signed_on.isoformat(), message=f"备案内容变化应在{days}日内变更")


@rule(
    "F15",
    "符合重新备案条件",
    Severity.CORRECT,
    source="备案记录",
    message="暂不符合重新备案条件",
    basis=basis.FILING_RULES_2024,
    bring="原备案通知书",
    where="原办理渠道",
)
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
    days = facts.thresholds.integer("filing.refile_days")
    if previous.state is FilingState.ACTIVE and (previous.valid_to - facts.today).days > days:
        yield _not_refiled("previous_filing_no", f"原备案到期前{days}日内方可办理")
    elif previous.state not in (FilingState.ACTIVE, FilingState.EXPIRED):
        yield _not_refiled("previous_filing_no", f"原备案{previous.state.label}")


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


@rule(
    "F16",
    "集中式房间可以备案",
    Severity.REFUSE,
    source="项目",
    message="房间未入库、未开盘或超出经营期限",
    basis=basis.PRACTICE,
    where="项目所在区房屋管理局",
)
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
        yield Fault("start" if early else "end", found="租期超出经营期限")


@rule(
    "F18",
    "没有虚假备案的迹象",
    Severity.WARN,
    source="备案记录",
    message="疑似虚假备案，请核实租赁关系",
    basis=basis.together(basis.filing_2019("十四"), basis.platform("十二")),
)
def filing_does_not_look_sham(facts: FilingFacts) -> Iterator[Fault]:
    many = facts.thresholds.integer("filing.suspect_tenant")
    for place, lessee in enumerate(facts.form.lessees):
        count = facts.tenant_filings.get(lessee.id_no, 0)
        if count >= many:
            yield Fault(f"lessees.{place}", found=f"承租人有效备案{count}件", evidence=dict(_STAFF))
    if facts.house_filings_year >= facts.thresholds.integer("filing.suspect_house"):
        yield Fault("house.house_code", found=f"房屋十二个月内备案{facts.house_filings_year}件", evidence=dict(_STAFF))


FILING_ONLY_RULES = (
    part_has_no_overlapping_filing,
    last_filing_of_the_part_lies_back_far_enough,
    no_other_case_asks_for_the_same,
    firms_file_their_own_deals,
    practitioner_card_was_in_force,
    firm_is_recorded_with_a_valid_key,
    firm_is_not_suspended,
    materials_are_complete,
    whole_flat_and_rooms_do_not_meet,
    text_is_what_was_confirmed,
    term_has_not_ended,
    landlord_files_with_the_tenant,
    merged_cases_agree,
    changes_are_filed_in_time,
    refiling_continues_a_filing,
    centralised_room_is_open_and_free,
    caller_may_file_this_house,
    public_rental_is_filed_by_its_operator,
    filing_does_not_look_sham,
)
