"""Fixtures the rules read: firms, keys, cards, projects, reference rents, one listed person, one past filing (6.0)."""

import csv
import secrets
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from deploy.demo.offices import Person, add_account
from models.access import OrgUnit, Role, ScopeKind, UnitKind
from models.enterprise import (
    CentralProject,
    CentralRoom,
    CreditEntry,
    Enterprise,
    EnterpriseKey,
    EnterpriseKind,
    KeyState,
    PriceFiling,
    ProjectKind,
    RecordState,
    RentReference,
    ServiceState,
)
from models.house import House
from models.places_data import streets
from models.practitioner_codes import CardState
from models.practitioners import InfoCard
from models.sealed import Sealed
from models.tenancy import ContractParty, FilingPart, LeaseContract, LeaseFiling
from models.tenancy_codes import (
    ApplicantSide,
    CancelReason,
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
from services.access.acl import change
from services.engine.numbering import number_later
from services.engine.registry import action
from services.engine.work import Work


@dataclass(frozen=True)
class LoadFirms:
    """The folder of the fixture tables."""

    folder: Path


@action("demo.firms", "装载企业与项目", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_firms(work: Work, order: LoadFirms) -> int:
    """Load the fixtures once."""
    if work.session.exec(select(Enterprise.id).limit(1)).first():
        return 0
    firms = {line["fixture_id"]: _firm(work, line) for line in _rows(order.folder / "enterprises.csv")}
    work.session.flush()
    for line in _rows(order.folder / "cards.csv"):
        _card(work, line, firms)
    for line in _rows(order.folder / "projects.csv"):
        _project(work, line, firms)
    _rents(work)
    work.add(
        CreditEntry(
            id_no=Sealed.of("310112197912310059"), kind="虚假租赁", since=work.today - timedelta(days=200), until=None
        )
    )
    _users(work, firms)
    for line in _rows(order.folder / "houses.csv"):
        if line.get("filed_days_ago"):
            _past_filing(work, line)
    return len(firms)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def _firm(work: Work, line: dict[str, str]) -> Enterprise:
    firm = Enterprise(
        name=line["name"],
        kind=EnterpriseKind.of(line["kind"]),
        uscc=line["uscc"],
        scope_ok="租赁" in line["scope"] or "经纪" in line["scope"],
        record_no=line["record_no"],
        record_state=RecordState.of(line["record_state"]),
        service_state=ServiceState.of(line["service_state"]),
        district_code=line["district_code"],
        street_code=line["street_code9"],
    )
    if firm.kind in (EnterpriseKind.RENTAL, EnterpriseKind.BROKERAGE):
        # Published with the firm (row 48); made up, of a length no bank of the city gives out.
        digits = "".join(char for char in firm.uscc if char.isdigit())
        firm.supervised_account, firm.supervised_bank = Sealed.of(f"310066{digits[-12:]:0>12}0"), "示例银行上海分行"
    work.add(firm)
    for state, count in ((KeyState.VALID, int(line["keys_valid"])), (KeyState.EXPIRED, int(line["keys_other"]))):
        for place in range(count):
            work.add(
                EnterpriseKey(
                    enterprise_id=firm.id,
                    serial=f"{line['fixture_id']}-{state.value}-{place + 1}",
                    valid_from=work.today - timedelta(days=400),
                    valid_to=work.today + timedelta(days=365 if state is KeyState.VALID else -35),
                    state=state,
                )
            )
    return firm


def _card(work: Work, line: dict[str, str], firms: dict[str, Enterprise]) -> None:
    today = work.today
    work.add(
        InfoCard(
            card_no=line["card_no"],
            enterprise_id=firms[line["enterprise"]].id,
            name=Sealed.of(line["name"]),
            active_from=today - timedelta(days=int(line["active_days_ago"])),
            cancelled_on=today - timedelta(days=int(line["cancelled_days_ago"]))
            if line["cancelled_days_ago"]
            else None,
            state=CardState.of(line["state"]),
        )
    )


def _project(work: Work, line: dict[str, str], firms: dict[str, Enterprise]) -> None:
    project = CentralProject(
        project_no=line["project_no"],
        name=line["project_name"],
        kind=ProjectKind.of(line["kind"]),
        managed=line["managed"] == "是",
        enterprise_id=firms[line["enterprise"]].id,
        operate_from=work.today - timedelta(days=700),
        operate_to=work.today + timedelta(days=3000),
        opened=line["opened"] == "是",
        room_total=int(line["room_total"]),
        district_code=line["district_code"],
        street_code=line["street_code9"],
    )
    work.add(project)
    for place in range(int(line["room_total"])):
        work.add(
            CentralRoom(
                project_id=project.id,
                room_no=f"{place // 12 + 1:02d}{place % 12 + 1:02d}",
                usable_area=Decimal(line["usable_area"]),
                max_persons=int(line["max_persons"]),
                beds=int(line["beds"]),
                in_library=project.managed,
            )
        )
    if project.kind is ProjectKind.BUILDER_HOME:
        work.add(
            PriceFiling(
                project_id=project.id,
                room_no="",
                month_price=Decimal("2400.00"),
                valid_from=work.today - timedelta(days=300),
            )
        )


def _rents(work: Work) -> None:
    central = {"310101", "310104", "310105", "310106", "310107", "310109", "310110"}
    for street in streets():
        work.add(
            RentReference(
                street_code=street.code,
                month_price=Decimal("105.00") if street.district_code in central else Decimal("55.00"),
                valid_from=work.today - timedelta(days=365),
            )
        )


def _users(work: Work, firms: dict[str, Enterprise]) -> None:
    unknown = work.sealer.hash_password(secrets.token_urlsafe(32))
    for login, name, key in (("huyu01", "许文", "E-1"), ("anju01", "曹颖", "E-2")):
        firm = firms[key]
        unit = OrgUnit(
            unit_code=f"QY{firm.uscc[-10:]}",
            name=firm.name,
            kind=UnitKind.ENTERPRISE,
            enterprise_id=firm.id,
            district_code=firm.district_code,
            street_code=firm.street_code,
        )
        change(work, "unit", unit.id, "demo.firms")
        work.add(unit)
        person = Person(login, name, unit.unit_code, Role.ENTERPRISE_USER, ScopeKind.ORGANISATION, firm.uscc)
        add_account(work, person, unit, unknown)


def _past_filing(work: Work, line: dict[str, str]) -> None:
    """H-10: filed some days ago and cancelled since, so that the interval rule has something to find."""
    house = work.session.exec(select(House).where(House.house_code == line["house_id"])).first()
    if house is None:
        return
    filed = work.today - timedelta(days=int(line["filed_days_ago"]))
    ended = work.today - timedelta(days=int(line["cancelled_days_ago"] or 0))
    name, id_no, _ = line["owners"].split(";")[0].split("/")
    common: dict[str, Any] = {"district_code": house.district_code, "street_code": house.street_code}
    contract = LeaseContract(
        house_id=house.id,
        mode=LeaseMode.WHOLE,
        deal=DealKind.SELF,
        rooms="*",
        start=filed,
        end=filed + timedelta(days=364),
        signed_on=filed,
        month_rent=Decimal("5200.00"),
        deposit=Decimal("5200.00"),
        form=Sealed.of_json({"legacy": True}),
        paper_only=True,
        channel=Channel.DCOUNTER,
        state=ContractState.TERMINATED,
        **common,
    )
    work.add(contract)
    for side, who, number in (
        (Side.LESSOR, name, id_no),
        (Side.LESSEE, "王磊", "310115198808080031"),
    ):
        work.add(
            ContractParty(
                contract_id=contract.id,
                side=side,
                kind=PartyKind.PERSON,
                name=Sealed.of(who),
                id_type="11",
                id_no=Sealed.of(number),
            )
        )
    ticket = house.last_ticket + 1
    filing = LeaseFiling(
        filing_no="",
        contract_id=contract.id,
        house_id=house.id,
        ticket=ticket,
        mode=LeaseMode.WHOLE,
        part_keys="*",
        valid_from=filed,
        valid_to=filed + timedelta(days=364),
        ended_on=ended,
        month_rent=contract.month_rent,
        leased_area=house.build_area,
        persons=1,
        way=FilingWay.COMBINED,
        side=ApplicantSide.BOTH,
        deal=DealKind.SELF,
        channel=Channel.DCOUNTER,
        licence_state=LicenceState.REVOKED,
        filed_on=filed,
        filed_at=work.now - timedelta(days=int(line["filed_days_ago"])),
        state=FilingState.CANCELLED,
        cancel_reason=CancelReason.EARLY_BOTH.value,
        retain_until=filed + timedelta(days=364 + 730),
        **common,
    )
    work.add(filing)
    work.add(
        FilingPart(
            filing_id=filing.id,
            house_id=house.id,
            part_key="*",
            valid_from=filing.valid_from,
            valid_to=filing.valid_to,
            holds=False,
        )
    )
    house.last_ticket = ticket
    work.add(house)
    number_later(work, "HT", house.district_code, filed, lambda number: setattr(contract, "contract_no", number))
    number_later(work, "BA", house.district_code, filed, lambda number: setattr(filing, "filing_no", number))


def office_ids(work: Work) -> tuple[tuple[str, Any], ...]:
    """District to its centre, for legacy leases."""
    rows = work.session.exec(
        select(col(OrgUnit.district_code), col(OrgUnit.id)).where(OrgUnit.kind == UnitKind.DISTRICT_CENTER)
    ).all()
    return tuple((district, unit_id) for district, unit_id in rows)
