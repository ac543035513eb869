"""业务空间联动: colours and sums of homes in the picture, months, areas laid over, prices for whom they are open (row 82)."""

import gzip
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.audit import AuditEvent
from models.building_tables import HouseUnit, NaturalBuilding, SaleRole
from models.geometry import Geometry
from models.projects import Project
from models.sales import SaleAct, SaleEvent, SaleState, UnitLimit, UnitRestriction
from models.space_models import ModelPlane
from services.engine.refusals import NotFound, Rejected
from services.sales.folded_states import refold
from services.space.estate import Estate, estate, picture
from services.space.estate_sums import Selection, SelectionSums, selection_sums
from services.space.home_facts import EstateDay, EstateFacts, estate_facts, estate_stamp
from services.space.overlay import AreaKind, Overlay, overlay, overlay_file
from services.supply.stages import Stage
from services.supply.sum_updates import rebuild_all_stale
from services.supply.sums import sums_of
from tests.building import natural_building, tie
from tests.land import Land
from tests.site import Site
from tests.space_models import EAST, NORTH, form, rows, shapes, tower

pytestmark = pytest.mark.row(82)
TODAY = date(2027, 3, 1)


class Estates:
    """A project with a tower of six homes in force as a model, its building table tied."""

    def __init__(self, land: Land, place: int = 0, *, modelled: int = 6) -> None:
        self.land, self.world = land, land.market.world
        site = Site.begun(land)
        self.project = site.project
        unit = site.unit(site.permit(site.planning()), "1#")
        self.number = natural_building(self.world, building_name="1#", forecast_area=None, sets_total=None)
        tie(site, unit, self.number)
        self.homes = [row.id for row in self._units()]
        codes = [row.house_code for row in self._units()][:modelled]
        values, lists = form(tower(place, table=rows(codes=codes)), natural_building_no=self.number, planned_no=None)
        site.put("building_model", values, lists)

    def _units(self) -> list[HouseUnit]:
        wanted = (
            select(HouseUnit)
            .join(NaturalBuilding, NaturalBuilding.id == HouseUnit.natural_building_id)  # type: ignore[arg-type]
            .where(NaturalBuilding.natural_building_no == self.number)
            .order_by(HouseUnit.house_code)
        )
        return list(self.world.read(lambda work: work.session.exec(wanted).all()))

    def ask(self, query: Any, order: Any, login: str = "binjiang01") -> Any:
        return self.world.door.ask(query, self.land.market.caller(login), order)

    def happened(self, home: int, *acts: tuple[SaleAct, date], contract: str = "HT-1", amount: str = "9000000") -> None:
        def tell(work: Any) -> None:
            for act, on in acts:
                serial = f"{self.number}-{home}-{act.value}-{on}"
                sold = act in (SaleAct.SIGN, SaleAct.REGISTER, SaleAct.CANCEL, SaleAct.EARNEST)
                work.add(
                    SaleEvent(
                        event_no=serial[-40:],
                        project_id=self.project,
                        house_unit_id=self.homes[home],
                        act=act,
                        happened_on=on,
                        recorded_at=work.now,
                        contract_no=contract if sold else "",
                        gross_area=Decimal("89.50"),
                        amount=Decimal(amount) if sold else None,
                    )
                )
            work.session.flush()
            refold(work, self.homes[home], self.project)

        self.world.act(tell)

    def facts(self, on: date | None = None, login: str = "binjiang01") -> EstateFacts:
        facts: EstateFacts = self.ask(estate_facts, EstateDay(self.project, on), login)
        return facts

    def sums(self, login: str = "binjiang01", **order: Any) -> SelectionSums:
        sums: SelectionSums = self.ask(selection_sums, Selection(self.project, **order), login)
        return sums


OPENED = ((SaleAct.LIST, date(2026, 10, 1)), (SaleAct.OPEN, date(2026, 10, 8)))


@pytest.fixture
def known(land: Land) -> Estates:
    return Estates(land)


def test_a_contract_signed_while_the_page_is_open_changes_the_colour(known: Estates) -> None:
    known.happened(0, *OPENED)
    assert known.facts().homes[known.homes[0]].state is SaleState.AVAILABLE
    stamp = known.ask(estate_stamp, known.project)
    assert known.ask(estate_stamp, known.project) == stamp
    known.world.let_pass(minutes=5)
    known.happened(0, (SaleAct.SIGN, date(2027, 2, 27)))
    assert known.ask(estate_stamp, known.project) != stamp
    assert known.facts().homes[known.homes[0]].state is SaleState.SIGNED
    known.happened(0, (SaleAct.CANCEL, date(2027, 2, 28)))
    assert known.facts().homes[known.homes[0]].state is SaleState.AVAILABLE


