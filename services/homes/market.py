"""Homes of the market: authority, head company's portfolio, project company, surveyors and analysts (issue 19)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from models.access import CITY_AUTHORITY, DISTRICT_AUTHORITY, HEAD_OFFICE, PROJECT_OFFICE
from models.alerts import UNANSWERED, Alert
from models.codes import Toned
from models.projects import Project
from models.records import Revision
from services.alerts.catalogue import RULES
from services.alerts.listings import ALERTS
from services.engine.clock import SHANGHAI
from services.engine.cycle_queue import QUEUE, REVIEWERS
from services.engine.cycle_reassignment import STEPS
from services.engine.figures import Figure, figure, tallies, tally
from services.engine.home_tiles import Age, Ages, Band, Count, Lines, Measure, Places, Split
from services.engine.homes import Choice, Column, Entry, Home, Made, Panel, home, scaled
from services.engine.listings import Line
from services.engine.look_ups import names_by
from services.engine.work import Work
from services.homes.common import drafts_if_any, messages, overdue, tasks, waiting
from services.homes.project_tiles import due, missing, portfolio
from services.homes.supply_tiles import supply, supply_map
from services.progress.board import BOARD

#: The queue of those who have its page; handlers watch the steps instead.
_QUEUE = replace(QUEUE, roles=REVIEWERS)


# Review


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def load(work: Work) -> Panel | None:
    """Records under review by the reviewer who took them or was assigned them."""
    if not STEPS.roles & work.caller.roles:
        return None
    holders = {
        holder
        for pair in tallies(work, STEPS, {}, Revision.taken_by, Revision.assigned_to)
        for holder in pair
        if holder
    }
    names = names_by(work, holders)
    entries = []
    for holder in holders:
        filters = {"holder": str(holder)}
        count = tally(work, STEPS, filters)
        if count and holder in names:
            entries.append(Entry(names[holder], Figure(str(holder), "", count, STEPS.name, filters)))
    whole = figure(work, "all", "全部", STEPS, {})
    ranked = sorted(entries, key=lambda one: -one.figure.count if one.figure else 0)
    return Panel(
        "bars",
        "分工",
        (Choice("", scaled(ranked)),),
        "审核环节，在手件数",
        total=Entry("待审核", whole),
        empty="没有人领取的审核",
    )


def _review(work: Work, line: Line) -> Entry:
    opened = Figure(str(line.id), line.title, opens="record_review", filters={"id": str(line.id)})
    words = " · ".join(part for part in (line.kind_label, line.edition, line.district, line.holder_words) if part)
    chip = Toned("超期", "bad") if line.overdue else Toned(f"至{line.due}", "info") if line.due else ""
    return Entry(line.title or line.record_no, opened, words, chip)


REVIEWS = Lines("待审核", _QUEUE, _review, most=6, note="期限先到的在前", empty="没有等待审核的记录", hide=True)
QUEUED = Ages("在审时长", (Age("管理记录", _QUEUE, Revision.submitted_at, {}, day=_day),))


# Alerts


def _alert(work: Work, line: Line) -> Entry:
    beside = f"{line.due_on.month}月{line.due_on.day}日前"
    if line.overdue:
        beside = f"超期{(work.today - line.due_on).days}天"
    elif line.state not in UNANSWERED:
        # The deadline was the company's.
        beside = ""
    opened = Figure(str(line.id), line.title, opens="alerts", filters={"id": str(line.id)})
    return Entry(line.title, opened, f"{line.subject_label} · {line.state.label}", chip=line.grade, beside=beside)


def alerts(title: str) -> Lines:
    """Alerts that are not ended, the gravest first."""
    return Lines(title, ALERTS, _alert, note="严重的在前；期限按自然日", empty="没有未了结的预警")


_OWED = replace(alerts("要说明的预警"), filters={"view": "owed"}, empty="没有要说明的预警")


_RULE_NAMES = {code: f"{code} {rule.label}" for code, rule in RULES.items()}
BY_RULE = Split(
    "预警规则",
    ALERTS,
    Alert.rule_code,
    "rule",
    {},
    _RULE_NAMES,
    note="未了结",
    most=8,
    bad=True,
    empty="没有未了结的预警",
)
BY_STAGE = Split("项目阶段", BOARD, Project.stage, "stage", {}, note="生效的项目", empty="没有项目")
_RED = Count("red", "严重预警", ALERTS, {"view": "RED"}, "条", "未了结", bad=True)
_UNSEEN = Count("unseen", "待确认预警", ALERTS, {"view": "unseen"}, "条", "请在期限内确认")
_LATE_ALERTS = Count("late_alerts", "预警超期", ALERTS, {"view": "overdue"}, "条", "过期尚未说明", bad=True)
_ALERTS = Count("alerts", "未了结预警", ALERTS, {}, "条", "全部级别")
_PROJECTS = Count("projects", "项目", BOARD, {}, "个", "生效")


# Homes


def _band(*counts: Any) -> Column:
    return Column(12, (Band(counts),))


_REVIEWED = Count("review", "待审核记录", _QUEUE, {}, said="本岗位")
_STEPS_OPEN = Count("steps", "审核环节", STEPS, {}, said="各级在审")
_STEPS_LATE = Count("steps_late", "审核环节超期", STEPS, {"overdue": "1"}, said="可转交或催办", bad=True)
_REVIEW_LATE = Count("review_late", "审核超期", _QUEUE, {"view": "overdue"}, said="请先办理", bad=True)
#: The figures of those who only review.
REVIEW_BAND = (_band(_REVIEW_LATE, _REVIEWED),)
MARKET_CITY = home(
    Home(
        "market_city",
        CITY_AUTHORITY,
        (
            (
                _band(
                    overdue, _REVIEW_LATE, _STEPS_LATE, _LATE_ALERTS, _RED, waiting, _REVIEWED, _STEPS_OPEN, _PROJECTS
                ),
            ),
            (
                Column(
                    8,
                    (
                        Places(
                            "各区",
                            (
                                Measure("预警", ALERTS, Alert.district_code, {}, note="未了结，条", bad=True),
                                supply_map,
                                Measure("项目", BOARD, Project.district, {}, note="生效，个"),
                            ),
                        ),
                    ),
                ),
                Column(4, (Made(tasks),)),
            ),
            (
                Column(7, (Made(supply), alerts("预警"))),
                Column(5, (BY_STAGE, BY_RULE, Made(load), Made(drafts_if_any), Made(messages))),
            ),
        ),
        order=30,
    )
)
MARKET_DISTRICT = home(
    Home(
        "market_district",
        DISTRICT_AUTHORITY,
        (
            (
                _band(
                    overdue, _REVIEW_LATE, _STEPS_LATE, _LATE_ALERTS, _RED, waiting, _REVIEWED, _STEPS_OPEN, _PROJECTS
                ),
            ),
            (Column(7, (Made(tasks), alerts("本区预警"))), Column(5, (QUEUED, Made(load), BY_STAGE, BY_RULE))),
            (
                Column(7, (Made(supply),)),
                Column(
                    5,
                    (
                        Made(drafts_if_any),
                        Made(messages),
                    ),
                ),
            ),
        ),
        order=31,
    )
)
HEAD = home(
    Home(
        "head",
        HEAD_OFFICE,
        (
            (_band(overdue, _LATE_ALERTS, _RED, waiting, _ALERTS, _PROJECTS),),
            (Column(12, (Made(portfolio),)),),
            (
                Column(7, (Made(tasks), Made(supply))),
                Column(5, (_OWED, Made(drafts_if_any), Made(messages))),
            ),
        ),
        order=32,
    )
)
PROJECT = home(
    Home(
        "project",
        PROJECT_OFFICE,
        (
            (_band(overdue, _LATE_ALERTS, _RED, waiting, _UNSEEN, _PROJECTS),),
            (Column(12, (Made(portfolio),)),),
            (
                Column(7, (Made(missing), Made(tasks))),
                Column(5, (Made(due), _OWED, Made(drafts_if_any), Made(messages))),
            ),
        ),
        order=33,
    )
)
