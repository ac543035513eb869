"""The two-factor check of the population register, in our words."""

from collections.abc import Mapping, Sequence

from integrations.police.contract import (
    COMPARE_MANY_PATH,
    COMPARE_PATH,
    Compared,
    CompareManyReply,
    CompareManyRequest,
    CompareReply,
    CompareRequest,
)
from integrations.wire.client import DEFAULT_TIMEOUT, Asked, NoAnswer, Timeout, Wire
from integrations.wire.outbound import Outside
from services.ports.answers import Answer, PersonQuestion, SamePerson, hit, miss

SOURCE = "公安人口库"


class PoliceClient:
    """Asks the population register over HTTP."""

    def __init__(
        self,
        url: str,
        outside: Outside,
        timeout: Timeout = DEFAULT_TIMEOUT,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._wire = Wire(SOURCE, url, outside, timeout, headers=headers)

    def same_person(self, question: PersonQuestion) -> Answer[SamePerson]:
        """Return whether name and number belong together; MISS when the register has no such number."""

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

    def same_people(self, questions: Sequence[PersonQuestion]) -> Answer[tuple[SamePerson | None, ...]]:
        """Check up to 200 people in a single question; a reply of another length counts as none."""

        def understood(said: CompareManyReply, asked: Asked) -> Answer[tuple[SamePerson | None, ...]]:
            asked.check(said.lsh)
            if len(said.hcjg) != len(questions):
                raise NoAnswer("应答与所问不符")
            answers = tuple(None if one == "3" else SamePerson(one == "1") for one in said.hcjg)
            return hit(SOURCE, answers, said.kksj, asked.milliseconds)

        return self._wire.ask(
            COMPARE_MANY_PATH,
            lambda request_id: CompareManyRequest(
                lsh=request_id,
                rymx=[Compared(xm=one.name, zjlxdm=one.id_type, gmsfhm=one.id_no) for one in questions],
            ),
            CompareManyReply,
            understood,
        )

    def close(self) -> None:
        """Give the connections back."""
        self._wire.close()
