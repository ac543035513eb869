"""Two months of the association's batches and of stays in a project, made by the product's own actions on past days."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from deploy.demo.firms import named
from deploy.demo.stories import id_number, on_past_days, there
from deploy.demo.tables import load
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
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.registry import action
from services.engine.work import Work

_ASSOCIATION, _PLATFORM, _DISTRICT = "broker-assoc", "district-310115", "310115"
_OPERATOR, _KEY, _CARD, _PROJECT = "91310115MA1K000016", "E-1-VALID-1", "沪租赁2024000104", "XM3101150001"
#: Days ago on which a batch came, and how many leases it had.
_BATCHES = ((58, 3), (51, 4), (44, 3), (37, 5), (30, 4), (23, 4), (16, 3), (9, 5), (2, 4))
_STAYS = 11
_DISTRICTS = ("310115", "310104", "310106", "310112", "310107", "310110")
_SURNAMES, _GIVEN = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗",
    ("子涵", "雨桐", "嘉怡", "思远", "晓峰", "文静", "志强", "海燕", "建国", "婷婷", "俊杰", "欣怡"),
)
_TEXT = "5e" * 32


@dataclass(frozen=True)
class _Member:
    uscc: str
    card_no: str


@action("demo.members", "装载协会会员", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_members(work: Work, order: None) -> int:
    """The association's members with a valid key and one practitioner's card each, once."""
    members = named("brokers")
    wanted = {member.uscc for member in members.values()}
    if work.session.exec(select(Enterprise.id).where(col(Enterprise.uscc).in_(wanted)).limit(1)).first() is not None:
        return 0
    return len(load(work, "members", members))


def load_pushes(door: Door, data: Path) -> int:
    """Push and move in on past days, once; returns how many leases and stays there were."""
    if there(door, BrokerBatch):
        return 0
    members = [_Member(line.uscc, line.card_no) for line in named("brokers").values()]
    members.append(_Member("91310104MA7A000029", "沪经纪2024000101"))
    leases = cycle(_flats(door, data / "houses_2000.csv"))
    count = 0
    with on_past_days(door) as stand:
        people = _people()
        for place, (days, size) in enumerate(_BATCHES):
            today = stand(days)
            items = tuple(
                _item(place, number, line, members[(place + number) % len(members)], next(people), today)
                for number, line in enumerate(islice(leases, size), 1)
            )
            door.perform(receive_batch, _caller(_ASSOCIATION), ReceiveBatch(f"XH{today:%Y%m%d}01", items))
            count += len(items)
        count += _stays(door, stand, people)
    return count


def _caller(app_id: str, district: str = "") -> Caller:
    return Caller(app_id, (Scope(Role.PARTNER, ScopeKind.ORGANISATION, app_id),), district_code=district)


def _flats(door: Door, path: Path) -> list[dict[str, str]]:
    """Sound flats of one owner that no lease holds and none was filed for lately, spread over some districts."""

    def let(work: Work) -> set[str]:
        lately = work.today - timedelta(days=180)
        holding = select(LeaseFiling.house_id).where(
            col(LeaseFiling.state).in_([FilingState.ACTIVE, FilingState.FROZEN]) | (col(LeaseFiling.filed_on) > lately)
        )
        return set(work.session.exec(select(House.house_code).where(col(House.id).in_(holding))).all())

    taken = door.look(SYSTEM, let)
    by_district: dict[str, list[dict[str, str]]] = {district: [] for district in _DISTRICTS}
    for line in read_rows(path):
        owners = line["owners"].split(";")
        if (
            line["district_code"] in by_district
            and line["house_id"] not in taken
            and line["house_kind"] == "产权房"
            and line["use"] in {"居住", "住宅"}
            and line["expected_verdict"] == "pass"
            and line["limit_status"] == line["safety_status"] == "正常"
            and len(owners) == 1
            and check_id_number(owners[0].split("/")[1]).ok
        ):
            by_district[line["district_code"]].append(line)
    # 浦东 gets two of each round, so that its own report has something to show.
    many = by_district[_DISTRICT]
    lists = [many[::2], many[1::2], *(by_district[district] for district in _DISTRICTS if district != _DISTRICT)]
    rounds = zip(*lists, strict=False)
    return [line for one in islice(rounds, 30) for line in one]


def _people() -> Iterator[dict[str, Any]]:
    """Invented people with sound numbers."""
    number = 0
    while True:
        number += 1
        first = f"3101011{985 + number % 15:03d}0{number % 9 + 1}{number % 20 + 10:02d}{number % 499 * 2 + 1:03d}"
        name = _SURNAMES[number % len(_SURNAMES)] + _GIVEN[number % len(_GIVEN)]
        yield {
            "name": name,
            "id_no": id_number(first),
            "mobile": f"1390000{number:04d}",
            "address": "上海市浦东新区",
        }


def _item(
    batch: int, number: int, line: dict[str, str], member: _Member, tenant: dict[str, Any], today: date
) -> PushedItem:
    """A lease; every few have one of the faults that members make."""
    signed = today - timedelta(days=40 if (batch * 2 + number) % 6 == 3 else 4)
    start = today + timedelta(days=1)
    owner, owner_no, _ = line["owners"].split("/")
    area = float(line["floor_area"])
    rent = round(area * (95 if line["district_code"] in {"310104", "310106", "310107", "310110"} else 60) / 10) * 10
    raw: dict[str, Any] = {
        "house": {
            "house_code": line["house_id"],
            "category": "OWNED",
            "proof_kind": "A1",
            "cert_no": line["cert_no"],
            "district_code": line["district_code"],
            "street_code": line["street_code9"],
            "address": line["district"] + line["address"],
            "room_no": line["room"],
            "build_area": line["floor_area"],
        },
        "lessors": [{"name": owner, "id_no": owner_no, "mobile": "13800005678", "address": "上海市"}],
        "lessees": [tenant],
        "lessor_capacity": "OWNER",
        "signed_on": signed.isoformat(),
        "start": start.isoformat(),
        "end": (start + timedelta(days=364)).isoformat(),
        "handover_on": start.isoformat(),
        "rent": str(rent * 8 if (batch, number) == (3, 3) else rent),
        "deposit": str(rent),
        "deposit_return_days": 7,
        "deposit_deduct_rule": "欠付租金、损坏设施的，据实扣减",
        "fees": [{"item": "WATER", "by": "LESSEE"}],
        "card_no": member.card_no,
        "materials": ["不动产权证", "居民身份证", "租赁合同"],
    }
    fault = (batch * 5 + number) % 12
    if fault == 4:
        raw["card_no"] = "" if batch % 2 else "沪经纪2023000102"
    elif fault == 7:
        raw["end"] = (start + timedelta(days=20)).isoformat()
    elif fault == 9:
        raw["lessees"] = [{**tenant, "name": "不符" + str(tenant["name"])}]
    elif fault == 11:
        raw["materials"] = ["居民身份证"]
    uscc = "91310000MA1F000035" if (batch, number) == (7, 5) else member.uscc
    return PushedItem(number, f"HT{today:%y%m%d}{number:03d}", uscc, raw, _TEXT)


def _stays(door: Door, stand: Any, people: Iterator[dict[str, Any]]) -> int:
    """People move into a project, some out again, one changes rooms; last night's list does not quite agree."""
    rooms = [f"{1 + place // 12:02d}{1 + place % 12:02d}" for place in range(_STAYS)]
    caller = _caller(_PLATFORM, _DISTRICT)
    told: list[ReportCheckIn] = []
    for place, room in enumerate(rooms):
        today = stand(59 - place * 5)
        stay = _stay(place, room, next(people), today, door.clock.now())
        if place == 4:
            friends = [{**next(people), "relation": "FRIEND"} for _ in range(2)]
            stay = replace(stay, lease={**stay.lease, "residents": friends})
        elif place == 6:
            stay = replace(stay, key_serial="没有登记的密钥")
        elif place == 8:
            stay = replace(stay, previous_checkin_no=told[3].checkin_no)
        told.append(stay)
        door.perform(report_check_in, caller, stay)
        if place in (5, 9):
            _leave(door, caller, told[place - 5], today)
    _tell_occupied(door, caller, stand(0))
    return len(told)


