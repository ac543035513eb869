"""Two months of the association's batches and of stays in a project, made by the product's own actions on past days."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle, groupby, islice
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from deploy.demo.firms import named
from deploy.demo.stories import on_past_days, there
from deploy.demo.tables import DATA, lines_of, load
from models.access import Role, ScopeKind
from models.enterprise import Enterprise
from models.house import House
from models.identity import check_id_number
from models.own_data import read_rows
from models.push_codes import StayState
from models.pushes import BrokerBatch, CheckIn
from models.tenancy import LeaseFiling
from models.tenancy_codes import FilingState
from services.broker_pushes.batch_intake import receive_batch
from services.broker_pushes.orders import PushedItem, ReceiveBatch
from services.check_ins.arrivals import report_check_in
from services.check_ins.move_outs import report_move_out
from services.check_ins.occupied import report_occupied
from services.check_ins.orders import OccupiedRoom, ReportCheckIn, ReportMoveOut, ReportOccupied
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.door import Door
from services.engine.registry import action
from services.engine.work import Work

_PLATFORM, _OPERATOR, _PROJECT = "district-310115", "91310115MA1K000016", "XM3101150001"
#: Districts of the flats that are let: 浦东 first, which gets two of each round so that its report has something to show.
_DISTRICTS = ("310115", "310104", "310106", "310112", "310107", "310110")
_DEAR_DISTRICTS = {"310104", "310106", "310107", "310110"}
_TEXT = "5e" * 32


@action("demo.members", "装载协会会员", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_members(work: Work, order: None) -> int:
    """The association's members with a valid key and one practitioner's card each, once."""
    members = named("brokers")
    wanted = {member.uscc for member in members.values()}
    if work.has(Enterprise, col(Enterprise.uscc).in_(wanted)):
        return 0
    return len(load(work, "members", members))


def load_pushes(door: Door, data: Path) -> int:
    """Push and move in on past days, once; returns how many leases and stays there were."""
    if there(door, BrokerBatch):
        return 0
    leases, stays = (door.look(SYSTEM, partial(_cells, name)) for name in ("pushed_leases", "stays"))
    flats = cycle(_flats(door, data / "houses_2000.csv"))
    template = json.loads((DATA / "pushed_lease.json").read_text(encoding="utf-8"))
    with on_past_days(door) as stand:
        for base, lines in groupby(leases, key=lambda line: line["base"]):
            items = tuple(_item(line, house, template) for line, house in zip(lines, flats, strict=False))
            order = ReceiveBatch(f"XH{stand(_days(base)):%Y%m%d}01", items)
            door.perform(receive_batch, _caller("broker-assoc"), order)
        _live_in(door, stand, stays)
    return len(leases) + len(stays)


def _cells(name: str, work: Work) -> list[dict[str, str]]:
    return [
        {column: cell.format_map(places) for column, cell in cells.items()}
        for _, cells, places in lines_of(work, name, {})
    ]


def _days(base: str) -> int:
    return int(base.strip("-d"))


def _caller(app_id: str, district: str = "") -> Caller:
    return Caller(app_id, (Scope(Role.PARTNER, ScopeKind.ORGANISATION, app_id),), district_code=district)


def _flats(door: Door, path: Path) -> list[dict[str, str]]:
    """Sound flats of one owner that no lease holds and none was filed for lately, spread over some districts."""

    def let(work: Work) -> set[str]:
        lately = work.today - timedelta(days=180)
        holding = select(LeaseFiling.house_id).where(
            col(LeaseFiling.state).in_([FilingState.ACTIVE, FilingState.FROZEN]) | (col(LeaseFiling.filed_on) > lately)
        )
        return set(work.rows(House.house_code, col(House.id).in_(holding)))

    taken = door.look(SYSTEM, let)
    by_district: dict[str, list[dict[str, str]]] = {district: [] for district in _DISTRICTS}
    for line in read_rows(path):
        if (
            line["district_code"] in by_district
            and line["house_id"] not in taken
            and line["house_kind"] == "产权房"
            and line["use"] in {"居住", "住宅"}
            and line["expected_verdict"] == "pass"
            and line["limit_status"] == line["safety_status"] == "正常"
            and ";" not in line["owners"]
            and check_id_number(line["owners"].split("/")[1]).ok
        ):
            by_district[line["district_code"]].append(line)
    many, *others = by_district.values()
    rounds = zip(many[::2], many[1::2], *others, strict=False)
    return [line for one in islice(rounds, 30) for line in one]


def _item(line: Mapping[str, str], house: Mapping[str, str], template: Any) -> PushedItem:
    """A lease of a flat; the table says which of the faults that members make it has."""
    owner, owner_no, _ = house["owners"].split("/")
    rent = round(float(house["floor_area"]) * (95 if house["district_code"] in _DEAR_DISTRICTS else 60) / 10) * 10
    more = {"house": house, "owner": owner, "owner_no": owner_no, "deposit": rent, "rent": rent * int(line["times"])}
    raw = {**_filled(template, {**line, **more}), "materials": line["materials"].split(";")}
    return PushedItem(int(line["no"]), line["contract_no"], line["uscc"], raw, _TEXT)


def _filled(template: Any, places: Mapping[str, Any]) -> Any:
    """Return a template of JSON with the places in its texts filled."""
    if isinstance(template, str):
        return template.format_map(places)
    if isinstance(template, list):
        return [_filled(one, places) for one in template]
    return {key: _filled(one, places) for key, one in template.items()} if isinstance(template, dict) else template


def _live_in(door: Door, stand: Any, stays: list[dict[str, str]]) -> None:
    """People move into a project, some out again, one changes rooms; last night's list does not quite agree."""
    caller = _caller(_PLATFORM, "310115")
    template = json.loads((DATA / "stay.json").read_text(encoding="utf-8"))
    told: dict[str, ReportCheckIn] = {}
    for line in stays:
        today = stand(_days(line["base"]))
        told[line["key"]] = stay = _stay(line, template)
        door.perform(report_check_in, caller, stay)
        if line["leaves"]:
            door.perform(report_move_out, caller, _move_out(told[line["leaves"]], today))
    _tell_occupied(door, caller, stand(0))


