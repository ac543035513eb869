"""The tables of the demo: places in cells, days counted from today, and what every file must hold."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from deploy.demo.tables import DATA, Counted, cells_of, load
from models.enterprise import CreditEntry, KeyState
from models.sealed import Sealed
from services.engine.work import Work
from tests.world import World

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("span", "day"),
    [
        ("0d", TODAY),
        ("-30d", date(2026, 3, 1)),
        ("-0m", date(2026, 3, 1)),
        ("-3m", date(2025, 12, 1)),
        ("-3m+9d", date(2025, 12, 10)),
        ("1m-1d", TODAY),
        ("19m-1d", date(2027, 9, 30)),
    ],
)
def test_days_are_counted_from_today_or_the_first_of_a_month(span: str, day: date) -> None:
    assert Counted(TODAY)[span] == day


def test_a_moment_is_never_one_to_come(world: World) -> None:
    def read(work: Work) -> list[timedelta]:
        at = Counted(work.today, work)
        return [work.now - at[span] for span in ("-5h", "-2d+30min", "1d", "1m-1d")]

    assert world.read(read)[:2] == [timedelta(hours=5), timedelta(days=2, minutes=-30)]
    assert all(span >= timedelta() for span in world.read(read))


def test_a_line_makes_a_row_of_every_table_it_fills(world: World) -> None:
    firm = SimpleNamespace(name="安居", uscc="91310104MA7A000029", district_code="310104", street_code9="310104011")

    def make(work: Work) -> None:
        made = load(work, "firms", {"E-2": firm}, only=lambda line: line.key is firm)["E-2"]
        assert (made.enterprise.name, made.enterprise.scope_ok) == ("安居", True)
        assert made.key1.enterprise_id == made.key3.enterprise_id == made.enterprise.id
        assert (made.key3.state, made.key3.valid_from) == (KeyState.VALID, work.today - timedelta(days=400))

    world.read(make)


def test_every_line_is_named_once() -> None:
    for path in DATA.rglob("*.csv"):
        keys = [cells["key"] for cells in cells_of(str(path.relative_to(DATA).with_suffix(""))) if "key" in cells]
        assert len(keys) == len(set(keys)), path.name


def test_personal_cells_are_sealed(world: World) -> None:
    entry = world.read(lambda work: load(work, "credit")["credit"].credit_entry)
    assert isinstance(entry, CreditEntry)
    assert isinstance(entry.id_no, Sealed)