def test_a_restricted_home_that_is_sold_shows_both(known: Estates) -> None:
    known.happened(0, *OPENED, (SaleAct.SIGN, date(2026, 11, 1)))

    def limit(work: Any) -> None:
        since, home = date(2027, 1, 1), known.homes[0]
        work.add(UnitRestriction(house_unit_id=home, kind=UnitLimit.SEIZURE, from_on=since, recorded_at=work.now))

    known.world.act(limit)
    one = known.facts().homes[known.homes[0]]
    assert (one.state, one.restricted) == (SaleState.SIGNED, True)
    assert not known.facts(date(2026, 12, 31)).homes[known.homes[0]].restricted


def test_before_the_permit_all_are_white(known: Estates) -> None:
    known.happened(0, *OPENED, (SaleAct.SIGN, date(2026, 11, 1)))
    assert {one.state for one in known.facts(date(2026, 9, 30)).homes.values()} == {SaleState.NOT_LISTED}
    assert known.facts(date(2026, 10, 31)).homes[known.homes[0]].state is SaleState.AVAILABLE
    assert known.facts(date(2026, 11, 30)).homes[known.homes[0]].state is SaleState.SIGNED


def test_homes_without_a_model_and_models_without_a_home_are_told(land: Land) -> None:
    known = Estates(land, 1, modelled=5)
    shown: Estate = known.ask(estate, known.project)
    assert sum(home.id is None for home in shown.homes) == 1
    assert shown.unseen == (("1#", 1),)
    assert len(known.facts().homes) == 6


def test_sums_of_the_panel_are_those_of_the_reports(known: Estates) -> None:
    known.happened(0, *OPENED, (SaleAct.SIGN, date(2026, 11, 1)))
    known.happened(1, *OPENED)
    rebuild_all_stale(known.world.door)
    day = known.world.read(lambda work: work.today)
    whole = known.sums()
    kept = known.world.read(lambda work: sums_of(work, known.project, day=day))
    assert whole.stages == kept
    by_homes = known.sums(homes=tuple(known.homes))
    building = known.ask(estate, known.project).buildings[0].natural_building_id
    assert {one.stage: (one.sets, one.area) for one in by_homes.stages} == {
        one.stage: (one.sets, one.area) for one in known.sums(buildings=(building,)).stages
    }
    assert by_homes.sets == 6


def test_an_empty_selection_divides_by_nothing(known: Estates) -> None:
    none = known.sums(homes=())
    assert (none.sets, none.area, none.sold_percent, none.average_price) == (0, Decimal(0), None, None)


def test_without_homes_for_sale_there_is_no_division_by_zero(known: Estates) -> None:
    def hold(work: Any) -> None:
        for row in work.session.exec(select(HouseUnit).where(HouseUnit.id.in_(known.homes))).all():  # type: ignore[attr-defined]
            row.sale_role = SaleRole.SELF_HELD
            work.add(row)

    known.world.act(hold)
    assert known.sums(homes=tuple(known.homes)).sold_percent is None


def test_who_may_not_see_prices_sees_none_in_the_export_either(known: Estates) -> None:
    known.happened(0, *OPENED, (SaleAct.SIGN, date(2026, 11, 1)))
    seen = known.facts().homes[known.homes[0]]
    assert (known.facts().prices, seen.amount) == (True, Decimal(9000000))
    assert known.sums().average_price == Decimal("100558.66")
    closed = known.facts(login="pdkj01")
    assert closed.prices is False
    assert {(one.price, one.amount) for one in closed.homes.values()} == {(None, None)}
    assert known.sums("pdkj01").average_price is None
    order = Overlay(AreaKind.BUFFER, project_id=known.project)
    content = known.ask(overlay_file, order, "pdkj01").decode("utf-8-sig")
    assert "价" not in content
    assert "9000000" not in content
    logged = select(AuditEvent).where(AuditEvent.act == "estate.overlay_file")
    assert known.world.read(lambda work: work.session.exec(logged).first()) is not None


def test_homes_of_others_count_as_nothing(known: Estates, land: Land) -> None:
    assert known.sums(homes=(UUID(int=7),)).sets == 0
    with pytest.raises(NotFound):
        known.ask(estate, known.project, "xincheng01")
    with pytest.raises(NotFound):
        known.ask(selection_sums, Selection(known.project), "xincheng01")


def drawn(points: Sequence[tuple[float, float]]) -> Geometry:
    return Geometry(((tuple((round(e * 1000), round(n * 1000)) for e, n in points),),))


def around(width: float, depth: float = 12.0) -> tuple[tuple[float, float], ...]:
    """A polygon over the west of the tower that stands at place 20."""
    e, n = EAST, NORTH + 60
    return ((e - 1, n - 1), (e + width, n - 1), (e + width, n + depth + 1), (e - 1, n + depth + 1))


