"""Kept sums follow what happens in its transaction and are what the records give (row 83)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from models.alarms import Alarm
from models.building_tables import HouseUnit, UnitNaturalLink
from models.columns import new_id
from models.progress import Milestone, MilestoneCode
from models.projects import Project
from models.records import InForceState
from models.sales import PresalePermit, SaleAct, SaleEvent, UnitLimit, UnitRestriction
from models.supply import SupplyClosing, SupplyDay, SupplyMonth, SupplyProject, SupplySum
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.refusals import Conflict
from services.engine.work import Work
from services.legacy.market_export import Export, digest_of_folder
from services.legacy.market_load import FILES, load_export, load_of
from services.supply import kept_sums, reports
from services.supply.checks import breaches
from services.supply.closed_months import check_closed, close_due
from services.supply.coarse import check_all_coarse
from services.supply.doubt_list import DOUBTS
from services.supply.figures import Figures
from services.supply.kept_book import Asked, KeptBook
from services.supply.kept_sums import NO_PROJECT, Kept, _stored
from services.supply.months import Series, month_named
from services.supply.register import facts_of
from services.supply.stages import STOCK, Ledger, Stage
from services.supply.sum_updates import check_all, check_project, rebuild_all_stale
from services.supply.sums import SumsOf, project_sums
from tests.databases import Databases
from tests.services.supply.small_town import write_town
from tests.world import Content, World, running_world

pytestmark = pytest.mark.row(83)
MAY = month_named("2026-05")


class Town:
    """The loaded town, with the ids its records have in the register."""

    def __init__(self, world: World, ids: dict[str, UUID]) -> None:
        self.world, self.ids = world, ids
        self.number = 100

    def event(
        self, home: str, what: str, on: str, *, at: str = "", contract: str = "", area: str = "100", number: str = ""
    ) -> None:
        """Let an event of a home arrive, with the next number or its own."""
        self.number += 1
        arrived = datetime.fromisoformat(at) if at else datetime.fromisoformat(f"{on}T03:00:00+00:00")
        row = SaleEvent(
            event_no=number or f"E{self.number:04}",
            project_id=self.ids["P1"],
            house_unit_id=self.ids[home],
            act=SaleAct.of(what),
            happened_on=date.fromisoformat(on),
            recorded_at=arrived.astimezone(UTC),
            contract_no=contract,
            gross_area=Decimal(area),
            amount=Decimal("6000000") if what == "SIGN" else None,
        )
        self.world.act(lambda work: work.add(row) and None)

    def stock(self, month: int = MAY, series: Series = Series.RESTATED, day: date | None = None) -> tuple[int, int]:
        """Area in whole m² and homes of the stock from kept sums."""
        total = self.world.read(lambda work: KeptBook(work, Asked(month, series, day)).stock(month, STOCK))
        return int(total.area) // 10_000, int(total.sets)

    def as_the_records_give(self) -> bool:
        """Tell if kept sums give what the facts give, in every month of both series."""

        def same(work: Work) -> bool:
            facts = facts_of(work)
            for series in Series:
                for month in range(month_named("2024-12"), MAY + 4):
                    worked_out, book = Figures(facts, series), KeptBook(work, Asked(month, series))
                    if reports.by_district(worked_out, month, ()) != reports.by_district(book, month, ()):
                        return False
                    if reports.monthly(worked_out, month, districts=False) != reports.monthly(
                        book, month, districts=False
                    ):
                        return False
            return True

        return check_all_coarse(self.world.door) == 0 and bool(self.world.read(same))


@pytest.fixture
def town(databases: Databases, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Town]:
    url, folder = databases.new(getattr(request, "param", "sqlite")), write_town(tmp_path / "export")

    def load(door: Door) -> None:
        door.clock.stand_at(datetime(2026, 6, 20, 10, tzinfo=SHANGHAI))
        load_export(door, folder)
        rebuild_all_stale(door)

    with running_world(url, houses=False, content=Content("small town", load)) as world:
        world.stand_at(2026, 6, 20)
        load_id = world.door.ask(load_of, SYSTEM, digest_of_folder(folder, FILES))
        names = Export(folder, load_id).names()
        yield Town(world, {name: one for one, name in names.items()})
    databases.drop(url)


@pytest.mark.parametrize("town", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.both_engines
def test_events_are_added_in_their_transaction(town: Town) -> None:
    assert town.stock() == (406, 4)
    town.event("HU3", "SIGN", "2026-05-20", contract="C3")
    assert town.stock() == (304, 3)
    assert town.stock(day=date(2026, 5, 19)) == (406, 4)
    town.event("HU3", "CANCEL", "2026-06-02", contract="C3")
    town.event("HU4", "EARNEST", "2026-06-03", contract="C4")
    assert town.stock(MAY + 1) == (406, 4)
    assert town.as_the_records_give()
    assert town.world.door.perform(check_project, SYSTEM, town.ids["P1"]) == 0


def test_an_event_that_comes_out_of_order_and_one_after_closing_are_added(town: Town) -> None:
    town.event("HU5", "CANCEL", "2026-05-09", contract="C5")
    town.event("HU5", "SIGN", "2026-05-02", at="2026-06-15T03:00:00+00:00", contract="C5")
    town.event("HU6", "SIGN", "2026-05-30", at="2026-06-15T03:00:00+00:00", contract="C6")
    assert town.stock(series=Series.PUBLISHED) == (406, 4)
    assert town.stock() == (304, 3)
    assert town.as_the_records_give()


def test_a_signing_cancelled_in_its_month_moves_nothing_in_the_end(town: Town) -> None:
    town.event("HU3", "SIGN", "2026-05-10", contract="C3")
    town.event("HU3", "CANCEL", "2026-05-20", contract="C3")
    assert town.as_the_records_give()
    assert town.world.door.perform(check_project, SYSTEM, town.ids["P1"]) == 0


def test_what_a_building_was_permitted_late_counts_in_the_month_it_became_known(town: Town) -> None:
    told = datetime(2026, 1, 15, tzinfo=UTC)
    town.world.act(lambda work: setattr(work.only(PresalePermit), "recorded_at", told))
    december = month_named("2025-12")
    assert town.stock(december) == (500, 5)
    assert town.stock(december, Series.PUBLISHED) == (0, 0)
    assert town.stock(december + 1, Series.PUBLISHED) == (500, 5)
    assert town.as_the_records_give()


def test_an_earlier_number_that_lists_a_home_later_moves_its_stock_of_all_months(town: Town) -> None:
    town.event("HU3", "LIST", "2025-11-10", number="E0000")
    assert town.world.door.perform(check_project, SYSTEM, town.ids["P1"]) == 0


@pytest.mark.parametrize("town", ["sqlite", "postgresql"], indirect=True)
def test_what_else_moves_a_building_moves_the_sums_at_once(town: Town) -> None:
    def restrict(work: Work) -> None:
        limit = UnitLimit.SEIZURE
        seen = datetime(2026, 5, 4, tzinfo=UTC)
        work.add(UnitRestriction(house_unit_id=town.ids["HU4"], kind=limit, from_on=date(2026, 5, 4), recorded_at=seen))

    town.world.act(restrict)
    assert town.stock() == (304, 3)

    def complete(work: Work) -> None:
        row = work.only(Milestone, Milestone.milestone == MilestoneCode.M13)
        work.add(
            Milestone(
                project_id=row.project_id,
                scope=row.scope,
                subject_id=row.subject_id,
                milestone=MilestoneCode.M17,
                actual_on=date(2026, 5, 6),
                recorded_at=datetime(2026, 5, 6, tzinfo=UTC),
            )
        )

    town.world.act(complete)
    assert town.as_the_records_give()
    completed = town.world.read(
        lambda work: work.rows(SupplyMonth, col(SupplyMonth.completed).is_(True), SupplyMonth.item == Stage.OPEN.value)
    )
    assert sum(row.sets_now for row in completed) == 3


def test_a_permit_voided_after_its_month_closed_stays_in_closed_months(town: Town) -> None:
    town.world.act(lambda work: setattr(work.only(PresalePermit), "voided_at", datetime(2026, 6, 18, tzinfo=UTC)))
    assert town.stock(MAY, Series.PUBLISHED) == (406, 4)
    assert town.stock(MAY + 1, Series.PUBLISHED) == (0, 0)
    assert town.as_the_records_give()
    assert town.world.door.perform(check_project, SYSTEM, town.ids["P1"]) == 0


def test_land_in_no_project_and_of_a_later_project_is_kept_apart(town: Town) -> None:
    def of(work: Work, project: UUID | None) -> list[tuple[str, int]]:
        rows = work.rows(
            SupplyDay, col(SupplyDay.project_id).is_(project) if project is None else SupplyDay.project_id == project
        )
        return [(row.item, row.area // 1_000_000) for row in rows]

    assert town.world.read(lambda work: of(work, None)) == [("S0", 16_000)]
    assert town.world.read(lambda work: of(work, town.ids["P2"])) == [("S0", 16_000)]


def test_a_changed_project_is_built_anew_soon(town: Town) -> None:
    town.world.act(lambda work: setattr(work.only(Project, Project.id == town.ids["P2"]), "plate", "丙板块"))
    stale = town.world.read(lambda work: set(work.rows(SupplyProject.id, col(SupplyProject.stale).is_(True))))
    assert stale == {town.ids["P2"], NO_PROJECT}
    rebuild_all_stale(town.world.door)
    assert town.as_the_records_give()


def test_a_sum_that_was_changed_by_hand_is_found_by_night_repaired_and_told(town: Town) -> None:
    def spoil(work: Work) -> None:
        row = work.first(SupplyDay, SupplyDay.item == Stage.OPEN.value)
        assert row is not None
        row.area += 5
        work.add(row)

    town.world.act(spoil)
    assert check_all(town.world.door) == 1
    alarms = town.world.read(lambda work: work.rows(Alarm, Alarm.alarm_code == "SUPPLY.DRIFT"))
    assert [one.object_key for one in alarms] == [str(town.ids["P1"])]
    assert check_all(town.world.door) == 0


@pytest.mark.parametrize("town", ["sqlite", "postgresql"], indirect=True)
def test_a_coarse_sum_that_was_changed_by_hand_is_found_by_night_repaired_and_told(town: Town) -> None:
    def spoil(work: Work) -> None:
        row = work.first(SupplySum, SupplySum.grain == "PLATE", SupplySum.area != 0)
        assert row is not None
        row.area += 5
        work.add(row)
        gone = work.first(SupplySum, SupplySum.grain == "PROJECT", SupplySum.area_now != 0)
        work.session.delete(gone)

    town.world.act(spoil)
    assert check_all_coarse(town.world.door) == 2
    alarms = town.world.read(lambda work: work.rows(Alarm.object_key, Alarm.object_kind == "supply_sum"))
    assert alarms
    assert town.as_the_records_give()


@pytest.mark.parametrize(
    "by",
    [("district_code", "item"), ("district_code", "plate", "item"), ("project_id", "item"), ("ring", "level", "item")],
)
def test_every_grain_gives_the_sums_of_the_months_of_projects(town: Town, by: tuple[str, ...]) -> None:
    def both(work: Work) -> tuple[dict[Any, int], dict[Any, int]]:
        asked = Asked(MAY, Series.RESTATED, by=by)
        told: dict[Any, int] = defaultdict(int)
        for part in KeptBook(work, asked).parts(MAY):
            told[part.stage] += int(part.area)
        fine: dict[Any, int] = defaultdict(int)
        for row in work.rows(SupplyMonth, SupplyMonth.month <= MAY, col(SupplyMonth.item).in_(list(Stage))):
            fine[Stage(row.item)] += row.area_now
        return dict(told), {stage: area // 100 for stage, area in fine.items() if area}

    found, wanted = town.world.read(both)
    assert found == wanted
    assert found


def test_doubts_are_listed_as_of_a_past_month(town: Town) -> None:
    def told(month: str = "") -> set[tuple[str, str]]:
        found = town.world.door.ask(DOUBTS.query, SYSTEM, ListRows({"month": month}, Paging(1, 50, "")))
        return {(line.doubt.label, line.since) for line in found.lines}

    both = {("缺板块", "2024-12"), ("缺计划预售日期", "2024-12")}
    assert told() == told("2026-05") == told("2024-12") == both
    assert told("2024-11") == set()
    # What was put right since stays in the months before it: a survey gives homes their area.

    def measure(work: Work) -> None:
        for one in work.rows(HouseUnit):
            one.forecast_gross = None
            work.add(one)

    town.world.act(measure)
    rebuild_all_stale(town.world.door)
    assert ("户无面积", "2025-06") in told("2026-03")
    assert "户无面积" not in {doubt for doubt, _ in told("2026-04") | told()}


def test_a_unit_relisted_is_listed_once(town: Town) -> None:
    town.event("HU1", "CANCEL", "2026-05-21", contract="C1")
    town.event("HU1", "LIST", "2026-05-22", area="100")
    rows: Any = town.world.read(lambda work: work.rows(SupplyMonth, SupplyMonth.item == "LISTED"))
    assert sum(row.sets for row in rows) == 6
    assert town.as_the_records_give()


def test_a_unit_gone_from_the_table_leaves_the_sums(town: Town) -> None:
    town.world.act(lambda work: setattr(work.only(HouseUnit, HouseUnit.id == town.ids["HU6"]), "gone", True))
    assert town.stock() == (304, 3)
    assert town.as_the_records_give()


@pytest.mark.parametrize("town", ["sqlite", "postgresql"], indirect=True)
def test_a_closed_month_is_published_once_and_restated_later(town: Town) -> None:
    door = town.world.door
    close_due(door)
    closed = town.world.read(lambda work: work.rows(SupplyClosing))
    assert [(row.month, row.version_no) for row in closed] == [(MAY, "20260620-1")]
    before = town.stock(MAY, Series.PUBLISHED)
    town.event("HU3", "SIGN", "2026-05-02", at="2026-05-03T03:00:00+00:00", contract="C3")
    town.world.act(lambda work: setattr(work.only(Project, Project.id == town.ids["P1"]), "plate", "丁板块"))
    rebuild_all_stale(door)
    assert town.stock(MAY, Series.PUBLISHED) == before
    assert town.stock(MAY, Series.RESTATED) == (304, 3)
    assert town.stock(MAY + 1, Series.PUBLISHED) == (304, 3)
    plates = town.world.read(
        lambda work: {
            part.plate for part in KeptBook(work, Asked(MAY)).parts(MAY) if part.project == str(town.ids["P1"])
        }
    )
    assert plates == {"甲板块"}
    assert check_all(door) == 0
    assert door.perform(check_closed, SYSTEM, None) == 0


def test_sums_that_do_not_agree_with_the_stages_raise_an_alarm(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    right = kept_sums.worked_out

    def wrong(*args: Any) -> Kept:
        kept = right(*args)
        for row in kept.days.values():
            row["area"] += 10_001 if row["item"] == Stage.OPEN.value else 0
        return kept

    def alarms() -> list[str]:
        told = town.world.read(lambda work: work.rows(Alarm.subject, Alarm.alarm_code == "SUPPLY.STAGES"))
        return [one[:6] for one in told]

    check_all(town.world.door)
    assert alarms() == []
    monkeypatch.setattr(kept_sums, "worked_out", wrong)
    town.world.door.perform(check_project, SYSTEM, town.ids["P1"])
    assert alarms() == ["STA-01"]


def test_the_stock_of_a_month_is_that_before_and_what_changed(town: Town) -> None:
    def told(change: int) -> list[str]:
        def look(work: Work) -> list[str]:
            project = town.ids["P1"]
            kept = _stored(work, project)
            stock = next(row for row in kept.months.values() if row["item"] == Stage.OPEN.value)
            stock["area_now"] += change
            facts = Ledger(facts_of(work, project=project))
            found = breaches(str(project), facts, kept.days, kept.months, work.today, Decimal("0.01"))
            return [one[:6] for one in found]

        return town.world.read(look)  # type: ignore[no-any-return]

    assert told(10_000) == []
    assert told(10_001) == ["STA-02"]


def test_a_changed_closed_month_raises_an_alarm(town: Town) -> None:
    close_due(town.world.door)

    def spoil(work: Work) -> None:
        row = work.first(SupplyMonth, SupplyMonth.month <= MAY, SupplyMonth.area != 0)
        assert row is not None
        row.area += 1
        work.add(row)

    town.world.act(spoil)
    assert town.world.door.perform(check_closed, SYSTEM, None) == 1
    alarms = town.world.read(lambda work: work.rows(Alarm.subject, Alarm.alarm_code == "SUPPLY.CLOSED"))
    assert list(alarms) == ["STA-03 已关账月份的公布数被改动：2026-05"]


def test_a_permit_of_the_last_minute_of_a_month_and_a_signing_after_midnight(town: Town) -> None:
    september = month_named("2025-09")
    assert town.stock(september, Series.PUBLISHED) == (600, 6)
    # 00:20 on 1 June in Shanghai is 31 May by UTC: the business day decides.
    town.event("HU3", "SIGN", "2026-06-01", at="2026-05-31T16:20:00+00:00", contract="C3")
    assert town.stock(MAY) == (406, 4)
    assert town.stock(MAY + 1) == (304, 3)
    assert town.as_the_records_give()


def test_a_survey_changes_the_stock_and_no_flow(town: Town) -> None:
    april = month_named("2026-04")
    assert (town.stock(april - 1), town.stock(april)) == ((500, 5), (507, 5))
    listed: Any = town.world.read(lambda work: work.rows(SupplyMonth, SupplyMonth.item == "LISTED"))
    assert sum(row.area_now for row in listed) == 600_000_000


def test_an_event_that_arrives_twice_is_refused_and_of_an_unknown_home_adds_nothing(town: Town) -> None:
    town.event("HU3", "SIGN", "2026-05-20", contract="C3")
    town.number -= 1
    with pytest.raises(Conflict):
        town.event("HU4", "SIGN", "2026-05-21", contract="C4")
    town.ids["nowhere"] = new_id()
    town.event("nowhere", "SIGN", "2026-05-22", contract="C9")
    assert town.stock() == (304, 3)
    assert town.as_the_records_give()


def test_a_building_tied_anew_moves_its_homes(town: Town) -> None:
    tie: Any = town.world.read(lambda work: work.only(UnitNaturalLink))
    town.world.act(lambda work: setattr(work.only(UnitNaturalLink), "in_force", InForceState.VOIDED))
    rebuild_all_stale(town.world.door)
    assert town.stock() == (0, 0)
    assert town.as_the_records_give()
    town.world.act(lambda work: setattr(work.only(UnitNaturalLink), "in_force", tie.in_force))
    rebuild_all_stale(town.world.door)
    assert town.stock() == (406, 4)
    town.event("HU3", "SIGN", "2026-05-20", contract="C3")
    assert town.stock() == (304, 3)


def test_the_panel_of_a_project_and_reports_give_the_same_sums(town: Town) -> None:
    def both(work: Work) -> tuple[dict[str, int], dict[str, int]]:
        sums = project_sums(work, SumsOf(town.ids["P1"]))
        homes = project_sums(work, SumsOf(town.ids["P1"], homes=(town.ids["HU1"], town.ids["HU3"])))
        return {one.stage.value: one.sets for one in sums if one.sets}, {
            one.stage.value: one.sets for one in homes if one.sets
        }

    assert town.world.read(both) == ({"S0": 154, "S4b": 4, "S5": 2}, {"S4b": 1, "S5": 1})
