"""Fixtures the rules read: firms, keys, cards, projects, reference rents, one listed person, one past filing (6.0)."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import Any

from sqlmodel import col, select

from deploy.demo.offices import add_accounts, people_who_join
from deploy.demo.tables import Known, cells_of, load
from models.access import OrgUnit, Role, UnitKind
from models.enterprise import Enterprise, RentReference
from models.house import House
from models.own_data import own_rows
from models.places_data import streets
from models.rooms import CentralProject, CentralRoom
from services.access.acl import change
from services.engine.numbering import number_later
from services.engine.registry import action
from services.engine.work import Work
from services.rooms.library import number_key


@action("demo.firms", "装载企业与项目", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_firms(work: Work, order: None) -> int:
    """Load the fixtures once."""
    if work.has(Enterprise):
        return 0
    firms = load(work, "firms", named("enterprises"))
    work.session.flush()
    load(work, "cards", named("cards") | firms)
    for cells, project in zip(cells_of("projects"), load(work, "projects", firms).values(), strict=True):
        _rooms(work, project.central_project, cells)
    load(work, "credit")
    central = {"310101", "310104", "310105", "310106", "310107", "310109", "310110"}
    for street in streets():
        price = Decimal(105 if street.district_code in central else 55)
        since = work.today - timedelta(days=365)
        work.add(RentReference(street_code=street.code, month_price=price, valid_from=since))
    add_accounts(work, people_who_join("firms"), lambda person: add_office(work, firms[person.office].enterprise))
    _past_leases(work)
    return len(firms)


def named(fixtures: str) -> Known:
    """The lines of a table of fixtures, by their ids."""
    return {line["fixture_id"]: SimpleNamespace(**line) for line in own_rows(f"fixtures/{fixtures}.csv")}


def _rooms(work: Work, project: CentralProject, cells: Mapping[str, str]) -> None:
    for place in range(project.room_total):
        room_no = f"{place // 12 + 1:02d}{place % 12 + 1:02d}"
        work.add(
            CentralRoom(
                project_id=project.id,
                room_no=room_no,
                number_key=number_key("", room_no),
                floor=place // 12 + 1,
                usable_area=Decimal(cells["usable_area"]),
                max_persons=int(cells["max_persons"]),
                beds=int(cells["beds"]),
                in_library=project.managed,
            )
        )


def add_office(work: Work, firm: Enterprise) -> OrgUnit:
    """Add the office of a firm, in which its accounts are."""
    unit = OrgUnit(
        unit_code=f"QY{firm.uscc[-10:]}",
        name=firm.name,
        kind=UnitKind.ENTERPRISE,
        enterprise_id=firm.id,
        district_code=firm.district_code,
        street_code=firm.street_code,
    )
    change(work, "unit", unit.id, "demo.firms")
    return work.add(unit)


def _past_leases(work: Work) -> None:
    """Filed some days ago and cancelled since, so that the interval rule has something to find."""
    wanted = {cells["house"] for cells in cells_of("past_leases")}
    houses = work.rows(House, col(House.house_code).in_(wanted))
    if len(houses) < len(wanted):
        return
    for lease in load(work, "past_leases", {house.house_code: house for house in houses}).values():
        number_lease(work, lease)
    for house in houses:
        house.last_ticket = 1
        work.add(house)


def number_lease(work: Work, lease: Any) -> None:
    """Give contract and filing of a loaded lease their numbers."""
    contract, filing = lease.lease_contract, lease.lease_filing
    for prefix, row, name in (("HT", contract, "contract_no"), ("BA", filing, "filing_no")):
        number_later(work, prefix, filing.district_code, filing.filed_on, partial(setattr, row, name))


def office_ids(work: Work) -> tuple[tuple[str, Any], ...]:
    """District to its centre, for legacy leases."""
    rows = work.session.exec(
        select(col(OrgUnit.district_code), col(OrgUnit.id)).where(OrgUnit.kind == UnitKind.DISTRICT_CENTER)
    ).all()
    return tuple((district, unit_id) for district, unit_id in rows)
