"""Cards the demo's reader can read: the named fixtures and some owners of the sample houses, all fictional."""

from dataclasses import dataclass
from functools import lru_cache

from sqlmodel import col

from models.access import Role
from models.own_data import own_rows
from models.practitioner_codes import CardState
from models.practitioners import InfoCard
from services.access.visibility import CLERKS
from services.engine.registry import query
from services.engine.work import Work

_OWNERS = 8
_HOLDERS = 4


@dataclass(frozen=True)
class DemoCard:
    """A card as the demo's reader reads it, with a note on its use."""

    name: str
    id_type: str
    id_no: str
    address: str
    mobile: str
    note: str


@query("demo.cards", "演示证件", roles=CLERKS)
def demo_cards(work: Work, order: None) -> list[DemoCard]:
    """The cards lying beside the demo's reader; none in production."""
    return [*_cards(), *_holders(work)] if work.house.demo else []


def _holders(work: Work) -> list[DemoCard]:
    """Some people with an information card in force, for the window that cancels them (row 43)."""
    if not work.caller.has(Role.DISTRICT_CLERK):
        return []
    found = work.rows(
        InfoCard,
        InfoCard.state == CardState.ACTIVE,
        col(InfoCard.practitioner_id).is_not(None),
        by=InfoCard.card_no,
        most=_HOLDERS,
    )
    return [
        DemoCard(card.name.plain, "11", card.id_no.plain, "上海市", "", f"从业人员（信息卡 {card.card_no}）")
        for card in found
        if card.id_no is not None
    ]


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
