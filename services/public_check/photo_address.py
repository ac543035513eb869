"""The address of a card's photo: signed, good for two minutes, and without anything personal in it (row 48)."""

from datetime import datetime
from uuid import UUID

from models.sealing import Sealer

SECONDS = 120


def photo_address(sealer: Sealer, card_id: UUID, at: datetime) -> str:
    """Return what follows `/c/photo/` from `at` (system time) on for two minutes."""
    told = f"{card_id.hex}.{int(at.timestamp()) + SECONDS}"
    return f"{told}.{sealer.mac(_message(told))}"


def card_of_address(sealer: Sealer, address: str, at: datetime) -> UUID | None:
    """The card such an address belongs to; None for one we did not make or whose time is over."""
    card, _, rest = address.partition(".")
    until, _, mac = rest.partition(".")
    if not address.isascii() or len(card) != 32 or not until.isdecimal() or len(until) > 12:
        return None
    if not sealer.check_mac(_message(f"{card}.{until}"), mac) or int(until) < at.timestamp():
        return None
    return UUID(hex=card)


def _message(told: str) -> bytes:
    # Another head than that of a row's message, so that neither passes for the other.
    return b"photo\0" + told.encode()