def _stay(line: Mapping[str, str], template: Any) -> ReportCheckIn:
    lease = _filled(template, line)
    if line["friends"]:
        people = (friend.split("/") for friend in line["friends"].split(";"))
        shared = {"address": "上海市浦东新区", "relation": "FRIEND"}
        lease["residents"] = [dict(zip(("name", "id_no", "mobile"), one, strict=True)) | shared for one in people]
    return ReportCheckIn(
        checkin_no=line["checkin_no"],
        operator_uscc=_OPERATOR,
        key_serial=line["key_serial"],
        project_no=_PROJECT,
        room_no=line["room"],
        start=date.fromisoformat(line["start"]),
        end=date.fromisoformat(line["end"]),
        checked_in_at=datetime.fromisoformat(line["moved"]),
        lease=lease,
        previous_checkin_no=line["previous"],
        signed_text=_TEXT,
    )


def _move_out(stay: ReportCheckIn, today: date) -> ReportMoveOut:
    return ReportMoveOut(
        checkout_no=f"TZ{today:%y%m%d}{stay.checkin_no[-3:]}",
        checkin_no=stay.checkin_no,
        operator_uscc=stay.operator_uscc,
        project_no=stay.project_no,
        room_no=stay.room_no,
        left_on=today,
    )


def _tell_occupied(door: Door, caller: Caller, today: date) -> None:
    def living(work: Work) -> list[OccupiedRoom]:
        rows = work.rows(CheckIn, CheckIn.app_id == _PLATFORM, CheckIn.state == StayState.FILED)
        return [OccupiedRoom(room_no=row.room_no, checkin_no=row.checkin_no, persons=row.persons) for row in rows]

    rooms = door.look(SYSTEM, living)
    if len(rooms) > 2:
        rooms = [
            replace(rooms[0], persons=2),
            *rooms[2:],
            OccupiedRoom(room_no="0405", checkin_no="", persons=1),
            OccupiedRoom(room_no="9902", checkin_no="", persons=1),
        ]
    door.perform(report_occupied, caller, ReportOccupied(_PROJECT, _OPERATOR, today, tuple(rooms)))
