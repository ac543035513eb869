"""Item definitions: which materials an application needs, its time limit, counters and questions; old codes redirect (row 3)."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.one_stop import StopItem
from models.one_stop_codes import StopMaterialKind
from models.tenancy_codes import Situation
from services.engine.work import Work

#: The merged item, which new applications belong to.
ITEM = "310-ZLBA-0001"
_IN_FORCE = (
    select(StopItem)
    .where(StopItem.item_code == bindparam("code"), col(StopItem.valid_from) <= bindparam("on"))
    .order_by(col(StopItem.valid_from).desc(), col(StopItem.version_no).desc())
    .limit(1)
)


@dataclass(frozen=True)
class ItemMaterial:
    """A material that applications of some situations need."""

    kind: StopMaterialKind
    situations: frozenset[Situation]


@dataclass(frozen=True)
class Item:
    """An item definition on a day. `version_no` is 0 for the one that came with the system."""

    item_code: str
    name: str
    limit_days: int
    materials: tuple[ItemMaterial, ...]
    counters: str = ""
    questions: tuple[tuple[str, str], ...] = ()
    redirects_to: str = ""
    redirects_from: date | None = None
    version_no: int = 0

    def needed(self, situation: Situation) -> list[StopMaterialKind]:
        """Return the materials of a situation, in the order of the definition."""
        return [one.kind for one in self.materials if situation in one.situations]


@cache
def _given() -> dict[str, Item]:
    text = files(__package__).joinpath("items.toml").read_text(encoding="utf-8")
    return {
        code: Item(
            item_code=code,
            name=said["name"],
            limit_days=said["limit_days"],
            materials=materials_of(said["materials"]),
            counters=said.get("counters", ""),
            questions=tuple((one["ask"], one["answer"]) for one in said.get("questions", ())),
            redirects_to=said.get("redirects_to", ""),
            redirects_from=said.get("redirects_from"),
        )
        for code, said in tomllib.loads(text).items()
    }


def materials_of(lines: list[dict[str, object]]) -> tuple[ItemMaterial, ...]:
    """Read the materials of a definition as they are kept."""
    made = []
    for line in lines:
        situations = line["situations"]
        assert isinstance(situations, list)
        made.append(ItemMaterial(StopMaterialKind.of(str(line["kind"])), frozenset(map(Situation.of, situations))))
    return tuple(made)


def item_codes() -> list[str]:
    """Return the codes of all items, the merged one first."""
    return sorted(_given(), key=lambda code: (code != ITEM, code))


def item_on(work: Work, item_code: str, on: date) -> Item:
    """Return the definition of an item on a day: the city's newest version then in force, or the one that came along."""
    kept = work.session.exec(_IN_FORCE, params={"code": item_code, "on": on}).first()
    if kept is None:
        return _given().get(item_code) or _given()[ITEM]
    return Item(
        item_code=kept.item_code,
        name=kept.name,
        limit_days=kept.limit_days,
        materials=materials_of(kept.materials),
        counters=kept.counters,
        questions=tuple((one["ask"], one["answer"]) for one in kept.questions),
        redirects_to=kept.redirects_to,
        redirects_from=kept.redirects_from,
        version_no=kept.version_no,
    )


def code_for(work: Work, item_code: str, opened_on: date) -> str:
    """Return the item an application belongs to: an old code redirects from its day on, earlier cases keep theirs."""
    item = item_on(work, item_code or ITEM, opened_on)
    if item.redirects_to and item.redirects_from is not None and opened_on >= item.redirects_from:
        return item.redirects_to
    return item.item_code
