"""The two-factor check of the population register, in our words."""

from collections.abc import Mapping

from integrations.police.contract import COMPARE_PATH, CompareReply, CompareRequest
from integrations.wire.client import DEFAULT_TIMEOUT, Asked, Timeout, Wire
from services.engine.facts import Answer, hit, miss
from services.ports.answers import PersonQuestion, SamePerson

SOURCE = "公安人口库"


class PoliceClient:
    """Asks the population register over HTTP."""

    def __init__(
        self, url: str, timeout: Timeout = DEFAULT_TIMEOUT, *, headers: Mapping[str, str] | None = None
    ) -> None:
        self._wire = Wire(SOURCE, url, timeout, headers=headers)

    def same_person(self, question: PersonQuestion) -> Answer[SamePerson]:
        """Whether name and number belong together; MISS when the register has no such number."""

        def understood(said: CompareReply, asked: Asked) -> Answer[SamePerson]:
            asked.check(said.lsh)
            if said.hcjg == "3":
                return miss(SOURCE, said.kksj, asked.milliseconds)
            return hit(SOURCE, SamePerson(said.hcjg == "1"), said.kksj, asked.milliseconds)

        return self._wire.ask(
            COMPARE_PATH,
            lambda request_id: CompareRequest(
                lsh=request_id, xm=question.name, zjlxdm=question.id_type, gmsfhm=question.id_no
            ),
            CompareReply,
            understood,
        )

    def close(self) -> None:
        """Give the connections back."""
        self._wire.close()
