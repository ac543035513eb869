"""流转监测: a week's exports, unmaskings and partner flows by class of data, as counts (D16)."""

import json
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Role
from models.audit import AuditEvent
from models.engine import ExchangeLog, OutgoingState
from models.operations import FlowReport
from models.partners import PartnerExchange
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI, shanghai_day
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.listings import Column, Listing, listed
from services.engine.registry import action
from services.engine.work import Work
from services.operations.systems import label_of
from services.privacy.listings import label_of_listing

READERS = {Role.SEC_ADMIN, Role.AUDITOR, Role.CITY_BUREAU}
UNKNOWN = "未归类"

_DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
#: System and operation to the classes of data that its messages carry.
CARRIED: Mapping[str, Mapping[str, str]] = _DATA["carried"]
FIELDS: Mapping[str, str] = _DATA["fields"]


@dataclass(frozen=True)
class Flow:
    """A line of a report: a way out, what went, how often, how many records, how many failed."""

    way: str
    by: str
    fields: str
    times: int
    records: int
    failed: int


@action("flows.report", "生成流转监测周报", roles={Role.SYSTEM}, event="")
def make_report(work: Work, week_start: date) -> int:
    """Count one week, Monday to Sunday in Shanghai, once; gives the number of lines."""
    if work.has(FlowReport, FlowReport.week_start == week_start):
        return 0
    since = datetime.combine(week_start, time(), SHANGHAI)
    until = since + timedelta(days=7)
    sources = (_exports, _unmaskings, _exchanges)
    flows = [flow for source in sources for flow in _added_up(source(work, since, until))]
    row = work.add(FlowReport(week_start=week_start, made_at=work.at, lines=[dict(vars(flow)) for flow in flows]))
    work.trail.tell("DATA.CREATE", "flows.report", about=row, detail={"lines": len(flows)})
    return len(flows)


def _told(work: Work, event: str, since: datetime, until: datetime) -> list[tuple[str, str, dict[str, Any]]]:
    statement = select(AuditEvent.act, AuditEvent.result, AuditEvent.body).where(
        AuditEvent.event == event, AuditEvent.at >= since, AuditEvent.at < until
    )
    return [(act, result, json.loads(body)["det"]) for act, result, body in work.session.exec(statement)]


def _exports(work: Work, since: datetime, until: datetime) -> Iterator[Flow]:
    for act, result, detail in _told(work, "PII.EXPORT", since, until):
        if act not in {"exports.request", "exports.download"}:
            fields = "完整个人信息" if detail.get("full") else "遮蔽后的个人信息"
            yield Flow("导出", str(detail.get("listing", act)), fields, 1, int(detail.get("rows", 0)), result != "ok")


def _unmaskings(work: Work, since: datetime, until: datetime) -> Iterator[Flow]:
    for _, _, detail in _told(work, "PII.UNMASK", since, until):
        yield Flow("查看完整信息", "本系统用户", FIELDS.get(str(detail.get("field", "")), UNKNOWN), 1, 1, 0)


def _exchanges(work: Work, since: datetime, until: datetime) -> Iterator[Flow]:
    for direction, system, operation, outcome, count in _counted(work, since, until):
        arrived = count if outcome in {OutgoingState.SENT, "ok", "OK", "0"} else 0
        way = "推送" if direction == "OUT" else "接收"
        yield Flow(way, system, carried(system, operation), count, arrived, count - arrived)


def _added_up(flows: Iterable[Flow]) -> list[Flow]:
    """Return one flow for each way, system and class of data."""
    found: dict[tuple[str, str, str], list[Flow]] = defaultdict(list)
    for flow in flows:
        found[flow.way, flow.by, flow.fields].append(flow)
    return [
        Flow(*key, sum(one.times for one in same), sum(one.records for one in same), sum(one.failed for one in same))
        for key, same in sorted(found.items())
    ]


def _counted(work: Work, since: datetime, until: datetime) -> Iterator[Any]:
    """Exchanges with systems that sign and with those that do not, by direction, system, operation and how they ended."""
    for table, ended in ((ExchangeLog, ExchangeLog.outcome), (PartnerExchange, PartnerExchange.code)):
        grouped: list[Any] = [col(table.direction), col(table.system), col(table.operation), col(ended)]
        within = (col(table.at) >= since, col(table.at) < until)
        yield from work.session.connection().execute(
            sa.select(*grouped, sa.func.count()).where(*within).group_by(*grouped)
        )


def carried(system: str, operation: str) -> str:
    """The classes of data a partner's message carries."""
    told = CARRIED.get(system, {})
    return told.get(operation) or told.get("*", UNKNOWN)


def flows_of(row: FlowReport) -> tuple[Flow, ...]:
    """The flows of a report, with the lists and systems by their names."""
    return tuple(replace(flow, by=_name(flow)) for flow in (Flow(**line) for line in row.lines))


def _name(flow: Flow) -> str:
    return label_of_listing(flow.by) if flow.way == "导出" else label_of(flow.by)


def _sum(key: str) -> Callable[[FlowReport], int]:
    return lambda row: sum(line[key] for line in row.lines)


#: Reports hold counts only.
REPORTS = listed(
    Listing(
        name="flows",
        label="流转监测",
        roles=READERS,
        rows=lambda work: select(FlowReport),
        table=FlowReport,
        columns=(
            Column(
                "week_start",
                "统计周",
                show=lambda day: f"{day:%Y-%m-%d} 至 {day + timedelta(days=6):%Y-%m-%d}",
                sortable=True,
            ),
            Column("times", "次数", _sum("times"), number=True, width=80),
            Column("records", "记录数", _sum("records"), number=True, width=80),
            Column("made_at", "生成时间", width=130),
        ),
        sort="-week_start",
        look_up=lambda work, rows: {"flows": flows_of},
        exporters=set(),
        empty="尚未生成周报，每周一凌晨生成上一周的",
    )
)


@job("flows.weekly", "流转监测周报", at="05:10")
def report_last_week(door: Door) -> int:
    """The week that is over, made on the first night that finds none."""
    today = door.look(SYSTEM, lambda work: shanghai_day(work.at))
    return door.perform(make_report, SYSTEM, today - timedelta(days=today.weekday() + 7))
