"""Questions of the importer about firms and people; None means that no system was asked."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Literal, Protocol

from services.ports.answers import PersonQuestion

TwoFactor = Literal["match", "mismatch", "not_found", "timeout", "unasked"]


@dataclass(frozen=True, slots=True)
class Known:
    """Facts known of a person: the credit code of the firm where they are in force, and the answers of other systems.

    `has_card` says that they hold a live card; `blacklisted` is None where the list did not answer.
    """

    firm: str = ""
    has_card: bool = False
    blacklisted: bool | None = False
    two_factor: TwoFactor = "match"


class Registry(Protocol):
    """Answers from outside the file."""

    def firm_status(self, credit_code: str) -> str | None:
        """在册, another word for why not, empty for a firm that is not there."""
        ...

    def store_firm(self, store: str) -> str | None:
        """The credit code of the firm a store belongs to, empty for a store that is not there."""
        ...

    def about(self, people: Sequence[PersonQuestion]) -> Sequence[Known]:
        """Return what is known of each of at most 200 people."""
        ...


class FromFiles:
    """Answers from lists: firms and stores as CSV bytes (empty: not asked), the others empty if not given.

    `people` maps numbers to the credit code of the firm where the person is in force.
    """

    def __init__(
        self,
        firms: bytes = b"",
        stores: bytes = b"",
        blacklist: bytes = b"",
        answers: bytes = b"",
        people: Mapping[str, str] | None = None,
    ) -> None:
        self._firms = {row["uscc"]: row["status"] for row in _rows(firms)}
        self._stores = {row["store"]: row["uscc"] for row in _rows(stores)}
        self._black = {row["id_number"] for row in _rows(blacklist)}
        self._answers = {row["id_number"]: row["result"] for row in _rows(answers)}
        self._people = people or {}

    def firm_status(self, credit_code: str) -> str | None:
        return self._firms.get(credit_code, "") if self._firms else None

    def store_firm(self, store: str) -> str | None:
        return self._stores.get(store, "") if self._stores else None

    def about(self, people: Sequence[PersonQuestion]) -> Sequence[Known]:
        return [
            Known(
                self._people.get(one.id_no, ""),
                blacklisted=one.id_no in self._black,
                two_factor=_answer(self._answers.get(one.id_no, "match")),
            )
            for one in people
        ]


def _answer(word: str) -> TwoFactor:
    return word if word in ("match", "mismatch", "not_found", "timeout") else "timeout"  # type: ignore[return-value]


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))
