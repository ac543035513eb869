"""Loads legacy leases with the verdicts of the bulk judge: active, ended, intercepted or returned (decision 3)."""

import csv
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import select

from models.access import Role
from models.columns import new_id
from models.dialect import bulk_insert
from models.house import House
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from models.tenancy import ContractParty, FilingPart, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import (
    AgentKind,
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


@dataclass(frozen=True)
class LoadLeases:
    """A CSV in the layout of the contracts data set and the judge's verdict of each of its lines, in file order."""

    path: Path
    verdicts: tuple[str, ...]
    offices: tuple[tuple[str, Any], ...] = ()


@action("demo.leases", "装载历史合同", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_leases(work: Work, order: LoadLeases) -> int:
    """Load legacy leases once: pass is filed, manual waits intercepted, fail was returned."""
    if work.session.exec(select(LeaseFiling.id).where(LeaseFiling.way == FilingWay.LEGACY).limit(1)).first():
        return 0
    with order.path.open(encoding="utf-8-sig", newline="") as source:
        lines = list(csv.DictReader(source))
    houses = {house.house_code: house for house in work.session.exec(select(House)).all()}
    offices = dict(order.offices)
    load = _Load(work)
    for line, verdict in zip(lines, order.verdicts, strict=True):
        house = houses.get(line["house_id"])
        if house is not None:
            load.one(line, verdict, house, offices.get(house.district_code))
    load.write()
    work.trail.tell("DATA.CREATE", "demo.leases", detail={"count": len(load.rows[LeaseContract])})
    return len(load.rows[LeaseContract])


class _Load:
    """Collects the rows of one load and writes them in bulk."""

    def __init__(self, work: Work) -> None:
        self.work, self.today = work, work.today
        self.rows: dict[Any, list[dict[str, Any]]] = {
            LeaseContract: [],
            ContractParty: [],
            GovCase: [],
            LeaseFiling: [],
            FilingPart: [],
        }
        self.numbers: dict[str, int] = {}
        self.tickets: dict[Any, int] = {}
        self.seen: set[str] = set()

    def number(self, prefix: str, district: str, on: date) -> str:
        series = f"{prefix}{district}{on:%y%m%d}"
        self.numbers[series] = self.numbers.get(series, 0) + 1
        digits = f"{district}{on:%y%m%d}9{self.numbers[series]:05d}"
        return f"{prefix}{digits}{check_digit(digits)}"

    def one(self, line: dict[str, str], verdict: str, house: House, unit_id: Any) -> None:
        signed, start, end = (date.fromisoformat(line[key]) for key in ("sign_date", "start_date", "end_date"))
        signed = min(signed, self.today)
        at = datetime.combine(signed, time(10, 0), SHANGHAI)
        stamp = {"created_at": at, "updated_at": at, "created_by": None, "updated_by": None, "version": 1}
        place = {"district_code": house.district_code, "street_code": house.street_code}
        whole = line["mode"] == "整租"
        part = "*" if whole else line["room_no"]
        contract_id, case_id, filing_id = new_id(), new_id(), new_id()
        contract_no = line["contract_no"]
        if contract_no in self.seen:
            contract_no = f"{contract_no}-{len(self.seen)}"
        self.seen.add(contract_no)
        channel = CHANNELS.get(line["channel"], Channel.BATCH)
        filed = verdict == "pass" and end >= start
        cancelled = date.fromisoformat(line["cancel_date"]) if line["cancel_date"] else None
        states = _states(filed, verdict, cancelled, end, self.today)
        common = {"unit_id": unit_id, "clerk_id": None, "enterprise_id": None}
        self.rows[LeaseContract].append(
            {
                "id": contract_id,
                **stamp,
                **place,
                **common,
                "contract_no": contract_no,
                "house_id": house.id,
                "mode": LeaseMode.WHOLE if whole else LeaseMode.ROOM,
                "deal": DealKind.SUBLET
                if line["lessor_role"] == "转租人"
                else DealKind.SELF
                if line["lessor_role"] == "权利人"
                else DealKind.ENTERPRISE,
                "rooms": part,
                "start": start,
                "end": end,
                "signed_on": signed,
                "month_rent": Decimal(line["monthly_rent"]),
                "deposit": Decimal(line["deposit"]),
                "form": Sealed.of_json(
                    {"legacy": True, "pay_cycle": line["pay_cycle"], "occupants": line["occupants"]}
                ),
                "text_version": 1,
                "text_digest": "",
                "template": "LEGACY",
                "paper_only": True,
                "channel": channel,
                "state": states[0],
                "idle_until": None,
            }
        )
        self._parties(line, contract_id)
        self.rows[GovCase].append(
            {
                "id": case_id,
                **stamp,
                **place,
                **common,
                "case_no": self.number("SL", house.district_code, signed),
                "situation": Situation.NEW,
                "contract_id": contract_id,
                "filing_id": filing_id if filed else None,
                "house_id": house.id,
                "part_keys": part,
                "start": start,
                "end": end,
                "side": ApplicantSide.BOTH,
                "channel": channel,
                "received_at": at,
                "accepted_on": signed,
                "state": states[2],
                "retries": 0,
                "retry_at": None,
                "decided_at": at if states[2] is not CaseState.INTERCEPTED else None,
            }
        )
        if filed:
            self._filing(
                line,
                house,
                stamp | place | common,
                contract_id,
                case_id,
                filing_id,
                part,
                channel,
                states[1],
                cancelled,
                at,
            )

    def _filing(
        self,
        line: dict[str, str],
        house: House,
        base: dict[str, Any],
        contract_id: Any,
        case_id: Any,
        filing_id: Any,
        part: str,
        channel: Channel,
        state: FilingState,
        cancelled: date | None,
        at: datetime,
    ) -> None:
        signed, start, end = (date.fromisoformat(line[key]) for key in ("sign_date", "start_date", "end_date"))
        signed = min(signed, self.today)
        self.tickets[house.id] = self.tickets.get(house.id, 0) + 1
        persons = int(line["occupants"])
        valid_to = valid_until(start, end, 36)
        self.rows[LeaseFiling].append(
            {
                "id": filing_id,
                **base,
                "filing_no": self.number("BA", house.district_code, signed),
                "contract_id": contract_id,
                "case_id": case_id,
                "house_id": house.id,
                "ticket": self.tickets[house.id],
                "mode": LeaseMode.WHOLE if part == "*" else LeaseMode.ROOM,
                "part_keys": part,
                "valid_from": start,
                "valid_to": valid_to,
                "ended_on": cancelled,
                "month_rent": Decimal(line["monthly_rent"]),
                "leased_area": house.build_area,
                "persons": persons,
                "way": FilingWay.LEGACY,
                "side": ApplicantSide.BOTH,
                "deal": DealKind.SELF,
                "channel": channel,
                "check_run_id": None,
                "previous_id": None,
                "licence_state": LicenceState.ISSUED,
                "late_days": 0,
                "filed_on": signed,
                "filed_at": at,
                "state": state,
                "cancel_reason": "EARLY_BOTH" if cancelled else "",
                "retain_until": end + timedelta(days=730),
            }
        )
        self.rows[FilingPart].append(
            {
                "id": new_id(),
                "filing_id": filing_id,
                "house_id": house.id,
                "part_key": part,
                "valid_from": start,
                "valid_to": valid_to,
                "holds": state is FilingState.ACTIVE,
                "persons": persons,
            }
        )

    def _parties(self, line: dict[str, str], contract_id: Any) -> None:
        org = line["lessor_role"] == "住房租赁企业"
        lessors = list(zip(line["lessor_name"].split("、"), line["lessor_id"].split("+"), strict=False))
        lessees = [tuple(item.split("/", 1)) for item in line["lessees"].split(";")]
        for side, people in ((Side.LESSOR, lessors), (Side.LESSEE, lessees)):
            for position, (name, id_no) in enumerate(people, 1):
                self.rows[ContractParty].append(
                    {
                        "id": new_id(),
                        "contract_id": contract_id,
                        "side": side,
                        "position": position,
                        "kind": PartyKind.ORG if org and side is Side.LESSOR else PartyKind.PERSON,
                        "name": Sealed.of(name),
                        "name_index": None,
                        "id_type": "51" if org and side is Side.LESSOR else "11",
                        "id_no": Sealed.of(id_no),
                        "id_no_index": None,
                        "mobile": None,
                        "mobile_index": None,
                        "agent_kind": AgentKind.NONE,
                        "agent_name": None,
                        "agent_name_index": None,
                        "agent_id_no": None,
                        "agent_id_no_index": None,
                    }
                )

    def write(self) -> None:
        for model, rows in self.rows.items():
            table: sa.Table = model.__table__
            bulk_insert(self.work.session, table, seal_rows(self.work.sealer, table, rows))
        for house_id, ticket in self.tickets.items():
            house = self.work.session.exec(select(House).where(House.id == house_id)).one()
            house.last_ticket = ticket
            self.work.add(house)


def _states(
    filed: bool, verdict: str, cancelled: date | None, end: date, today: date
) -> tuple[ContractState, FilingState, CaseState]:
    if not filed:
        manual = verdict == "manual"
        return (
            ContractState.SIGNED if manual else ContractState.VOID,
            FilingState.EXPIRED,
            CaseState.INTERCEPTED if manual else CaseState.RETURNED,
        )
    if cancelled:
        return ContractState.TERMINATED, FilingState.CANCELLED, CaseState.DONE
    if end < today:
        return ContractState.EXPIRED, FilingState.EXPIRED, CaseState.DONE
    return ContractState.EFFECTIVE, FilingState.ACTIVE, CaseState.DONE
