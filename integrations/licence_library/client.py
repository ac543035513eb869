"""The electronic licence library: what it holds for a person, and the filing notices handed over to it."""

from integrations.licence_library.contract import DEPOSIT, HELD, REVOKE, HeldReply
from integrations.wire.client import SystemClient, about
from services.ports.answers import Answer, HeldLicences, LicencePush, PushReceipt

_REFUSED = {
    404: "电子证照库尚未收到该证照，暂不能撤销，稍后将重新推送",
    409: "电子证照库已有同一编号而内容不同的证照，请核对后处理",
}


class LicenceLibraryClient(SystemClient):
    """Asks the licence library over HTTP and hands licences over."""

    source = "电子证照库"

    def held_for(self, id_no: str) -> Answer[HeldLicences]:
        """The materials held for a person; MISS when there are none. Another person's are never passed on."""

        def found(said: HeldReply) -> HeldLicences | None:
            about(said.holder_code.upper() == id_no.strip().upper())
            return HeldLicences(id_no, frozenset(said.licence_types)) if said.licence_types else None

        return self._ask(HELD, found, holder_code=id_no.strip())

    def push(self, licence: LicencePush, request_id: str) -> PushReceipt:
        """Hand over a licence, or its revocation; raises `Unavailable` when it is not taken. Repeats change nothing."""
        same = {"licence_code": licence.licence_no, "file_digest": licence.digest}
        if licence.revoked:
            return PushReceipt(self._hand_over(REVOKE, request_id, "推送", _REFUSED, **same).receipt_code)
        said = self._hand_over(
            DEPOSIT,
            request_id,
            "推送",
            _REFUSED,
            **same,
            licence_type=licence.kind,
            licence_title=licence.title,
            holder_codes=list(licence.holder_ids),
            issue_date=licence.issued_on.strftime("%Y%m%d"),
        )
        return PushReceipt(said.receipt_code)
