"""The association's blacklist, asked over HTTP for up to 200 numbers at once, in our words (row 44)."""

from collections.abc import Mapping, Sequence

from integrations.broker_association.blacklist_contract import LISTED, ListReply
from integrations.wire.client import SystemClient, about
from models.normal import normal_id_no
from services.ports.answers import Answer
from services.ports.blacklist import BlacklistEntry


class BlacklistClient(SystemClient):
    """Asks the association's list."""

    source = "行业黑名单"

    def entries_of(self, numbers: Sequence[str]) -> Answer[Mapping[str, tuple[BlacklistEntry, ...]]]:
        """Return the entries by requested number; an answer about another person counts as none."""
        asked_as = {normal_id_no(number): number for number in numbers}

        def found(said: ListReply) -> Mapping[str, tuple[BlacklistEntry, ...]]:
            entries: dict[str, tuple[BlacklistEntry, ...]] = {}
            for one in said.jl:
                number = asked_as.get(normal_id_no(one.zjhm), "")
                about(number != "")
                entries[number] = (*entries.get(number, ()), BlacklistEntry(one.lb, one.qsrq, one.zzrq))
            return entries

        return self._ask(LISTED, found, zjhm=list(asked_as))
