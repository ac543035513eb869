"""A day of the demo's counter: leases filed at 李敏's office today and before, one refused, drafts to go on with."""

from datetime import date
from itertools import islice
from typing import Any

from deploy.demo.houses import free_homes, typed_home, unasked
from deploy.demo.stories import caller_named, id_number, left_out, on_past_days, there
from models.engine import Draft
from models.house import House, HouseOwner
from services.engine.callers import SYSTEM, Caller
from services.engine.door import Door
from services.engine.drafts import SaveDraft, save_draft
from services.engine.work import Work
from services.tenancy.contracts import ConfirmContract, DrawUpContract, confirm_contract, draw_up_contract
from services.tenancy.filing import Decision, file_lease
from services.tenancy.form_parser import read_lease_form

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
            file_typed(door, caller_named(door, _CLERK), _lease(homes[number], number, today, known=known))
        stand(0)
        for number, raw in enumerate(homes[len(_LEASES) :], len(_LEASES)):
            today = door.clock.today()
            form = _lease(raw, number - len(_LEASES), today, known=True) | {"rent": "", "lessees": []}
            draft = SaveDraft(_DRAFT, raw["house"]["address"], {"raw": form, "step": "", "seen": []})
            door.perform(save_draft, clerk, draft)


def file_typed(door: Door, clerk: Caller, raw: dict[str, Any]) -> Decision:
    """File a lease as a clerk does: drawn up, confirmed by each party with its number, judged."""
    drawn = door.perform(draw_up_contract, clerk, DrawUpContract(read_lease_form(raw).form))
    numbers = {one["name"]: one["id_no"] for one in (*raw["lessors"], *raw["lessees"])}
    for party in drawn.parties:
        word = ConfirmContract(drawn.contract_id, party.id, drawn.text_digest, numbers[party.name], _SIGNATURE)
        door.perform(confirm_contract, clerk, word)
    return door.perform(file_lease, clerk, drawn.contract_id)


def typed_lease(
    house: dict[str, Any], landlord: dict[str, str], tenant: dict[str, str], today: date, rent: int
) -> dict[str, Any]:
    """Return a lease of a year from today as a clerk types it."""
    for one in (landlord, tenant):
        one |= {"mobile": "13900001234", "address": "上海市浦东新区"}
    return {
        "house": house,
        "lessors": [landlord],
        "lessees": [tenant],
        "lessor_capacity": "OWNER",
        "start": today.isoformat(),
        "end": date(today.year + 1, today.month, min(today.day, 28)).isoformat(),
        "signed_on": today.isoformat(),
        "handover_on": today.isoformat(),
        "rent": str(rent),
        "deposit": str(rent),
        "deposit_return_days": "7",
        "deposit_deduct_rule": "欠付租金、损坏设施的，据实扣减",
        "fees": [{"item": "WATER", "by": "LESSEE"}],
        "materials": ["不动产权证"],
    }


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
    return typed_lease(home["house"], landlord, tenant, today, _RENTS[number])


def _free_homes(work: Work) -> list[dict[str, Any]]:
    """Homes of the district with one owner and nothing against them, as a clerk types them, each with its owner."""
    owners: dict[Any, list[HouseOwner]] = {}
    for owner in work.rows(HouseOwner):
        owners.setdefault(owner.house_id, []).append(owner)
    rows = free_homes(work, House.district_code == _DISTRICT, unasked(work), by=House.house_code)
    alone = ((row, owners[row.id][0]) for row in rows if len(owners.get(row.id, ())) == 1)
    return [
        {"house": typed_home(row), "owner": {"name": owner.name.plain, "id_no": owner.id_no.plain}}
        for row, owner in islice(alone, len(_LEASES) + 2)
    ]
