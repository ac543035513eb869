"""The layout of a building table and its colours: odd labels, duplexes, units that share a place (rows 70, 76, 82)."""

from decimal import Decimal
from uuid import UUID

import pytest

from ui.shell.unit_colours import TONES, Colouring, Look, by_band, by_code, by_word
from ui.shell.unit_places import Cell, Placed, Places, places_of

pytestmark = pytest.mark.row(70)


def cell(number: int, floor: int, column: int, *, top: int | None = None, section: str = "1", span: int = 1) -> Cell:
    return Cell(UUID(int=number), section, column, span, floor, floor if top is None else top, str(number))


def drawn(places: Places) -> list[tuple[str, tuple[int, ...]]]:
    return [(label, row) for (_, label), row in zip(places.floors, places.rows(), strict=True)]


def test_storeys_come_from_the_top_down_by_their_real_number_and_bear_their_label() -> None:
    floors = [(1, "1"), (-1, "-1"), (13, "12A"), (4, "3A"), (3, "3")]
    places = places_of(floors, [cell(1, 13, 0), cell(2, 4, 0), cell(3, -1, 0)])
    assert drawn(places) == [("12A", (0,)), ("3A", (1,)), ("3", (-1,)), ("1", (-1,)), ("-1", (2,))]


def test_a_duplex_takes_two_rows_and_nothing_is_drawn_under_it() -> None:
    places = places_of([], [cell(1, 2, 0, top=3), cell(2, 3, 1), cell(3, 2, 1), cell(4, 1, 0)])
    assert drawn(places) == [("3", (0, 1)), ("2", (2,)), ("1", (3, -1))]
    assert places.cells[0] == Placed(0, 0, 2, 1)


def test_a_unit_from_the_first_basement_to_the_first_floor_crosses_no_floor_0() -> None:
    places = places_of([(-1, "B1"), (1, "1")], [cell(1, -1, 0, top=1)])
    assert [label for _, label in places.floors] == ["1", "B1"]
    assert places.cells == (Placed(0, 0, 2, 1),)


def test_storeys_that_only_a_unit_names_are_drawn_and_ends_may_be_exchanged() -> None:
    places = places_of([(1, "1")], [cell(1, 5, 0, top=3)])
    assert [label for _, label in places.floors] == ["5", "4", "3", "1"]
    assert places.cells == (Placed(0, 0, 3, 1),)


def test_two_units_at_one_place_are_both_seen() -> None:
    places = places_of([], [cell(1, 1, 0), cell(2, 1, 0), cell(3, 1, 1), cell(4, 1, 0, section="2")])
    assert drawn(places) == [("1", (0, 1, 2, 3))]
    assert places.sections == (("1", 3), ("2", 1))


def test_sections_stand_in_the_order_of_their_numbers_each_from_its_own_first_column() -> None:
    cells = [cell(1, 1, 9, section="10"), cell(2, 1, 4, section="9", span=2), cell(3, 1, 0, section="")]
    places = places_of([], cells)
    assert places.sections == (("", 1), ("9", 2), ("10", 1))
    assert [one.column for one in places.cells] == [3, 1, 0]


def test_words_stand_after_numbers_and_a_floor_0_that_the_register_names_is_drawn() -> None:
    places = places_of([(1, "1")], [cell(1, 1, 0, section="地下车库"), cell(2, 0, 0, section="12")])
    assert [name for name, _ in places.sections] == ["12", "地下车库"]
    assert [label for _, label in places.floors] == ["1", "0"]


def test_empty_places_do_not_run_from_one_section_into_the_next() -> None:
    places = places_of([], [cell(1, 2, 0), cell(2, 2, 1), cell(3, 2, 0, section="2"), cell(4, 1, 1)])
    assert drawn(places) == [("2", (0, 1, 2)), ("1", (-1, 3, -1))]


def test_a_table_without_units_is_its_storeys() -> None:
    assert drawn(places_of([(1, "1")], [])) == [("1", ())]


ONE, TWO, THREE = (UUID(int=number) for number in range(3))


def test_looks_that_no_unit_has_are_not_in_the_legend_and_their_order_is_kept() -> None:
    looks = {"a": Look("green", "甲", "甲"), "b": Look("blue", "乙", "乙"), "c": Look("grey", "丙", "丙")}
    found = by_code("k", "名", {ONE: "c", TWO: "a", THREE: "d"}, looks)
    assert [look.label for look in found.looks] == ["甲", "丙"]
    assert [found.look_of(one) and found.look_of(one).letter for one in (ONE, TWO, THREE)] == ["丙", "甲", None]  # type: ignore[union-attr]


def test_words_that_begin_alike_get_letters_that_differ() -> None:
    found = by_word("use", "用途", {ONE: "商业", TWO: "商务办公", THREE: ""})
    assert sorted((look.label, look.letter) for look in found.looks) == [("商业", "商"), ("商务办公", "务")]
    assert found.look_of(THREE) is None


def test_a_value_at_an_edge_belongs_to_the_band_below_it() -> None:
    values = {ONE: Decimal(70), TWO: Decimal("70.01"), THREE: Decimal(500)}
    found: Colouring = by_band("size", "面积", values, [Decimal(70), Decimal(90)], lambda at: f"{at}㎡")
    labels = [look.label for one in (ONE, TWO, THREE) if (look := found.look_of(one))]
    assert labels == ["70㎡及以下", "70㎡-90㎡", "90㎡以上"]


def test_black_text_is_readable_on_every_tone() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    # #111 has a luminance of 0.0056.
    assert all((light(colour) + 0.05) / 0.0556 >= 4.5 for colour in TONES.values())
