"""Cards the demo's reader can read: the named fixtures and some owners of the sample houses, all fictional."""

from dataclasses import dataclass
from functools import lru_cache

from models.own_data import own_rows
from services.access.visibility import CLERKS
from services.engine.registry import query
from services.engine.work import Work

_offered = False
_OWNERS = 8


def offer_cards(allowed: bool) -> None:
    """Only demo and test offer cards; main.py says so."""
    global _offered
    _offered = allowed


@dataclass(frozen=True)
class DemoCard:
    """What a reader would read, and what for."""

    name: str
    id_type: str
    id_no: str
    address: str
    mobile: str
    note: str


@query("demo.cards", "演示证件", roles=CLERKS)
def demo_cards(work: Work, order: None) -> list[DemoCard]:
    """The cards lying beside the demo's reader; none in production."""
    return list(_cards()) if _offered else []


@lru_cache(maxsize=1)
def _cards() -> tuple[DemoCard, ...]:
    fixtures = [
        DemoCard(row["name"], row["id_type"], row["id_no"], row["address"], row["mobile"], row["note"])
        for row in own_rows("fixtures/persons.csv")
    ]
    owners: dict[str, DemoCard] = {}
    for row in own_rows("houses_2000.csv"):
        sound = row["expected_verdict"] == "pass" and row["house_kind"] == "产权房" and ";" not in row["owners"]
        if sound and row["district_code"] == "310115" and row["use"] == "居住":
            name, number, _ = row["owners"].split("/")
            owners.setdefault(number, DemoCard(name, "11", number, "上海市", "", f"产权人（{row['address']}）"))
        if len(owners) == _OWNERS:
            break
    return (*fixtures, *owners.values())
