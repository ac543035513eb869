"""O01-O10: rooms as designed, persons and space, the split hall, beds."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from models.house import RoomKind
from models.rooms import ProjectKind
from models.tenancy_codes import DealKind, FilingState, LeaseMode, Relation
from services.engine.findings import Severity
from services.engine.thresholds import Thresholds
from services.tenancy.filing_facts import FilingFacts, KnownRoom
from tests.services.tenancy.rules.builders import (
    CHEN,
    E1,
    MINOR,
    ROOMS,
    SUN,
    TODAY,
    WANG,
    ZHAO,
    ZHOU,
    Case,
    body,
    check_case,
    codes,
    enterprise_facts,
    facts,
    findings,
    firm,
    form,
    known_house,
    of,
    other,
    person,
    project,
    resident,
    split_facts,
)

REFUSE, CORRECT, INTERCEPT, WARN = Severity.REFUSE, Severity.CORRECT, Severity.INTERCEPT, Severity.WARN

BED_TERMS: dict[str, Any] = {
    "mode": LeaseMode.BED,
    "rooms": ("1",),
    "leased_area": Decimal(13),
    "rent": Decimal(1000),
    "deposit": Decimal(1000),
}
BUILDERS = project(kind=ProjectKind.BUILDER_HOME, max_persons=4, beds=4, filed_month_price=Decimal(4000))


def room(*labels: str, **changes: Any) -> FilingFacts:
    """Rooms of H-1 let one by one, at a rent that fits them."""
    words: dict[str, Any] = {
        "mode": LeaseMode.ROOM,
        "rooms": labels,
        "leased_area": Decimal("14.2"),
        "rent": Decimal(1200),
    }
    lease = form(**(words | {"deposit": Decimal(1200)} | changes.pop("lease", {})))
    return facts(form=lease, **changes)


def with_residents(*residents: Any, **changes: Any) -> FilingFacts:
    return facts(form=form(residents=residents, **changes))


def planned(*rooms: KnownRoom) -> Any:
    return known_house(rooms=rooms)


def hall(area: str) -> FilingFacts:
    rooms = tuple(replace(one, usable_area=Decimal(area)) if one.label == "T" else one for one in ROOMS)
    return split_facts(house=known_house(rooms=rooms))


def bed(**changes: Any) -> FilingFacts:
    return enterprise_facts(BED_TERMS, **({"project": BUILDERS} | changes))


def with_thresholds(given: FilingFacts, **values: str) -> FilingFacts:
    named = {key.replace("__", "."): value for key, value in values.items()}
    return replace(given, thresholds=Thresholds(TODAY, named))


FOUR = (resident(WANG), resident(ZHAO), resident(SUN))
TWO_STRANGERS = (resident(WANG), resident(ZHAO))
ONE_FAMILY = (resident(ZHAO, Relation.SPOUSE), resident(MINOR, Relation.CHILD))
ILLEGAL_SPLIT = KnownRoom("A", RoomKind.BEDROOM, Decimal("14.2"), as_designed=False)
TWO_HALLS = (*ROOMS, KnownRoom("T2", RoomKind.HALL, Decimal("15.0")))
NEIGHBOUR = other("B", filing_no="BA310115260101000002")

CASES = (
    Case("O01", "bedroom as designed", room("A")),
    Case("O01", "whole flat", facts()),
    Case("O01", "partitioned room", room("A", house=planned(ILLEGAL_SPLIT, *ROOMS[1:])), REFUSE, "rooms"),
    Case("O01", "room not in the plan", room("Z"), REFUSE, "rooms"),
    Case("O01", "hall as a room", room("T"), REFUSE, "rooms"),
    Case("O01", "no room chosen", room(), CORRECT, "rooms"),
    Case("O02", "kitchen", room("K"), REFUSE, "rooms"),
    Case("O02", "bathroom beside a bedroom", room("A", "W"), REFUSE, "rooms"),
    Case("O02", "whole flat with its kitchen", facts()),
    Case("O03", "four in two bedrooms", with_residents(*FOUR)),
    Case("O03", "five strangers in two bedrooms", with_residents(*FOUR, resident(ZHOU)), REFUSE, "residents"),
    Case("O03", "five of whom one is a child", with_residents(*FOUR, resident(MINOR, Relation.CHILD)), INTERCEPT, "residents"),
    Case("O03", "three strangers in a room", room("A", lease={"lessees": (person(ZHOU),), "residents": TWO_STRANGERS}, house=planned(KnownRoom("A", RoomKind.BEDROOM, Decimal(30)))), REFUSE, "residents"),
    Case("O03", "family of three in a room", room("A", lease={"residents": ONE_FAMILY}, house=planned(KnownRoom("A", RoomKind.BEDROOM, Decimal(15)))), INTERCEPT),
    Case("O03", "strangers with a family's papers", with_residents(*FOUR, resident(ZHOU), family_proof=True), INTERCEPT),
    Case("O03", "three residents put in one room", with_residents(*(replace(one, room="A") for one in FOUR)), REFUSE),
    Case("O03", "more allowed by parameter", with_thresholds(with_residents(*FOUR, resident(ZHOU)), occupancy__room_max_persons="3")),
    Case("O03", "a firm is nobody who lives there", facts(form=form(lessees=(body(),), residents=(*TWO_STRANGERS, resident(SUN), resident(ZHOU))))),
    Case("O04", "exactly five square metres each", room("A", lease={"residents": (resident(WANG),)}, house=planned(KnownRoom("A", RoomKind.BEDROOM, Decimal("10.0"))))),
    Case("O04", "a little less each", room("A", lease={"residents": (resident(WANG),)}, house=planned(KnownRoom("A", RoomKind.BEDROOM, Decimal("9.99")))), REFUSE, "residents"),
    Case("O04", "hall and kitchen do not count", facts(form=form(residents=FOUR), house=planned(KnownRoom("A", RoomKind.BEDROOM, Decimal(9)), KnownRoom("B", RoomKind.BEDROOM, Decimal(9)), *ROOMS[2:])), REFUSE),
    Case("O05", "hall of thirteen, all conditions", split_facts()),
    Case("O05", "hall of exactly twelve", hall("12.0")),
    Case("O05", "hall of H-9", hall("11.8"), REFUSE, "rooms"),
    Case("O05", "let by a person", split_facts({"lessors": (person(CHEN),), "deal": DealKind.SELF, "enterprise_uscc": "", "applicant": form().applicant}), REFUSE, "deal"),
    Case("O05", "let by a broker's firm", split_facts(enterprise=firm(E1, rental=False)), REFUSE, "deal"),
    Case("O05", "two halls", split_facts({"rooms": ("T", "T2")}, house=planned(*TWO_HALLS)), REFUSE, "rooms"),
    Case("O05", "another hall is let already", split_facts(house=planned(*TWO_HALLS), filings=(other("T2"),)), REFUSE, "rooms"),
    Case("O05", "no word on daylight", split_facts({"n1_daylight_ok": False}), REFUSE, "n1_daylight_ok"),
    Case("O05", "no word on material", split_facts({"n1_material_ok": False}), REFUSE, "n1_material_ok"),
    Case("O05", "not verified", split_facts({"n1_verified": False}), REFUSE, "n1_verified"),
    Case("O06", "bed in a flat", facts(form=form(**BED_TERMS)), REFUSE, "mode"),
    Case("O06", "bed in a market project", bed(project=project()), REFUSE, "mode"),
    Case("O06", "bed in a builders' home", bed()),
    Case("O07", "one neighbour", room("A", filings=(NEIGHBOUR,))),
    Case("O07", "neighbours fill the flat", room("A", lease={"residents": (resident(WANG),)}, filings=(replace(NEIGHBOUR, persons=3),)), REFUSE, "residents"),
    Case("O07", "space gets too small", room("A", filings=(NEIGHBOUR,), house=planned(*(replace(one, usable_area=Decimal("5.0")) if one.label == "B" else one for one in ROOMS[1:]), KnownRoom("A", RoomKind.BEDROOM, Decimal("4.9")))), REFUSE, also=("O04",)),
    Case("O07", "neighbour has left", room("A", lease={"residents": (resident(WANG),)}, filings=(replace(NEIGHBOUR, persons=3, state=FilingState.CANCELLED),))),
    Case("O08", "dormitory of a unit", facts(form=form(dormitory=True)), REFUSE, "purpose"),
    Case("O08", "dormitory by its purpose", facts(form=form(purpose="单位集体宿舍")), REFUSE, "purpose"),
    Case("O08", "ordinary lease", facts()),
    Case("O08", "dormitory in a project", enterprise_facts({"dormitory": True}, project=project())),
    Case("O09", "nine rooms, one person", enterprise_facts(project=project())),
    Case("O09", "ten rooms", enterprise_facts(project=project(room_total=10)), WARN),
    Case("O09", "the fifteenth person", enterprise_facts(project=project(persons_in_building=14)), WARN),
    Case("O09", "the fourteenth person", enterprise_facts(project=project(persons_in_building=13))),
    Case("O10", "beds cost as much as the suite", bed(project=replace(BUILDERS, other_bed_rents=(Decimal(1500), Decimal(1500))))),
    Case("O10", "beds cost more", bed(project=replace(BUILDERS, other_bed_rents=(Decimal(1500), Decimal("1500.01")))), REFUSE, "rent"),
)  # fmt: skip


@pytest.mark.row(7)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_occupancy_rules(case: Case) -> None:
    check_case(case)


@pytest.mark.row(6)
def test_eight_tenants_are_too_many_for_two_bedrooms() -> None:
    residents = tuple(resident(number) for number in (WANG, ZHAO, SUN, ZHOU, WANG, ZHAO, SUN))
    assert codes(facts(form=form(residents=residents))) == ["O03", "O04"]


def test_whom_a_neighbour_houses_is_not_told() -> None:
    given = room("A", lease={"residents": (resident(WANG),)}, filings=(replace(NEIGHBOUR, persons=3),))
    assert [finding.found for finding in of("O07", given)] == ["本次居住2人"]


def test_too_many_neighbours_may_be_forced_too_little_space_may_not() -> None:
    crowded = room("A", lease={"residents": (resident(WANG),)}, filings=(replace(NEIGHBOUR, persons=3),))
    assert all(finding.forceable for finding in of("O07", crowded))
    cramped = room("A", house=planned(KnownRoom("A", RoomKind.BEDROOM, Decimal("4.9"))))
    assert [finding.forceable for finding in findings(cramped)] == [False]
