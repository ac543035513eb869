"""The present state of a card: the more restrictive of its own state and its firm's (rows 38, 48; K05).

A firm's record may end or its service be suspended at any time. The cards' own rows follow within minutes; enquiries in
between are answered from both.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.enterprise import RECORDED, Enterprise, RecordState, ServiceState
from models.practitioner_codes import CardState
from models.practitioners import InfoCard

_PUBLIC = (CardState.ACTIVE, CardState.SUSPENDED)


def stands_now(state: CardState, record: RecordState, service: ServiceState) -> CardState:
    """A card's state with what its firm has become; a card that is not in force yet, or no more, stays what it is."""
    if state in _PUBLIC and record is RecordState.CANCELLED:
        return CardState.CANCELLED
    if state is CardState.ACTIVE and (record not in RECORDED or service is not ServiceState.NORMAL):
        return CardState.SUSPENDED
    return state


def card_stands(card: InfoCard, firm: Enterprise) -> CardState:
    return stands_now(card.state, firm.record_state, firm.service_state)


def in_force() -> Any:
    """Of `info_card` joined with its `enterprise`, the cards that are in force now."""
    return sa.and_(col(InfoCard.state) == CardState.ACTIVE, firm_in_force())


def firm_in_force() -> Any:
    """The firms whose cards may be in force."""
    return sa.and_(
        col(Enterprise.record_state).in_(sorted(RECORDED)), col(Enterprise.service_state) == ServiceState.NORMAL
    )


def told_now(public: Mapping[str, Any], now: CardState, record: RecordState) -> dict[str, Any]:
    """Return the public data of a card (`public_entries.FIELDS`) with its present state instead of the published one.

    The time of the change is unknown until the card's own row has followed.
    """
    told = dict(public)
    if told.get("record_state"):
        told["record_state"] = record.label
    if "state" in told and told["state"] != now.label:
        told |= {"state": now.label, "since": ""}
    return told
