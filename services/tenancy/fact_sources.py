"""Facts of a filing: outside systems asked together with no transaction open, our own tables read inside it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from models.enterprise import (
    CreditEntry,
    Enterprise,
    EnterpriseKey,
    EnterpriseKind,
    KeyState,
    PriceFiling,
    RentReference,
)
from models.house import House, HouseCategory, HouseRoom
from models.normal import normal
from models.places_data import streets
from models.practitioners import InfoCard
from models.rooms import CentralProject, CentralRoom, CentralRoomState
from models.sealed import indexes_of
from models.sealing import sealer_of
from models.tenancy import ContractParty, FilingPart, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import OPEN_CASES, FilingState, PartyKind, Side
from services.engine.copied import copy_of
from services.engine.details import check_details
from services.engine.door import Gathering
from services.engine.facts import together
from services.engine.thresholds import Thresholds
from services.ports.answers import (
    Answer,
    HeldLicences,
    LegalEntity,
    PersonQuestion,
    PublicTenancy,
    SamePerson,
    Title,
    TitleQuestion,
    skipped,
)
from services.ports.systems import LEGAL_ENTITIES, LICENCE_LIBRARY, POLICE, PROPERTY_REGISTER, PUBLIC_HOUSING, Systems
from services.tenancy.filing_facts import (
    CardFacts,
    FilingFacts,
    FirmFacts,
    KnownHouse,
    KnownRoom,
    OpenCase,
    OtherFiling,
    ProjectFacts,
)
from services.tenancy.lease_form import LeaseForm
from services.tenancy.rules.applicants import POLICE_ANSWERS, everybody, required_materials

Fact = TypeVar("Fact")
Key = TypeVar("Key")

# Statements are made once and bound anew: of a lease that is judged, making them would cost as much as reading.
_ID: Any = bindparam("id")
_CODE: Any = bindparam("code")
_TODAY: Any = bindparam("today")
_INDEXES: Any = bindparam("indexes", expanding=True)
_HOUSE_OF_CERT = select(House).where(col(House.cert_no_index).in_(_INDEXES))
_ROOMS = select(HouseRoom).where(HouseRoom.house_id == _ID).order_by(col(HouseRoom.label))
_OTHERS = (
    select(LeaseFiling, col(LeaseContract.end))
    .join(LeaseContract, col(LeaseContract.id) == col(LeaseFiling.contract_id))
    .where(LeaseFiling.house_id == _ID)
    .order_by(col(LeaseFiling.ticket))
)
_OPEN = select(GovCase).where(GovCase.house_id == _ID, col(GovCase.state).in_(list(OPEN_CASES)))
_LISTED = select(CreditEntry.id_no_index).where(
    col(CreditEntry.id_no_index).in_(_INDEXES),
    col(CreditEntry.since) <= _TODAY,
    or_(col(CreditEntry.until).is_(None), col(CreditEntry.until) >= _TODAY),
)
_FIRM = select(Enterprise).where(Enterprise.uscc == _CODE)
_KEYS = select(EnterpriseKey).where(EnterpriseKey.enterprise_id == _ID)
_CARD = (
    select(InfoCard, Enterprise.uscc)
    .join(Enterprise, col(Enterprise.id) == col(InfoCard.enterprise_id))
    .where(InfoCard.card_no == _CODE)
)
_RENTED = (
    select(func.count())
    .select_from(LeaseFiling)
    .join(ContractParty, col(ContractParty.contract_id) == col(LeaseFiling.contract_id))
    .where(
        ContractParty.side == Side.LESSEE,
        col(ContractParty.id_no_index).in_(_INDEXES),
        LeaseFiling.state == FilingState.ACTIVE,
        col(LeaseFiling.valid_to) >= _TODAY,
    )
)
_RENT = (
    select(col(RentReference.month_price))
    .where(RentReference.street_code == _CODE, col(RentReference.valid_from) <= _TODAY)
    .order_by(col(RentReference.valid_from).desc())
)


@dataclass(frozen=True)
class OutsideFacts:
    """Answers of the outside systems about a form."""

    title: Answer[Title]
    tenancy: Answer[PublicTenancy]
    people: dict[str, Answer[SamePerson]]
    bodies: dict[str, Answer[LegalEntity]]
    licences: dict[str, Answer[HeldLicences]]

    def answers(self) -> list[tuple[str, Answer[Any]]]:
        """Every answer with the question's name, for the record of sources."""
        named: list[tuple[str, Answer[Any]]] = [("title", self.title), ("tenancy", self.tenancy)]
        groups: dict[str, Mapping[str, Answer[Any]]] = {
            "person": self.people,
            "body": self.bodies,
            "licence": self.licences,
        }
        for prefix, group in groups.items():
            named.extend((f"{prefix}.{place}", answer) for place, answer in enumerate(group.values(), 1))
        return named


