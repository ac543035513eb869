"""Presale permits, opening units and sale events as the sale system tells them over HTTP, and the state of each unit (row 76)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col, select

from models.alarms import Alarm
from models.building_tables import HouseUnit, NaturalBuilding, UnitNaturalLink
from models.columns import new_id
from models.integrity import IntegrityFault
from models.progress import Milestone, MilestoneCode
from models.projects import Project
from models.sales import (
    OpeningUnit,
    PresalePermit,
    PresaleStatus,
    SaleAct,
    SaleEvent,
    SaleNews,
    SaleState,
    UnitSale,
)
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from services.engine.jobs import JOBS
from services.engine.listings import ListRows
from services.engine.refusals import Unavailable
from services.engine.work import Work
from services.handbook.paper import printed_handbook
from services.handbook.register_pages import register_lists
from services.handbook.versions import compile_handbook, open_handbook
from services.sales.folded_states import fold_all
from services.sales.news_list import NEWS
from services.sales.sale_news import read_all, try_all
from services.sales.sale_views import sale_of_project
from services.sales.unit_states import fold
from services.supply.closed_months import close_due
from services.supply.kept_book import Asked, KeptBook, Narrow
from services.supply.months import month_named
from services.supply.stages import STOCK
from services.supply.sum_updates import rebuild_all_stale
from tests.land import Land
from tests.sales import Selling, selling
from tests.services.handbook.hands import full_storage

pytestmark = pytest.mark.row(76)
PERMIT = "浦东房管(2027)预字90001{:02d}号"
AT = datetime(2027, 3, 1, 2, tzinfo=UTC)


@pytest.fixture
def found(land: Land) -> Selling:
    one = selling(land)
    one.building("1#")
    return one


class Told:
    """The sale system of a test: what it says, read at once."""

    count = 0

    def __init__(self, found: Selling) -> None:
        Told.count += 1
        self.found, self.world = found, found.land.market.world
        self.sent: list[dict[str, Any]] = []
        self.permit_no = PERMIT.format(Told.count)
        self.units = [unit.house_code for unit in found.units(found.buildings[0])]
        self.serial = 0

    def send(self, **message: Any) -> None:
        """Have the sale system send a message."""
        message.setdefault("message_no", f"XX{Told.count:04d}{len(self.sent):05d}")
        self.sent.append(message)
        address = f"{self.world.simulators.base_url('sale_system')}/sim/change"
        httpx.post(address, json=message, trust_env=False).raise_for_status()

    def permit(self, **change: Any) -> None:
        given = {
            "xkzh": self.permit_no,
            "fabh": "XSFA-310115-2027-00001",
            "zrzhList": self.found.buildings[:1],
            "hj": "归档",
            "ts": 6,
            "mj": 537.00,
            "fzrq": "2027-02-20",
            **change,
        }
        self.send(permit=given)

    def opening(self, **change: Any) -> None:
        given = {
            "kpdyh": f"KP{Told.count:04d}",
            "kpfs": "立即开盘",
            "fwbmList": self.units,
            "xkzh": self.permit_no,
            "kprq": "2027-02-25",
            **change,
        }
        self.send(opening=given)

    def sale(self, act: str, unit: int = 0, on: int = 26, **given: Any) -> str:
        self.serial += 1
        number = given.pop("event_no", f"E{Told.count:04d}{self.serial:04d}")
        basis = {"上网": self.permit_no, "开盘": f"KP{Told.count:04d}"}.get(act, "")
        if act in ("定金", "签约", "登记", "撤销"):
            given = {"htbh": f"HT{Told.count:04d}", **given}
        code = given.pop("house_code", self.units[unit])
        line = {"sjbh": number, "fwbm": code, "sj": act, "ywrq": f"2027-02-{on}", "yj": basis, **given}
        self.send(sale=line)
        return str(number)

    def read(self) -> None:
        read_all(self.world.door)

    def opened(self) -> None:
        self.permit()
        self.opening()
        for unit in range(len(self.units)):
            self.sale("上网", unit, 20)
            self.sale("开盘", unit, 25)
        self.read()

    def state(self, unit: int = 0) -> SaleState | None:
        wanted = (
            select(UnitSale)
            .join(HouseUnit, col(HouseUnit.id) == UnitSale.house_unit_id)
            .where(HouseUnit.house_code == self.units[unit])
        )
        row = self.world.read(lambda work: work.session.exec(wanted).first())
        return None if row is None else row.state

    def waiting(self) -> list[str]:
        wanted = select(SaleNews).where(SaleNews.settled_at == None)  # noqa: E711
        return [row.problem for row in self.world.read(lambda work: work.session.exec(wanted).all())]


@pytest.fixture
def told(found: Selling) -> Told:
    return Told(found)


@pytest.mark.row(77)
def test_a_handbook_tells_ties_milestones_permits_openings_and_areas_by_stage(told: Told) -> None:
    told.opened()
    told.sale("签约")
    told.read()
    door, desk = told.world.door, told.found.desk
    rebuild_all_stale(door)
    version = desk.perform(compile_handbook, "binjiang_admin", told.found.project)
    page = desk.ask(printed_handbook, "binjiang01", version)
    lists = {one.label: one for chapter in page.chapters for record in chapter.records for one in record.lists}
    ties, days, permits, openings, stages = (
        [dict(zip(lists[label].columns, line, strict=True)) for line in lists[label].lines]
        for label in ("单位工程与规划建筑物", "项目关键节点", "预售许可证", "开盘单元", "各阶段套数和面积")
    )
    assert (ties[0]["单位工程"], ties[0]["规划楼号"]) == ("1#", "1#")
    reached = {(line["对象"], line["节点"]): line["实际日期"] for line in days}
    assert reached["1#", "主体结构封顶"] == door.clock.today().isoformat()
    assert reached[told.permit_no, "预售许可"] == "2027-02-20"
    [permit], [opening] = permits, openings
    said = (told.permit_no, "XSFA-310115-2027-00001", "1#", "6", "537.00", "2027-02-20", "归档")
    assert tuple(permit.values()) == said
    assert tuple(opening.values())[1:] == (told.permit_no, "立即开盘", "2027-02-25", "6")
    sums = {line["阶段"]: (line["套数"], line["面积（㎡）"]) for line in stages}
    assert (sums["可售"], sums["已售"]) == (("5", "447.50"), ("1", "89.50"))
    told.permit(zfsj="2027-04-20 16:00:00")
    told.read()
    assert desk.ask(open_handbook, "binjiang01", version).stale, "a permit that is void is a change"


@pytest.mark.row(77)
def test_a_handbook_as_of_a_day_counts_the_homes_known_to_be_open(told: Told) -> None:
    told.opened()
    code, late = f"KP{Told.count:04d}", datetime(2027, 3, 5, tzinfo=UTC)

    def arrive(work: Work) -> None:
        unit = work.only(OpeningUnit, OpeningUnit.opening_code == code)
        events = work.rows(SaleEvent, SaleEvent.act == SaleAct.OPEN, SaleEvent.ref_id == unit.id)
        for event in events:
            event.recorded_at = late if event is events[0] else datetime(2027, 2, 26, tzinfo=UTC)
            work.add(event)

    def sets(until: datetime) -> str:
        def look(work: Work) -> str:
            project = work.only(Project, Project.id == told.found.project)
            lists = {one.label: one.lines for one in register_lists(work, 10, project, until)}
            return next(line[-1] for line in lists["开盘单元"] if line[0] == code)

        return str(told.world.read(look))

    told.world.act(arrive)
    assert sets(late - timedelta(days=1)) == "5"
    assert sets(late) == "6"


def test_permit_opening_and_events_make_the_states_of_units(told: Told) -> None:
    told.opened()
    assert told.state() is SaleState.AVAILABLE
    for act, state in (("定金", SaleState.EARNEST), ("签约", SaleState.SIGNED), ("登记", SaleState.REGISTERED)):
        told.sale(act, mj=89.50, je=8950000.00)
        told.read()
        assert told.state() is state
    told.sale("撤销", on=28)
    told.read()
    assert told.state() is SaleState.AVAILABLE
    permit = told.world.read(lambda work: work.first(PresalePermit, PresalePermit.permit_no == told.permit_no))
    assert (permit.status, permit.project_id) == (PresaleStatus.ARCHIVED, told.found.project)
    codes = told.world.read(
        lambda work: work.rows(Milestone.milestone, Milestone.project_id == told.found.project, by=Milestone.milestone)
    )
    assert {MilestoneCode.M14, MilestoneCode.M15} <= set(codes)


def test_a_message_that_arrives_twice_counts_once(told: Told) -> None:
    told.opened()
    number = told.sale("签约", mj=89.50, je=1)
    told.send(**told.sent[-1])
    told.permit()
    told.read()
    rows = told.world.read(lambda work: work.rows(SaleEvent, SaleEvent.event_no == number))
    assert len(rows) == 1
    assert told.state() is SaleState.SIGNED


def test_events_out_of_order_end_in_the_same_state(told: Told) -> None:
    told.sale("撤销", on=27)
    told.sale("签约", on=26, je=1)
    told.sale("开盘", on=25)
    told.sale("上网", on=20)
    told.opening()
    told.read()
    assert told.waiting()
    told.permit()
    told.read()
    assert told.state() is SaleState.AVAILABLE
    assert told.waiting() == []


def test_an_event_of_an_unknown_unit_waits_until_its_building_table_has_it(told: Told) -> None:
    told.opened()
    told.sale("签约", house_code="FW-UNKNOWN-1", je=1)
    told.read()
    assert told.waiting() == ["房屋FW-UNKNOWN-1不在楼盘表中"]

    def add(work: Work) -> None:
        row = work.first(HouseUnit, HouseUnit.house_code == told.units[0])
        assert row is not None
        work.add(
            HouseUnit(
                natural_building_id=row.natural_building_id,
                house_code="FW-UNKNOWN-1",
                nominal_floor="4",
                actual_floor_from=4,
                actual_floor_to=4,
                room_no="401",
                planned_use="住宅",
            )
        )

    told.world.act(add)
    assert try_all(told.world.door) == 1
    told.units.append("FW-UNKNOWN-1")
    assert told.state(len(told.units) - 1) is SaleState.SIGNED


def test_events_follow_a_building_that_is_tied_anew(told: Told) -> None:
    told.opened()
    number = told.found.buildings[0]
    door, market = told.world.door, told.found.land.market
    wanted = select(UnitNaturalLink.id).where(UnitNaturalLink.natural_building_no == number)
    link = UUID(str(told.world.read(lambda work: work.session.exec(wanted).one())))
    door.perform(acts("unit_natural_link").void, market.caller("pdshen01"), Void(link, "关联有误需要作废"))
    told.sale("签约", je=1)
    told.read()
    assert told.waiting() == [f"房屋{told.units[0]}的楼幢未关联项目"]
    other = new_id()

    def tie(work: Work) -> None:
        row = work.first(NaturalBuilding, NaturalBuilding.natural_building_no == number)
        assert row is not None
        row.project_id, row.district_code = other, "310115"
        work.add(row)

    told.world.act(tie)
    assert try_all(door) == 1
    fold_all(door)
    assert told.state() is SaleState.SIGNED
    code = told.units[0]
    events = told.world.read(
        lambda work: work.rows(
            SaleEvent, SaleEvent.house_unit_id == work.first(HouseUnit.id, HouseUnit.house_code == code)
        )
    )
    assert {event.project_id for event in events} == {other}


def test_a_permit_voided_later_takes_its_units_off_but_not_those_sold(told: Told) -> None:
    told.opened()
    told.sale("签约", 1, je=1)
    told.permit(zfsj="2027-04-20 16:00:00")
    told.read()
    assert (told.state(0), told.state(1)) == (SaleState.NOT_LISTED, SaleState.SIGNED)
    # The sale system takes the voiding back.
    told.permit()
    told.read()
    assert (told.state(0), told.state(1)) == (SaleState.AVAILABLE, SaleState.SIGNED)


def test_a_permit_voided_after_its_month_closed_stays_in_what_was_published(told: Told) -> None:
    march, door = month_named("2027-03"), told.world.door

    def stock(month: int) -> int:
        asked = Asked(month, narrow=Narrow(project=told.found.project))
        return int(told.world.read(lambda work: KeptBook(work, asked).stock(month, STOCK).sets))

    told.opened()
    told.world.stand_at(2027, 4, 6)
    close_due(door)
    assert stock(march) == len(told.units)
    told.world.stand_at(2027, 4, 21)
    told.permit(zfsj="2027-04-20 16:00:00")
    told.read()
    rebuild_all_stale(door)
    assert (stock(march), stock(march + 1)) == (len(told.units), 0)
    shown = door.ask(sale_of_project, told.found.land.market.caller("pdshen01"), told.found.project)
    assert [line.state for line in shown.permits] == ["已作废（2027-04-20）"]
    assert {state for one in shown.buildings for state, count in one.states.items() if count} == {SaleState.NOT_LISTED}


def test_a_silent_system_loses_nothing(told: Told) -> None:
    told.permit()
    told.world.fault("sale_system", "timeout")
    told.read()
    told.world.heal()
    told.read()
    assert told.world.read(lambda work: work.has(PresalePermit, PresalePermit.permit_no == told.permit_no))


def test_a_full_storage_keeps_nothing_of_what_was_read_and_the_next_reading_applies_all_once(told: Told) -> None:
    if not told.world.door.database.sqlite:
        pytest.skip("only SQLite's file is bounded here; PostgreSQL's answer is known by its code (53100)")
    # Enough of them to want further pages.
    for unit in 20 * list(range(len(told.units))):
        told.sale("签约", unit, 25)
    told.permit()
    told.opening()
    own = col(SaleEvent.event_no).startswith(f"E{Told.count:04d}")
    with full_storage(told.found.land), pytest.raises(Unavailable, match="存储空间已满，本次操作没有保存"):
        told.read()
    assert told.waiting() == []
    assert told.world.read(lambda work: work.rows(SaleEvent, own)) == []
    told.read()
    assert {told.state(unit) for unit in range(len(told.units))} == {SaleState.SIGNED}
    assert len(told.world.read(lambda work: work.rows(SaleEvent, own))) == 20 * len(told.units)


def test_the_night_finds_a_state_that_its_events_do_not_bear_out(told: Told) -> None:
    told.opened()
    assert fold_all(told.world.door) == 0

    told.world.act(lambda work: _spoil(work, told.units[2]))
    assert fold_all(told.world.door) == 1
    assert told.state(2) is SaleState.AVAILABLE
    assert told.world.read(lambda work: work.has(Alarm, Alarm.alarm_code == "SALES.STATE"))


def test_a_message_that_cannot_be_read_is_set_aside_and_the_others_go_on(told: Told) -> None:
    told.opened()
    number = f"BAD{Told.count:04d}"
    bad = {"sjbh": number, "fwbm": told.units[0], "sj": "过户", "ywrq": "2027-02-26"}
    told.send(message_no=number, sale=bad, unsound=True)
    told.sale("签约", 1, je=1)
    told.read()
    assert (told.state(0), told.state(1)) == (SaleState.AVAILABLE, SaleState.SIGNED)
    assert told.waiting() == ["不合约定（xssj.sj）"]
    alarms = select(Alarm).where(Alarm.alarm_code == "UPSTREAM.MESSAGE", col(Alarm.subject).contains(number))
    [alarm] = told.world.read(lambda work: work.session.exec(alarms).all())
    assert "请联系对方更正后按原编号重发" in alarm.subject
    # The night cannot read it either; a repetition raises no second alarm, and its row tells the last try.
    told.send(message_no=number, sale={**bad, "ywrq": "昨天"}, unsound=True)
    told.read()
    assert told.waiting() == ["不合约定（xssj.sj、xssj.ywrq）"]
    assert JOBS["sales.try_aside"].run(told.world.door) == 0
    city = told.found.land.market.caller("shichu01")
    [line] = told.world.door.ask(NEWS.query, city, ListRows({"scope": "aside", "number": number})).lines
    assert (line.tries, line.updated_at > line.arrived_at) == (3, True)
    assert [one.times for one in told.world.read(lambda work: work.session.exec(alarms).all())] == [alarm.times]
    # Put right and sent again under its number.
    told.send(message_no=number, sale={**bad, "sj": "签约", "htbh": "HT-BAD"})
    told.read()
    assert (told.state(0), told.waiting()) == (SaleState.SIGNED, [])


def test_a_message_about_a_locked_row_is_set_aside_and_applied_once_it_is_unlocked(told: Told) -> None:
    told.opened()
    door, world = told.world.door, told.world
    unit = select(UnitSale.id).join(HouseUnit, col(HouseUnit.id) == UnitSale.house_unit_id)
    row = world.read(lambda work: work.session.exec(unit.where(HouseUnit.house_code == told.units[0])).one())

    def write(state: SaleState) -> None:
        with door.database.engine.begin() as connection:
            connection.execute(update(UnitSale).where(col(UnitSale.id) == row).values(state=state))

    def unlock(work: Work) -> None:
        fault = work.only(IntegrityFault, IntegrityFault.row_id == row)
        fault.closed_at = work.at
        work.add(fault)

    write(SaleState.REGISTERED)
    told.sale("签约", 0, je=1)
    told.sale("签约", 1, je=1)
    told.read()
    assert told.state(1) is SaleState.SIGNED
    [problem] = told.waiting()
    assert problem.startswith("处理失败（")
    # The night leaves this home out and puts another one right.
    world.act(lambda work: _spoil(work, told.units[1]))
    assert fold_all(door) == 1
    assert told.state(1) is SaleState.SIGNED
    write(SaleState.AVAILABLE)
    world.act(unlock)
    door.locked.look()
    assert JOBS["sales.try_aside"].run(door) == 1
    assert (told.state(0), told.waiting()) == (SaleState.SIGNED, [])


def _spoil(work: Work, house_code: str) -> None:
    """Write a state that the events of a home do not bear out."""
    unit = work.only(HouseUnit.id, HouseUnit.house_code == house_code)
    row = work.only(UnitSale, UnitSale.house_unit_id == unit)
    row.state = SaleState.REGISTERED
    work.add(row)


def _event(act: SaleAct, on: int, contract: str = "", **more: Any) -> SaleEvent:
    return SaleEvent(
        event_no=f"F{on}{act.value}{contract}",
        project_id=new_id(),
        house_unit_id=new_id(),
        act=act,
        happened_on=date(2027, 2, on),
        recorded_at=AT,
        contract_no=contract,
        **more,
    )


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], SaleState.NOT_LISTED),
        ([_event(SaleAct.LIST, 1)], SaleState.NOT_LISTED),
        ([_event(SaleAct.LIST, 1), _event(SaleAct.OPEN, 2)], SaleState.AVAILABLE),
        ([_event(SaleAct.EARNEST, 3, "A")], SaleState.EARNEST),
        (
            [_event(SaleAct.SIGN, 3, "A"), _event(SaleAct.CANCEL, 4, "A"), _event(SaleAct.SIGN, 4, "B")],
            SaleState.SIGNED,
        ),
        ([_event(SaleAct.REGISTER, 9, "A"), _event(SaleAct.EARNEST, 9, "B")], SaleState.REGISTERED),
        (
            [_event(SaleAct.OPEN, 2), _event(SaleAct.EARNEST, 3, "A"), _event(SaleAct.CANCEL, 4, "A")],
            SaleState.AVAILABLE,
        ),
    ],
)
def test_contracts_decide_the_state_of_a_unit(events: list[SaleEvent], state: SaleState) -> None:
    assert fold(events).state is state