def _stay(place: int, room: str, tenant: dict[str, Any], today: date, now: datetime) -> ReportCheckIn:
    moved = now - timedelta(days=8 if place == 7 else 0, hours=1)
    start = moved.astimezone(SHANGHAI).date()
    return ReportCheckIn(
        checkin_no=f"RZ{today:%y%m%d}{place + 1:03d}",
        operator_uscc=_OPERATOR,
        key_serial=_KEY,
        project_no=_PROJECT,
        room_no=room,
        start=start,
        end=start + timedelta(days=364),
        checked_in_at=moved,
        lease={
            "lessees": [{**tenant, "card_read": True}],
            "operator_mobile": "13800001234",
            "card_no": _CARD,
            "rent": str(2900 + place % 7 * 100),
            "deposit": str(2900 + place % 7 * 100),
            "deposit_return_days": 7,
            "deposit_deduct_rule": "欠付租金、损坏设施的，据实扣减",
            "fees": [{"item": "WATER", "by": "LESSEE"}],
        },
        signed_text=_TEXT,
    )


def _leave(door: Door, caller: Caller, stay: ReportCheckIn, today: date) -> None:
    order = ReportMoveOut(
        checkout_no=f"TZ{today:%y%m%d}{stay.checkin_no[-3:]}",
        checkin_no=stay.checkin_no,
        operator_uscc=stay.operator_uscc,
        project_no=stay.project_no,
        room_no=stay.room_no,
        left_on=today,
    )
    door.perform(report_move_out, caller, order)


def _tell_occupied(door: Door, caller: Caller, today: date) -> None:
    def living(work: Work) -> list[OccupiedRoom]:
        rows = work.session.exec(
            select(CheckIn).where(CheckIn.app_id == _PLATFORM, CheckIn.state == StayState.FILED)
        ).all()
        return [OccupiedRoom(row.room_no, row.checkin_no, row.persons) for row in rows]

    rooms = door.look(SYSTEM, living)
    if len(rooms) > 2:
        rooms = [replace(rooms[0], persons=2), *rooms[2:], OccupiedRoom("0405", "", 1), OccupiedRoom("9902", "", 1)]
    door.perform(report_occupied, caller, ReportOccupied(_PROJECT, _OPERATOR, today, tuple(rooms)))
