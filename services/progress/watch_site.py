"""Further watch rules: stops, guarantees, settlement, archives, delivery, survey, lag, next milestone (market 4.3 to 4.5)."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from models.alerts import AlertGrade
from models.progress import MilestoneCode, WorkStatus
from services.alerts.signs import Line, Sign, grade_of
from services.alerts.watch_rule import Found
from services.engine.value_checks import shown
from services.progress.watch_facts import ProjectFacts, WorkFacts
from services.progress.watch_rules import WATCHES, Steps, days_of

BLUE, YELLOW, RED = AlertGrade.BLUE, AlertGrade.YELLOW, AlertGrade.RED
PERMIT_STOPPED: Steps = {RED: "progress.permit_stop_red", YELLOW: "progress.permit_stop_yellow"}
ARCHIVE: Steps = {YELLOW: "completion.archive_yellow", BLUE: "completion.archive_blue"}
LAG: Steps = {RED: "progress.lag_red", YELLOW: "progress.lag_yellow", BLUE: "progress.lag_blue"}
REVIEW, FILING = "progress.settlement_review", "progress.settlement_filing"
AHEAD, DELIVERY_RED, NEXT = "completion.delivery_ahead", "completion.delivery_red", "progress.next_days"
_HUNDRED = Decimal(100)


@WATCHES.rule("CON-03", "已恢复施工")
def stopped_permits_are_reported(facts: ProjectFacts) -> Iterator[Found]:
    for permit in facts.permits:
        if permit.suspended_from is None:
            continue
        days = (facts.today - permit.suspended_from).days
        if grade := grade_of(days, facts.thresholds, PERMIT_STOPPED):
            more = "；满一年恢复施工前须核验施工许可证" if grade is RED else ""
            told = f"施工许可证“{permit.name}”自{permit.suspended_from}中止施工，已{days}天{more}。"
            lines = (Line("中止施工", "", str(permit.suspended_from)),)
            key = permit.suspended_from.isoformat()
            sign = Sign(grade, f"中止施工{days}天", told, lines, days_of(facts, PERMIT_STOPPED), key)
            yield Found("construction_permit", permit.id, permit.name, sign, str(days))


@WATCHES.rule("CON-15", "已填写支付担保编号")
def payments_are_guaranteed(facts: ProjectFacts) -> Iterator[Found]:
    for permit in facts.permits:
        if permit.payments and not permit.payments[-1].guaranteed:
            told = f"施工许可证“{permit.name}”的工程款没有支付担保编号。"
            sign = Sign(YELLOW, "没有支付担保", told, (Line("支付担保编号", "", "未填写"),), "开工前提供")
            yield Found("construction_permit", permit.id, permit.name, sign)


@WATCHES.rule("CON-16", "结算已办理")
def settlements_go_on(facts: ProjectFacts) -> Iterator[Found]:
    for permit in facts.permits:
        last = permit.payments[-1] if permit.payments else None
        if last is None:
            continue
        for what, since, done, key in (
            ("结算审核", last.settlement_sent_on, last.settlement_agreed_on, REVIEW),
            ("结算备案", last.settlement_agreed_on, last.settlement_filed_on, FILING),
        ):
            most = facts.thresholds.integer(key)
            if since is not None and done is None and (days := (facts.today - since).days) > most:
                told = f"施工许可证“{permit.name}”的{what}自{since}起已{days}天未完成，期限{most}天。"
                sign = Sign(BLUE, f"{what}逾期", told, (Line(what, f"{most}天", f"{days}天"),), f"{most}天", key[-6:])
                yield Found("construction_permit", permit.id, permit.name, sign, str(days))


@WATCHES.rule("CMP-05", "竣工档案已移交")
def records_go_to_the_archives(facts: ProjectFacts) -> Iterator[Found]:
    for filing in facts.filings:
        if filing.archived_on is not None:
            continue
        days = (facts.today - filing.accepted_on).days
        if grade := grade_of(days, facts.thresholds, ARCHIVE):
            told = f"竣工验收备案“{filing.number}”验收后{days}天，竣工档案尚未移交。"
            lines = (Line("档案移交", str(filing.accepted_on), "未移交"),)
            sign = Sign(grade, "竣工档案未移交", told, lines, days_of(facts, ARCHIVE))
            yield Found("completion_filing", filing.id, filing.number, sign, str(days))


@WATCHES.rule("CMP-08", "已取得交付使用许可证或已调整交付日期")
def buildings_are_delivered_in_time(facts: ProjectFacts) -> Iterator[Found]:
    due = facts.delivery_on
    waiting = [building.name for building in facts.buildings if not building.permitted]
    if due is None or not (waiting or not facts.buildings):
        return
    ahead, red = facts.thresholds.integer(AHEAD), facts.thresholds.integer(DELIVERY_RED)
    days = (facts.today - due).days
    if facts.today < due - timedelta(days=ahead):
        return
    grade = RED if days > red else YELLOW if days > 0 else BLUE
    left = f"，{'、'.join(waiting[:20])}未取得交付使用许可证" if waiting else "，尚无楼幢取得交付使用许可证"
    told = f"计划{due}交付，" + (f"已超过{days}天" if days > 0 else f"还有{-days}天") + f"{left}。"
    sign = Sign(grade, "交付日期已过" if days > 0 else "交付日期临近", told, (), f"到期前{ahead}天", due.isoformat())
    yield Found("project", facts.id, facts.name, sign, str(days))


@WATCHES.rule("CMP-09", "面积已核对")
def surveyed_areas_are_as_forecast(facts: ProjectFacts) -> Iterator[Found]:
    for building in facts.buildings:
        if building.units_off:
            told = f"“{building.name}”有{building.units_off}户的实测面积与预测面积相差较大，户名单见楼盘表。"
            lines = (Line("差异较大的户数", "0户", f"{building.units_off}户"),)
            sign = Sign(BLUE, f"{building.units_off}户面积差异较大", told, lines, "3%")
            yield Found("natural_building", building.id, building.name, sign, str(building.units_off))


@WATCHES.rule("PRG-11", "进度已赶上工期")
def progress_keeps_pace(facts: ProjectFacts) -> Iterator[Found]:
    for work in facts.works:
        lag = _lag(work, facts)
        if lag is None:
            continue
        grade = next((one for one, key in LAG.items() if lag > facts.thresholds.integer(key)), None)
        if grade is not None:
            behind = shown(lag.quantize(Decimal("0.1")))
            told = f"单位工程“{work.name}”已用工期比完成比例多{behind}个百分点。"
            lines = (Line("完成比例", "", f"{work.lines[-1].percent}%"),)
            sign = Sign(grade, f"进度落后{behind}个百分点", told, lines, points_of(facts))
            yield Found("unit_engineering", work.id, work.name, sign, behind)


def _lag(work: WorkFacts, facts: ProjectFacts) -> Decimal | None:
    """Return by how many points the time used exceeds the work done; None where either is unknown or the work is done."""
    start, finish = (work.milestones.get(code) for code in (MilestoneCode.M07, MilestoneCode.M17))
    begun = (start.reached or start.planned) if start is not None else None
    if begun is None or finish is None or finish.planned is None or finish.reached is not None or not work.lines:
        return None
    last, whole = work.lines[-1], (finish.planned - begun).days
    if whole <= 0 or last.status is WorkStatus.STOPPED:
        return None
    used = min(Decimal((facts.today - begun).days) * _HUNDRED / whole, _HUNDRED)
    return used - last.percent


def points_of(facts: ProjectFacts) -> str:
    return "、".join(f"{facts.thresholds.integer(key)}点" for key in list(LAG.values())[::-1])


@WATCHES.rule("PRG-12", "节点已完成或已到期")
def next_milestones_are_announced(facts: ProjectFacts) -> Iterator[Found]:
    ahead = facts.thresholds.integer(NEXT)
    for work in facts.works:
        for code, milestone in sorted(work.milestones.items()):
            if milestone.planned is None or milestone.reached is not None:
                continue
            left = (milestone.planned - facts.today).days
            if 0 <= left <= ahead:
                told = f"单位工程“{work.name}”的“{code.label}”计划{milestone.planned}完成，还有{left}天。"
                lines = (Line(code.label, str(milestone.planned), "未完成"),)
                basis = f"计划{milestone.planned}"
                sign = Sign(BLUE, f"{code.label}临近", told, lines, f"{ahead}天", code.value, basis=basis)
                yield Found("unit_engineering", work.id, work.name, sign, str(left))
