"""Lookups of the importer in the running product: firms and cards from our own tables, the rest from outside
systems.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlmodel import col, select

from models.enterprise import RECORDED, Enterprise, ServiceState
from models.practitioners import InfoCard
from models.sealed import indexes_of
from services.engine.facts import together
from services.engine.work import Work
from services.imports.kinds import Asking
from services.ports.answers import Answer, PersonQuestion, SamePerson
from services.ports.blacklist import BLACKLIST, BlacklistEntry
from services.ports.systems import POLICE
from services.practitioners.registry import Known, TwoFactor

_POLICE, _LIST = "公安人口库", "行业黑名单"


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

    def about(self, people: Sequence[PersonQuestion]) -> Sequence[Known]:
        """All three at once; who has a card is read from our own table meanwhile."""
        systems = self._asking.systems
        questions: dict[str, tuple[str, Callable[[], Answer[Any]]]] = {
            "same": (_POLICE, lambda: systems.at(POLICE).same_people(people)),
        }
        if (listed := systems.find(BLACKLIST)) is not None:
            questions["listed"] = (_LIST, lambda: listed.entries_of([one.id_no for one in people]))
        said = together(questions)
        cards: dict[str, str] = self._asking.look(lambda work: _cards(work, people))
        return [
            _known(self._asking, one, cards.get(one.id_no, ""), _two_factor(said["same"], place), said.get("listed"))
            for place, one in enumerate(people)
        ]


def _status(work: Work, credit_code: str) -> str:
    firm = work.session.exec(select(Enterprise).where(Enterprise.uscc == credit_code)).first()
    if firm is None:
        return ""
    if firm.record_state not in RECORDED:
        return firm.record_state.label
    return "在册" if firm.service_state is ServiceState.NORMAL else firm.service_state.label


def _cards(work: Work, people: Sequence[PersonQuestion]) -> dict[str, str]:
    """The credit code of the firm under which each of these people holds a live card."""
    numbers = {index: one.id_no for one in people for index in indexes_of(work.sealer, "id_no", one.id_no)}
    rows = work.session.exec(
        select(InfoCard.id_no_index, Enterprise.uscc)
        .join(Enterprise, col(Enterprise.id) == col(InfoCard.enterprise_id))
        .where(col(InfoCard.id_no_index).in_(list(numbers)), InfoCard.live == 1)
    ).all()
    return {numbers[index]: code for index, code in rows if index is not None}


def _two_factor(said: Answer[Any], place: int) -> TwoFactor:
    if not said.hit or said.value is None:
        return "timeout"
    answer = cast(Sequence[SamePerson | None], said.value)[place]
    return "not_found" if answer is None else "match" if answer.agree else "mismatch"


def _known(asking: Asking, one: PersonQuestion, firm: str, two_factor: TwoFactor, said: Answer[Any] | None) -> Known:
    listed: bool | None = None
    if said is None or said.missed:
        listed = False
    elif said.hit:
        entries = cast(Mapping[str, Sequence[BlacklistEntry]], said.value or {}).get(one.id_no, ())
        listed = any(entry.holds(asking.today) for entry in entries)
    return Known(firm, bool(firm), listed, two_factor)
