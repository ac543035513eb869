"""Firms in the pilot of direct rent and leases of theirs in the base library's free flats (demo)."""

from datetime import timedelta
from itertools import islice

from sqlmodel import col

from deploy.demo.firms import number_lease
from deploy.demo.houses import free_homes, restricted
from deploy.demo.tables import cells_of, load
from models.access import Role
from models.direct_pay import PilotScope
from models.direct_pay_codes import PilotState
from models.enterprise import Enterprise
from models.house import House
from models.sealed import Sealed
from services.engine.registry import action
from services.engine.work import Work

#: The demo's pilot firms by credit code, and the account their rents are paid into.
FIRMS = {
    "91310115MA1K000016": "31050161364000000116",
    "91310000MA1F000035": "31050161364000000235",
    "91310106MAXF40002A": "31050161364000000342",
}


@action("demo.pilot", "装载直付试点企业与租约", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_pilot(work: Work, order: None) -> int:
    """Put the firms into the pilot and let free flats to tenants of theirs, once."""
    firms = {firm.uscc: firm for firm in work.rows(Enterprise) if firm.uscc in FIRMS}
    if work.has(PilotScope) or not firms:
        return 0
    for uscc, firm in firms.items():
        firm.supervised_account = Sealed.of(FIRMS[uscc])
        work.add(firm)
        work.add(
            PilotScope(
                enterprise_id=firm.id,
                valid_from=work.today - timedelta(days=400),
                fund_letter="沪公积金函〔2026〕12号",
                state=PilotState.CONFIRMED,
                decided_at=work.now,
            )
        )
    wanted = [cells["house"] for cells in cells_of("pilot_leases")]
    flats = dict(zip(wanted, free_flats(work, len(wanted)), strict=True))
    for lease in load(work, "pilot_leases", firms | flats).values():
        number_lease(work, lease)
    for flat, cells in zip(flats.values(), cells_of("pilot_leases"), strict=True):
        flat.last_ticket, flat.enterprise_id = 1, firms[cells["firm"]].id
        work.add(flat)
    return len(flats)


def free_flats(work: Work, wanted: int) -> list[House]:
    """Return free flats without a restriction, from the end of the library, a few of each district."""
    rows = free_homes(work, ~restricted(), by=col(House.house_code).desc())
    districts = ("310115", "310104", "310106")
    by_district = [[house for house in rows if house.district_code == district] for district in districts]
    mixed = (house for group in zip(*by_district, strict=False) for house in group)
    return list(islice(mixed, wanted))
