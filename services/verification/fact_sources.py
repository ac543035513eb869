"""Facts of a verification: the registers asked with no transaction open, our own tables read inside it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, func, select

from models.house import House, HouseCategory, HouseRestriction
from models.identity import check_credit_code
from models.normal import normal
from models.sealed import indexes_of
from models.sealing import sealer_of
from models.tenancy_codes import IdType, PartyKind
from models.verification import (
    ListingMandate,
    ListingVerification,
    OwnerPhone,
    Precheck,
    PublishingPenalty,
    SplitLock,
    VerificationCode,
)
from models.verification_codes import CodeState, LockState, MandateKind, RequesterKind, VerificationState
from services.engine.copied import copy_of
from services.engine.door import Gathering
from services.engine.work import Work
from services.ports.answers import Restriction, Title
from services.tenancy.fact_sources import Key, OutsideFacts, ask_houses, filing_facts, house_of_form, once
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.lease_form import HouseForm, LeaseForm, PartyForm
from services.verification.facts import MandateFacts, PenaltyFacts, VerificationFacts
from services.verification.orders import Requester, VerifyHome, plan_of

#: What the client of the register notes where a number covers several flats.
_SEVERAL = "多户"
#: The source under which the base library keeps what the register itself said; that is asked anew each time.
REGISTER = "不动产登记"


def form_of_home(order: VerifyHome, requester: Requester, category: HouseCategory = HouseCategory.OWNED) -> LeaseForm:
    """The lease form that the rules of filing judge for a request: its house, with the owner as landlord."""
    body = check_credit_code(order.owner_id).ok
    rental = requester.kind is RequesterKind.RENTAL_ENTERPRISE
    firm = requester.number if requester.kind is not RequesterKind.OWNER else ""
    return LeaseForm(
        house=HouseForm(
            category=category,
            cert_no=order.cert_no,
            room_no=order.flat_room,
            conversion_papers=order.papers,
            co_owner_consent=order.coowner_consent,
        ),
        lessors=(
            PartyForm(
                kind=PartyKind.ORG if body else PartyKind.PERSON,
                name=order.owner_name,
                id_type=IdType.LICENCE if body else IdType.ID_CARD,
                id_no=order.owner_id,
            ),
        ),
        mode=order.mode,
        rooms=() if order.part_key == "*" else (order.room_no,),
        enterprise_uscc=firm if rental else "",
        broker_uscc="" if rental else firm,
        channel=order.channel,
    )


def flats_of(session: Session, cert_no: str) -> list[House]:
    """Return the houses of our base library under a certificate number."""
    if not normal("cert_no", cert_no):
        return []
    wanted = col(House.cert_no_index).in_(indexes_of(sealer_of(session), "cert_no", cert_no))
    return list(session.exec(select(House).where(wanted)).all())


def categories_of(work: Work, cert_nos: Iterable[str]) -> dict[str, HouseCategory]:
    """The categories under which our library knows certificates, which say whom to ask."""
    named = {index: number for number in cert_nos if normal("cert_no", number) for index in _cert_indexes(work, number)}
    houses = select(House.cert_no_index, House.category).where(col(House.cert_no_index).in_(list(named)))
    rows = work.session.exec(houses.order_by(col(House.id).desc())).all() if named else ()
    return {named[index]: HouseCategory.of(category) for index, category in rows if index}


def _cert_indexes(work: Work, cert_no: str) -> tuple[str, ...]:
    return tuple(indexes_of(work.sealer, "cert_no", cert_no))


def ask_homes(gathering: Gathering, forms: Mapping[Key, LeaseForm], *, people: bool = False) -> dict[Key, OutsideFacts]:
    """Ask the registers of the houses of forms, all at once.

    About a house that our library does not know the property register is asked, and then the other.
    """
    known = gathering.look(lambda work: categories_of(work, {form.house.cert_no for form in forms.values()}))
    asked = {
        key: _under(form, known[form.house.cert_no]) if form.house.cert_no in known else form
        for key, form in forms.items()
    }
    answers = ask_houses(gathering.systems, asked, people=people)
    unknown = {
        key: _under(form, HouseCategory.PUBLIC)
        for key, form in forms.items()
        if form.house.cert_no not in known and answers[key].title.missed and not answers[key].title.note
    }
    for key, other in ask_houses(gathering.systems, unknown).items() if unknown else ():
        if other.tenancy.hit or other.tenancy.silent:
            answers[key] = replace(other, people=answers[key].people)
    return answers


def _under(form: LeaseForm, category: HouseCategory) -> LeaseForm:
    return replace(form, house=replace(form.house, category=category))


def gather_homes(gathering: Gathering, orders: Mapping[Key, VerifyHome]) -> dict[Key, OutsideFacts]:
    """Ask the registers about the houses of requests."""
    forms = {}
    for key, order in orders.items():
        assert order.requester is not None
        forms[key] = form_of_home(order, order.requester)
    return ask_homes(gathering, forms)


def gather_home(gathering: Gathering, order: VerifyHome) -> OutsideFacts:
    """Ask the register about the house of a request."""
    return gather_homes(gathering, {0: order})[0]


def house_facts(
    work: Work, form: LeaseForm, outside: OutsideFacts, house: House | None, *, thresholds: Any = None
) -> FilingFacts:
    """The facts of filing of a house, with the restrictions that other sources reported to us."""
    if house is not None:
        form = replace(form, house=replace(form.house, house_code=house.house_code, category=house.category))
        outside = _with_reported(work, house, outside)
    return filing_facts(
        work.session,
        form,
        outside,
        today=work.today,
        thresholds=thresholds or work.thresholds,
        counter=False,
        house=house,
    )


def _with_reported(work: Work, house: House, outside: OutsideFacts) -> OutsideFacts:
    rows = work.rows(HouseRestriction, HouseRestriction.house_id == house.id, HouseRestriction.source != REGISTER)
    if not rows:
        return outside
    told = tuple(Restriction(row.kind.value, row.source, row.since, row.until) for row in rows)

    def more(title: Title) -> Title:
        return replace(title, restrictions=(*title.restrictions, *told))

    title, tenancy = outside.title, outside.tenancy
    if title.value is not None:
        title = replace(title, value=more(title.value))
    if tenancy.value is not None:
        tenancy = replace(tenancy, value=replace(tenancy.value, title=more(tenancy.value.title)))
    return replace(outside, title=title, tenancy=tenancy)


def verification_facts(
    work: Work, order: VerifyHome, requester: Requester, outside: OutsideFacts, house: House | None, own: UUID | None
) -> VerificationFacts:
    """All facts of a request; `own` is the request itself, which counts for nothing."""
    form = form_of_home(order, requester)
    note = outside.title.note if outside.title.missed else ""
    facts = VerificationFacts(
        order=order,
        requester=requester,
        filing=house_facts(work, form, outside, house),
        today=work.today,
        thresholds=work.thresholds,
        several_flats=house is None and (note == _SEVERAL or len(flats_of(work.session, order.cert_no)) > 1),
        asked_today=asked_today(work, requester.number, order.cert_no, house, own),
        mandate=_mandate(work, order, requester, house),
        owner_phones=_phones(work, order.owner_id),
        penalties=once(work.session, _penalties, requester.principal_no or requester.number),
    )
    if house is None:
        return facts
    return replace(
        facts,
        operators=_operators(work, house),
        locked=locked_plan(work, house.id),
        own_until=_own_until(work, order, requester, house, own),
    )


def home_of(work: Work, order: VerifyHome) -> House | None:
    """The house of our base library that a request means."""
    return house_of_form(work.session, LeaseForm(house=HouseForm(cert_no=order.cert_no, room_no=order.flat_room)))


def _indexes(work: Work, number: str) -> list[str]:
    return list(indexes_of(work.sealer, "id_no", number)) if number else []


def asked_today(work: Work, number: str, cert_no: str, house: House | None, own: UUID | None) -> int:
    """Count today's requests of a requester for a house, checks before an application among them (V13)."""
    counts = []
    for table, day in (
        (ListingVerification, col(ListingVerification.submitted_on)),
        (Precheck, col(Precheck.checked_on)),
    ):
        same = (
            col(table.house_id) == house.id
            if house is not None
            else col(table.cert_no_index).in_(_cert_indexes(work, cert_no))
        )
        counted = select(func.count()).select_from(table)
        counted = counted.where(col(table.requester_no_index).in_(_indexes(work, number)), day == work.today, same)
        if own is not None:
            # Ids tell the order: those asked later than this one do not count against it.
            counted = counted.where(col(table.id) < own)
        counts.append(counted.scalar_subquery())
    return int(work.session.exec(select(counts[0] + counts[1])).one())


