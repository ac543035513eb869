"""Loads legacy leases with the verdicts of the bulk judge: active, ended, intercepted or returned (decision 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import select

from models.access import Role
from models.base import Row, whole_row
from models.columns import new_id
from models.dialect import bulk_insert
from models.house import House
from models.own_data import read_rows
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from models.tenancy import ContractParty, FilingPart, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import (
    ApplicantSide,
    CaseState,
    Channel,
    ContractState,
    DealKind,
    FilingState,
    FilingWay,
    LeaseMode,
    LicenceState,
    PartyKind,
    Side,
    Situation,
)
from services.engine.clock import SHANGHAI
from services.engine.numbering import check_digit
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.filing import valid_until

CHANNELS = {
    "一网通办": Channel.YWTB,
    "政务窗口": Channel.DCOUNTER,
    "企业端": Channel.ENT,
    "经纪行业协会": Channel.ASSOC,
    "区级长租公寓": Channel.DPLAT,
}
DEALS = {"转租人": DealKind.SUBLET, "权利人": DealKind.SELF}
#: Every third lease of the set's last year came in after the set ends: no month before the demo's day is without filings.
_LATE, _LATE_FROM = 3, timedelta(days=365)
#: So long a case that was stopped waits for its parties.
_WAITED = timedelta(days=30)


@dataclass(frozen=True)
class LoadLeases:
    """A CSV in the layout of the contracts data set and the judge's verdict of each of its lines, in file order."""

    path: Path
    verdicts: tuple[str, ...]
    offices: tuple[tuple[str, Any], ...] = ()


