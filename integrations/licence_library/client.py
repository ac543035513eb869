"""The electronic licence library: what it holds for a person, and the filing notices handed over to it."""

from integrations.licence_library.contract import (
    HELD,
    PUSH_PATH,
    REVOKE_PATH,
    Deposit,
    DepositReply,
    HeldReply,
    HeldRequest,
    Revocation,
)
from integrations.wire.posting import NoAnswer
from integrations.wire.system_client import SystemClient, about
from services.engine.refusals import Unavailable
from services.ports.answers import Answer, HeldLicences, LicencePush, PushReceipt


class LicenceLibraryClient(SystemClient):
    """Asks the licence library over HTTP and hands licences over."""

    source = "电子证照库"

    def held_for(self, id_no: str) -> Answer[HeldLicences]:
        """The materials held for a person; MISS when there are none. Another person's are never passed on."""

        def found(said: HeldReply) -> HeldLicences | None:
            about(said.holder_code.upper() == id_no.strip().upper())
            return HeldLicences(id_no, frozenset(said.licence_types)) if said.licence_types else None

        return self._ask(HELD, lambda number: HeldRequest(biz_id=number, holder_code=id_no.strip()), found)

    def push(self, licence: LicencePush, request_id: str) -> PushReceipt:
        """Hand over a licence, or its revocation; raises `Unavailable` when it is not taken. Repeats change nothing."""

        def deposit() -> Deposit:
            return Deposit(
                biz_id=request_id,
                licence_code=licence.licence_no,
                licence_type=licence.kind,
                licence_title=licence.title,
                holder_codes=list(licence.holder_ids),
                file_digest=licence.digest,
                issue_date=licence.issued_on.strftime("%Y%m%d"),
            )

        def revocation() -> Revocation:
            return Revocation(biz_id=request_id, licence_code=licence.licence_no, file_digest=licence.digest)

        try:
            if licence.revoked:
                said = self._wire.post(REVOKE_PATH, revocation, DepositReply, request_id)
            else:
                said = self._wire.post(PUSH_PATH, deposit, DepositReply, request_id)
        except NoAnswer as problem:
            raise Unavailable(_sentence(problem)) from None
        if said.biz_id != request_id:
            raise Unavailable("电子证照库的回执与所推送的证照不符，稍后将重新推送")
        return PushReceipt(said.receipt_code)


def _sentence(problem: NoAnswer) -> str:
    if problem.status == 409:
        return "电子证照库已有同一编号而内容不同的证照，请核对后处理"
    if problem.status == 404:
        return "电子证照库尚未收到该证照，暂不能撤销，稍后将重新推送"
    return f"电子证照库未接收（{problem.note}），稍后将重新推送"
