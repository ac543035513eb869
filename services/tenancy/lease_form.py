"""The lease form: one order for counter, enterprise, partner and workbook, and its text as data with the digest the parties confirm (row 6)."""

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from models.house import HouseCategory, ProofKind
from models.sealing import sm3_hex
from models.tenancy_codes import (
    AgentKind,
    ApplicantSide,
    Channel,
    DealKind,
    FilingWay,
    IdType,
    LeaseMode,
    LessorCapacity,
    PartyKind,
    PayCycle,
    Relation,
    RentUnit,
)
from services.engine.adapters import adapter


@dataclass(frozen=True)
class PartyForm:
    """A landlord or tenant as entered; numbers and dates already in normal form, or as typed when they are wrong."""

    kind: PartyKind = PartyKind.PERSON
    name: str = ""
    id_type: IdType = IdType.ID_CARD
    id_no: str = ""
    id_valid_to: date | None = None
    #: Asked for where the document's number does not tell it.
    born_on: date | None = None
    nationality: str = "中国"
    mobile: str = ""
    address: str = ""
    legal_rep: str = ""
    foreign_script: bool = False
    translation: bool = False
    limited_capacity: bool = False
    agent_kind: AgentKind = AgentKind.NONE
    agent_name: str = ""
    agent_id_type: IdType = IdType.ID_CARD
    agent_id_no: str = ""
    agent_mandate: bool = False
    guardian_proof: bool = False
    card_read: bool = False


@dataclass(frozen=True)
class ResidentForm:
    """A person who will live there beside the tenants."""

    name: str = ""
    id_type: IdType = IdType.ID_CARD
    id_no: str = ""
    mobile: str = ""
    relation: Relation = Relation.OTHER
    room: str = ""


@dataclass(frozen=True)
class FeeForm:
    """The payer of a kind of cost. `by` is LESSOR or LESSEE."""

    item: str
    by: str


@dataclass(frozen=True)
class HouseForm:
    """The house as the applicant states it; the register's own facts are not taken from here."""

    house_code: str = ""
    category: HouseCategory = HouseCategory.OWNED
    proof_kind: ProofKind = ProofKind.A1
    cert_no: str = ""
    district_code: str = ""
    street_code: str = ""
    address: str = ""
    room_no: str = ""
    build_area: Decimal | None = None
    handover_paper: bool = False
    conversion_papers: bool = False
    co_owner_consent: bool = False
    public_consent: bool = False
    mandate_chain: bool = False


@dataclass(frozen=True)
class LeaseForm:
    """A lease and the data of its filing. Money in yuan, areas in square metres, days are legal days."""

    house: HouseForm = HouseForm()
    lessors: tuple[PartyForm, ...] = ()
    lessees: tuple[PartyForm, ...] = ()
    residents: tuple[ResidentForm, ...] = ()
    lessor_capacity: LessorCapacity = LessorCapacity.OWNER
    deal: DealKind = DealKind.SELF
    mode: LeaseMode = LeaseMode.WHOLE
    rooms: tuple[str, ...] = ()
    leased_area: Decimal | None = None
    n1_material_ok: bool = False
    n1_daylight_ok: bool = False
    n1_verified: bool = False
    family_proof: bool = False
    dormitory: bool = False
    purpose: str = "居住"
    start: date | None = None
    end: date | None = None
    signed_on: date | None = None
    handover_on: date | None = None
    rent: Decimal | None = None
    rent_unit: RentUnit = RentUnit.MONTH
    pay_cycle: PayCycle = PayCycle.MONTH
    pay_months: int = 1
    pay_day: int = 1
    pay_method: str = "银行转账"
    payee: str = "LESSOR"
    payee_account: str = ""
    rent_changes_a_year: int = 0
    rent_change_agreed: bool = False
    rent_adjust_rule: str = ""
    deposit: Decimal | None = None
    deposit_return_days: int | None = None
    deposit_deduct_rule: str = ""
    deposit_custody: str = "LESSOR"
    supervised_account: str = ""
    short_term_by_tenant: bool = False
    fees: tuple[FeeForm, ...] = ()
    facilities: tuple[str, ...] = ()
    add_occupant_rule: str = ""
    repair_rule: str = ""
    use_rule: str = ""
    return_state: str = ""
    early_end_rule: str = ""
    renew_rule: str = ""
    sublet_rule: str = "NO"
    breach: str = ""
    dispute_way: str = "COURT"
    other_terms: str = ""
    mortgaged_told: str = "已告知"
    head_lease_consent: bool = False
    head_lease_end: date | None = None
    broker_uscc: str = ""
    enterprise_uscc: str = ""
    card_no: str = ""
    verification_no: str = ""
    materials: frozenset[str] = field(default_factory=frozenset)
    applicant: ApplicantSide = ApplicantSide.BOTH
    channel: Channel = Channel.DCOUNTER
    way: FilingWay = FilingWay.COMBINED
    previous_filing_no: str = ""
    paper_lease: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """Return what the filing holds: `*` for the whole flat, else the rooms' labels."""
        return ("*",) if self.mode is LeaseMode.WHOLE else tuple(sorted(set(self.rooms)))


#: How a case is handled, not what the parties agree on.
_NOT_TEXT = ("materials", "channel", "applicant", "way", "previous_filing_no")
_NOT_PARTY = ("card_read", "id_valid_to", "born_on")


def form_json(form: LeaseForm) -> dict[str, Any]:
    """The whole form as JSON, for keeping."""
    kept: dict[str, Any] = adapter(LeaseForm).dump_python(form, mode="json")
    kept["materials"] = sorted(form.materials)
    return kept


def form_of(kept: dict[str, Any]) -> LeaseForm:
    """The form back from what was kept."""
    return adapter(LeaseForm).validate_python(kept)


def text_digest(form: LeaseForm) -> str:
    """SM3 over the canonical text: any agreed word changed is another digest (F10)."""
    agreed = {key: value for key, value in form_json(form).items() if key not in _NOT_TEXT}
    for side in ("lessors", "lessees"):
        agreed[side] = [{key: value for key, value in party.items() if key not in _NOT_PARTY} for party in agreed[side]]
    return sm3_hex(json.dumps(agreed, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode())
