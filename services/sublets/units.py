"""Register units, end them, join documents of one person, and note that a person became a firm (row 49)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.house import House, HouseRestriction, HouseRoom
from models.identity import check_document, check_mobile
from models.sealed import Sealed, indexes_of
from models.sublets import UNIT as MACHINE
from models.sublets import WHOLE, SubletPerson, SubletUnit, UnitEnding, UnitState
from services.access.visibility import CLERKS
from services.engine.findings import Finding, Severity, judge
from services.engine.numbering import number_later
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.registry import Step, action
from services.engine.steps import take_step
from services.engine.work import Work
from services.sublets.alerts import recount
from services.sublets.rules import RULES, UnitFacts
from services.sublets.sublet_count import documents_of, others_on, person_by_number

#: Offices register for the person at the counter.
OFFICES = set(CLERKS)


@dataclass(frozen=True)
class Sublessor:
    """The person who lets on, as the document says."""

    name: str
    id_no: str
    id_type: str = "11"
    mobile: str = ""
    #: The main district; that of the first unit where it is not given.
    district_code: str = ""


@dataclass(frozen=True)
class RegisterUnit:
    """A flat or rooms of it, with the head lease. `part` is empty for the whole flat, or room numbers joined by `+`."""

    person: Sublessor
    #: The code of the house, or the number of its certificate where that names one house.
    house_code: str
    head_from: date
    head_to: date
    part: str = ""
    #: The digest of a scan, or the number of a paper sheet.
    consent: str = ""


@dataclass(frozen=True)
class Registered:
    """The registration; an `intercepted` one does not count until it is verified."""

    register_no: str
    person_id: UUID
    intercepted: bool
    units: int


@action("sublets.register", "登记个人转租", roles=OFFICES | {Role.SYSTEM}, event="DATA.CREATE")
def register_unit(work: Work, order: RegisterUnit) -> Registered:
    """Register the parts of a house that a person lets on; every reason against it is named at once."""
    house = _house(work, order.house_code.strip())
    person = _person(work, order.person, house)
    documents = documents_of(work, person)
    findings = judge(_facts(work, order, house, documents), RULES).findings
    if stopping := [one for one in findings if one.severity is not Severity.INTERCEPT]:
        raise Rejected("；".join(one.message for one in stopping), findings)
    state = UnitState.INTERCEPTED if findings else UnitState.ACTIVE
    rows = [_unit(work, order, house, person, part, state) for part in _parts(order.part)]
    number_later(work, "ZZ", house.district_code, work.today, lambda number: _number(work, rows, number))
    count = recount(work, documents[0])
    return work.later(lambda: Registered(rows[0].register_no, person.id, bool(findings), count.units))


def _house(work: Work, told: str) -> House:
    houses = work.held(select(House).where(House.house_code == told)).all()
    if not houses:
        indexes = indexes_of(work.sealer, "cert_no", told)
        houses = work.held(select(House).where(col(House.cert_no_index).in_(indexes)).order_by(col(House.id))).all()
    if not houses:
        words = "没有查到该房屋，请核对房屋编码或权属证明编号"
        raise Rejected(words, [Finding("HOUSE", words, "house_code")])
    if len(houses) > 1:
        raise Rejected("该权属证明有多套房屋，请填写房屋编码", [Finding("HOUSE", "请填写房屋编码", "house_code")])
    return houses[0]


def _parts(text: str) -> tuple[str, ...]:
    parts = tuple(dict.fromkeys(part.strip() for part in text.replace("、", "+").split("+") if part.strip()))
    return parts or (WHOLE,)


def _number(work: Work, rows: list[SubletUnit], number: str) -> None:
    for row in rows:
        row.register_no = number
        work.add(row)


def _unit(
    work: Work, order: RegisterUnit, house: House, person: SubletPerson, part: str, state: UnitState
) -> SubletUnit:
    unit = SubletUnit(
        person_id=person.id,
        house_id=house.id,
        part=part,
        head_from=order.head_from,
        head_to=order.head_to,
        consent=order.consent.strip(),
        state=state,
        district_code=house.district_code,
        street_code=house.street_code,
        unit_id=work.caller.unit_id,
        clerk_id=work.caller.account_id,
    )
    return work.add(unit)


def _person(work: Work, told: Sublessor, house: House) -> SubletPerson:
    """Return the record of this document, made when it is new; a name that differs is refused, not overwritten."""
    wrong = [] if told.name.strip() else [Finding("P12", "请填写转租人姓名", "name")]
    number = check_document(told.id_type, told.id_no, today=work.today)
    if number.problem is not None:
        wrong.append(Finding("P02", number.problem.sentence, "id_no"))
    if told.mobile and not check_mobile(told.mobile).ok:
        wrong.append(Finding("P02", "手机号码有误，请核对", "mobile"))
    if wrong:
        raise Rejected("；".join(one.message for one in wrong), wrong)
    person = person_by_number(work, told.id_no)
    if person is None:
        person = SubletPerson(
            name=Sealed.of(told.name.strip()),
            id_type=told.id_type,
            id_no=Sealed.of(told.id_no.strip()),
            mobile=Sealed.of(told.mobile.strip()) if told.mobile.strip() else None,
            district_code=told.district_code or house.district_code,
            unit_id=work.caller.unit_id,
        )
        work.add(person)
        work.session.flush()
    elif person.name.plain != told.name.strip():
        raise Rejected(
            "该证件号码已登记为其他姓名，请核对证件", [Finding("P12", "同一证件号码对应了不同姓名，请核对", "name")]
        )
    return person


def _facts(work: Work, order: RegisterUnit, house: House, documents: list[SubletPerson]) -> UnitFacts:
    limits = work.rows(HouseRestriction, HouseRestriction.house_id == house.id)
    own = select(SubletUnit.part).where(
        SubletUnit.house_id == house.id,
        SubletUnit.state == UnitState.ACTIVE,
        SubletUnit.head_to >= work.today,
        col(SubletUnit.person_id).in_([one.id for one in documents]),
    )
    return UnitFacts(
        thresholds=work.thresholds,
        today=work.today,
        parts=_parts(order.part),
        rooms=frozenset(work.rows(HouseRoom.label, HouseRoom.house_id == house.id)),
        head_from=order.head_from,
        head_to=order.head_to,
        consent=bool(order.consent.strip()),
        category=house.category,
        restrictions=frozenset(
            one.kind
            for one in limits
            if (one.since is None or one.since <= work.today) and (one.until is None or one.until >= work.today)
        ),
        own=frozenset(work.session.exec(own).all()),
        others=frozenset(others_on(work, house, documents)),
        firm_uscc=documents[0].firm_uscc,
    )


@action("sublets.end", "结束转租", roles=OFFICES | {Role.SYSTEM}, step=Step(MACHINE, "end"), event="DATA.STATE")
def end_unit(work: Work, unit_id: UUID) -> None:
    """End a unit as its person declares."""
    unit = work.get(SubletUnit, unit_id)
    end(work, unit, UnitEnding.DECLARED)
    recount(work, work.session.get_one(SubletPerson, unit.person_id))


def end(work: Work, unit: SubletUnit, ending: UnitEnding) -> None:
    """End a unit on this day, or on the last day of its head lease."""
    take_step(work, unit, MACHINE, "end", reason=ending.label)
    unit.ended_on = unit.head_to if ending is UnitEnding.HEAD_LEASE else work.today
    unit.ending = ending
    work.add(unit)


@dataclass(frozen=True)
class JoinDocuments:
    """`other_no` is a further document number of the same person, which need not be known yet."""

    person_id: UUID
    other_no: str
    reason: str = ""


@action("sublets.join", "合并同一人的证件", roles={Role.DISTRICT_BUREAU, Role.SYSTEM}, event="DATA.UPDATE")
def join_documents(work: Work, order: JoinDocuments) -> int:
    """Count what is registered under two documents as one person's; the number of units after it."""
    person = documents_of(work, work.get(SubletPerson, order.person_id))[0]
    other = person_by_number(work, order.other_no)
    if other is None:
        raise NotFound("该证件号码没有转租登记，无需合并")
    if documents_of(work, other)[0].id == person.id:
        raise Conflict("两个证件已经属于同一人")
    for document in documents_of(work, other):
        document.joined_to = person.id
        work.add(document)
    person.firm_uscc = person.firm_uscc or other.firm_uscc
    person.firm_since = person.firm_since or other.firm_since
    work.add(person)
    return recount(work, person).units


@dataclass(frozen=True)
class NoteFirm:
    """The business a person registered."""

    person_id: UUID
    uscc: str


@action("sublets.note_firm", "登记已办市场主体", roles={Role.DISTRICT_BUREAU, Role.SYSTEM}, event="DATA.UPDATE")
def note_firm(work: Work, order: NoteFirm) -> None:
    """Stop counting a person who let on and has registered a business since."""
    person = documents_of(work, work.get(SubletPerson, order.person_id))[0]
    problem = check_document("51", order.uscc).problem
    if problem is not None:
        raise Rejected(problem.sentence, [Finding("USCC", problem.sentence, "uscc")])
    person.firm_uscc, person.firm_since = order.uscc.strip().upper(), work.today
    work.add(person)
    recount(work, person)
