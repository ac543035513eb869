"""Polygons as a column: text, WKB and the database give back what was stored (rows 80, 81)."""

from decimal import Decimal

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, col, select

from models.dialect import Database
from models.geometry import Boxed, Geometry, Ring, geometry
from services.engine.field_types.field import Unreadable, field_of
from services.space.extent_search import near
from services.space.geometry_field import GeometryField, geometry_of, polygons_of

pytestmark = pytest.mark.row(80)
SQUARE: Ring = ((0, 0), (10_000, 0), (10_000, 10_000), (0, 10_000))
HOLE: Ring = ((2_000, 2_000), (2_000, 4_000), (4_000, 4_000), (4_000, 2_000))
PLACES = st.tuples(st.integers(-80_000_000, 720_000_000), st.integers(-80_000_000, 3_600_000_000))
RINGS = st.lists(PLACES, min_size=3, max_size=8).map(tuple)
AREAS = st.lists(RINGS, min_size=1, max_size=3).map(tuple)


class _Apart(SQLModel, registry=registry()):
    """Tables of this file only."""


class Stored(_Apart, Boxed, table=True):
    """A table with polygons and the box around them."""

    __tablename__ = "stored_outline"
    id: int = Field(primary_key=True)
    outline: Geometry | None = geometry("范围", nullable=True)


@given(st.lists(AREAS, min_size=1, max_size=3).map(tuple))
def test_text_and_wkb_say_all_of_it(areas: tuple[tuple[Ring, ...], ...]) -> None:
    value = Geometry(areas)
    assert Geometry.of(str(value)) == value
    assert Geometry.from_wkb(value.wkb) == value


def test_the_area_is_exact_and_that_of_the_library() -> None:
    value = Geometry(((SQUARE, HOLE), (tuple((e + 50_001, n) for e, n in SQUARE),)))
    assert value.area == Decimal(196)
    assert polygons_of(value).area == pytest.approx(196)
    assert geometry_of(polygons_of(value)).area == value.area


@pytest.mark.parametrize(
    "text", ["", "POINT (1 2)", "MULTIPOLYGON (((0 0, 1 0, 0 0)))", "MULTIPOLYGON (((0 0, nan 0, 1 1, 0 0)))"]
)
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no "):
        Geometry.of(text)


@pytest.mark.parametrize("spoil", [b"", b"\x01", b"\x00" * 40])
def test_other_bytes_are_refused(spoil: bytes) -> None:
    with pytest.raises(ValueError, match="no WKB"):
        Geometry.from_wkb(spoil)
    with pytest.raises(ValueError):
        Geometry.from_wkb(Geometry(((SQUARE,),)).wkb + b"\0")


def outline_field() -> GeometryField:
    field = field_of(Stored.__table__.columns["outline"])  # type: ignore[attr-defined]
    assert isinstance(field, GeometryField)
    return field


def test_a_form_reads_a_pasted_list_and_shows_the_area() -> None:
    field = outline_field()
    pasted = "J1 3454350 651400\nJ2 3454350 651600\nJ3 3454100 651600\nJ4 3454100 651400\nJ1 3454350 651400"
    value = field.read(pasted)
    assert field.parsed(field.raw(value)) == value == field.read(str(value))
    assert field.shown(value, {}) == "1圈，50,000.00平方米"
    assert field.agrees("1圈，50,000.00平方米", value, {})


@pytest.mark.parametrize(
    ("pasted", "word"),
    [
        ("J1 651400 3454350\nJ2 651600 3454350\nJ3 651600 3454100", "写反"),
        ("J1 3454350 651400\nJ2 3454350 651600", "3个"),
        ("没有坐标", "界址点"),
    ],
)
def test_a_form_says_what_is_wrong_with_a_pasted_list(pasted: str, word: str) -> None:
    with pytest.raises(Unreadable, match=word):
        outline_field().read(pasted)


@pytest.mark.both_engines
def test_the_database_gives_polygons_back_and_finds_them_by_their_boxes(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    Stored.metadata.create_all(database.engine)
    squares = [
        shapely.box(place % 40 * 30, place // 40 * 30, place % 40 * 30 + 20, place // 40 * 30 + 20)
        for place in range(400)
    ]
    squares.append(shapely.box(-5, 100, 1_300, 110))
    with database.write() as session:
        for place, square in enumerate(squares):
            row = Stored(id=place, outline=geometry_of(square))
            assert row.outline is not None
            row.take_box(row.outline)
            session.add(row)
        session.add(Stored(id=999))
        session.commit()
    wanted = Boxed()
    wanted.take_box(geometry_of(shapely.box(95, 95, 125, 125)))
    with database.read() as session:
        found = session.exec(select(Stored).where(*near(Stored, wanted), col(Stored.outline).is_not(None))).all()
        assert sorted(row.id for row in found) == [123, 124, 163, 164, 400]
        assert found[0].outline == geometry_of(squares[found[0].id])
        assert session.get_one(Stored, 999).outline is None
    database.dispose()
