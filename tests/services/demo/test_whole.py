"""The demo as a whole: loaded twice it is there once, and the product finds nothing wrong with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, func, select

from deploy.demo.whole_demo import load_demo
from integrations.cloud_crypto.local import LocalProvider
from models.access import Account, AccountState
from models.building_tables import NaturalBuilding
from models.house import House
from models.red_lines import RedLine
from models.space_models import BuildingModel
from models.tenancy import LeaseFiling
from models.tenancy_codes import FilingState
from services.engine.work import Work
from services.integrity.nightly_scan import scan
from services.space.geometry_field import polygons_of
from services.space.overlaps import in_plane
from services.space.planes import SH2000
from services.space.red_line_checks import plane_of
from tests.browser import LoadedDemo
from tests.databases import Databases
from tests.listing_walk import walk_homes
from tests.world import DATA, World, running_world

#: Flats the manual and the demo's cards lead to; whoever tries the counter finds them free.
FREE = {"H-1": "31011500000020000001"}


@pytest.fixture(scope="module")
def demo(databases: Databases, loaded_demo: LoadedDemo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demo as the browser's tests have it; one engine: what is loaded does not differ, and loading takes a while."""
    url, folder = databases.new("sqlite"), tmp_path_factory.mktemp("whole")
    loaded_demo.copy_to(folder, Path(url.removeprefix("sqlite:///")))
    databases.came_with(url, loaded_demo.copied)
    keys = LocalProvider(folder / "keys", mode="demo")
    with running_world(url, houses=False, keys=keys) as world:
        yield world
    databases.drop(url)


def test_no_row_of_the_demo_is_found_wrong(demo: World) -> None:
    with demo.door.database.read() as session:
        found = scan(session)
    assert found.rows > 20_000
    assert found.faults == ()


def test_the_flats_of_the_manual_are_free(demo: World) -> None:
    taken = (
        select(House.house_code)
        .join(LeaseFiling, col(LeaseFiling.house_id) == col(House.id))
        .where(col(LeaseFiling.state) == FilingState.ACTIVE, col(House.house_code).in_(FREE.values()))
    )
    assert demo.read(lambda work: work.session.exec(taken).all()) == []


@pytest.mark.night
def test_every_figure_of_every_home_of_the_demo_opens_what_it_counted(demo: World, tmp_path: Path) -> None:
    logins = demo.read(lambda work: work.rows(Account.login, Account.state == AccountState.ACTIVE))
    walk_homes(demo.door, {login: demo.caller(login) for login in logins}, tmp_path)


def test_loading_it_again_adds_nothing(demo: World) -> None:
    count = select(func.count()).select_from(LeaseFiling)
    before = demo.read(lambda work: work.session.exec(count).one())

    def tie(work: Work) -> None:
        """A building of a name that a model of the project bears already."""
        model = work.first(BuildingModel, by=BuildingModel.record_no)
        assert model is not None
        told: dict[str, Any] = {
            "building_name": model.building_no,
            "floors_above": 3,
            "floors_below": 0,
            "planned_use": "住宅",
        }
        work.add(NaturalBuilding(natural_building_no="310115098098GB00098F0001", project_id=model.project_id, **told))

    demo.act(tie)
    load_demo(demo.door, DATA)
    assert demo.read(lambda work: work.session.exec(count).one()) == before


def test_every_tower_stands_on_the_land_of_its_project(demo: World) -> None:
    def outside(work: Work) -> list[str]:
        lines = {line.project_id: line for line in work.rows(RedLine)}
        lands = {
            project: in_plane(polygons_of(line.outline), plane_of(line.plane_system), SH2000)
            for project, line in lines.items()
        }
        models = [one for one in work.rows(BuildingModel) if one.project_id in lands]
        assert len(models) > 20
        return [
            one.record_no for one in models if not lands[one.project_id].buffer(0.01).covers(polygons_of(one.footprint))
        ]

    assert demo.read(outside) == []