@action("demo.leases", "装载历史合同", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_leases(work: Work, order: LoadLeases) -> int:
    """Load legacy leases once: pass is filed, manual waits intercepted, fail was returned."""
    if work.has(LeaseFiling, LeaseFiling.way == FilingWay.LEGACY):
        return 0
    lines = read_rows(order.path)
    houses = {house.house_code: house for house in work.rows(House)}
    offices = dict(order.offices)
    load = _Load(work, _newest(lines))
    for line, verdict in zip(lines, order.verdicts, strict=True):
        house = houses.get(line["house_id"])
        if house is not None:
            load.one(line, verdict, house, offices.get(house.district_code))
    load.write()
    work.trail.tell("DATA.CREATE", "demo.leases", detail={"count": len(load.seen)})
    return len(load.seen)


def _newest(lines: Sequence[Mapping[str, str]]) -> date:
    """Return the last day of the set but for the days in the future that were planted in it."""
    return date.fromisoformat(sorted(line["sign_date"] for line in lines)[len(lines) * 92 // 100])


class _Load:
    """Collects the rows of one load and writes them in bulk."""

    def __init__(self, work: Work, newest: date) -> None:
        self.work, self.today, self.newest = work, work.today, newest
        self.rows: dict[type[Row], list[dict[str, Any]]] = {}
        self.numbers: dict[str, int] = {}
        self.tickets: dict[Any, int] = {}
        self.seen: set[str] = set()

    def add(self, table: type[Row], **values: Any) -> UUID:
        """Collect a row and return its id."""
        row = whole_row(table, **values)
        self.rows.setdefault(table, []).append(row)
        row_id: UUID = row["id"]
        return row_id

    def number(self, prefix: str, district: str, on: date) -> str:
        series = f"{prefix}{district}{on:%y%m%d}"
        self.numbers[series] = self.numbers.get(series, 0) + 1
        digits = f"{district}{on:%y%m%d}9{self.numbers[series]:05d}"
        return f"{prefix}{digits}{check_digit(digits)}"

    def one(self, line: dict[str, str], verdict: str, house: House, unit_id: Any) -> None:
        signed, start, end = (date.fromisoformat(line[key]) for key in ("sign_date", "start_date", "end_date"))
        whole = line["mode"] == "整租"
        part = "*" if whole else line["room_no"]
        contract_no = line["contract_no"]
        if contract_no in self.seen:
            contract_no = f"{contract_no}-{len(self.seen)}"
        self.seen.add(contract_no)
        filed = verdict == "pass" and end >= start
        cancelled = date.fromisoformat(line["cancel_date"]) if line["cancel_date"] else None
        came = min(signed, self.today) if verdict == "manual" or cancelled else self._came(signed, end)
        signed = min(signed, came)
        states = _states(filed, verdict, signed, cancelled, end, self.today)
        at = datetime.combine(came, time(10, 0), SHANGHAI)
        filing_id = new_id() if filed else None
        shared = {
            "created_at": at,
            "updated_at": at,
            "district_code": house.district_code,
            "street_code": house.street_code,
            "house_id": house.id,
            "unit_id": unit_id,
            "channel": CHANNELS.get(line["channel"], Channel.BATCH),
        }
        terms = {"mode": LeaseMode.WHOLE if whole else LeaseMode.ROOM, "month_rent": Decimal(line["monthly_rent"])}
        contract_id = self.add(
            LeaseContract,
            **shared,
            **terms,
            contract_no=contract_no,
            deal=DEALS.get(line["lessor_role"], DealKind.ENTERPRISE),
            rooms=part,
            start=start,
            end=end,
            signed_on=signed,
            deposit=Decimal(line["deposit"]),
            form=Sealed.of_json({"legacy": True, "pay_cycle": line["pay_cycle"], "occupants": line["occupants"]}),
            template="LEGACY",
            paper_only=True,
            state=states[0],
        )
        self._parties(line, contract_id)
        case_id = self.add(
            GovCase,
            **shared,
            case_no=self.number("SL", house.district_code, came),
            situation=Situation.NEW,
            contract_id=contract_id,
            filing_id=filing_id,
            part_keys=part,
            start=start,
            end=end,
            side=ApplicantSide.BOTH,
            received_at=at,
            accepted_on=came,
            state=states[2],
            decided_at=at if states[2] is not CaseState.INTERCEPTED else None,
        )
        if filing_id is None:
            return
        self.tickets[house.id] = self.tickets.get(house.id, 0) + 1
        period = {"valid_from": start, "valid_to": valid_until(start, end, 36), "persons": int(line["occupants"])}
        self.add(
            LeaseFiling,
            **shared,
            **terms,
            **period,
            id=filing_id,
            filing_no=self.number("BA", house.district_code, came),
            contract_id=contract_id,
            case_id=case_id,
            ticket=self.tickets[house.id],
            part_keys=part,
            ended_on=cancelled,
            leased_area=house.build_area,
            way=FilingWay.LEGACY,
            side=ApplicantSide.BOTH,
            deal=DealKind.SELF,
            licence_state=LicenceState.ISSUED,
            filed_on=came,
            filed_at=at,
            state=states[1],
            cancel_reason="EARLY_BOTH" if cancelled else "",
            retain_until=end + timedelta(days=730),
        )
        holds = states[1] is FilingState.ACTIVE
        self.add(FilingPart, **period, filing_id=filing_id, house_id=house.id, part_key=part, holds=holds)

    def _came(self, signed: date, end: date) -> date:
        """Return the day on which a lease was brought in."""
        number, gap = len(self.seen), (self.today - self.newest).days
        late = signed > self.today or (number % _LATE == 0 and signed > self.newest - _LATE_FROM)
        if gap < 2 or not late:
            return min(signed, self.today)
        came = self.newest + timedelta(days=1 + number % (gap - 1))
        return came if came <= end else min(signed, self.today)

    def _parties(self, line: dict[str, str], contract_id: UUID) -> None:
        org = line["lessor_role"] == "住房租赁企业"
        lessors = list(zip(line["lessor_name"].split("、"), line["lessor_id"].split("+"), strict=False))
        lessees = [tuple(item.split("/", 1)) for item in line["lessees"].split(";")]
        for side, people in ((Side.LESSOR, lessors), (Side.LESSEE, lessees)):
            for position, (name, id_no) in enumerate(people, 1):
                self.add(
                    ContractParty,
                    contract_id=contract_id,
                    side=side,
                    position=position,
                    kind=PartyKind.ORG if org and side is Side.LESSOR else PartyKind.PERSON,
                    name=Sealed.of(name),
                    id_type="51" if org and side is Side.LESSOR else "11",
                    id_no=Sealed.of(id_no),
                )

    def write(self) -> None:
        for model, rows in self.rows.items():
            table: sa.Table = model.__table__  # type: ignore[attr-defined]
            bulk_insert(self.work.session, table, seal_rows(self.work.sealer, table, rows))
        for house_id, ticket in self.tickets.items():
            house = self.work.session.exec(select(House).where(House.id == house_id)).one()
            house.last_ticket = ticket
            self.work.add(house)


def _states(
    filed: bool, verdict: str, signed: date, cancelled: date | None, end: date, today: date
) -> tuple[ContractState, FilingState, CaseState]:
    if not filed and verdict == "manual":
        # Parties do not wait for years: what was stopped long ago was withdrawn.
        if today - signed > _WAITED:
            return ContractState.VOID, FilingState.EXPIRED, CaseState.WITHDRAWN
        return ContractState.SIGNED, FilingState.EXPIRED, CaseState.INTERCEPTED
    if not filed:
        return ContractState.VOID, FilingState.EXPIRED, CaseState.RETURNED
    if cancelled:
        return ContractState.TERMINATED, FilingState.CANCELLED, CaseState.DONE
    if end < today:
        return ContractState.EXPIRED, FilingState.EXPIRED, CaseState.DONE
    return ContractState.EFFECTIVE, FilingState.ACTIVE, CaseState.DONE
