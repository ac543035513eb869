"""The weekly report counts what left, by class of data, and holds no person (D16)."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from models.access import Role, ScopeKind
from models.engine import ExchangeLog
from models.operations import FlowReport
from models.partners import PartnerExchange
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.clock import SHANGHAI, shanghai_day
from services.engine.jobs import run_job
from services.engine.listings import ListRows
from services.engine.outbox import ROUTES
from services.engine.refusals import NotAllowed
from services.operations.flows import REPORTS, UNKNOWN, Flow, carried, make_report
from services.privacy.listings import label_of_listing
from tests.world import World


def somebody(role: Role) -> Caller:
    return Caller("测试", (Scope(role, ScopeKind.CITY),), account_id=uuid4())


def log(world: World, at: datetime, operation: str, outcome: str) -> None:
    def add(work: Any) -> None:
        work.add(
            ExchangeLog(
                at=at,
                system="licence_library",
                direction="OUT",
                operation=operation,
                request_id=uuid4().hex,
                outcome=outcome,
            )
        )

    world.act(add)


@pytest.mark.proves("D16")
def test_a_week_is_counted_by_class_of_data(world: World) -> None:
    today = world.read(lambda work: shanghai_day(work.at))
    monday = today - timedelta(days=today.weekday())
    start = datetime.combine(monday, time(), SHANGHAI)
    for at, operation, outcome in (
        (start, "issue", "SENT"),
        (start + timedelta(days=6, hours=23), "issue", "SENT"),
        (start + timedelta(hours=1), "issue", "WAITING"),
        (start + timedelta(hours=1), "revoke", "SENT"),
        (start - timedelta(seconds=1), "issue", "SENT"),
        (start + timedelta(days=7), "issue", "SENT"),
    ):
        log(world, at, operation, outcome)
    detail = {"listing": "filings", "rows": 120, "full": True}
    world.door.tell(somebody(Role.DISTRICT_CLERK), "PII.EXPORT", "exports.make", detail=detail)
    world.door.tell(somebody(Role.DISTRICT_CLERK), "PII.EXPORT", "exports.download", detail={"rows": 120})
    for field in ("id_no", "id_no", "mobile", "something"):
        world.door.tell(somebody(Role.STREET_CLERK), "PII.UNMASK", "privacy.reveal", detail={"field": field})
    assert world.door.perform(make_report, SYSTEM, monday) == 6
    (report,) = world.door.ask(REPORTS.query, somebody(Role.AUDITOR), ListRows()).lines
    assert set(report.flows) == {
        Flow("导出", label_of_listing("filings"), "完整个人信息", 1, 120, 0),
        Flow("查看完整信息", "本系统用户", "证件号码", 2, 2, 0),
        Flow("查看完整信息", "本系统用户", "手机号", 1, 1, 0),
        Flow("查看完整信息", "本系统用户", UNKNOWN, 1, 1, 0),
        Flow("推送", "电子证照库", "姓名、证件号码、房屋坐落、租赁备案", 3, 2, 1),
        Flow("推送", "电子证照库", "证照编号", 1, 1, 0),
    }
    assert world.door.perform(make_report, SYSTEM, monday) == 0


def test_last_weeks_report_is_made_once(world: World) -> None:
    for _ in range(2):
        assert run_job(world.door, "flows.weekly")
    today = world.read(lambda work: shanghai_day(work.at))
    reports = world.read(lambda work: work.session.exec(select(FlowReport)).all())
    assert [row.week_start for row in reports].count(today - timedelta(days=today.weekday() + 7)) == 1


def test_every_message_that_is_sent_has_its_class() -> None:
    """A new partner's message fails here until somebody says what it carries."""
    unclassed = [key for key in ROUTES if not key[0].startswith("test_") and carried(*key) == UNKNOWN]
    assert unclassed == []


def test_the_report_is_not_for_everybody(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.door.ask(REPORTS.query, somebody(Role.STREET_CLERK), ListRows())


@pytest.mark.proves("D16")
def test_signed_exchanges_with_partners_are_counted_too(world: World) -> None:
    # A week of its own: the report of a week is made once.
    monday = world.read(lambda work: shanghai_day(work.at))
    monday -= timedelta(days=monday.weekday() + 70)
    at = datetime.combine(monday, time(9), SHANGHAI)

    def add(work: Any) -> None:
        for direction, code in (("IN", "0"), ("IN", "E1006"), ("OUT", "0")):
            work.add(
                PartnerExchange(
                    at=at,
                    direction=direction,
                    app_id="gjj-center",
                    system="provident_fund",
                    operation="/direct-pay/results",
                    request_id=uuid4().hex,
                    code=code,
                )
            )

    world.act(add)
    world.door.perform(make_report, SYSTEM, monday)
    row = world.read(lambda work: work.session.exec(select(FlowReport).where(FlowReport.week_start == monday)).one())
    flows = {(line["way"], line["by"]): (line["times"], line["failed"]) for line in row.lines}
    assert flows["接收", "provident_fund"] == (2, 1)
    assert flows["推送", "provident_fund"] == (1, 0)