#: Sources of rules that are asked only where a lease has what they know about.
_OUTSIDE = frozenset({"不动产登记", "公房系统", "公安人口库", "法人库", "电子证照库"})


def was_not_asked(source: str, asked: Collection[str]) -> bool:
    """Return whether a rule's source was not asked in a run, so that the rule does not apply to the lease."""
    return source in _OUTSIDE and source not in asked


@dataclass(frozen=True)
class SourceAge:
    """Age of an answer: its source, time and duration, or silence."""

    source: str
    state: str
    at: datetime | None
    milliseconds: int
    silent: bool = False

    @classmethod
    def of(cls, answer: Answer[Any]) -> "SourceAge":
        """The age of an answer, without what it says."""
        return cls(answer.source, answer.state.label, answer.at, answer.milliseconds, answer.silent)


@dataclass(frozen=True)
class Known:
    """Recent answers for a whole batch, which names a firm hundreds of times; the police accept 200 questions."""

    bodies: Mapping[str, Answer[LegalEntity]] = field(default_factory=dict)
    people: Mapping[PersonQuestion, Answer[SamePerson]] = field(default_factory=dict)


def people_to_ask(form: LeaseForm) -> dict[str, PersonQuestion]:
    """Return whom the police are asked about for a form, by number."""
    return _to_ask(form)[0]


def ask_outside(systems: Systems, form: LeaseForm, known: Known = Known()) -> OutsideFacts:
    """Ask every system a form needs, all at once under one deadline (decision 27).

    Answers in `known` are not asked again. The licence library is asked about applicants with missing documents.
    """
    questions = _about_house(systems, form)
    people, bodies = _to_ask(form)
    people_known = {number: known.people[asked] for number, asked in people.items() if asked in known.people}
    bodies_known = {uscc: known.bodies[uscc] for uscc in bodies if uscc in known.bodies}
    for number, question in people.items():
        if number not in people_known:
            questions[f"person:{number}"] = ("公安人口库", partial(systems.at(POLICE).same_person, question))
    for uscc in bodies - set(bodies_known):
        questions[f"body:{uscc}"] = ("法人库", partial(systems.at(LEGAL_ENTITIES).entity_of, uscc))
    for holder in _holders_to_ask(form):
        questions[f"licence:{holder}"] = ("电子证照库", partial(systems.at(LICENCE_LIBRARY).held_for, holder))
    answers = together(questions)

    def of(prefix: str) -> dict[str, Answer[Any]]:
        return {name.split(":", 1)[1]: answer for name, answer in answers.items() if name.startswith(prefix)}

    return OutsideFacts(
        title=answers.get("title", skipped("不动产登记")),
        tenancy=answers.get("tenancy", skipped("公房系统")),
        people={**people_known, **of("person:")},
        bodies={**bodies_known, **of("body:")},
        licences=of("licence:"),
    )


def _about_house(systems: Systems, form: LeaseForm) -> dict[str, tuple[str, Callable[[], Answer[Any]]]]:
    """Return the question to the register that is responsible for the house of a form."""
    cert, room = normal("cert_no", form.house.cert_no), form.house.room_no
    if not cert:
        return {}
    if form.house.category is HouseCategory.PUBLIC:
        return {"tenancy": ("公房系统", lambda: systems.at(PUBLIC_HOUSING).tenancy_of(cert))}
    return {"title": ("不动产登记", lambda: systems.at(PROPERTY_REGISTER).title_of(TitleQuestion(cert, room)))}


def ask_houses(systems: Systems, forms: Mapping[Key, LeaseForm], *, people: bool = False) -> dict[Key, OutsideFacts]:
    """Ask about the houses of forms only, all at once, and with `people` the police about their landlords."""
    questions: dict[str, tuple[str, Callable[[], Answer[Any]]]] = {}
    for place, form in enumerate(forms.values()):
        questions |= {f"{place}:{name}": asked for name, asked in _about_house(systems, form).items()}
        for number, question in people_to_ask(form).items() if people else ():
            questions[f"{place}:person:{number}"] = ("公安人口库", partial(systems.at(POLICE).same_person, question))
    said: list[dict[str, Answer[Any]]] = [{} for _ in forms]
    for name, answer in together(questions).items():
        place_no, _, about = name.partition(":")
        said[int(place_no)][about] = answer
    return {
        key: OutsideFacts(
            title=answers.get("title", skipped("不动产登记")),
            tenancy=answers.get("tenancy", skipped("公房系统")),
            people={name.split(":", 1)[1]: answer for name, answer in answers.items() if name.startswith("person:")},
            bodies={},
            licences={},
        )
        for key, answers in zip(forms, said, strict=True)
    }


