"""The two-factor check of the population register, in our words."""

from collections.abc import Sequence
from typing import Any

from integrations.police.contract import COMPARE, COMPARE_MANY, CompareManyReply, Hcjg
from integrations.wire.client import SystemClient, about
from services.ports.answers import Answer, PersonQuestion, SamePerson


class PoliceClient(SystemClient):
    """Asks the population register over HTTP."""

    source = "公安人口库"

    def same_person(self, question: PersonQuestion) -> Answer[SamePerson]:
        """Return whether name and number belong together; MISS when the register has no such number."""
        return self._ask(COMPARE, lambda said: _same(said.hcjg), **_fields(question))

    def same_people(self, questions: Sequence[PersonQuestion]) -> Answer[tuple[SamePerson | None, ...]]:
        """Check up to 200 people in a single question; a reply of another length counts as none."""

        def found(said: CompareManyReply) -> tuple[SamePerson | None, ...]:
            about(len(said.hcjg) == len(questions))
            return tuple(_same(one) for one in said.hcjg)

        return self._ask(COMPARE_MANY, found, rymx=[_fields(one) for one in questions])


def _fields(question: PersonQuestion) -> dict[str, Any]:
    return {"xm": question.name, "zjlxdm": question.id_type, "gmsfhm": question.id_no}


def _same(result: Hcjg) -> SamePerson | None:
    return None if result == "3" else SamePerson(result == "1")
