"""The tables behind the simulators: what is read, and that the demo's own tables can all be told."""

from decimal import Decimal
from pathlib import Path

import pytest

from integrations.simulators import Simulators
from integrations.systems import systems_at
from integrations.wire.numbers import document_kind
from integrations.wire.records import changed_flat, read_records, right_of
from services.ports.answers import TitleQuestion
from services.ports.systems import PROPERTY_REGISTER, PUBLIC_HOUSING
from tests.integrations.tables import BAD_NUMBER, CHEN, LEASING_FIRM, LI, RENTAL_FIRM, WANG, write_tables
from tests.world import outside

DEMO_TABLES = Path(__file__).parents[2] / "deploy" / "data"


def test_persons_of_titles_leases_and_fixtures_are_known(tmp_path: Path) -> None:
    records = read_records(write_tables(tmp_path))
    assert records.names[LI[1]] == {LI[0]}
    assert WANG[1] in records.names
    assert BAD_NUMBER not in records.names
    assert {CHEN[1], LI[1]} <= records.fixtures


def test_firms_of_leases_and_fixtures_exist(tmp_path: Path) -> None:
    firms = read_records(write_tables(tmp_path)).firms
    assert {firms[RENTAL_FIRM].status, firms[LEASING_FIRM].status} == {"存续"}


def test_unit_number_is_made_up_once_and_differs_between_flats(tmp_path: Path) -> None:
    units = [flat.unit_no for flat in read_records(write_tables(tmp_path)).flats.values()]
    again = [flat.unit_no for flat in read_records(tmp_path).flats.values()]
    assert units == again
    # The two certificates of the renewed title share theirs.
    assert len(set(units)) == len(units) - 1


def test_columns_are_written_anew_as_in_the_table(tmp_path: Path) -> None:
    flat = next(iter(read_records(write_tables(tmp_path)).flats.values()))
    changed = changed_flat(flat, {"owners": "甲/310101/60;乙//40/2026-01-02", "floor_area": "90.5"})
    assert [(right.name, right.share) for right in changed.owners] == [("甲", Decimal(60)), ("乙", Decimal(40))]
    assert (changed.build_area, changed.address) == (Decimal("90.5"), flat.address)


@pytest.mark.parametrize("columns", [{"house_id": "1"}, {"floor": "x"}, {"inner_area": "NaN"}, {"rooms": "A"}])
def test_unreadable_change_is_refused(tmp_path: Path, columns: dict[str, str]) -> None:
    flat = next(iter(read_records(write_tables(tmp_path)).flats.values()))
    with pytest.raises(ValueError):
        changed_flat(flat, columns)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (CHEN[1], "11"),
        ("810000199408230021", "25"),
        (RENTAL_FIRM, "51"),
        ("H12345678", "21"),
        ("12345678", "23"),
        ("", "11"),
    ],
)
def test_document_kind_follows_the_form_of_the_number(number: str, kind: str) -> None:
    assert document_kind(number) == kind


def test_right_defaults_to_the_whole() -> None:
    assert right_of("甲", "1").share == Decimal(100)


def test_every_flat_of_the_demo_can_be_told() -> None:
    simulators = Simulators()
    simulators.start(DEMO_TABLES)
    systems = systems_at(simulators.urls(), outside())
    unusable = []
    # Every seventh, which meets each kind of planted fault; the flats of the fixtures all.
    flats = list(read_records(DEMO_TABLES).flats.values())
    for flat in [*flats[:2000:7], *flats[2000:]]:
        if flat.public:
            found = systems.at(PUBLIC_HOUSING).tenancy_of(flat.cert_no)
            told = found.hit
        else:
            answer = systems.at(PROPERTY_REGISTER).title_of(TitleQuestion(flat.cert_no, flat.room_no))
            told = answer.hit or answer.note == "多户"
        if not told:
            unusable.append(flat.house_code)
    simulators.stop()
    assert unusable == []
    assert len(flats) >= 2000