def _to_ask(form: LeaseForm) -> tuple[dict[str, PersonQuestion], set[str]]:
    people: dict[str, PersonQuestion] = {}
    bodies = {uscc for uscc in (form.broker_uscc, form.enterprise_uscc) if uscc}
    for one in everybody(form):
        if one.id_no and one.kind is PartyKind.ORG:
            bodies.add(one.id_no)
        elif one.id_no and one.id_type in POLICE_ANSWERS:
            people[one.id_no] = PersonQuestion(one.name, one.id_type.value, one.id_no)
    return people, bodies


def _holders_to_ask(form: LeaseForm) -> list[str]:
    """Return the persons whose licences may replace missing documents, each once."""
    wanted: dict[str, None] = {}
    for material in required_materials(form):
        if not material.shown and material.name not in form.materials:
            wanted.update(dict.fromkeys(material.holders))
    return list(wanted)


def gather_form(gathering: Gathering, form: LeaseForm) -> OutsideFacts:
    return ask_outside(gathering.systems, form)


def filing_facts(
    session: Session,
    form: LeaseForm,
    outside: OutsideFacts,
    *,
    today: date,
    thresholds: Thresholds,
    confirmed_digest: str = "",
    text_digest: str = "",
    case_id: UUID | None = None,
    caller_enterprise: str = "",
    counter: bool = True,
    house: House | None = None,
) -> FilingFacts:
    """All facts of a filing; our own tables are read through `session`, so inside the transaction that files.

    `house` is the form's own where it was looked up in this transaction already.
    """
    house = house or house_of_form(session, form)
    facts = FilingFacts(
        form=form,
        today=today,
        thresholds=thresholds,
        title=outside.title,
        tenancy=outside.tenancy,
        people=outside.people,
        bodies=outside.bodies,
        licences=outside.licences,
        listed=_listed(session, form, today),
        broker=once(session, _firm, form.broker_uscc, today),
        enterprise=once(session, _firm, form.enterprise_uscc, today),
        card=once(session, _card, form.card_no),
        tenant_filings=_tenant_filings(session, form, today),
        streets=frozenset(street.code for street in streets()),
        confirmed_digest=confirmed_digest,
        text_digest=text_digest,
        caller_enterprise=caller_enterprise,
        counter=counter,
    )
    if house is None:
        return facts
    filings, year_ago = _other_filings(session, house), today - timedelta(days=365)
    return replace(
        facts,
        house=_known_house(session, house),
        filings=filings,
        open_cases=_open_cases(session, house, form, case_id),
        project=_project(session, house, form, today),
        reference_rent=once(session, _reference_rent, house.street_code, today),
        house_filings_year=sum(one.filed_on >= year_ago for one in filings),
    )


def once(session: Session, read: Callable[..., Fact], *asked: Any) -> Fact:
    """Read once in a transaction, however many leases are judged in it; filing changes nothing of what is read so."""
    kept: dict[Any, Fact] = session.info.setdefault("filing facts", {})
    if (read, asked) not in kept:
        kept[read, asked] = read(session, *asked)
    return kept[read, asked]


def house_of_form(session: Session, form: LeaseForm) -> House | None:
    """The house of our base library a form means: by code, else by certificate number and room."""
    if form.house.house_code:
        return session.exec(house_by_code(form.house.house_code)).first()
    if not form.house.cert_no:
        return None
    indexes = indexes_of(sealer_of(session), "cert_no", form.house.cert_no)
    found = session.exec(_HOUSE_OF_CERT, params={"indexes": indexes}).all()
    if len(found) > 1 and form.house.room_no:
        found = [row for row in found if row.room == form.house.room_no]
    return found[0] if len(found) == 1 else None


def house_by_code(code: str) -> SelectOfScalar[House]:
    return select(House).where(House.house_code == code)


def _known_house(session: Session, house: House) -> KnownHouse:
    check_details(session, "house", house.id)
    rooms = session.exec(_ROOMS, params={"id": house.id}).all()
    operator = ""
    if house.enterprise_id:
        operator = session.exec(select(Enterprise.uscc).where(Enterprise.id == house.enterprise_id)).first() or ""
    known = tuple(copy_of(KnownRoom, room) for room in rooms)
    return copy_of(KnownHouse, house, rooms=known, operator_uscc=operator)


def _other_filings(session: Session, house: House) -> tuple[OtherFiling, ...]:
    rows = session.exec(_OTHERS, params={"id": house.id}).all()
    people: dict[UUID, list[ContractParty]] = {}
    if rows:
        for party in session.exec(
            select(ContractParty).where(col(ContractParty.contract_id).in_([row.contract_id for row, _ in rows]))
        ).all():
            people.setdefault(party.contract_id, []).append(party)

    def numbers(filing: LeaseFiling, side: Side) -> tuple[str, ...]:
        return tuple(sorted(party.id_no.plain for party in people.get(filing.contract_id, ()) if party.side is side))

    return tuple(
        copy_of(
            OtherFiling,
            filing,
            parts=tuple(filing.part_keys.split(",")),
            lessee_ids=numbers(filing, Side.LESSEE),
            lessor_ids=numbers(filing, Side.LESSOR),
            contract_end=end,
            central=house.project_id is not None,
        )
        for filing, end in rows
    )


