"""Grids of records: what is in force and what is on its way, filtered, sorted, paged, masked, within one's own rights."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from models.records import Revision, RevisionState
from services.engine.cycle import acts
from services.engine.cycle_orders import StartUpdate
from services.engine.kind_listing import filter_fields, grid_fields, sortable
from services.engine.kinds import kind_named
from services.engine.listings import ListPage
from services.engine.refusals import Conflict, Rejected
from tests.services.records.desk import RIVAL, Desk, a_name
from tests.services.records.estate import Ring

pytestmark = pytest.mark.both_engines


def names(page: ListPage) -> list[str]:
    return [line.title for line in page.lines]


def loaded(desk: Desk, rows: Sequence[dict[str, Any]]) -> str:
    """Rows with a word in their names by which a test finds its own."""
    word = a_name("网格")
    desk.load([{"name": f"{word}{number}", **row} for number, row in enumerate(rows)])
    return word


def test_filters_narrow_and_a_sort_orders_with_the_empty_last(desk: Desk) -> None:
    word = loaded(
        desk,
        [
            {"land": Decimal("10.50"), "sets": 5, "issued_on": date(2026, 1, 1)},
            {"land": Decimal("200"), "sets": 7, "issued_on": date(2026, 6, 1), "ring": Ring.OUTER},
            {"land": None, "sets": 9, "issued_on": date(2026, 12, 31), "sold": True},
            {"land": Decimal("10.50"), "sets": 1, "issued_on": None, "permit_no": "沪(2026)1号"},
        ],
    )
    by = {"text": word}
    assert names(desk.page(**by, sort="land"))[2:] == [f"{word}1", f"{word}2"]
    assert names(desk.page(**by, sort="-land"))[0] == f"{word}1"
    assert names(desk.page(**by, sort="-land"))[-1] == f"{word}2"
    assert names(desk.page(**by, filters={"ring": "OUTER"})) == [f"{word}1"]
    assert names(desk.page(**by, filters={"ring": ["OUTER", "INNER"]}, sort="-sets"))[0] == f"{word}2"
    assert names(desk.page(**by, filters={"land": ("10.50", "")}, sort="sets")) == [f"{word}3", f"{word}0", f"{word}1"]
    assert names(desk.page(**by, filters={"sets": (5, 7)}, sort="sets")) == [f"{word}0", f"{word}1"]
    dated = {"issued_on": ("2026-01-01", date(2026, 6, 1))}
    assert names(desk.page(**by, filters=dated, sort="issued_on")) == [f"{word}0", f"{word}1"]
    assert names(desk.page(**by, filters={"sold": True})) == [f"{word}2"]
    assert names(desk.page(**by, filters={"permit_no": "2026)1"})) == [f"{word}3"]
    three = {"ring": "INNER", "sets": ("1", "9"), "issued_on": ("2026-01-01", "")}
    assert names(desk.page(**by, filters=three, sort="-issued_on")) == [f"{word}2", f"{word}0"]
    assert desk.page(**by, filters={"district_code": "310104"}).total == 0
    assert desk.page(**by, filters={"ring": "", "land": ("", ""), "sets": None}).total == 4


def test_pages_follow_one_another_without_gap_or_repeat(desk: Desk) -> None:
    word = loaded(desk, [{"sets": 1}] * 23)
    pages = [desk.page(text=word, sort="sets", page=page, size=5) for page in range(1, 6)]
    assert [len(page.lines) for page in pages] == [5, 5, 5, 5, 3]
    assert {page.total for page in pages} == {23}
    assert len({line.id for page in pages for line in page.lines}) == 23


def test_what_is_not_in_force_yet_stands_first_and_can_be_asked_for_alone(desk: Desk) -> None:
    word = loaded(desk, [{}] * 3)
    begun = desk.begun(name=f"{word}新", land="88", ring="OUTER")
    page = desk.page(text=word, size=2)
    assert (page.total, names(page)[0]) == (4, f"{word}新")
    line = page.lines[0]
    assert (line.in_force, line.way[1:]) == (None, (1, RevisionState.DRAFT))
    assert line.land == Decimal(88)
    assert line.ring == "外环外"
    assert len(desk.page(text=word, size=2, page=2).lines) == 2
    assert names(desk.page(text=word, filters={"in_force": "NEW"})) == [f"{word}新"]
    assert names(desk.page(text=word, filters={"in_force": "NEW", "ring": "INNER"})) == []
    assert names(desk.page(text=word, filters={"in_force": "NEW", "land": ("80", "90")})) == [f"{word}新"]
    assert desk.page(text=word, filters={"in_force": "EFFECTIVE"}).total == 3
    assert desk.page(text=word, filters={"in_force": "VOIDED"}).total == 0
    assert names(desk.page(text=word, filters={"open_state": "DRAFT"})) == [f"{word}新"]
    # A draft is its office's own; after submission whoever reviews sees it too.
    assert desk.page("pdshen01", text=word).total == 3
    desk.submit(begun.revision_id)
    assert desk.page("pdshen01", text=word).total == 4


def test_a_draft_seen_before_is_seen_as_it_is_now(desk: Desk) -> None:
    word = a_name("再看")
    begun = desk.begun(name=f"{word}甲", land="88", keeper="欧阳锦程")
    assert desk.page(text=word).lines[0].keeper == "欧**程"
    desk.saved(begun, {"name": f"{word}乙", "ring": "OUTER", "land": "99"})
    line = desk.page(text=word, filters={"land": ("99", "")}).lines[0]
    assert (line.title, line.ring, line.keeper) == (f"{word}乙", "外环外", None)
    assert desk.page(text=f"{word}甲").total == 0


def test_a_draft_changed_past_the_product_is_locked_though_it_was_seen_before(desk: Desk) -> None:
    word = a_name("改过")
    begun, other = desk.begun(name=f"{word}甲"), desk.begun(name=f"{word}乙")
    assert desk.page(text=word).total == 2
    with desk.market.world.door.database.engine.begin() as connection:
        table: sa.Table = Revision.__table__  # type: ignore[attr-defined]
        connection.execute(table.update().where(table.c.id == begun.revision_id).values(digest="0" * 64))
    assert [line.way[0] for line in desk.page(text=word).lines] == [other.revision_id]
    with pytest.raises(Conflict, match="完整性"):
        desk.view(begun.revision_id)


def test_an_update_on_its_way_is_a_badge_on_its_record(desk: Desk) -> None:
    estate = desk.effective()
    assert desk.page(text=estate.name).lines[0].way is None
    begun = desk.do(acts("made_estate").update, StartUpdate(estate.id, "面积有变化了"))
    line = desk.page(text=estate.name).lines[0]
    assert (line.version_no, line.way) == (1, (begun.revision_id, 2, RevisionState.DRAFT))
    assert desk.page(text=estate.name, filters={"open_state": "DRAFT"}).total == 1
    assert desk.page("pdshen01", text=estate.name).lines[0].way is None


def test_personal_values_are_masked_and_references_have_names(desk: Desk) -> None:
    other = desk.effective()
    estate = desk.effective(keeper="欧阳锦程", made_estate_id=str(other.id))
    line = desk.page(text=estate.name).lines[0]
    assert line.keeper == "欧**程"
    assert line.made_estate_id == other.name
    assert line.district_code == "浦东新区"
    assert "欧阳锦程" not in str(desk.page().lines)
    found = desk.page(filters={"made_estate_id": str(other.id)})
    assert names(found) == [estate.name]


def test_a_list_is_sorted_by_the_name_of_a_record_of_its_own_kind(desk: Desk) -> None:
    low, high = desk.load([{"name": a_name("甲")}, {"name": a_name("乙")}])
    word = loaded(desk, [{"made_estate_id": high}, {"made_estate_id": low}, {}])
    before = sorted([low, high], key=lambda one: desk.estate(one).name)
    wanted = [f"{word}1", f"{word}0"] if before[0] == low else [f"{word}0", f"{word}1"]
    assert names(desk.page(text=word, sort="made_estate_id")) == [*wanted, f"{word}2"]
    assert names(desk.page(text=word, sort="-made_estate_id")) == [*reversed(wanted), f"{word}2"]


def test_a_competitor_finds_nothing(desk: Desk) -> None:
    word = loaded(desk, [{}] * 2)
    desk.begun(name=f"{word}新")
    for login in (RIVAL, "binjiang01", "xhshen01"):
        assert desk.page(login, text=word).total == 0
    assert desk.page("shishen01", text=word).total == 2
    assert desk.page("shenpu_admin", text=word).total == 3


@pytest.mark.parametrize(
    "order",
    [
        {"sort": "keeper"},
        {"sort": "note"},
        {"sort": "id; DROP TABLE made_estate"},
        {"sort": "--land"},
        {"filters": {"keeper": "王"}},
        {"filters": {"price": ("1", "2")}},
        {"filters": {"nothing": "1"}},
        {"filters": {"ring": "NOWHERE"}},
        {"filters": {"land": ("abc", "")}},
        {"filters": {"land": ("NaN", "")}},
        {"filters": {"sets": ("1e", "")}},
        {"filters": {"issued_on": ("昨天", "")}},
        {"filters": {"made_estate_id": "1"}},
        {"filters": {"sold": "maybe"}},
        {"filters": {"in_force": "x"}},
        {"filters": {"open_state": "x"}},
        {"filters": {"ring": ["INNER"] * 51}},
        {"text": "\ud800"},
        {"text": "x\x00"},
        {"text": "长" * 100},
        {"page": 0},
        {"page": 10_000},
        {"size": 0},
        {"size": 201},
    ],
)
def test_what_a_list_does_not_have_is_refused_kindly(desk: Desk, order: dict[str, Any]) -> None:
    desk.begun()
    with pytest.raises(Rejected) as refused:
        desk.page(**order)
    assert any("\u4e00" <= char <= "\u9fff" for char in refused.value.message)


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%", "_", "\\", "<script>alert(1)</script>", "😀", "ＡＢ"])
def test_hostile_words_find_only_what_has_them(desk: Desk, text: str) -> None:
    desk.effective()
    assert desk.page(text=text).total == 0
    estate = desk.effective(name=f"甲{text}乙{a_name()}")
    assert names(desk.page(text=text)) == [estate.name]


def test_far_numbers_are_bounds_like_others(desk: Desk) -> None:
    word = loaded(desk, [{"land": Decimal(5), "sets": 2}])
    assert desk.page(text=word, filters={"land": ("-" + "9" * 20, "9" * 40)}).total == 1
    assert desk.page(text=word, filters={"sets": ("1.5", "2.5")}).total == 1
    assert desk.page(text=word, filters={"sets": ("1e99999", "")}).total == 0
    assert desk.page(text=word, filters={"sets": ("2.1", "9")}).total == 0
    assert desk.page(text=word, filters={"land": ("1,0", "")}).total == 0


def test_every_grid_column_sorts_but_the_sealed_ones(desk: Desk) -> None:
    kind = kind_named("made_estate")
    shown = {field.name for field in grid_fields(kind)}
    assert shown - sortable(kind) == {"keeper"}
    for name in sorted(sortable(kind) - {"in_force"}):
        assert desk.page(sort=name).total == desk.page(sort=f"-{name}").total
    assert "district_code" in {field.name for field in filter_fields(kind)}


def test_a_whole_number_finds_its_record_and_no_name_with_it(desk: Desk) -> None:
    word = loaded(desk, [{}])
    (line,) = desk.page(text=word).lines
    desk.load([{"name": f"曾用{line.record_no}"}])
    assert [found.id for found in desk.page(text=line.record_no.lower()).lines] == [line.id]
    assert names(desk.page(text=f"用{line.record_no}")) == [f"曾用{line.record_no}"]
