"""Answers of the civil affairs records about the parties of a review: marriage, household, and guardians of minors (row 12)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from models.forced_review import ForcedReview
from models.masking import mask
from models.tenancy import LeaseContract
from models.tenancy_codes import PartyKind
from services.engine.door import Gathering
from services.engine.facts import together
from services.engine.registry import query
from services.engine.work import Work
from services.forced_review.decisions import REVIEWERS
from services.ports.answers import Answer
from services.ports.civil_affairs import CIVIL_RECORDS, Guardian, Household, Marriage
from services.ports.systems import Systems
from services.tenancy.contracts import confirmed_form
from services.tenancy.lease_form import PartyForm
from services.tenancy.predicates import is_minor

_STATES = {"SINGLE": "未婚", "MARRIED": "已婚", "WIDOWED": "丧偶", "DIVORCED": "离婚"}
_SOURCE = "民政信息"


@dataclass(frozen=True)
class CivilFact:
    """A record about a party; persons masked."""

    person: str
    what: str
    said: str
    answered: str


@dataclass(frozen=True)
class _Asked:
    person: str
    what: str
    answer: Answer[Any]


def _gather(gathering: Gathering, review_id: UUID) -> list[_Asked]:
    parties = gathering.look(lambda work: _people(work, review_id))
    records = gathering.systems.find(CIVIL_RECORDS)
    if records is None:
        return []
    return _ask(gathering.systems, parties)


def _people(work: Work, review_id: UUID) -> list[tuple[PartyForm, bool]]:
    """The persons who made the lease, and whether they are minors today."""
    contract = work.session.get_one(LeaseContract, work.get(ForcedReview, review_id).contract_id)
    form = confirmed_form(work, contract)
    persons = [one for one in (*form.lessors, *form.lessees) if one.kind is PartyKind.PERSON and one.id_no]
    return [(one, is_minor(one.id_no, work.today)) for one in persons]


def _ask(systems: Systems, parties: list[tuple[PartyForm, bool]]) -> list[_Asked]:
    records = systems.at(CIVIL_RECORDS)
    questions: dict[str, tuple[str, Callable[[], Answer[Any]]]] = {}
    told: dict[str, tuple[str, str]] = {}
    for place, (one, minor) in enumerate(parties):
        name = f"{mask('name', one.name)} {mask('id', one.id_no)}"
        kinds: dict[str, Callable[[str], Answer[Any]]] = {"婚姻": records.marriage_of, "户籍": records.household_of}
        if minor or one.limited_capacity:
            kinds["监护"] = records.guardians_of
        for what, ask in kinds.items():
            questions[f"{place}:{what}"] = (_SOURCE, partial(ask, one.id_no))
            told[f"{place}:{what}"] = (name, what)
    answers = together(questions)
    return [_Asked(*told[key], answer) for key, answer in answers.items()]


@query("forced_review.civil_facts", "查询民政信息", roles=REVIEWERS, personal=True, gather=_gather)
def civil_facts(work: Work, review_id: UUID, asked: list[_Asked]) -> list[CivilFact]:
    """Return what the civil affairs records say of the parties; none in an installation that cannot ask them."""
    work.get(ForcedReview, review_id)
    return [CivilFact(one.person, one.what, _words(one.answer), one.answer.state.label) for one in asked]


def _words(answer: Answer[Any]) -> str:
    match answer.value:
        case Marriage() as entry:
            spouse = (
                f"，配偶{mask('name', entry.spouse_name)} {mask('id', entry.spouse_id_no)}"
                if entry.spouse_id_no
                else ""
            )
            since = f"（{entry.since}登记）" if entry.since else ""
            return f"{_STATES.get(entry.state, entry.state)}{since}{spouse}"
        case Household() as entry:
            members = "、".join(f"{one.relation}{mask('name', one.name)}" for one in entry.members)
            return f"户内{len(entry.members)}人：{members}"
        case tuple() as entries:
            return "、".join(_guardian(one) for one in entries)
    return "没有记载" if answer.missed else answer.note or "没有应答"


def _guardian(one: Guardian) -> str:
    return f"{mask('name', one.name)} {mask('id', one.id_no)}（{one.relation}）"