def test_a_polygon_that_crosses_a_building_takes_it_by_its_centre(land: Land) -> None:
    known = Estates(land, 20)

    def inside(width: float, *, by_half: bool = False) -> int:
        order = Overlay(AreaKind.DRAWN, drawn(around(width)), ModelPlane.SH2000, by_half=by_half)
        lines = known.ask(overlay, order).lines
        return sum(line.inside for line in lines if line.project_id == known.project)

    assert (inside(14.9), inside(15.1)) == (0, 1)
    assert (inside(14.9, by_half=True), inside(15.1, by_half=True)) == (0, 1)
    order = Overlay(AreaKind.DRAWN, drawn(around(31)), ModelPlane.SH2000)
    (line,) = [one for one in known.ask(overlay, order).lines if one.project_id == known.project]
    assert (line.inside, line.buildings, line.share) == (1, 1, Decimal(100))
    rebuild_all_stale(known.world.door)
    (line,) = [one for one in known.ask(overlay, order).lines if one.project_id == known.project]
    kept = known.world.read(lambda work: sums_of(work, known.project))
    homes = {one.stage: one.sets for one in kept if one.stage is not Stage.LAND}
    assert sum(one.sets for one in line.stages) == 6 <= sum(homes.values())


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (((0, 0), (100, 100), (0, 100), (100, 0)), "自相交"),
        (((0, 0), (1, 1)), "至少要有3个点"),
        (((0, 0), (1, 1), (2, 2)), "没有面积|自相交"),
        (((0, 0), (90000, 0), (90000, 90000), (0, 90000)), "5000平方公里"),
        (tuple((float(one), 0.0) for one in range(1001)), "最多1000个点"),
    ],
)
def test_a_polygon_drawn_wrongly_is_refused(known: Estates, points: Any, said: str) -> None:
    with pytest.raises(Rejected, match=said):
        known.ask(overlay, Overlay(AreaKind.DRAWN, drawn(points)))


def test_around_a_project_and_in_a_district_and_a_plate(known: Estates) -> None:
    for order in (
        Overlay(AreaKind.BUFFER, project_id=known.project, metres=500),
        Overlay(AreaKind.PLATE, code=_plate(known)),
    ):
        lines = known.ask(overlay, order).lines
        assert known.project in {line.project_id for line in lines}
    with pytest.raises(Rejected, match="没有生效的红线"):
        known.ask(overlay, Overlay(AreaKind.RED_LINE, project_id=known.project))
    with pytest.raises(Rejected, match="没有这个行政区"):
        known.ask(overlay, Overlay(AreaKind.DISTRICT, code="999999"))


def _plate(known: Estates) -> str:
    plate: str = known.land.market.row(Project, known.project).plate
    return plate


def test_an_estate_of_8160_homes_is_under_15_kilobytes_compressed() -> None:
    """Thirty towers of 34 storeys with 8 homes each, no two of a plan."""
    drawn = picture(shapes())
    wire = json.dumps(drawn, separators=(",", ":"), ensure_ascii=False).encode()
    assert sum(len(storey[5]) for one in drawn["buildings"] for storey in one["storeys"]) == 8160
    assert len({json.dumps(one["plans"]) for one in drawn["buildings"]}) == 30
    assert 2 * 1024 < len(gzip.compress(wire)) < 15 * 1024


def test_buildings_stand_where_they_are_with_the_plan_of_each_storey() -> None:
    plans = [[["01", [[[0, 0, 9000, 0, 9000, 9000]]]]], [["02", [[[0, 0, 5000, 0, 5000, 5000]]]]]]
    storeys = [[1, "1", 0, 4500, 0, False], [2, "2", 4500, 3000, 1, False]]
    units = [[1, "01", "101", None], [2, "02", "B02", None]]
    shape = {"origin": [1000, 2000], "base": 4200, "footprint": [], "plans": plans, "storeys": storeys, "units": units}
    first, second = picture([("1#", shape), ("2#", shape | {"origin": [31000, -1000], "base": 500})])["buildings"]
    assert (first["at"], first["base"], second["at"], second["base"]) == ([0, 0], 4200, [30000, -3000], 500)
    assert first["storeys"] == [[1, "1", 0, 4500, 0, [0], 0], [2, "2", 4500, 3000, 1, [0], 0]]
    assert (first["parts"], first["rooms"]) == ([["01"], ["02"]], {"1": "B02"})


def test_a_home_of_today_and_of_this_month_are_the_same(known: Estates) -> None:
    """Folding up to today gives what is kept."""
    known.happened(0, *OPENED, (SaleAct.SIGN, date(2026, 11, 1)))
    known.happened(1, *OPENED, (SaleAct.EARNEST, date(2026, 12, 1)))
    today = known.facts()
    known.world.stand_at(2027, 3, 2)
    folded = known.facts(TODAY)
    assert {unit: one.state for unit, one in folded.homes.items()} == {
        unit: one.state for unit, one in today.homes.items()
    }