def _open_cases(session: Session, house: House, form: LeaseForm, own: UUID | None) -> tuple[OpenCase, ...]:
    rows = session.exec(_OPEN, params={"id": house.id}).all()
    cases = []
    for row in rows:
        if row.id == own or (own is None and row.contract_id is None):
            continue
        same = row.start == form.start and row.end == form.end and row.part_keys == ",".join(form.parts)
        cases.append(OpenCase(row.case_no, tuple(row.part_keys.split(",")), row.start, row.end, same))
    return tuple(cases)


def _listed(session: Session, form: LeaseForm, today: date) -> frozenset[str]:
    numbers = {party.id_no for party in form.lessors + form.lessees if party.id_no}
    by_index = {index: number for number in numbers for index in indexes_of(sealer_of(session), "id_no", number)}
    if not by_index:
        return frozenset()
    found = session.exec(_LISTED, params={"indexes": list(by_index), "today": today}).all()
    return frozenset(by_index[index] for index in found if index)


def _firm(session: Session, uscc: str, today: date) -> FirmFacts | None:
    firm = session.exec(_FIRM, params={"code": uscc}).first() if uscc else None
    if firm is None:
        return None
    check_details(session, "enterprise", firm.id)
    keys = session.exec(_KEYS, params={"id": firm.id}).all()
    states = tuple(
        KeyState.EXPIRED if key.state is KeyState.VALID and not key.valid_from <= today <= key.valid_to else key.state
        for key in keys
    )
    rental = firm.kind is EnterpriseKind.RENTAL
    return copy_of(FirmFacts, firm, rental=rental, keys=states, rents_from_individuals=rental)


def _card(session: Session, card_no: str) -> CardFacts | None:
    if not card_no:
        return None
    row = session.exec(_CARD, params={"code": card_no}).first()
    if row is None:
        return None
    card, uscc = row
    return CardFacts(card.card_no, card.state, uscc, card.active_from, card.cancelled_on)


def _tenant_filings(session: Session, form: LeaseForm, today: date) -> dict[str, int]:
    counts: dict[str, int] = {}
    for party in form.lessees:
        if not party.id_no:
            continue
        indexes = indexes_of(sealer_of(session), "id_no", party.id_no)
        counts[party.id_no] = session.exec(_RENTED, params={"indexes": indexes, "today": today}).one()
    return counts


def _project(session: Session, house: House, form: LeaseForm, today: date) -> ProjectFacts | None:
    if house.project_id is None:
        return None
    project = session.exec(select(CentralProject).where(CentralProject.id == house.project_id)).one()
    operator = session.exec(select(Enterprise.uscc).where(Enterprise.id == project.enterprise_id)).first() or ""
    kept = select(CentralRoom).where(CentralRoom.house_id == house.id, CentralRoom.state != CentralRoomState.CANCELLED)
    room = session.exec(kept).first()
    price = session.exec(
        select(col(PriceFiling.month_price))
        .where(
            PriceFiling.project_id == project.id,
            PriceFiling.room_no == (room.room_no if room else ""),
            PriceFiling.valid_from <= today,
            or_(col(PriceFiling.valid_to).is_(None), col(PriceFiling.valid_to) >= today),
        )
        .order_by(col(PriceFiling.valid_from).desc())
    ).first()
    beds = session.exec(
        select(col(LeaseFiling.month_rent)).where(
            LeaseFiling.house_id == house.id,
            LeaseFiling.state == FilingState.ACTIVE,
            LeaseFiling.mode == "BED",
            LeaseFiling.valid_to >= (form.start or today),
        )
    ).all()
    persons = session.exec(
        select(func.coalesce(func.sum(FilingPart.persons), 0))
        .join(House, col(House.id) == col(FilingPart.house_id))
        .where(
            House.project_id == project.id,
            House.building == house.building,
            col(FilingPart.holds).is_(True),
            FilingPart.valid_to >= today,
        )
    ).one()
    return copy_of(
        ProjectFacts,
        project,
        operator_uscc=operator,
        room_in_library=bool(room and room.in_library),
        room_state=room.state if room else None,
        max_persons=room.max_persons if room else 2,
        beds=room.beds if room else 0,
        room_area=room.usable_area if room else None,
        filed_month_price=price,
        other_bed_rents=tuple(beds),
        persons_in_building=int(persons),
    )


def _reference_rent(session: Session, street_code: str, today: date) -> Decimal | None:
    return session.exec(_RENT, params={"code": street_code, "today": today}).first()
