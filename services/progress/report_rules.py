"""Rules of a progress report: order of months, floors and percents, dates, stops, photos (PRG-04, 05, 08, 09, 10)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from models.construction import UnitEngineering
from models.progress import Milestone, MilestoneCode, ProgressLine, VisualProgress, WorkStatus
from services.engine.findings import Severity
from services.engine.kinds import Proposal, Values
from services.engine.periodic import closing_day
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, MISSING
from services.progress.photo_facts import SeenPhotos
from services.projects.milestones import REPORT

WORKS, BEFORE, AFTER, OPEN, PHOTOS = "works", "lines_before", "lines_after", "open_before", "photos"
JUMP_FLOORS, JUMP_PERCENT = "progress.jump_floors", "progress.jump_percent"
#: Dates of a line in their order, each with the milestone it reaches.
DAYS = {
    "started_on": MilestoneCode.M07,
    "piles_on": MilestoneCode.M08,
    "foundation_on": MilestoneCode.M09,
    "topped_on": MilestoneCode.M12,
    "facade_on": MilestoneCode.M16,
    "accepted_on": MilestoneCode.M17,
    "delivered_on": MilestoneCode.M22,
}


@dataclass(frozen=True)
class SeenWork:
    """A unit work: its storeys, and its milestones with plan and certificate."""

    name: str
    floors: int | None
    planned: Mapping[MilestoneCode, date] = field(default_factory=dict)
    reached: Mapping[MilestoneCode, date] = field(default_factory=dict)
    certified: Mapping[MilestoneCode, date] = field(default_factory=dict)

    @classmethod
    def of(cls, row: UnitEngineering, milestones: Sequence[Milestone]) -> "SeenWork":
        return cls(
            row.name,
            row.floors_above,
            {one.milestone: one.planned_on for one in milestones if one.planned_on},
            {one.milestone: one.actual_on for one in milestones if one.actual_on},
            {
                one.milestone: one.actual_on
                for one in milestones
                if one.actual_on and one.evidence not in (None, REPORT)
            },
        )


def _lines(report: Proposal) -> Iterator[tuple[str, Values, SeenWork]]:
    known: Mapping[UUID, SeenWork] = report.found.get(WORKS, {})
    for number, line in enumerate(report.lines("works"), 1):
        seen = known.get(line["unit_engineering_id"]) if line.get("unit_engineering_id") else None
        if seen is not None:
            yield f"works.{number}.", line, seen


def _before(report: Proposal, line: Values) -> ProgressLine | None:
    lines: Mapping[Any, ProgressLine] = report.found.get(BEFORE, {})
    return lines.get(line.get("unit_engineering_id"))


@rule(FORMAT, "单位工程属于本项目", Severity.REFUSE, "该单位工程不属于本项目或未生效")
def works_are_of_the_project(report: Proposal) -> Iterator[Fault]:
    known: Mapping[UUID, SeenWork] = report.found.get(WORKS, {})
    for number, line in enumerate(report.lines("works"), 1):
        if line.get("unit_engineering_id") and line["unit_engineering_id"] not in known:
            yield Fault(f"works.{number}.unit_engineering_id")


@rule("CON-10", "上期已办结", Severity.REFUSE, "上期进度尚未办结")
def earlier_months_are_done(report: Proposal) -> Iterator[Fault]:
    for period, state in report.found.get(OPEN) or ():
        yield Fault("period", f"{period}的进度填报仍为“{state}”，请先办结")


@rule(FORMAT, "层数和比例", Severity.REFUSE, "完成层数或比例不正确")
def numbers_are_possible(report: Proposal) -> Iterator[Fault]:
    for place, line, seen in _lines(report):
        floors, percent = line.get("floors_done") or 0, line.get("percent")
        if seen.floors is not None and floors > seen.floors:
            yield Fault(f"{place}floors_done", f"“{seen.name}”地上共{seen.floors}层，填写{floors}层，请核对")
        if percent is not None and percent > 100:
            yield Fault(f"{place}percent", f"“{seen.name}”完成比例不能超过100%")
        elif percent == 100 and seen.floors and floors < seen.floors:
            told = f"“{seen.name}”完成比例100%，但只完成{floors}/{seen.floors}层，请核对"
            yield Fault(f"{place}percent", told)


@rule("PRG-04", "进度不倒退", Severity.REFUSE, "进度低于上期")
def progress_does_not_go_back(report: Proposal) -> Iterator[Fault]:
    for place, line, seen in _lines(report):
        before = _before(report, line)
        if before is None or line.get("back_reason"):
            continue
        for name, label, old, new in _compared(before, line):
            if new < old:
                yield Fault(place + name, f"“{seen.name}”{label}由上期的{old}降为{new}，请填写进度回退原因并附材料")


@rule("PRG-04", "后续月份不低于本期", Severity.WARN, "后续月份的填报低于本期")
def later_months_stand_on_it(report: Proposal) -> Iterator[Fault]:
    """A corrected month is compared with the months that stand on it; they are named and not rewritten."""
    after: Sequence[tuple[str, Mapping[Any, ProgressLine]]] = report.found.get(AFTER) or ()
    for place, line, seen in _lines(report):
        for period, lines in after:
            later = lines.get(line.get("unit_engineering_id"))
            if later is None or later.back_reason:
                continue
            for name, label, old, new in _compared(later, line):
                if new > old:
                    told = f"“{seen.name}”{label}{new}，高于{period}已填报的{old}，请核对并同时更正{period}"
                    yield Fault(place + name, told)
            for name, code in DAYS.items():
                on, theirs = line.get(name), getattr(later, name)
                if on is not None and theirs is not None and on != theirs:
                    told = f"“{seen.name}”{code.label}填写{on}，{period}填报为{theirs}，以{period}为准，请核对"
                    yield Fault(place + name, told)


def _compared(before: ProgressLine, line: Values) -> Iterator[tuple[str, str, int, int]]:
    yield "visual_progress", "形象进度", _rank(before.visual_progress), _rank(line.get("visual_progress"))
    yield "floors_done", "完成层数", before.floors_done, line.get("floors_done") or 0
    yield "percent", "完成比例", before.percent, line.get("percent") or 0


def _rank(stage: VisualProgress | None) -> int:
    return int(stage.value) if stage is not None else 0


@rule("PRG-05", "进度不突增", Severity.WARN, "进度增加过快")
def progress_does_not_jump(report: Proposal) -> Iterator[Fault]:
    most_floors = report.thresholds.integer(JUMP_FLOORS)
    most_percent = report.thresholds.integer(JUMP_PERCENT)
    for place, line, seen in _lines(report):
        before = _before(report, line)
        floors, percent = (before.floors_done, before.percent) if before is not None else (0, 0)
        if before is None and report.found.get(BEFORE) == {}:
            continue
        if (added := (line.get("floors_done") or 0) - floors) > most_floors:
            yield Fault(f"{place}floors_done", f"“{seen.name}”本月完成{added}层，超过{most_floors}层，请核对或说明原因")
        if (added := (line.get("percent") or 0) - percent) >= most_percent:
            yield Fault(f"{place}percent", f"“{seen.name}”本月增加{added}个百分点，请核对或说明原因")


@rule("PRG-08", "节点日期已到且先后有序", Severity.REFUSE, "节点日期晚于今天")
def dates_have_come_in_order(report: Proposal) -> Iterator[Fault]:
    for place, line, seen in _lines(report):
        last: tuple[date, str] | None = None
        for name, code in DAYS.items():
            on = line.get(name)
            if on is not None and on > report.today:
                yield Fault(place + name, f"“{seen.name}”{code.label}日期{on}晚于今天，节点未达到时请留空")
            elif on is not None and last is not None and on < last[0]:
                yield Fault(place + name, f"“{seen.name}”{code.label}日期{on}早于{last[1]}（{last[0]}），请核对")
            if known := on or seen.reached.get(code):
                last = (known, code.label)


@rule("PRG-09", "节点日期与证书一致", Severity.WARN, "节点日期与证书不一致，以证书为准")
def dates_are_those_of_certificates(report: Proposal) -> Iterator[Fault]:
    for place, line, seen in _lines(report):
        for name, code in DAYS.items():
            on, certified = line.get(name), seen.certified.get(code)
            if on is not None and certified is not None and on != certified:
                told = f"“{seen.name}”{code.label}填写{on}，证书为{certified}，以证书为准，请核对"
                yield Fault(place + name, told)


@rule(MISSING, "停工说明", Severity.REFUSE, "停工请填写起始日期和原因")
def stops_are_explained(report: Proposal) -> Iterator[Fault]:
    for place, line, seen in _lines(report):
        if line.get("status") is WorkStatus.STOPPED:
            for name, label in (("stop_from", "停工起始"), ("stop_reason", "停工原因")):
                if not line.get(name):
                    yield Fault(place + name, f"“{seen.name}”停工，请填写{label}")
            if line.get("stop_from") and line["stop_from"] > report.today:
                yield Fault(f"{place}stop_from", f"“{seen.name}”停工起始晚于今天，请核对")


@rule(MISSING, "滞后说明", Severity.REFUSE, "节点已逾期，请填写滞后原因")
def delays_are_explained(report: Proposal) -> Iterator[Fault]:
    end = _last_day(report)
    for place, line, seen in _lines(report):
        if line.get("delay_reason") or end is None:
            continue
        late = [
            code.label
            for name, code in DAYS.items()
            if (due := seen.planned.get(code)) and due <= end and not line.get(name) and code not in seen.reached
        ]
        if late:
            yield Fault(f"{place}delay_reason", f"“{seen.name}”{'、'.join(late)}已过计划日期，请填写滞后原因")


def _last_day(report: Proposal) -> date | None:
    """Return the first day after the month, up to which a plan may be late."""
    period = report["period"]
    try:
        return min(closing_day(period, 1), report.today) if period else None
    except ValueError:
        return None


@rule("PRG-10", "现场照片齐全且为本期拍摄", Severity.WARN, "请上传现场照片")
def photos_show_this_month(report: Proposal) -> Iterator[Fault]:
    seen: SeenPhotos | None = report.found.get(PHOTOS)
    if seen is None:
        return
    building = [
        line
        for _, line, _ in _lines(report)
        if line.get("status") is not WorkStatus.STOPPED and 0 < _rank(line.get("visual_progress")) < 10
    ]
    if building and seen.number < len(building):
        yield Fault("files.photos", f"在建单位工程{len(building)}个，只有{seen.number}张照片，请补充或说明原因")
    for told in seen.told(report["period"] or ""):
        yield Fault("files.photos", told)


RULES = rules_in(vars())
