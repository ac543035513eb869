"""The portal's sign-in as we use it: its entrance, its signed tickets, and the identity they stand for."""

from urllib.parse import urlencode

from pydantic import ValidationError

from integrations.citizen_portal.contract import (
    AUDIENCE,
    KEYS,
    LONGEST_SECONDS,
    REDEEM,
    SIGN_IN,
    RedeemReply,
    TicketContent,
)
from integrations.wire.client import SystemClient, about
from integrations.wire.signed_text import signed_text, stated
from services.engine.refusals import Unavailable
from services.ports.answers import Answer
from services.ports.citizens import CitizenIdentity, Ticket, TicketRefused, Verify

#: Levels at which the portal compared document and person.
_VERIFIED = frozenset({"L2", "L3"})


class CitizenPortalClient(SystemClient):
    """Sends browsers to the portal and asks it who came back."""

    source = "一网通办门户"
    _keys: tuple[str, ...] = ()

    def entrance(self, back: str, state: str) -> str:
        """Return where the browser signs in."""
        query = urlencode({"client": AUDIENCE, "redirect_uri": back, "state": state})
        return f"{self._url}{SIGN_IN}?{query}"

    def read(self, ticket: str, verify: Verify) -> Ticket:
        """Return a ticket that a key of the portal signed; its keys are asked for again where none of the known did."""
        try:
            text, signature = signed_text(ticket)
            said = TicketContent.model_validate(stated(ticket))
        except (ValueError, ValidationError, RecursionError):
            raise TicketRefused("TICKET_FORM") from None
        if not 0 < said.exp - said.iat <= LONGEST_SECONDS:
            raise TicketRefused("TICKET_FORM")
        if not any(verify(key, text, signature) for key in self._keys):
            try:
                self._keys = self._hand_over(KEYS, f"keys-{said.jti[:40]}", "查询", {}).keys
            except Unavailable:
                raise Unavailable("一网通办暂时没有应答，请稍后重新登录") from None
            if not any(verify(key, text, signature) for key in self._keys):
                raise TicketRefused("TICKET_SIGNATURE")
        return Ticket(said.jti, said.state, said.iat, said.exp)

    def redeem(self, ticket: str) -> Answer[CitizenIdentity]:
        """Exchange a ticket for the person; persons not compared with their document are no answer."""
        number = TicketContent.model_validate(stated(ticket)).jti

        def found(said: RedeemReply) -> CitizenIdentity | None:
            about(said.ticket_id == number)
            if said.result != "OK" or said.real_name_level not in _VERIFIED:
                return None
            about(bool(said.user_name and said.cert_no))
            return CitizenIdentity(said.user_name, said.cert_type or "11", said.cert_no, said.phone)

        return self._ask(REDEEM, found, ticket=ticket)
