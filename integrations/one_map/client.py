"""The client of the sharing platform, which answers in our words."""

from collections.abc import Mapping

from integrations.one_map.contract import PERMIT, CertType, PermitReply
from integrations.wire.client import SystemClient, about, given
from models.normal import normal_number
from services.ports.answers import Answer
from services.ports.permits import SHARING_PLATFORM, Permit

_TYPES: Mapping[str, CertType] = {"land_planning_permit": "YDGHXKZ"}


class OneMapClient(SystemClient):
    """Asks the sharing platform over HTTP."""

    source = SHARING_PLATFORM

    def permit_of(self, kind: str, number: str) -> Answer[Permit]:
        """Return the permit of a kind with this number; an answer about another number is no answer."""
        wanted = normal_number(number)

        def found(said: PermitReply) -> Permit | None:
            if said.total == 0:
                return None
            cert = given(said.cert)
            about(normal_number(cert.permit_no) == wanted)
            values = {name: value for name, value in cert.model_dump().items() if value not in (None, "")}
            return Permit(cert.permit_no, cert.land_user_uscc, values)

        return self._ask(PERMIT, found, certType=_TYPES[kind], certNo=wanted)
