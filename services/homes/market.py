"""Homes of the market: authority, head company's portfolio, project company, surveyors and analysts (issue 19)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.access import CITY_AUTHORITY, DISTRICT_AUTHORITY, HEAD_OFFICE, PROJECT_OFFICE, SPATIAL_OFFICE, Account, Role
from models.alerts import Alert, AlertGrade
from models.codes import Toned
from models.land_codes import ProjectStage
from models.places_data import districts_by_code
from models.projects import Project
from models.records import InForceState, Revision
from services.alerts.catalogue import RULES
from services.alerts.listings import ALERTS
from services.engine.clock import SHANGHAI
from services.engine.cycle_queue import QUEUE, REVIEWERS
from services.engine.cycle_reassignment import STEPS
from services.engine.figures import Figure, figure, tallies, tally
from services.engine.home_tiles import Age, Ages, Band, Count, Lines, Measure, Places, Split, short_name
from services.engine.homes import Choice, Column, Entry, Home, Made, Panel, home, scaled
from services.engine.list_pages import lines_of
from services.engine.listings import Line
from services.engine.look_ups import values_by
from services.engine.work import Work
from services.homes.common import drafts, drafts_if_any, messages, overdue, tasks, waiting
from services.progress.board import BOARD
from services.projects.project import Used, parcels_by_project
from services.supply import reports
from services.supply.kept_book import OF_DISTRICTS, Asked, KeptBook
from services.supply.months import name_of
from services.supply.report_forms import AskReport
from services.supply.visibility import READERS, sees_city

_STAGES = (
    ("S0", "已供地未规划"),
    ("S1", "已规划未开工"),
    ("S2", "在建未达预售"),
    ("S3", "达预售未取证"),
    ("stock", "库存"),
    ("S4r", "限制可售"),
)
_STEPS = tuple(stage for stage in ProjectStage if stage is not ProjectStage.CLOSED)
_MOST_PROJECTS = 12
_SUPPLY = "home.supply"
#: The queue of those who have its page; handlers watch the steps instead.
_QUEUE = replace(QUEUE, roles=REVIEWERS)


# Supply


def _supply(work: Work) -> tuple[str, dict[str, Mapping[str, Any]]]:
    """The month whose supply is shown, and the stages of each district, by its code, and of all; read once for a home."""
    if _SUPPLY in work.session.info:
        kept: tuple[str, dict[str, Mapping[str, Any]]] = work.session.info[_SUPPLY]
        return kept
    asked = AskReport().asked(work.today)
    book = KeptBook(work, Asked(asked.month, asked.series, asked.day, asked.narrow, OF_DISTRICTS))
    every = districts_by_code() if sees_city(work) else ()
    lines = reports.by_district(book, asked.month, every)
    of_districts: dict[str, Mapping[str, Any]] = {line["district"]: line for line in lines}
    found = name_of(asked.month), of_districts
    work.session.info[_SUPPLY] = found
    return found


def supply(work: Work) -> Panel | None:
    """Supply at the end of the last month by stage, in 万㎡; every stage opens report R1."""
    if not READERS & work.caller.roles:
        return None
    month, lines = _supply(work)
    whole = lines[reports.CITY]
    total = Decimal(whole["total"]["wan"])
    entries = []
    for stage, words in _STAGES:
        wan = Decimal(whole[stage]["wan"])
        opened = Figure(stage, words, opens="supply", filters={"report": "R1", "month": month}, shown=f"{wan:,.1f}")
        name = "S4" if stage == "stock" else stage
        entries.append(Entry(name, opened, words, share=float(wan / total) if total else 0.0, place=name))
    more = Figure("all", "统计表", opens="supply", filters={"report": "R1", "month": month}, shown=" ")
    return Panel(
        "strip", "可供应量按阶段", (Choice("", tuple(entries)),), f"{month} 月末，万㎡，合计 {total:,.1f}", more
    )


def supply_map(work: Work) -> Choice | None:
    """Supply of the districts, in 万㎡."""
    if not sees_city(work):
        return None
    month, lines = _supply(work)
    entries = []
    for code in districts_by_code():
        wan = Decimal(lines[code]["total"]["wan"])
        filters = {"report": "R1", "month": month, "district": code}
        opened = Figure(code, short_name(code), round(wan), opens="supply", filters=filters, shown=f"{wan:,.1f}")
        entries.append(Entry(short_name(code), opened, beside=f"{lines[code]['total']['sets']:,} 套", place=code))
    ranked = sorted(entries, key=lambda one: -one.figure.count if one.figure else 0)
    return Choice("可供应量", scaled(ranked), f"{month} 月末，万㎡", (50.0, 100.0, 200.0, 400.0))


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
    names = values_by(work, Account.id, Account.name, holders)
    entries = []
    for holder in holders:
        filters = {"holder": str(holder)}
        count = tally(work, STEPS, filters)
        if count and holder in names:
            entries.append(Entry(names[holder].plain, Figure(str(holder), "", count, STEPS.name, filters)))
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
    late = (work.today - line.due_on).days
    beside = f"超期{late}天" if late > 0 else f"{line.due_on.month}月{line.due_on.day}日前"
    opened = Figure(str(line.id), line.title, opens="alerts", filters={"id": str(line.id)})
    return Entry(line.title, opened, f"{line.subject_label} · {line.state.label}", chip=line.grade, beside=beside)


def alerts(title: str, most: int = 6) -> Lines:
    """Alerts that are not ended, the gravest first."""
    return Lines(title, ALERTS, _alert, most=most, note="严重的在前；期限按自然日", empty="没有未了结的预警")


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
_LATE_ALERTS = Count("late_alerts", "预警超期", ALERTS, {"view": "overdue"}, "条", "处理期限已过", bad=True)
_ALERTS = Count("alerts", "未了结预警", ALERTS, {}, "条", "全部级别")
_PROJECTS = Count("projects", "项目", BOARD, {}, "个", "生效")


# Projects as a portfolio


Land = Mapping[UUID, Sequence[Used]]


def _planned(row: Project, land: Land) -> Iterator[tuple[ProjectStage, str, date]]:
    """Days agreed for the land of a project, or planned, that were not reached."""
    for parcel, _ in land.get(row.id, ()):
        agreed = (parcel.start_extended_to or parcel.start_due_on, parcel.finish_extended_to or parcel.finish_due_on)
        if agreed[0] is not None and row.started_on is None:
            yield ProjectStage.CONSTRUCTION, "约定开工", agreed[0]
        if agreed[1] is not None and row.finished_on is None:
            yield ProjectStage.COMPLETION, "约定竣工", agreed[1]
    for stage, words, on, reached in (
        (ProjectStage.CONSTRUCTION, "计划开工", row.planned_start_on, row.started_on),
        (ProjectStage.PRESALE, "计划预售", row.planned_presale_on, _passed(row, ProjectStage.PRESALE)),
        (ProjectStage.COMPLETION, "计划竣工", row.planned_finish_on, row.finished_on),
        (ProjectStage.DELIVERY, "计划交付", row.planned_delivery_on, _passed(row, ProjectStage.CLOSED)),
    ):
        if on is not None and not reached:
            yield stage, words, on


def _passed(row: Project, stage: ProjectStage) -> bool:
    order = list(ProjectStage)
    return order.index(row.stage) >= order.index(stage)


def _project(work: Work, row: Project, line: Line, land: Land) -> Entry:
    order = list(ProjectStage)
    planned = sorted(_planned(row, land), key=lambda one: one[2])
    late = {stage for stage, _, on in planned if on < work.today}
    steps = []
    for stage in _STEPS:
        before = order.index(stage) < order.index(row.stage)
        standing = "late" if stage in late else "done" if before else "now" if stage is row.stage else "later"
        steps.append((stage.label, standing))
    chip, due = Toned("按计划", "muted"), ""
    if planned:
        _, words, on = planned[0]
        days = (on - work.today).days
        due = f"{words} {on.isoformat()}"
        chip = Toned(f"已过{-days}天", "bad") if days < 0 else Toned(f"还有{days}天", "warn" if days <= 30 else "info")
    lights = tuple(
        Figure(grade.value, grade.label, getattr(line, grade.value), tone=grade.tone) for grade in reversed(AlertGrade)
    )
    where = " · ".join(
        part for part in (line.company, short_name(row.district_code), "停工" if row.suspended else "") if part
    )
    opened = Figure(str(row.id), row.name, opens="cockpit", filters={"id": str(row.id)})
    return Entry(row.name, opened, where, chip, beside=due, cells=lights, steps=tuple(steps))


def portfolio(work: Work) -> Panel:
    """Projects from land to keys with what is next and their alerts; the latest day that was missed comes first."""
    rows = work.rows(
        work.visible(Project),
        Project.in_force == InForceState.EFFECTIVE,
        by=(Project.planned_finish_on, Project.id),
        most=200,
    )
    lines = {line.id: line for line in lines_of(work, BOARD, rows)}
    land = parcels_by_project(work, [row.id for row in rows])
    first = {row.id: min((on for _, _, on in _planned(row, land)), default=date.max) for row in rows}
    ranked = sorted(rows, key=lambda row: (first[row.id], row.name))[:_MOST_PROJECTS]
    entries = tuple(_project(work, row, lines[row.id], land) for row in ranked)
    whole = figure(work, "all", "全部", BOARD, {})
    words = "还没有生效的项目。办理中的项目在“项目总览”中查看。"
    return Panel(
        "portfolio", "项目", (Choice("", entries),), "从土地到交付；期限先到的在前，按自然日", whole, empty=words
    )


# Homes


def _band(*counts: Any) -> Column:
    return Column(12, (Band(counts),))


_REVIEWED = Count("review", "待审核记录", _QUEUE, {}, said="本岗位")
_STEPS_OPEN = Count("steps", "审核环节", STEPS, {}, said="各级在审")
_STEPS_LATE = Count("steps_late", "审核环节超期", STEPS, {"overdue": "1"}, said="可转交或催办", bad=True)
_REVIEW_LATE = Count("review_late", "审核超期", _QUEUE, {"view": "overdue"}, said="请先办理", bad=True)
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
                Column(5, (alerts("要说明的预警"), Made(drafts_if_any), Made(messages))),
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
                Column(7, (Made(tasks), Made(drafts))),
                Column(5, (alerts("要说明的预警"), Made(drafts_if_any), Made(messages))),
            ),
        ),
        order=33,
    )
)
SPATIAL = home(
    Home(
        "spatial",
        SPATIAL_OFFICE,
        ((_band(_REVIEW_LATE, _REVIEWED),), (Column(7, (REVIEWS, Made(drafts_if_any), Made(messages))),)),
        order=34,
    )
)
ANALYST = home(
    Home(
        "analyst",
        frozenset({Role.ANALYST}),
        (
            (
                Column(8, (Places("各区", (supply_map,)),)),
                Column(
                    4,
                    (
                        Made(drafts_if_any),
                        Made(messages),
                    ),
                ),
            ),
            (Column(12, (Made(supply),)),),
        ),
        order=35,
    )
)
