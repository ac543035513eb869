"""Changes of the simulated library on demand: registrations, pledges, freezes, and their reversal."""

from datetime import date
from decimal import Decimal
from typing import Literal

from fastapi import HTTPException
from pydantic import BaseModel, ConfigDict, Field

from integrations.legal_entities.bodies import STATES, WAN
from integrations.legal_entities.contract import Alteration, EntityFull, Freeze, Investor, Listed, Pledge
from integrations.wire.simulator import Change

_KINDS = {"COMPANY": "1", "PERSON": "2", "FOREIGN": "3", "STATE": "4"}
_LISTS = {"ABNORMAL": "1", "GRAVE": "2"}
_ITEMS = {"leRep": "法定代表人变更", "regCap": "注册资本变更", "investors": "股东变更", "entName": "名称变更"}


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
    if change.status and change.status not in STATES:
        raise HTTPException(422, "unknown state")
    on = change.changed_on or today
    values: dict[str, object] = {}
    if change.status:
        values["regState"] = STATES[change.status]
    if change.name:
        values["entName"] = change.name
    if change.legal_rep:
        values["leRep"] = change.legal_rep
    if change.controller is not None:
        values["actCtrl"] = change.controller
    if change.capital is not None:
        values["regCap"] = change.capital / WAN
    if change.paid_in is not None:
        values["recCap"] = change.paid_in / WAN
    if change.established_on is not None:
        values["estDate"] = change.established_on
    if change.holders is not None:
        values["investors"] = tuple(
            _investor(one, change.capital or (body.regCap or 0) * WAN) for one in change.holders
        )
    if change.pledged is not None:
        values["pledges"] = _pledges(body, change.pledged, on)
    if change.frozen is not None:
        values["freezes"] = _freezes(body, change.frozen, on)
    if change.listed is not None:
        values["lists"] = _lists(body, change.listed, on)
    values["alterations"] = (*body.alterations, *_alterations(body, values, change, on))
    return EntityFull.model_validate(body.model_copy(update=values).model_dump())


def _investor(one: HolderChange, capital: Decimal) -> Investor:
    subscribed = capital * one.ratio / 100
    return Investor.model_validate(
        {
            "inv": one.name,
            "invType": _KINDS[one.kind],
            "uniScId": one.uscc,
            "cerType": "11" if one.id_no else "",
            "cerNo": one.id_no,
            "subConAm": subscribed / WAN,
            "acConAm": (subscribed if one.paid is None else one.paid) / WAN,
            "subConProp": one.ratio,
            "conDate": one.due_on,
            "conForm": "货币",
        }
    )


def _pledges(body: EntityFull, share: Decimal, on: date) -> tuple[Pledge, ...]:
    if not share:
        return tuple(one.model_copy(update={"canDate": one.canDate or on}) for one in body.pledges)
    holder = body.investors[0].inv if body.investors else body.entName
    return (
        *body.pledges,
        Pledge(
            regNo=f"CZ{body.uniScId[-6:]}{len(body.pledges) + 1:03}",
            pledgor=holder,
            pledgee="申城信托有限公司",
            pledAm=(body.regCap or Decimal(0)) * share / 100,
            regDate=on,
        ),
    )


def _freezes(body: EntityFull, share: Decimal, on: date) -> tuple[Freeze, ...]:
    if not share:
        return tuple(one.model_copy(update={"thawDate": one.thawDate or on}) for one in body.freezes)
    holder = body.investors[0].inv if body.investors else body.entName
    return (
        *body.freezes,
        Freeze(
            exeNo=f"({on.year})沪01执保{len(body.freezes) + 1}号",
            inv=holder,
            court="上海市第一中级人民法院",
            froAm=(body.regCap or Decimal(0)) * share / 100,
            froFrom=on,
        ),
    )


def _lists(body: EntityFull, listed: str, on: date) -> tuple[Listed, ...]:
    if not listed:
        return tuple(one.model_copy(update={"remDate": one.remDate or on}) for one in body.lists)
    reason = "未按规定期限公示年度报告" if listed == "ABNORMAL" else "被列入经营异常名录届满三年仍未履行公示义务"
    return (*body.lists, Listed.model_validate({"listType": _LISTS[listed], "reason": reason, "addDate": on}))


def _alterations(body: EntityFull, values: dict[str, object], change: EntityChange, on: date) -> list[Alteration]:
    entered: list[Alteration] = []
    for name, item in _ITEMS.items():
        if name in values and values[name] != getattr(body, name):
            entered.append(
                Alteration(
                    altNo=f"BG{body.uniScId[-6:]}{len(body.alterations) + len(entered) + 1:04}",
                    altItem=item,
                    altBe=_words(getattr(body, name)),
                    altAf=_words(values[name]),
                    altDate=on,
                    decDate=change.decided_on,
                    pubDate=change.published_on,
                )
            )
    return entered


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return "；".join(f"{one.inv} {one.subConProp.normalize():f}%" for one in value)[:600]
    return str(value)[:600]
