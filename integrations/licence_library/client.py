"""The electronic licence library: what it holds for a person, and the filing notices handed over to it."""

from collections.abc import Mapping

from integrations.licence_library.contract import (
    HELD_PATH,
    PUSH_PATH,
    REVOKE_PATH,
    Deposit,
    DepositReply,
    HeldReply,
    HeldRequest,
    Revocation,
)
from integrations.wire.client import DEFAULT_TIMEOUT, Asked, NoAnswer, Timeout, Wire
from integrations.wire.outbound import Outside
from services.engine.refusals import Unavailable
from services.ports.answers import Answer, HeldLicences, LicencePush, PushReceipt, hit, miss

SOURCE = "电子证照库"


class LicenceLibraryClient:
    """Asks the licence library over HTTP and hands licences over."""

    def __init__(
        self,
        url: str,
        outside: Outside,
        timeout: Timeout = DEFAULT_TIMEOUT,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._wire = Wire(SOURCE, url, outside, timeout, headers=headers)

    def held_for(self, id_no: str) -> Answer[HeldLicences]:
        """The materials held for a person; MISS when there are none. Another person's are never passed on."""

        def understood(said: HeldReply, asked: Asked) -> Answer[HeldLicences]:
            asked.check(said.biz_id)
            if said.holder_code.upper() != id_no.strip().upper():
                raise NoAnswer("应答与所问不符")
            if not said.licence_types:
                return miss(SOURCE, said.sync_time, asked.milliseconds)
            return hit(SOURCE, HeldLicences(id_no, frozenset(said.licence_types)), said.sync_time, asked.milliseconds)

        return self._wire.ask(
            HELD_PATH,
            lambda request_id: HeldRequest(biz_id=request_id, holder_code=id_no.strip()),
            HeldReply,
            understood,
        )

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

    def close(self) -> None:
        """Give the connections back."""
        self._wire.close()


def _sentence(problem: NoAnswer) -> str:
    if problem.status == 409:
        return "电子证照库已有同一编号而内容不同的证照，请核对后处理"
    if problem.status == 404:
        return "电子证照库尚未收到该证照，暂不能撤销，稍后将重新推送"
    return f"电子证照库未接收（{problem.note}），稍后将重新推送"
