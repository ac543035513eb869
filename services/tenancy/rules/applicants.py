"""The persons named in a form, and the documents required for a filing with their holders (rows 3 and 7)."""

from collections.abc import Iterator
from dataclasses import dataclass

from models.house import ProofKind
from models.tenancy_codes import AgentKind, FilingWay, IdType, PartyKind
from services.tenancy.lease_form import LeaseForm, PartyForm

#: Whom the police can answer for; other documents are read at the counter.
POLICE_ANSWERS = frozenset({IdType.ID_CARD, IdType.HOUSEHOLD, IdType.MILITARY, IdType.HMT_RESIDENCE, IdType.PR_CARD})
BODIES = frozenset({IdType.LICENCE, IdType.LEGAL_PERSON, IdType.ORG_CODE, IdType.REP_OFFICE, IdType.FOREIGN_REG})
#: Numbers that are unified social credit codes, so that the legal-person library knows them.
CREDIT_CODES = frozenset({IdType.LICENCE, IdType.LEGAL_PERSON})


@dataclass(frozen=True)
class Named:
    """A name and a number somewhere in the form. `path` leads to the person, `name_key` and `no_key` to the fields."""

    path: str
    name: str
    id_type: IdType
    id_no: str
    kind: PartyKind = PartyKind.PERSON
    name_key: str = "name"
    no_key: str = "id_no"

    @property
    def name_field(self) -> str:
        return f"{self.path}.{self.name_key}"

    @property
    def no_field(self) -> str:
        return f"{self.path}.{self.no_key}"


def parties(form: LeaseForm) -> Iterator[tuple[str, PartyForm]]:
    """Landlords, then tenants, each with its path."""
    for side, people in (("lessors", form.lessors), ("lessees", form.lessees)):
        for place, party in enumerate(people):
            yield f"{side}.{place}", party


def everybody(form: LeaseForm) -> Iterator[Named]:
    """Landlords, tenants, their agents and the residents."""
    for path, party in parties(form):
        yield Named(path, party.name, party.id_type, party.id_no, party.kind)
        if party.agent_kind is not AgentKind.NONE:
            yield Named(
                path,
                party.agent_name,
                party.agent_id_type,
                party.agent_id_no,
                name_key="agent_name",
                no_key="agent_id_no",
            )
    for place, resident in enumerate(form.residents):
        yield Named(f"residents.{place}", resident.name, resident.id_type, resident.id_no)


def persons_living(form: LeaseForm) -> int:
    """Return how many people the lease lets in: tenants who are persons, and residents."""
    return sum(party.kind is PartyKind.PERSON for party in form.lessees) + len(form.residents)


LEASE = "租赁合同"

PROOF_PAPERS = {
    ProofKind.A1: "不动产权证",
    ProofKind.A2: "预告登记证明",
    ProofKind.A3: "商品房出售（预售）合同",
    ProofKind.A4: "租用居住公房凭证",
    ProofKind.B1: "动迁安置协议和供应单",
    ProofKind.B2: "宅基地使用证或建房批准文件",
    ProofKind.C1: "集中式项目权属与改建批准文件",
}


@dataclass(frozen=True)
class Material:
    """A paper to hand in. `holders` are the numbers under which the licence library may hold it already."""

    name: str
    field: str
    holders: tuple[str, ...] = ()
    shown: bool = False


def required_materials(form: LeaseForm) -> Iterator[Material]:
    """Return every document the application needs; mandates, consents and translations have rules of their own."""
    lessors = tuple(party.id_no for party in form.lessors if party.id_no)
    yield Material(PROOF_PAPERS[form.house.proof_kind], "materials", lessors)
    for path, party in parties(form):
        yield Material(party.id_type.label, f"{path}.id_type", (party.id_no,) if party.id_no else (), party.card_read)
    if form.paper_lease or form.way is FilingWay.FILING_ONLY:
        yield Material(LEASE, "materials")
