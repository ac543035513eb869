"""The city portal (一网通办) before the citizens' pages: it signs a person in and hands the identity over once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from services.ports.answers import Answer
from services.ports.port import Port

#: Returns whether a public key made a signature: (key, text, signature in base64).
Verify = Callable[[str, bytes, str], bool]


@dataclass(frozen=True)
class CitizenIdentity:
    """A person whose name and document the portal verified; `id_type` is a code of the dictionary."""

    name: str
    id_type: str
    id_no: str
    mobile: str = ""


@dataclass(frozen=True)
class Ticket:
    """A ticket of the portal that was read: its number, the sign-in it belongs to, and until when it is good (Unix seconds)."""

    number: str
    state: str
    issued: int
    expires: int


class TicketRefused(Exception):
    """Raised for a ticket that is not the portal's; `reason` is for the audit only."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CitizenPortal(Protocol):
    """The portal's sign-in."""

    def entrance(self, back: str, state: str) -> str:
        """Return the portal's address where a citizen signs in and from where the portal sends the browser `back`."""
        ...

    def read(self, ticket: str, verify: Verify) -> Ticket:
        """Return a ticket signed by the portal, or raise `TicketRefused`; `Unavailable` while its keys are not known."""
        ...

    def redeem(self, ticket: str) -> Answer[CitizenIdentity]:
        """Exchange a ticket for the identity, which works once; MISS for a used or unknown one."""
        ...


CITIZEN_PORTAL: Port[CitizenPortal] = Port("citizen_portal", "一网通办门户")
