"""The client of the sharing platform, which answers in our words."""

from collections.abc import Mapping

from integrations.one_map.contract import PERMIT_PATH, CertType, LandPermit, PermitReply, PermitRequest
from integrations.wire.client import DEFAULT_TIMEOUT, Asked, NoAnswer, Timeout, Wire
from integrations.wire.outbound import Outside
from models.normal import normal_number
from services.ports.answers import Answer, hit, miss
from services.ports.permits import SHARING_PLATFORM, Permit

_TYPES: Mapping[str, CertType] = {"land_planning_permit": "YDGHXKZ"}
#: Our fields and theirs.
_FIELDS: Mapping[str, str] = {
    "permit_no": "zsbh",
    "serial_no": "zslsh",
    "supervision_no": "dzjgh",
    "project_name": "xmmc",
    "land_user": "yddw",
    "land_user_uscc": "yddwdm",
    "approving_organ": "pzydjg",
    "approval_doc_no": "pzydwh",
    "location": "ydwz",
    "land_use": "tdyt",
    "acquire_mode": "tdqdfs",
    "land_area_text": "ydmj",
    "land_area_total": "zydmj",
    "land_area_net": "jydmj",
    "scale_text": "jsgm",
    "contract_no": "hth",
    "site_opinion_no": "ysxzh",
    "issuer": "fzjg",
    "issued_on": "fzrq",
}


class OneMapClient:
    """Asks the sharing platform over HTTP."""

    def __init__(
        self,
        url: str,
        outside: Outside,
        timeout: Timeout = DEFAULT_TIMEOUT,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._wire = Wire(SHARING_PLATFORM, url, outside, timeout, headers=headers)

    def permit_of(self, kind: str, number: str) -> Answer[Permit]:
        """Return the permit of a kind with this number; an answer about another number is no answer."""
        wanted = normal_number(number)

        def understood(said: PermitReply, asked: Asked) -> Answer[Permit]:
            asked.check(said.reqId)
            if said.total == 0:
                return miss(SHARING_PLATFORM, said.dataTime, asked.milliseconds)
            if said.cert is None:
                raise NoAnswer("应答缺少内容")
            if normal_number(said.cert.zsbh) != wanted:
                raise NoAnswer("应答与所问不符")
            return hit(SHARING_PLATFORM, _permit(said.cert), said.dataTime, asked.milliseconds)

        return self._wire.ask(
            PERMIT_PATH,
            lambda request_id: PermitRequest(reqId=request_id, certType=_TYPES[kind], certNo=wanted),
            PermitReply,
            understood,
        )

    def close(self) -> None:
        """Give the connections back."""
        self._wire.close()


def _permit(cert: LandPermit) -> Permit:
    values = {ours: getattr(cert, theirs) for ours, theirs in _FIELDS.items()}
    return Permit(cert.zsbh, cert.yddwdm, {name: value for name, value in values.items() if value not in (None, "")})
