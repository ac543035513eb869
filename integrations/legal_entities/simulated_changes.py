"""Changes of the simulated library on demand: registrations, pledges, freezes, and their reversal."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

from fastapi import HTTPException
from pydantic import BaseModel, ConfigDict, Field

from integrations.legal_entities.contract import STATES, Alteration, EntityFull, Freeze, Investor, Listed, Pledge
from integrations.wire.simulator import Change

Ends = TypeVar("Ends", Pledge, Freeze, Listed)
#: Fields of a body whose change is registered.
_ITEMS = {
    "legal_rep": "法定代表人变更",
    "registered_capital": "注册资本变更",
    "holders": "股东变更",
    "name": "名称变更",
}


class HolderChange(BaseModel):
    """A holder from now on; `ratio` in hundredths, money in yuan, computed from the ratio where missing."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    ratio: Decimal
    kind: Literal["COMPANY", "PERSON", "FOREIGN", "STATE"] = "COMPANY"
    uscc: str = ""
    id_no: str = ""
    paid: Decimal | None = None
    due_on: date | None = None


class EntityChange(Change):
    """A change of a body, e.g. `{"uscc": "…", "status": "注销"}`; unnamed fields stay.

    `pledged` and `frozen` are hundredths of the capital, added to existing ones; 0 lifts all. `listed` enters it in a
    list, "" removes it from all. `undo` reverses the last change as if it had never been entered. `new` accepts an
    unknown code.
    """

    uscc: str
    status: str = ""
    name: str = ""
    legal_rep: str = ""
    controller: str | None = None
    capital: Decimal | None = None
    paid_in: Decimal | None = None
    established_on: date | None = None
    holders: list[HolderChange] | None = Field(default=None, max_length=200)
    pledged: Decimal | None = None
    frozen: Decimal | None = None
    listed: Literal["", "ABNORMAL", "GRAVE"] | None = None
    changed_on: date | None = None
    decided_on: date | None = None
    published_on: date | None = None
    undo: bool = False
    new: bool = False


class EntityChanges(Change):
    """Many at once."""

    changes: list[EntityChange] = Field(min_length=1, max_length=5_000)


def changed(body: EntityFull, change: EntityChange, today: date) -> EntityFull:
    """Return the body after a change, with registered alterations among its alterations."""
    if change.status and change.status not in STATES.values():
        raise HTTPException(422, "unknown state")
    on = change.changed_on or today
    wanted = {
        "status": change.status or None,
        "name": change.name or None,
        "legal_rep": change.legal_rep or None,
        "actual_controller": change.controller,
        "registered_capital": change.capital,
        "paid_in_capital": change.paid_in,
        "established_on": change.established_on,
    }
    values: dict[str, Any] = {name: value for name, value in wanted.items() if value is not None}
    if change.holders is not None:
        capital = change.capital or body.registered_capital or Decimal(0)
        values["holders"] = tuple(_investor(one, capital) for one in change.holders)
    if change.pledged is not None:
        values["pledges"] = _pledges(body, change.pledged, on) if change.pledged else _ended(body.pledges, on)
    if change.frozen is not None:
        values["freezes"] = _freezes(body, change.frozen, on) if change.frozen else _ended(body.freezes, on)
    if change.listed is not None:
        values["listings"] = _listings(body, change.listed, on) if change.listed else _ended(body.listings, on)
    values["changes"] = (*body.changes, *_alterations(body, values, change, on))
    return EntityFull.model_validate(body.model_copy(update=values).model_dump())


def _ended(entries: Iterable[Ends], on: date) -> tuple[Ends, ...]:
    return tuple(one.model_copy(update={"until": one.until or on}) for one in entries)


def _investor(one: HolderChange, capital: Decimal) -> Investor:
    subscribed = capital * one.ratio / 100
    return Investor(
        name=one.name,
        kind=one.kind,
        uscc=one.uscc,
        id_type="11" if one.id_no else "",
        id_no=one.id_no,
        subscribed=subscribed,
        paid=subscribed if one.paid is None else one.paid,
        ratio=one.ratio,
        due_on=one.due_on,
        form="货币",
    )


def _of_first(body: EntityFull, share: Decimal) -> tuple[str, Decimal]:
    """Return the first holder of a body, and an amount of so many hundredths of its capital."""
    return body.holders[0].name if body.holders else body.name, (body.registered_capital or Decimal(0)) * share / 100


def _pledges(body: EntityFull, share: Decimal, on: date) -> tuple[Pledge, ...]:
    pledgor, amount = _of_first(body, share)
    number = f"CZ{body.uscc[-6:]}{len(body.pledges) + 1:03}"
    return (*body.pledges, Pledge(number=number, pledgor=pledgor, pledgee="申城信托有限公司", amount=amount, since=on))


def _freezes(body: EntityFull, share: Decimal, on: date) -> tuple[Freeze, ...]:
    holder, amount = _of_first(body, share)
    number = f"({on.year})沪01执保{len(body.freezes) + 1}号"
    return (
        *body.freezes,
        Freeze(number=number, holder=holder, court="上海市第一中级人民法院", amount=amount, since=on),
    )


def _listings(body: EntityFull, listed: str, on: date) -> tuple[Listed, ...]:
    reason = "未按规定期限公示年度报告" if listed == "ABNORMAL" else "被列入经营异常名录届满三年仍未履行公示义务"
    return (*body.listings, Listed(kind=listed, reason=reason, since=on))


def _alterations(body: EntityFull, values: dict[str, Any], change: EntityChange, on: date) -> list[Alteration]:
    entered: list[Alteration] = []
    for name, item in _ITEMS.items():
        if name in values and values[name] != getattr(body, name):
            entered.append(
                Alteration(
                    number=f"BG{body.uscc[-6:]}{len(body.changes) + len(entered) + 1:04}",
                    item=item,
                    before=_words(getattr(body, name)),
                    after=_words(values[name]),
                    changed_on=on,
                    decided_on=change.decided_on,
                    published_on=change.published_on,
                )
            )
    return entered


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return "；".join(f"{one.name} {one.ratio.normalize():f}%" for one in value)[:600]
    # Amounts are counted in 万元 here too.
    return str(value / 10_000 if isinstance(value, Decimal) else value)[:600]
