"""A small made project before the calculator: one parcel, one planned building, its building table with three homes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from services.supply.facts import (
    PLACES,
    Event,
    Facts,
    Happening,
    Home,
    Land,
    Natural,
    Planned,
    Presale,
    Project,
    Tie,
    Type,
    Use,
    Work,
)
from services.supply.months import Known


def area(square_metres: float) -> int:
    return round(square_metres * PLACES)


def known(on: str, at: str = "", *, voided: str = "") -> Known:
    """A fact of a day; known at noon of that day (UTC) unless told."""
    moment = datetime.fromisoformat(at) if at else datetime.fromisoformat(f"{on}T12:00:00+00:00")
    return Known(date.fromisoformat(on), moment.astimezone(UTC), datetime.fromisoformat(voided) if voided else None)


def event(home: str, what: str, on: str, at: str = "", **more: Any) -> Event:
    values: dict[str, Any] = {"contract": "", "area": area(100), "amount": 0, "ref": "PS1"}
    return Event(home, Happening(what), known(on, at), **(values | more))


def home(number: str, **more: Any) -> Home:
    values: dict[str, Any] = {
        "building": "NB1",
        "type": Type.HOUSING,
        "housing": True,
        "for_sale": True,
        "forecast": area(100),
        "surveyed": None,
        "filed_price": 60_000_00,
        "opened_on": date(2026, 3, 20),
    }
    return Home(number, **(values | more))


#: Land of 1,000 m² with 5,000 m² to sell; 400 m² are planned; the table has three homes of 100 m².
FACTS = Facts(
    lands=[
        Land("L1", "310101", "甲板块", "INNER", known("2025-01-10"), area(1000), area(5000), {Type.HOUSING: area(5000)})
    ],
    projects=[Project("P1", "310101", "甲板块", "INNER", "G1", known("2025-02-01"), date(2026, 6, 1))],
    uses=[Use("P1", "L1", area(1000))],
    planned=[Planned("PB1", "P1", known("2025-05-01"), Type.HOUSING, area(400), area(50), 4)],
    works=[
        Work("W1", "P1", Type.HOUSING, False, area(450), known("2025-08-01"), known("2026-01-20"), None, None, None)
    ],
    planned_ties=[Tie("W1", "PB1")],
    natural_ties=[Tie("W1", "NB1", known("2026-01-25"))],
    naturals=[Natural("NB1", "P1", None)],
    homes=[home("U1"), home("U2"), home("U3", for_sale=False)],
    presales=[Presale("PS1", "P1", known("2026-03-05"), ("NB1",), area(200))],
    events=[event("U1", "LIST", "2026-03-05"), event("U2", "LIST", "2026-03-05")],
    groups={"G1": True},
)


def facts(**changes: Any) -> Facts:
    """The project with changes; `events` are added to those of its listing."""
    if "events" in changes:
        changes["events"] = [*FACTS.events, *changes["events"]]
    return replace(FACTS, **changes)
