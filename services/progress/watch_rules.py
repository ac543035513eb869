"""Watch rules over the progress of a project: reports, milestones, stops, permits, payments, completion (market 4.3 to 4.5)."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from models.alerts import AlertGrade
from models.progress import MilestoneCode, WorkStatus
from models.working_days import months_later
from services.alerts.signs import Line, Sign, grade_of
from services.alerts.watch_rule import Found, Watches
from services.engine.periodic import closing_day, month_after, months
from services.engine.value_checks import shown
from services.progress.watch_facts import PermitFacts, PlanningFacts, ProjectFacts, WorkFacts

WATCHES: Watches[ProjectFacts] = Watches()
BLUE, YELLOW, RED = AlertGrade.BLUE, AlertGrade.YELLOW, AlertGrade.RED
Steps = Mapping[AlertGrade, str]

REPORT_DUE, PAYMENT_DUE = "progress.report_due", "progress.payment_due"
REPORT_LATE: Steps = {RED: "progress.report_red", YELLOW: "progress.report_yellow", BLUE: "progress.report_blue"}
PAYMENT_LATE: Steps = {RED: "progress.payment_red", YELLOW: "progress.payment_yellow", BLUE: "progress.payment_blue"}
MILESTONE_LATE: Steps = {
    RED: "progress.milestone_red",
    YELLOW: "progress.milestone_yellow",
    BLUE: "progress.milestone_blue",
}
STOPPED: Steps = {RED: "progress.stopped_red", YELLOW: "progress.stopped_yellow"}
FILING_LATE: Steps = {RED: "completion.filing_red", YELLOW: "completion.filing_yellow"}
PLANNING_MONTHS, PLANNING_AHEAD = "progress.planning_months", "progress.planning_ahead"
PERMIT_MONTHS, PERMIT_AHEAD = "progress.permit_months", "progress.permit_ahead"
PAID_YELLOW, PAID_RED = "progress.paid_yellow", "progress.paid_red"
SAME_PERIODS = "progress.same_periods"
_HUNDRED, _CENT = Decimal(100), Decimal("0.01")


def period_of(day: date) -> str:
    return f"{day:%Y-%m}"


def due_periods(works: Sequence[WorkFacts], today: date) -> list[str]:
    """Return the months to report: from the first start to the last acceptance once all works have it, and no open month."""
    starts = [on for work in works if (on := work.reached(MilestoneCode.M07)) is not None]
    ends = [on for work in works if (on := work.reached(MilestoneCode.M17)) is not None]
    if not starts:
        return []
    last = period_of(max(ends)) if len(ends) == len(works) else ""
    return [period for period in months(min(starts), today) if not last or period <= last]


def _missing(facts: ProjectFacts) -> list[tuple[str, int]]:
    """Return the months without a report, each with the days since it was due."""
    day = facts.thresholds.integer(REPORT_DUE)
    late = ((one, _days(facts, closing_day(one, day))) for one in due_periods(facts.works, facts.today))
    return [(one, days) for one, days in late if one not in facts.reported and days >= 1]


def _days(facts: ProjectFacts, since: date) -> int:
    return (facts.today - since).days


# Reports (PRG)


@WATCHES.rule("PRG-01", "进度已填报")
def report_is_there(facts: ProjectFacts) -> Iterator[Found]:
    for period, days in _missing(facts):
        if grade := grade_of(days, facts.thresholds, REPORT_LATE):
            told = f"{period}的进度填报已逾期{days}天，尚无生效填报。"
            lines = (Line("进度填报", period, "未填报"),)
            sign = Sign(grade, f"{period}进度未填报", told, lines, days_of(facts, REPORT_LATE), period)
            yield Found("project", facts.id, facts.name, sign, str(days))


@WATCHES.rule("PRG-02", "进度已补报")
def no_two_reports_in_a_row_are_missing(facts: ProjectFacts) -> Iterator[Found]:
    missing = [period for period, _ in _missing(facts)]
    there = set(missing)
    pairs = [period for period in missing if month_after(period) in there]
    if pairs:
        row = sorted({*pairs, *map(month_after, pairs)})
        named = "、".join(row[-12:])
        told = f"连续缺报{len(row)}期：{named}没有生效的进度填报。"
        sign = Sign(
            RED,
            "进度连续两期未填报",
            told,
            (Line("缺报月份", "", named),),
            "两期",
            month_after(pairs[-1]),
        )
        yield Found("project", facts.id, facts.name, sign, str(len(pairs)))


@WATCHES.rule("PRG-03", "节点已完成或计划已调整")
def milestones_are_reached_in_time(facts: ProjectFacts) -> Iterator[Found]:
    for work in facts.works:
        for code, milestone in sorted(work.milestones.items()):
            if milestone.planned is None or milestone.reached is not None:
                continue
            days = _days(facts, milestone.planned)
            if grade := grade_of(days, facts.thresholds, MILESTONE_LATE):
                told = f"单位工程“{work.name}”的“{code.label}”计划{milestone.planned}完成，已逾期{days}天。"
                lines = (Line(code.label, str(milestone.planned), "未完成"),)
                threshold = days_of(facts, MILESTONE_LATE)
                basis = f"计划{milestone.planned}"
                sign = Sign(grade, f"{code.label}逾期{days}天", told, lines, threshold, code.value, basis=basis)
                yield Found("unit_engineering", work.id, work.name, sign, str(days))


@WATCHES.rule("PRG-06", "进度已有变化")
def progress_moves(facts: ProjectFacts) -> Iterator[Found]:
    number = facts.thresholds.integer(SAME_PERIODS)
    for work in facts.works:
        last = work.lines[-number:]
        if len(last) < number or any(line.status is not WorkStatus.NORMAL for line in last):
            continue
        neighbours = all(month_after(one.period) == other.period for one, other in itertools.pairwise(last))
        same = len({(line.stage, line.floors, line.percent) for line in last}) == 1
        if neighbours and same and last[-1].percent < _HUNDRED:
            told = f"单位工程“{work.name}”状态为正常，但连续{number}期进度均为{last[-1].percent}%。"
            lines = (Line("完成比例", f"{last[0].percent}%", f"{last[-1].percent}%"),)
            sign = Sign(YELLOW, f"进度{number}期没有变化", told, lines, f"{number}期", last[-1].period)
            yield Found("unit_engineering", work.id, work.name, sign, str(last[-1].percent))


@WATCHES.rule("PRG-07", "已复工")
def works_do_not_stand_still(facts: ProjectFacts) -> Iterator[Found]:
    for work in facts.works:
        last = work.lines[-1] if work.lines else None
        if last is None or last.status is not WorkStatus.STOPPED or last.stop_from is None:
            continue
        days = _days(facts, last.stop_from)
        if grade := grade_of(days, facts.thresholds, STOPPED):
            told = f"单位工程“{work.name}”自{last.stop_from}停工，已{days}天。"
            lines = (Line("停工起始", "", str(last.stop_from)),)
            sign = Sign(grade, f"停工{days}天", told, lines, days_of(facts, STOPPED), last.stop_from.isoformat())
            yield Found("unit_engineering", work.id, work.name, sign, str(days))


# Permits (PLN-09, CON-02, CON-04)


@WATCHES.rule("PLN-09", "已开工或已延期")
def planning_permits_do_not_lapse(facts: ProjectFacts) -> Iterator[Found]:
    number, ahead = facts.thresholds.integer(PLANNING_MONTHS), facts.thresholds.integer(PLANNING_AHEAD)
    for permit in facts.planning:
        under = {one.id for one in facts.permits if permit.id in one.planning_ids}
        if _started(work for work in facts.works if work.permit_id in under):
            continue
        limits = (months_later(permit.issued_on, number), permit.extended_to, facts.start_due)
        limit = max(day for day in limits if day is not None)
        yield from _lapsing(facts, "engineering_planning_permit", permit, limit, ahead, "工程规划许可证")


@WATCHES.rule("CON-02", "已开工或已延期")
def construction_permits_do_not_lapse(facts: ProjectFacts) -> Iterator[Found]:
    number, ahead = facts.thresholds.integer(PERMIT_MONTHS), facts.thresholds.integer(PERMIT_AHEAD)
    for permit in facts.permits:
        if not _started(facts.works_of(permit)):
            limit = permit.extended_to or months_later(permit.issued_on, number)
            yield from _lapsing(facts, "construction_permit", permit, limit, ahead, "施工许可证")


def _started(works: Iterable[WorkFacts]) -> bool:
    return any(work.reached(MilestoneCode.M07) is not None for work in works)


def _lapsing(
    facts: ProjectFacts, kind: str, permit: PlanningFacts | PermitFacts, limit: date, ahead: int, label: str
) -> Iterator[Found]:
    days = _days(facts, limit)
    if facts.today < limit - timedelta(days=ahead):
        return
    past = days > 0
    told = f"{label}“{permit.name}”应在{limit}前开工，" + (
        f"已超过{days}天未开工。" if past else f"还有{-days}天，尚未开工。"
    )
    lines = (Line("开工期限", str(limit), "未开工"),)
    sign = Sign(
        RED if past else BLUE,
        f"{label}{'逾期未开工' if past else '即将到期'}",
        told,
        lines,
        f"到期前{ahead}天",
        limit.isoformat(),
    )
    yield Found(kind, permit.id, permit.name, sign, str(days))


@WATCHES.rule("CON-04", "开工日期已更正")
def works_start_after_their_permit(facts: ProjectFacts) -> Iterator[Found]:
    issued = {permit.id: permit.issued_on for permit in facts.permits}
    for work in facts.works:
        start, permitted = work.reached(MilestoneCode.M07), issued.get(work.permit_id)
        if start is not None and permitted is not None and start < permitted:
            days = (permitted - start).days
            told = f"单位工程“{work.name}”{start}开工，早于施工许可证发证日期{permitted}，相差{days}天。"
            lines = (Line("开工日期", str(permitted), str(start)),)
            sign = Sign(RED, "未取得施工许可证开工", told, lines, "不早于发证日期", start.isoformat())
            yield Found("unit_engineering", work.id, work.name, sign, str(days))


# Payments (CON-11 to CON-13)


@WATCHES.rule("CON-11", "工程款已填报")
def payments_are_reported(facts: ProjectFacts) -> Iterator[Found]:
    day = facts.thresholds.integer(PAYMENT_DUE)
    for permit in facts.permits:
        there = {one.period for one in permit.payments}
        for period in due_periods(facts.works_of(permit), facts.today):
            days = _days(facts, closing_day(period, day))
            if period not in there and (grade := grade_of(days, facts.thresholds, PAYMENT_LATE)):
                told = f"施工许可证“{permit.name}”{period}的工程款已逾期{days}天未填报。"
                lines = (Line("工程款", period, "未填报"),)
                sign = Sign(grade, f"{period}工程款未填报", told, lines, days_of(facts, PAYMENT_LATE), period)
                yield Found("construction_permit", permit.id, permit.name, sign, str(days))


@WATCHES.rule("CON-12", "工程款支付比例已达到要求")
def enough_is_paid(facts: ProjectFacts) -> Iterator[Found]:
    red, yellow = (facts.thresholds.decimal(key) / _HUNDRED for key in (PAID_RED, PAID_YELLOW))
    for permit in facts.permits:
        last = permit.payments[-1] if permit.payments else None
        if last is None or not last.output_cum:
            continue
        ratio = last.paid_cum / last.output_cum
        if ratio < yellow:
            percent = shown((ratio * _HUNDRED).quantize(_CENT, ROUND_DOWN))
            told = f"施工许可证“{permit.name}”累计实付占累计产值{percent}%，低于要求。"
            lines = (Line("实付比例", f"{shown(yellow * _HUNDRED)}%", f"{percent}%"),)
            threshold = f"{shown(yellow * _HUNDRED)}%、{shown(red * _HUNDRED)}%"
            sign = Sign(RED if ratio < red else YELLOW, "工程款支付比例偏低", told, lines, threshold, last.period)
            value = str(ratio.quantize(Decimal("0.0001"), ROUND_HALF_UP))
            yield Found("construction_permit", permit.id, permit.name, sign, value)


@WATCHES.rule("CON-13", "人工费已支付")
def labour_is_paid(facts: ProjectFacts) -> Iterator[Found]:
    for permit in facts.permits:
        last = permit.payments[-1] if permit.payments else None
        if last is None or not last.output_period or last.labour:
            continue
        before = permit.payments[-2] if len(permit.payments) > 1 else None
        twice = (
            before is not None
            and month_after(before.period) == last.period
            and bool(before.output_period)
            and not before.labour
        )
        told = f"施工许可证“{permit.name}”{last.period}有产值，没有支付人工费{'，且已连续两月' if twice else ''}。"
        sign = Sign(RED if twice else YELLOW, "人工费未支付", told, (Line("人工费", "", "0元"),), "一个月", last.period)
        yield Found("construction_permit", permit.id, permit.name, sign)


# Completion (CMP-01, CMP-07)


@WATCHES.rule("CMP-01", "已办理竣工验收备案")
def acceptance_is_filed(facts: ProjectFacts) -> Iterator[Found]:
    for work in facts.works:
        accepted = work.reached(MilestoneCode.M17)
        if accepted is None or work.filed:
            continue
        days = _days(facts, accepted)
        # The day by which it is to be filed is still in time.
        if grade := grade_of(days - 1, facts.thresholds, FILING_LATE):
            told = f"单位工程“{work.name}”{accepted}竣工验收合格，已{days}天未备案。"
            lines = (Line("竣工验收备案", str(accepted), "未备案"),)
            sign = Sign(
                grade, f"竣工验收{days}天未备案", told, lines, days_of(facts, FILING_LATE), accepted.isoformat()
            )
            yield Found("unit_engineering", work.id, work.name, sign, str(days))


@WATCHES.rule("CMP-07", "已取得交付使用许可证")
def buildings_are_delivered_with_a_permit(facts: ProjectFacts) -> Iterator[Found]:
    for building in facts.buildings:
        if building.delivered_on is not None and not building.permitted:
            told = f"“{building.name}”{building.delivered_on}交付，没有生效的交付使用许可证。"
            lines = (Line("交付日期", "", str(building.delivered_on)),)
            sign = Sign(RED, "无许可证交付", told, lines, "交付前取得", building.delivered_on.isoformat())
            yield Found("natural_building", building.id, building.name, sign)


def days_of(facts: ProjectFacts, steps: Steps) -> str:
    """The thresholds of a rule as an alert names them, the mildest first."""
    return "、".join(f"{facts.thresholds.integer(key)}天" for key in list(steps.values())[::-1])