def mandate_of(work: Work, order: VerifyHome, requester: Requester) -> ListingMandate | None:
    """The recorded mandate that a request names, of the firm that asks."""
    if not order.mandate_no:
        return None
    return work.first(
        ListingMandate,
        ListingMandate.mandate_no == order.mandate_no.strip(),
        ListingMandate.firm_uscc == requester.number,
    )


def _mandate(work: Work, order: VerifyHome, requester: Requester, house: House | None) -> MandateFacts | None:
    row = mandate_of(work, order, requester)
    if row is None:
        return None
    return copy_of(MandateFacts, row, of_this_house=None if house is None else row.house_id == house.id)


def _operators(work: Work, house: House) -> frozenset[str]:
    """Return the enterprises that had the house verified and whose mandate to operate it still runs (V03)."""
    rows = work.session.exec(
        select(ListingMandate.firm_uscc)
        .join(ListingVerification, col(ListingVerification.mandate_id) == col(ListingMandate.id))
        .where(
            ListingVerification.house_id == house.id,
            ListingVerification.requester_kind == RequesterKind.RENTAL_ENTERPRISE,
            ListingVerification.state == VerificationState.PASSED,
            ListingMandate.kind == MandateKind.OPERATE,
            ListingMandate.valid_from <= work.today,
            ListingMandate.valid_to >= work.today,
        )
    ).all()
    return frozenset(rows)


