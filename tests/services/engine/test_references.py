"""What a reference may point at: sought by name among what is seen, and nothing else answers."""

from collections.abc import Iterator

import pytest

from models.projects import ProjectParcelLine
from services.engine.field_types.refs import Ref
from services.engine.references import MOST, FindReferences, find_references, target_of
from services.engine.refusals import NotFound, Rejected
from services.engine.shapes import by_name
from tests.land import Land
from tests.market import market_world
from tests.world import World

pytestmark = pytest.mark.both_engines


@pytest.fixture(scope="module")
def land(database_url: str) -> Iterator[Land]:
    with market_world(database_url) as market:
        yield Land(market)


def labels(world: World, login: str, order: FindReferences) -> list[str]:
    return [one.label for one in world.door.ask(find_references, world.caller(login), order)]


def test_a_project_is_found_by_a_part_of_its_name_or_its_number(land: Land) -> None:
    world = land.market.world
    land.project("P-1", name="滨江一号雅苑")
    land.project("P-1", name="滨江二号雅苑")
    found = labels(world, "binjiang01", FindReferences("project", "二号"))
    assert len(found) == 1
    assert found[0].startswith("滨江二号雅苑（")
    number = found[0].partition("（")[2].rstrip("）")
    assert labels(world, "binjiang01", FindReferences("project", number)) == found


def test_what_is_anothers_is_neither_sought_nor_named(land: Land) -> None:
    world: World = land.market.world
    land.project("P-3", name="江海秘密花园", district="310104")
    assert labels(world, "binjiang01", FindReferences("project", "秘密")) == []
    assert labels(world, "xincheng01", FindReferences("project", "秘密")) != []


def test_a_long_list_is_cut_and_a_percent_sign_is_a_sign(land: Land) -> None:
    world = land.market.world
    for number in range(MOST + 3):
        land.parcel(head="H-1", parcel_name=f"很多地块{number:02d}")
    assert len(labels(world, "shenpu01", FindReferences("parcel", "很多"))) == MOST
    assert labels(world, "shenpu01", FindReferences("parcel", "%")) == []


def test_what_is_no_kind_or_cannot_be_seen_as_text_is_refused(land: Land) -> None:
    world = land.market.world
    for target in ("account", "nonsense", "", "attachment"):
        with pytest.raises(NotFound):
            labels(world, "shishen01", FindReferences(target, "a"))
    with pytest.raises(Rejected):
        labels(world, "shishen01", FindReferences("project", "‮"))


def test_a_line_of_a_list_refers_to_a_kind() -> None:
    field = by_name(ProjectParcelLine)["parcel_id"]
    assert isinstance(field, Ref)
    assert target_of(field) == "parcel"
