"""The client of the sharing platform, which answers in our words."""

from typing import Any

from integrations.one_map.contract import ENDPOINTS, TYPES, PermitReply
from integrations.wire.client import SystemClient, about, given
from models.normal import normal_number
from services.ports.answers import Answer
from services.ports.permits import SHARING_PLATFORM, Permit


class OneMapClient(SystemClient):
    """Asks the sharing platform over HTTP."""

    source = SHARING_PLATFORM

    def permit_of(self, kind: str, number: str) -> Answer[Permit]:
        """Return the permit of a kind with this number; an answer about another number is no answer."""
        wanted = normal_number(number)

        def found(said: PermitReply[Any]) -> Permit | None:
            if said.total == 0:
                return None
            cert = given(said.cert)
            about(normal_number(cert.permit_no) == wanted)
            return Permit(cert.permit_no, cert.holder, cert.told(), cert.lists(), project_code=cert.registered_under)

        return self._ask(ENDPOINTS[TYPES[kind]], found, certType=TYPES[kind], certNo=wanted)
