"""The association's blacklist, asked over HTTP for up to 200 numbers at once, in our words (row 44)."""

from collections.abc import Mapping, Sequence

from integrations.broker_association.blacklist_contract import LIST_PATH, ListReply, ListRequest
from integrations.wire.client import DEFAULT_TIMEOUT, Asked, Timeout, Wire
from integrations.wire.outbound import Outside
from models.normal import normal_id_no
from services.ports.answers import Answer, hit
from services.ports.blacklist import BlacklistEntry

SOURCE = "行业黑名单"


class BlacklistClient:
    """Asks the association's list."""

    def __init__(
        self,
        url: str,
        outside: Outside,
        timeout: Timeout = DEFAULT_TIMEOUT,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._wire = Wire(SOURCE, url, outside, timeout, headers=headers)

    def entries_of(self, numbers: Sequence[str]) -> Answer[Mapping[str, tuple[BlacklistEntry, ...]]]:
        """Return the entries by requested number; an answer about another person counts as none."""
        asked_as = {normal_id_no(number): number for number in numbers}

        def understood(said: ListReply, asked: Asked) -> Answer[Mapping[str, tuple[BlacklistEntry, ...]]]:
            asked.check(said.qqbh)
            found: dict[str, tuple[BlacklistEntry, ...]] = {}
            for one in said.jl:
                number = asked_as.get(normal_id_no(one.zjhm))
                if number is None:
                    raise ValueError("an entry about a number that was not asked")
                found[number] = (*found.get(number, ()), BlacklistEntry(one.lb, one.qsrq, one.zzrq))
            return hit(SOURCE, found, said.sjsj, asked.milliseconds)

        return self._wire.ask(
            LIST_PATH,
            lambda request_id: ListRequest(qqbh=request_id, zjhm=list(asked_as)),
            ListReply,
            understood,
        )

    def close(self) -> None:
        """Give the connections back."""
        self._wire.close()
