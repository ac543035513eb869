"""Registers the simulated partners with their public keys and where they answer (demo, tests and sandbox)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select

from deploy.demo.tables import DATA
from integrations.provident_fund.simulator import Tenancy
from models.access import Role
from models.direct_pay import Entrustment, PilotScope
from models.direct_pay_codes import PilotState
from models.enterprise import Enterprise
from models.own_data import read_rows
from models.partners import Partner, PartnerKey, PartnerKeyState, PartnerKind
from models.tenancy import ContractParty, LeaseContract, LeaseFiling
from models.tenancy_codes import FilingState, Side
from services.access.acl import change
from services.engine.registry import action
from services.engine.work import Work
from services.partners.registry import EnrolKey, ProposePartner, enrol, enrol_key


@dataclass(frozen=True)
class SimulatedPartner:
    """A running simulator as it would introduce itself: address and both public keys under their names."""

    app_id: str
    url: str
    keys: tuple[EnrolKey, ...]


@dataclass(frozen=True)
class LoadPartners:
    partners: tuple[SimulatedPartner, ...]


@action("demo.partners", "装载对接方", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_partners(work: Work, order: LoadPartners) -> int:
    """Register those not known yet; a simulator that has moved or made new keys is followed. Returns how many changed."""
    known = {line["app_id"]: line for line in read_rows(DATA / "partners.csv")}
    return sum(_load(work, found, known[found.app_id]) for found in order.partners if found.app_id in known)


def _load(work: Work, found: SimulatedPartner, known: Mapping[str, str]) -> int:
    uscc = known["uscc"]
    row = work.first(Partner, Partner.app_id == found.app_id)
    if row is not None:
        return _follow(work, row, found)
    firm = work.first(Enterprise, Enterprise.uscc == uscc) if uscc else None
    if uscc and firm is None:
        return 0
    enrol(
        work,
        ProposePartner(
            app_id=found.app_id,
            label=known["label"],
            kind=PartnerKind.of(known["kind"]),
            base_url=found.url,
            scopes=known["scopes"],
            enterprise_id=firm.id if firm else None,
            district_code=known["district"],
        ),
        found.keys,
    )
    return 1


def _follow(work: Work, row: Partner, found: SimulatedPartner) -> int:
    held = work.rows(PartnerKey, PartnerKey.partner_id == row.id)
    active = {key.public_key for key in held if key.state is PartnerKeyState.ACTIVE}
    wanted = {key.public_key: key for key in found.keys}
    if row.base_url == found.url and active == wanted.keys():
        return 0
    change(work, "partner", row.id, "demo.partners")
    row.base_url = found.url
    work.add(row)
    for old in held:
        # A simulator's own key comes back when a developer has done with the sandbox.
        old.state = PartnerKeyState.ACTIVE if old.public_key in wanted else PartnerKeyState.REVOKED
        old.revoked_at = None if old.public_key in wanted else old.revoked_at or work.at
        work.add(old)
    work.session.flush()
    for public_key, key in wanted.items():
        if public_key not in {old.public_key for old in held}:
            enrol_key(work, row, key)
    return 1


def offered_leases(work: Work) -> list[Tenancy]:
    """Leases in force of firms in the pilot, without a mandate yet: what a simulated fund's tenants may know."""
    mandated = select(Entrustment.filing_id).where(Entrustment.filing_id == LeaseFiling.id)
    rows = work.session.exec(
        select(LeaseFiling, LeaseContract, Enterprise, ContractParty)
        .join(LeaseContract, col(LeaseContract.id) == LeaseFiling.contract_id)
        .join(Enterprise, col(Enterprise.id) == LeaseFiling.enterprise_id)
        .join(ContractParty, col(ContractParty.contract_id) == LeaseContract.id)
        .where(
            LeaseFiling.state == FilingState.ACTIVE,
            LeaseFiling.valid_to > work.today + timedelta(days=31),
            col(Enterprise.supervised_account_index).is_not(None),
            col(Enterprise.id).in_(select(PilotScope.enterprise_id).where(PilotScope.state == PilotState.CONFIRMED)),
            ~mandated.exists(),
            ContractParty.side == Side.LESSEE,
            ContractParty.position == 1,
        )
        .order_by(col(LeaseFiling.filing_no))
        .limit(60)
    ).all()
    return [
        Tenancy(
            filing_no=filing.filing_no,
            contract_no=contract.contract_no or "",
            enterprise_uscc=firm.uscc,
            tenant=tenant.name.plain,
            tenant_id_no=tenant.id_no.plain,
            monthly_rent=filing.month_rent,
            draw_from=f"{max(filing.valid_from, work.today):%Y-%m}",
            draw_to=f"{filing.valid_to:%Y-%m}",
            payee_name=firm.name,
            payee_account=firm.supervised_account.plain,
        )
        for filing, contract, firm, tenant in rows
        if firm.supervised_account is not None
    ]
