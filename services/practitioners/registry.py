"""Questions of the importer about firms and people; None means that no system was asked."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any, Literal, cast

from sqlmodel import col, select

from models.enterprise import RECORDED, Enterprise, ServiceState
from models.practitioner_codes import OPEN_APPLIES, ApplyKind
from models.practitioners import CardApply, InfoCard
from models.sealed import indexes_of
from services.engine.facts import together
from services.engine.work import Work
from services.imports.kinds import Asking
from services.ports.answers import Answer, PersonQuestion, SamePerson
from services.ports.blacklist import BLACKLIST, BlacklistEntry
from services.ports.systems import POLICE
from services.practitioners.doubles import near_colleagues, told_alike
from services.practitioners.orders import PersonData

_POLICE, _LIST = "公安人口库", "行业黑名单"
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
    #: An open application of the importing firm for the person.
    open_no: str = ""
    #: What is said of a colleague of another number who may be the same person.
    alike: str = ""


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
        """Return 在册, another word for why not, or an empty text for a firm that is not there."""
        return self._firms.get(credit_code, "") if self._firms else None

    def store_firm(self, store: str) -> str | None:
        """Return the credit code of the firm a store belongs to, or an empty text for a store that is not there."""
        return self._stores.get(store, "") if self._stores else None

    def about(self, people: Sequence[PersonData]) -> Sequence[Known]:
        """Return what is known of each of at most 200 people."""
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


class FromHouse:
    """Answers of the running system. No transaction may be open; silence of an outside system is an answer (decision 27)."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._firms: dict[str, str] = {}

    def firm_status(self, credit_code: str) -> str | None:
        """Return the firm's recorded status today, read once for a table."""
        if credit_code not in self._firms:
            self._firms[credit_code] = self._asking.look(lambda work: _status(work, credit_code))
        return self._firms[credit_code]

    def store_firm(self, store: str) -> str | None:
        """Return None: stores are not recorded."""
        return None

    def about(self, people: Sequence[PersonData]) -> Sequence[Known]:
        """All three at once; who has a card is read from our own table meanwhile."""
        systems = self._asking.systems
        asked = [PersonQuestion(one.name, one.id_type, one.id_no) for one in people]
        questions: dict[str, tuple[str, Callable[[], Answer[Any]]]] = {
            "same": (_POLICE, lambda: systems.at(POLICE).same_people(asked)),
        }
        if (listed := systems.find(BLACKLIST)) is not None:
            questions["listed"] = (_LIST, lambda: listed.entries_of([one.id_no for one in people]))
        said = together(questions)
        cards: dict[str, str] = self._asking.look(lambda work: _cards(work, people))
        open_ones: dict[str, str] = self._asking.look(lambda work: _open_applies(work, self._asking.firm, people))
        alike: list[str] = self._asking.look(lambda work: _alike(work, self._asking.firm, people))
        known = (
            _known(self._asking, one, cards.get(one.id_no, ""), _two_factor(said["same"], place), said.get("listed"))
            for place, one in enumerate(people)
        )
        return [
            replace(found, open_no=open_ones.get(one.id_no, ""), alike=told)
            for one, found, told in zip(people, known, alike, strict=True)
        ]


def _status(work: Work, credit_code: str) -> str:
    firm = work.first(Enterprise, Enterprise.uscc == credit_code)
    if firm is None:
        return ""
    if firm.record_state not in RECORDED:
        return firm.record_state.label
    return "在册" if firm.service_state is ServiceState.NORMAL else firm.service_state.label


def _cards(work: Work, people: Sequence[PersonData]) -> dict[str, str]:
    """The credit code of the firm under which each of these people holds a live card."""
    numbers = {index: one.id_no for one in people for index in indexes_of(work.sealer, "id_no", one.id_no)}
    rows = work.session.exec(
        select(InfoCard.id_no_index, Enterprise.uscc)
        .join(Enterprise, col(Enterprise.id) == col(InfoCard.enterprise_id))
        .where(col(InfoCard.id_no_index).in_(list(numbers)), InfoCard.live == 1)
    ).all()
    return {numbers[index]: code for index, code in rows if index is not None}


def _open_applies(work: Work, credit_code: str, people: Sequence[PersonData]) -> dict[str, str]:
    """The numbers of a firm's open applications for these people."""
    numbers = {index: one.id_no for one in people for index in indexes_of(work.sealer, "id_no", one.id_no)}
    rows = work.session.exec(
        select(CardApply.id_no_index, CardApply.apply_no)
        .join(Enterprise, col(Enterprise.id) == col(CardApply.enterprise_id))
        .where(
            Enterprise.uscc == credit_code,
            col(CardApply.id_no_index).in_(list(numbers)),
            col(CardApply.state).in_(OPEN_APPLIES),
            CardApply.kind != ApplyKind.CANCEL,
        )
    ).all()
    return {numbers[index]: number for index, number in rows if index is not None}


def _alike(work: Work, credit_code: str, people: Sequence[PersonData]) -> list[str]:
    """Return what is said of a firm's colleagues who may be these people; an empty text where there is none."""
    firm_id = work.first(Enterprise.id, Enterprise.uscc == credit_code)
    if firm_id is None:
        return [""] * len(people)
    return [told_alike(near[0]) if near else "" for near in near_colleagues(work, firm_id, people)]


def _two_factor(said: Answer[Any], place: int) -> TwoFactor:
    if not said.hit or said.value is None:
        return "timeout"
    answer = cast(Sequence[SamePerson | None], said.value)[place]
    return "not_found" if answer is None else "match" if answer.agree else "mismatch"


def _known(asking: Asking, one: PersonData, firm: str, two_factor: TwoFactor, said: Answer[Any] | None) -> Known:
    listed: bool | None = None
    if said is None or said.missed:
        listed = False
    elif said.hit:
        entries = cast(Mapping[str, Sequence[BlacklistEntry]], said.value or {}).get(one.id_no, ())
        listed = any(entry.holds(asking.today) for entry in entries)
    return Known(firm, bool(firm), listed, two_factor)


#: Answers from outside the file.
Registry = FromFiles | FromHouse
