"""What a user sets up in a list: columns of his own, filters of his own and of his office."""

from uuid import UUID

import pytest

from services.engine.list_settings import (
    LayOutList,
    ListSettings,
    PlacedColumn,
    SaveFilter,
    drop_filter,
    lay_out_list,
    list_settings,
    save_filter,
)
from services.engine.listings import LISTINGS
from services.engine.refusals import NotAllowed, Rejected
from tests.world import World

ME, COLLEAGUE, ELSEWHERE = "huamu01", "huamu02", "xuhui01"


def settings(world: World, who: str = ME, listing: str = "cases") -> ListSettings:
    return world.door.ask(list_settings, world.caller(who), listing)


def lay_out(world: World, *columns: PlacedColumn, frozen: int = 0, listing: str = "cases") -> None:
    world.door.perform(lay_out_list, world.caller(ME), LayOutList(listing, columns, frozen))


def save(world: World, name: str, filters: dict[str, str], *, shared: bool = False, who: str = ME) -> UUID:
    return world.door.perform(save_filter, world.caller(who), SaveFilter("cases", name, filters, shared))


def names(world: World, who: str) -> set[str]:
    return {one.name for one in settings(world, who).saved}


def test_a_layout_is_found_again_by_its_user_alone(world: World) -> None:
    lay_out(world, PlacedColumn("state", 120), PlacedColumn("case_no"), frozen=1)
    found = settings(world)
    assert (found.columns, found.frozen) == ((PlacedColumn("state", 120), PlacedColumn("case_no")), 1)
    assert settings(world, COLLEAGUE).columns == ()
    assert settings(world, listing="filings").columns == ()


def test_a_layout_is_replaced_and_put_back(world: World) -> None:
    lay_out(world, PlacedColumn("state"))
    lay_out(world, PlacedColumn("case_no", 200))
    assert settings(world).columns == (PlacedColumn("case_no", 200),)
    lay_out(world)
    assert settings(world) == ListSettings(saved=settings(world).saved)


@pytest.mark.parametrize(
    ("columns", "frozen"),
    [
        ((PlacedColumn("state"), PlacedColumn("state")), 0),
        ((PlacedColumn("state", 5),), 0),
        ((PlacedColumn("state", 5000),), 0),
        ((PlacedColumn("state"),), 1),
        ((PlacedColumn("state; DROP"),), 0),
        (tuple(PlacedColumn(f"c{number}") for number in range(61)), 0),
    ],
)
def test_a_layout_no_list_can_have_is_refused(world: World, columns: tuple[PlacedColumn, ...], frozen: int) -> None:
    with pytest.raises(Rejected):
        lay_out(world, *columns, frozen=frozen)


def test_a_filter_of_ones_own_is_not_seen_by_others_until_it_is_shared(world: World) -> None:
    save(world, "待我补正", {"state": "CORRECTION"})
    assert names(world, ME) == {"待我补正"}
    assert names(world, COLLEAGUE) == names(world, ELSEWHERE) == set()
    save(world, "待我补正", {"state": "CORRECTION"}, shared=True)
    assert names(world, COLLEAGUE) == {"待我补正"}
    assert names(world, ELSEWHERE) == set()
    (seen,) = settings(world, COLLEAGUE).saved
    assert (dict(seen.filters), seen.shared, seen.mine) == ({"state": "CORRECTION"}, True, False)


def test_only_its_author_deletes_a_shared_filter(world: World) -> None:
    row_id = save(world, "共享的", {"state": "DONE"}, shared=True)
    with pytest.raises(NotAllowed):
        world.door.perform(drop_filter, world.caller(COLLEAGUE), row_id)
    world.door.perform(drop_filter, world.caller(ME), row_id)
    assert "共享的" not in names(world, COLLEAGUE)


@pytest.mark.parametrize("filters", [{}, {"state": " "}, {"nothing": "1"}, {"number": "字" * 101}])
def test_a_filter_that_narrows_nothing_of_this_list_is_not_saved(world: World, filters: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        save(world, "空", filters)


def test_a_filter_needs_a_name_and_a_user_has_at_most_fifty(world: World) -> None:
    with pytest.raises(Rejected, match="名称"):
        save(world, " ", {"state": "DONE"})
    for number in range(50):
        save(world, f"第{number}个", {"state": "DONE"}, who=ELSEWHERE)
    with pytest.raises(Rejected, match="最多保存50个"):
        save(world, "再一个", {"state": "DONE"}, who=ELSEWHERE)
    save(world, "第1个", {"state": "CHECKING"}, who=ELSEWHERE)


def test_a_secret_filter_is_not_saved_and_asks_for_no_person(world: World) -> None:
    order = SaveFilter("filings", "有效备案", {"cert_no": "沪房地浦字第1号", "id_no": "310101", "state": "ACTIVE"})
    world.door.perform(save_filter, world.caller(ME), order)
    (kept,) = settings(world, listing="filings").saved
    assert kept.filters == {"state": "ACTIVE"}
    assert not LISTINGS["filings"].is_personal({"cert_no": "沪房地浦字第1号"})
