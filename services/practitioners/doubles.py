"""Colleagues on record who may be the person about to get a card: shown beside him before the application (issue 19)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, or_

from models.identity import check_document
from models.letters import spellings
from models.practitioners import InfoCard, Practitioner
from models.sealed import Sealed, indexes_of
from services.access.visibility import ENTERPRISE, firm_id_of_caller
from services.engine.doubles import DOUBLE
from services.engine.findings import Finding, Severity
from services.engine.registry import query
from services.engine.work import Work
from services.practitioners.orders import PersonData
from services.practitioners.records import tidy

#: The most records read, the most named, and in how many places numbers of one length may differ by a slip.
_MOST_READ, _MOST_NAMED, _SLIPS = 50, 3, 2


@query("practitioners.doubles", "相近的从业人员", roles=ENTERPRISE, personal=True)
def likely_doubles(work: Work, person: PersonData) -> tuple[Finding, ...]:
    """Return the firm's own holders of another number who share the telephone, or the name with birthday or most of the number."""
    person, firm_id = tidy(person), firm_id_of_caller(work)
    (near,) = near_colleagues(work, firm_id, [person], spellings(person.name))
    return tuple(_beside(person, row, _cards(work, row)) for row in near)


def near_colleagues(
    work: Work, firm_id: UUID, people: Sequence[PersonData], spelt: Sequence[str] = ()
) -> list[list[Practitioner]]:
    """Return for each person the colleagues who may be the same one; `spelt` are further spellings of their names."""
    wanted: dict[str, list[PersonData]] = defaultdict(list)
    for person in people:
        keys = [("name", name) for name in {person.name, *spelt}] + [("phone", person.mobile)] * bool(person.mobile)
        for index in {index for domain, text in keys for index in indexes_of(work.sealer, domain, text)}:
            wanted[index].append(person)
    rows = work.rows(
        work.visible(Practitioner),
        Practitioner.enterprise_id == firm_id,
        col(Practitioner.left_on).is_(None),
        or_(col(Practitioner.name_index).in_(wanted), col(Practitioner.mobile_index).in_(wanted)),
        by=Practitioner.id,
        most=_MOST_READ * len(people),
    )
    found: dict[str, list[Practitioner]] = defaultdict(list)
    for row in rows:
        about = {one.id_no: one for index in (row.name_index, row.mobile_index) for one in wanted.get(index or "", ())}
        for number, person in about.items():
            if number != row.id_no.plain and _may_be(work, row, person):
                found[number].append(row)
    return [found[person.id_no][:_MOST_NAMED] for person in people]


def told_alike(row: Practitioner) -> str:
    """Return the sentence about a colleague who may be the same person."""
    return f"与本企业在册的{row.name.masked()}相近，请核对是否同一人"


def _may_be(work: Work, row: Practitioner, person: PersonData) -> bool:
    if row.mobile is not None and person.mobile and row.mobile.plain == person.mobile:
        return True
    known, given = row.id_no.plain, person.id_no
    born = [
        check_document(kind, number, today=work.today).birthday
        for kind, number in ((person.id_type, given), (row.id_type, known))
    ]
    slips = sum(one != other for one, other in zip(known, given, strict=False))
    return (born[0] is not None and born[0] == born[1]) or (len(known) == len(given) and slips <= _SLIPS)


def _cards(work: Work, row: Practitioner) -> str:
    cards: Sequence[Any] = work.rows(InfoCard, InfoCard.practitioner_id == row.id, InfoCard.live == 1)
    return "、".join(f"{card.card_no}（{card.state.label}）" for card in cards)


def _beside(person: PersonData, row: Practitioner, cards: str) -> Finding:
    lines = [
        ("信息卡", "（本次申请）", cards),
        ("姓名", *_two(person.name, row.name)),
        ("证件号码", *_two(person.id_no, row.id_no)),
        ("手机号", *_two(person.mobile, row.mobile)),
        ("岗位", person.post, row.post),
        ("门店", person.store, row.store),
        ("入职日期", *(day.isoformat() if day else "" for day in (person.hired_on, row.hired_on))),
    ]
    return Finding(DOUBLE, told_alike(row), "id_no", Severity.WARN, evidence={"alike": [list(line) for line in lines]})


def _two(given: str, known: Sealed | None) -> tuple[str, str]:
    """Return a value beside the recorded one, which is masked; equal ones look equal."""
    if known is None:
        return given, ""
    return (known.masked() if given == known.plain else given), known.masked()