def _phones(work: Work, owner_id: str) -> frozenset[str]:
    rows = work.rows(OwnerPhone, col(OwnerPhone.owner_id_no_index).in_(_indexes(work, owner_id)))
    return frozenset(normal("phone", row.mobile.plain) for row in rows)


def penalties_of(work: Work, number: str) -> tuple[PenaltyFacts, ...]:
    """Return the penalties of a firm or person."""
    return _penalties(work.session, number)


def _penalties(session: Session, number: str) -> tuple[PenaltyFacts, ...]:
    indexes = list(indexes_of(sealer_of(session), "id_no", number)) if number else []
    rows = session.exec(select(PublishingPenalty).where(col(PublishingPenalty.subject_no_index).in_(indexes))).all()
    return tuple(copy_of(PenaltyFacts, row) for row in rows)


def standing_lock(work: Work, house_id: UUID) -> SplitLock | None:
    """The lock that freezes the room plan of a house."""
    return work.first(SplitLock, SplitLock.house_id == house_id, SplitLock.state == LockState.LOCKED)


def locked_plan(work: Work, house_id: UUID) -> Any:
    """Return the locked room plan of a house, if it has one."""
    lock = standing_lock(work, house_id)
    return None if lock is None else plan_of(lock.plan)


def own_codes(work: Work, order: VerifyHome, requester: Requester, house_id: UUID) -> Any:
    """Select the codes in force that the requester has for this part, on a platform for this publisher."""
    rows = (
        select(VerificationCode)
        .join(ListingVerification, col(ListingVerification.id) == col(VerificationCode.verification_id))
        .where(
            VerificationCode.house_id == house_id,
            VerificationCode.part_key == order.part_key,
            VerificationCode.state == CodeState.VALID,
            col(VerificationCode.holder_no_index).in_(_indexes(work, requester.number)),
        )
    )
    if requester.principal_no:
        rows = rows.where(col(ListingVerification.principal_no_index).in_(_indexes(work, requester.principal_no)))
    return rows


def _own_until(work: Work, order: VerifyHome, requester: Requester, house: House, own: UUID | None) -> Any:
    rows = own_codes(work, order, requester, house.id)
    if own is not None:
        rows = rows.where(col(VerificationCode.verification_id) != own)
    days = [row.valid_to for row in work.session.exec(rows).all() if row.valid_to and row.valid_to >= work.today]
    return max(days, default=None)
