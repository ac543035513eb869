"""Firms in the pilot of direct rent and leases of theirs in the base library's free flats (demo)."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import cycle, islice
from typing import Any

from sqlmodel import col, select

from models.access import Role
from models.columns import new_id
from models.direct_pay import PilotScope
from models.direct_pay_codes import PilotState
from models.enterprise import Enterprise
from models.house import House, HouseCategory, HouseRestriction
from models.identity import id_check_character
from models.own_data import own_rows
from models.sealed import Sealed
from models.tenancy import ContractParty, FilingPart, LeaseContract, LeaseFiling
from models.tenancy_codes import (
    ApplicantSide,
    Channel,
    ContractState,
    DealKind,
    FilingState,
    FilingWay,
    LeaseMode,
    LicenceState,
    PartyKind,
    Side,
)
from services.direct_pay.rent import first_of, month_before, month_of
from services.engine.numbering import number_later
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.predicates import RESIDENTIAL, last_day

#: The demo's pilot firms by credit code, and the account their rents are paid into.
FIRMS = {
    "91310115MA1K000016": "31050161364000000116",
    "91310000MA1F000035": "31050161364000000235",
    "91310106MAXF40002A": "31050161364000000342",
}
_NAMES = (
    "顾怀瑾",
    "叶知秋",
    "陆星遥",
    "徐若谷",
    "沈亦舟",
    "方书意",
    "何予安",
    "程以宁",
    "罗思齐",
    "韩清越",
    "苏念真",
    "孟长歌",
)
#: How long ago the leases began, in months.
MONTHS_AGO = 5
_RENTS = ("3800.00", "4200.00", "4650.00", "5100.00", "5600.00", "6200.00")


def _person(serial: int) -> tuple[str, str]:
    first = f"3101011{985 + serial % 12}0{serial % 9 + 1}15{700 + serial:03d}"
    return _NAMES[serial % len(_NAMES)], first + id_check_character(first)


#: Name and number of each demo tenant; nobody of that number exists.
TENANTS = tuple(_person(serial) for serial in range(24))


@dataclass(frozen=True)
class LoadPilot:
    """How many leases to make; a world of few houses has fewer."""

    leases: int = len(TENANTS)


@action("demo.pilot", "装载直付试点企业与租约", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_pilot(work: Work, order: LoadPilot) -> int:
    """Put the firms into the pilot and let free flats to tenants of theirs, once."""
    firms = work.session.exec(select(Enterprise).where(col(Enterprise.uscc).in_(list(FIRMS)))).all()
    if work.session.exec(select(PilotScope.id).limit(1)).first() is not None or not firms:
        return 0
    for firm in firms:
        firm.supervised_account = Sealed.of(FIRMS[firm.uscc])
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
    flats = _free_flats(work, order.leases)
    for place, (house, tenant, rent) in enumerate(zip(flats, TENANTS, cycle(_RENTS), strict=False)):
        # Turned by one each round, so that no firm has one district only.
        _let(work, house, firms[(place + place // len(firms)) % len(firms)], tenant, Decimal(rent))
    return len(flats)


def _free_flats(work: Work, wanted: int) -> list[House]:
    """Flats nobody ever filed a lease of and nothing speaks against, from the library's end, a few of each district."""
    limited = select(HouseRestriction.id).where(HouseRestriction.house_id == House.id)
    # The named fixtures are for whoever tries the counter: a pilot's lease on one of them would refuse his.
    named = {row["house_id"] for row in own_rows("fixtures/houses.csv")}
    rows = work.session.exec(
        select(House)
        .where(
            House.last_ticket == 0,
            House.category == HouseCategory.OWNED,
            col(House.design_use).in_(sorted(RESIDENTIAL)),
            col(House.project_id).is_(None),
            col(House.enterprise_id).is_(None),
            ~limited.exists(),
            col(House.house_code).not_in(named),
        )
        .order_by(col(House.house_code).desc())
    ).all()
    districts = ("310115", "310104", "310106")
    by_district = [[house for house in rows if house.district_code == district] for district in districts]
    mixed = (house for group in zip(*by_district, strict=False) for house in group)
    return list(islice(mixed, wanted))


def _let(work: Work, house: House, firm: Enterprise, tenant: tuple[str, str], rent: Decimal) -> None:
    month = month_of(work.today)
    for _ in range(MONTHS_AGO):
        month = month_before(month)
    start = first_of(month)
    end = last_day(start, 24)
    common: dict[str, Any] = {"district_code": house.district_code, "street_code": house.street_code}
    shared: dict[str, Any] = {"mode": LeaseMode.WHOLE, "deal": DealKind.ENTERPRISE, "channel": Channel.ENT}
    contract = LeaseContract(
        house_id=house.id,
        rooms="*",
        start=start,
        end=end,
        signed_on=start,
        month_rent=rent,
        deposit=rent,
        form=Sealed.of_json({"legacy": True, "pay_cycle": "MONTH"}),
        paper_only=True,
        enterprise_id=firm.id,
        state=ContractState.EFFECTIVE,
        **shared,
        **common,
    )
    work.add(contract)
    _party(work, contract, Side.LESSOR, PartyKind.ORG, firm.name, "51", firm.uscc)
    _party(work, contract, Side.LESSEE, PartyKind.PERSON, tenant[0], "11", tenant[1])
    house.last_ticket, house.enterprise_id = 1, firm.id
    work.add(house)
    filing = LeaseFiling(
        # Replaced by its number before commit; until then no two may be alike.
        filing_no=new_id().hex,
        contract_id=contract.id,
        house_id=house.id,
        ticket=1,
        part_keys="*",
        valid_from=start,
        valid_to=end,
        month_rent=rent,
        leased_area=house.build_area,
        persons=1,
        way=FilingWay.COMBINED,
        side=ApplicantSide.ENTERPRISE,
        enterprise_id=firm.id,
        licence_state=LicenceState.ISSUED,
        filed_on=start,
        filed_at=work.now - timedelta(days=(work.today - start).days),
        state=FilingState.ACTIVE,
        retain_until=end + timedelta(days=730),
        **shared,
        **common,
    )
    work.add(filing)
    work.add(
        FilingPart(filing_id=filing.id, house_id=house.id, part_key="*", valid_from=start, valid_to=end, persons=1)
    )
    number_later(work, "HT", house.district_code, start, lambda number: setattr(contract, "contract_no", number))
    number_later(work, "BA", house.district_code, start, lambda number: setattr(filing, "filing_no", number))


def _party(
    work: Work, contract: LeaseContract, side: Side, kind: PartyKind, name: str, id_type: str, number: str
) -> None:
    work.add(
        ContractParty(
            contract_id=contract.id,
            side=side,
            kind=kind,
            name=Sealed.of(name),
            id_type=id_type,
            id_no=Sealed.of(number),
        )
    )
