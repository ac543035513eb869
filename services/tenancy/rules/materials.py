"""Documents required for a filing and their holders; those in the licence library are not demanded (row 3)."""

from collections.abc import Iterator
from dataclasses import dataclass

from models.house import ProofKind
from models.tenancy_codes import FilingWay
from services.tenancy.lease_form import LeaseForm
from services.tenancy.rules.persons import parties

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
