"""A day of the demo's counter: leases filed at 李敏's office today and before, one refused, drafts to go on with."""

from datetime import date
from itertools import islice
from typing import Any

from sqlmodel import col

from deploy.demo.stories import caller_named, id_number, left_out, on_past_days, there
from models.engine import Draft
from models.house import House, HouseCategory, HouseOwner, HouseRestriction
from models.own_data import own_rows
from models.tenancy import GovCase
from models.verification import ListingVerification
from services.engine.callers import SYSTEM, Caller
from services.engine.door import Door
from services.engine.drafts import SaveDraft, save_draft
from services.engine.work import Work
from services.tenancy.contracts import ConfirmContract, DrawUpContract, confirm_contract, draw_up_contract
from services.tenancy.filing import file_lease
from services.tenancy.form_parser import read_lease_form
from services.tenancy.predicates import RESIDENTIAL

_CLERK, _DISTRICT, _DRAFT = "huamu01", "310115", "filing"
_SIGNATURE = "data:image/png;base64,iVBORw0KGgo="
#: Days ago on which a lease is filed, and whether its landlord is the registered owner (else H02).
_LEASES = ((9, True), (6, True), (3, True), (2, False), (1, True), (0, True), (0, True), (0, False), (0, True))
_TENANTS = ("韩知远", "秦若水", "俞静姝", "冯予安", "顾南乔", "方亦舟", "裴清和", "叶疏桐", "宋怀瑾")
_RENTS = (5200, 6800, 4300, 7500, 5900, 8200, 4800, 6100, 5600)


def load_counter_day(door: Door) -> None:
    """File leases at the counter of 李敏 through the door, and leave two drafts."""
    clerk = caller_named(door, _CLERK)
    if there(door, Draft, Draft.owner_id == clerk.account_id):
        return
    with left_out("窗口当日办件"), on_past_days(door) as stand:
        homes = door.look(SYSTEM, _free_homes)
        for number, (days, known) in enumerate(_LEASES[: len(homes)]):
            today = stand(days)
            _file(door, caller_named(door, _CLERK), _lease(homes[number], number, today, known=known))
        stand(0)
        for number, raw in enumerate(homes[len(_LEASES) :], len(_LEASES)):
            today = door.clock.today()
            form = _lease(raw, number - len(_LEASES), today, known=True) | {"rent": "", "lessees": []}
            draft = SaveDraft(_DRAFT, raw["house"]["address"], {"raw": form, "step": "", "seen": []})
            door.perform(save_draft, clerk, draft)


def _file(door: Door, clerk: Caller, raw: dict[str, Any]) -> None:
    drawn = door.perform(draw_up_contract, clerk, DrawUpContract(read_lease_form(raw).form))
    numbers = {one["name"]: one["id_no"] for one in (*raw["lessors"], *raw["lessees"])}
    for party in drawn.parties:
        word = ConfirmContract(drawn.contract_id, party.id, drawn.text_digest, numbers[party.name], _SIGNATURE)
        door.perform(confirm_contract, clerk, word)
    door.perform(file_lease, clerk, drawn.contract_id)


def _lease(home: dict[str, Any], number: int, today: date, *, known: bool) -> dict[str, Any]:
    tenant = {
        "name": _TENANTS[number],
        "id_no": id_number(f"31010119{90 + number % 9}0{number % 9 + 1}1{number % 9}77{number % 9}"),
    }
    stranger = {
        "name": "钱" + _TENANTS[number][1:],
        "id_no": id_number(f"310101197{number % 9}0{number % 9 + 1}1577{number % 9}"),
    }
    landlord = dict(home["owner"] if known else stranger)
    for one in (landlord, tenant):
        one |= {"mobile": "13900001234", "address": "上海市浦东新区"}
    return {
        "house": home["house"],
        "lessors": [landlord],
        "lessees": [tenant],
        "lessor_capacity": "OWNER",
        "start": today.isoformat(),
        "end": date(today.year + 1, today.month, min(today.day, 28)).isoformat(),
        "signed_on": today.isoformat(),
        "handover_on": today.isoformat(),
        "rent": str(_RENTS[number]),
        "deposit": str(_RENTS[number]),
        "deposit_return_days": "7",
        "deposit_deduct_rule": "欠付租金、损坏设施的，据实扣减",
        "fees": [{"item": "WATER", "by": "LESSEE"}],
        "materials": ["不动产权证"],
    }


def _free_homes(work: Work) -> list[dict[str, Any]]:
    """Homes of the district with one owner and nothing against them, as a clerk types them, each with its owner."""
    named = {row["house_id"] for row in own_rows("fixtures/houses.csv")}
    taken = {
        *work.rows(HouseRestriction.house_id),
        *work.rows(ListingVerification.house_id),
        *work.rows(GovCase.house_id),
    }
    owners: dict[Any, list[HouseOwner]] = {}
    for owner in work.rows(HouseOwner):
        owners.setdefault(owner.house_id, []).append(owner)
    rows = work.rows(
        House,
        House.last_ticket == 0,
        House.category == HouseCategory.OWNED,
        House.district_code == _DISTRICT,
        col(House.design_use).in_(sorted(RESIDENTIAL)),
        col(House.project_id).is_(None),
        col(House.enterprise_id).is_(None),
        by=House.house_code,
    )
    free = (
        row for row in rows if row.id not in taken and row.house_code not in named and len(owners.get(row.id, ())) == 1
    )
    return [_typed(row, owners[row.id][0]) for row in islice(free, len(_LEASES) + 2)]


def _typed(row: House, owner: HouseOwner) -> dict[str, Any]:
    house = {
        "house_code": row.house_code,
        "category": "OWNED",
        "proof_kind": "A1",
        "cert_no": row.cert_no.plain,
        "district_code": row.district_code,
        "street_code": row.street_code,
        "address": row.address,
        "room_no": row.room,
        "build_area": str(row.build_area),
    }
    return {"house": house, "owner": {"name": owner.name.plain, "id_no": owner.id_no.plain}}
