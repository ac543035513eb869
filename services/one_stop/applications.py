"""An application of the library as the counter's own form, so that the counter's facts and rules judge it (rows 1, 2)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from models.codes import Code
from models.house import House, HouseCategory, ProofKind
from models.normal import normal
from models.one_stop_codes import ApplicantRole, StopMaterialKind
from models.tenancy_codes import (
    AgentKind,
    ApplicantSide,
    Channel,
    DealKind,
    IdType,
    LeaseMode,
    LessorCapacity,
    PartyKind,
    Relation,
    RentUnit,
    Side,
    Situation,
)
from services.one_stop.messages import Content, StopPerson
from services.tenancy.lease_form import HouseForm, LeaseForm, PartyForm, ResidentForm
from services.tenancy.predicates import number_of
from services.tenancy.rules.applicants import BODIES, LEASE, PROOF_PAPERS, required_materials

Coded = TypeVar("Coded", bound=Code)
_SIDES = {Side.LESSOR: ApplicantSide.LESSOR, Side.LESSEE: ApplicantSide.LESSEE}
_FOREIGN = frozenset({IdType.PASSPORT, IdType.PR_CARD})
_RELATIONS = {one.label: one for one in Relation}


def code_or(codes: type[Coded], text: str, other: Coded) -> Coded:
    """Return the member of a text, or `other` where there is none."""
    return next((one for one in codes if one.value == text.strip()), other)


def day_of(text: str) -> date | None:
    """A day as the form writes it; nothing where it is none, which a rule then says."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def rent_of(text: str) -> Decimal | None:
    """A rent as the form writes it: `5,200.00` and `5200` are one."""
    try:
        rent = Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        return None
    return rent.quantize(Decimal("0.01")) if rent.is_finite() and abs(rent) < 10**12 else None


def lease_form_of(
    content: Content,
    materials: Collection[StopMaterialKind],
    *,
    house: House | None,
    channel: Channel,
    sides: Collection[Side] = (),
) -> LeaseForm:
    """The lease of an application. `sides` are those of all members of a merged group; the house's own place is taken."""
    form = content.form
    proof = code_or(ProofKind, form.house.proof_type, ProofKind.A1)
    public = proof is ProofKind.A4
    mode = code_or(LeaseMode, form.lease_mode, LeaseMode.WHOLE)
    lease = LeaseForm(
        house=HouseForm(
            house_code=house.house_code if house else "",
            category=HouseCategory.PUBLIC if public else HouseCategory.OWNED,
            proof_kind=proof,
            cert_no=form.house.title_cert_no.strip(),
            district_code=house.district_code if house else form.house.district_code,
            street_code=house.street_code if house else "",
            address=form.house.address_text or (house.address if house else ""),
            room_no=form.house.room_no,
            co_owner_consent=StopMaterialKind.COOWNER_CONSENT in materials,
            public_consent=StopMaterialKind.PUBLIC_CONSENT in materials,
        ),
        lessors=_parties(content, form.lessors, Side.LESSOR, materials),
        lessees=_parties(content, form.lessees, Side.LESSEE, materials),
        residents=tuple(_resident(one) for one in form.co_occupants),
        lessor_capacity=LessorCapacity.PUBLIC_TENANT if public else LessorCapacity.OWNER,
        deal=code_or(DealKind, form.deal_kind, DealKind.SELF),
        mode=mode,
        rooms=() if mode is LeaseMode.WHOLE else tuple(room.strip() for room in form.rooms if room.strip()),
        start=day_of(form.start_date),
        end=day_of(form.end_date),
        signed_on=day_of(form.sign_date),
        rent=rent_of(form.rent_amount),
        rent_unit=code_or(RentUnit, form.rent_unit, RentUnit.MONTH),
        applicant=_applicant(sides or {content.applicant.side}),
        channel=channel,
    )
    return replace(lease, materials=_papers(lease, materials))


def _applicant(sides: Collection[Side]) -> ApplicantSide:
    return ApplicantSide.BOTH if len(set(sides)) > 1 else _SIDES[next(iter(sides))]


def _papers(lease: LeaseForm, materials: Collection[StopMaterialKind]) -> frozenset[str]:
    """The application's materials under the counter's names: one identity paper counts for all of a case (F08)."""
    papers: set[str] = set()
    if StopMaterialKind.TITLE in materials:
        papers.add(PROOF_PAPERS[lease.house.proof_kind])
    if StopMaterialKind.CONTRACT in materials:
        papers.add(LEASE)
    if StopMaterialKind.ID in materials:
        papers |= {one.name for one in required_materials(lease) if one.field != "materials"}
    return frozenset(papers)


def _parties(
    content: Content, people: Collection[StopPerson], side: Side, materials: Collection[StopMaterialKind]
) -> tuple[PartyForm, ...]:
    return tuple(_party(content, one, side, materials) for one in people)


def _party(content: Content, person: StopPerson, side: Side, materials: Collection[StopMaterialKind]) -> PartyForm:
    id_type = code_or(IdType, person.id_type, IdType.ID_CARD)
    party = PartyForm(
        kind=PartyKind.ORG if id_type in BODIES else PartyKind.PERSON,
        name=normal("name", person.name),
        id_type=id_type,
        id_no=number_of(person.id_no),
        nationality="外国" if id_type in _FOREIGN else "中国",
        mobile=person.mobile.strip(),
    )
    applicant = content.applicant
    principal = applicant.principal
    if applicant.role is not ApplicantRole.AGENT or principal is None or applicant.side is not side:
        return party
    if number_of(principal.id_no) != party.id_no:
        return party
    guardian = StopMaterialKind.GUARDIAN in materials
    return replace(
        party,
        agent_kind=AgentKind.STATUTORY if guardian else AgentKind.ENTRUSTED,
        agent_name=normal("name", applicant.name),
        agent_id_type=code_or(IdType, applicant.id_type, IdType.ID_CARD),
        agent_id_no=number_of(applicant.id_no),
        agent_mandate=StopMaterialKind.MANDATE in materials and Situation.NEW in applicant.mandate_scope,
        guardian_proof=guardian,
    )


def _resident(person: StopPerson) -> ResidentForm:
    return ResidentForm(
        name=normal("name", person.name),
        id_type=code_or(IdType, person.id_type, IdType.ID_CARD),
        id_no=number_of(person.id_no),
        mobile=person.mobile.strip(),
        relation=_RELATIONS.get(person.relation.strip()) or code_or(Relation, person.relation, Relation.OTHER),
    )
