"""The public state of a unit, folded from its events: contracts decide, not the order in which they arrive (market 2.13)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from models.sales import SaleAct, SaleEvent, SaleState

_SOLD = {SaleAct.SIGN, SaleAct.REGISTER}


@dataclass(frozen=True)
class Folded:
    """A unit as its events leave it."""

    state: SaleState = SaleState.NOT_LISTED
    suspended: bool = False
    listed_on: date | None = None
    opened_on: date | None = None
    contract_no: str = ""
    signed_on: date | None = None
    amount: Decimal | None = None
    events: int = 0


def fold(events: Iterable[SaleEvent], voided: Collection[UUID] = ()) -> Folded:
    """Return the state that events leave a unit in; a listing or an opening under a `voided` basis does not count."""
    contracts: dict[str, dict[SaleAct, SaleEvent]] = defaultdict(dict)
    listed = opened = None
    suspended, count = False, 0
    for one in sorted(events, key=lambda event: (event.happened_on, event.recorded_at, event.event_no)):
        count += 1
        if one.act in (SaleAct.SUSPEND, SaleAct.RESUME):
            suspended = one.act is SaleAct.SUSPEND
        elif one.act in (SaleAct.LIST, SaleAct.OPEN):
            if one.ref_id in voided:
                continue
            if one.act is SaleAct.LIST:
                listed = listed or one.happened_on
            else:
                opened = opened or one.happened_on
        elif one.contract_no:
            contracts[one.contract_no].setdefault(one.act, one)
    live = {number: acts for number, acts in contracts.items() if SaleAct.CANCEL not in acts}
    sold = {number: acts for number, acts in live.items() if _SOLD & acts.keys()}
    number, acts = next(iter((sold or live).items()), ("", {}))
    signed = acts.get(SaleAct.SIGN)
    if sold:
        state = SaleState.REGISTERED if SaleAct.REGISTER in acts else SaleState.SIGNED
    elif live:
        state = SaleState.EARNEST
    else:
        state = SaleState.AVAILABLE if opened is not None else SaleState.NOT_LISTED
    return Folded(
        state,
        suspended,
        listed,
        opened,
        number,
        signed.happened_on if signed is not None else None,
        signed.amount if signed is not None else None,
        count,
    )
