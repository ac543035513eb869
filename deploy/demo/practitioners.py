"""Practitioners in the demo: one firm with people in every state, its brand, and what waits for the district (rows 38-44)."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from deploy.demo.stories import caller_named, id_number, left_out, on_past_days, picture, there
from deploy.demo.tables import DATA
from models.own_data import read_rows
from models.practitioners import CardApply
from services.engine.callers import Caller
from services.engine.door import Door
from services.engine.orders import OneRow
from services.practitioners.applications import apply_for_card
from services.practitioners.brands import approve_brand, put_brand
from services.practitioners.cancellation import leave
from services.practitioners.card_moves import activate, suspend
from services.practitioners.inspection import pass_apply, return_apply
from services.practitioners.orders import ApplyFor, BrandForm, LeaveFirm, PersonData, Told
from services.practitioners.photos import keep_portrait

log = logging.getLogger("shenfang.demo")


def load_practitioners(door: Door) -> int:
    """Apply, inspect, activate and the rest on past days, once; gives how many people there are."""
    if there(door, CardApply):
        return 0
    firm, inspector = caller_named(door, "huyu01"), caller_named(door, "pdju01")
    people = read_rows(DATA / "practitioners.csv")
    with on_past_days(door) as stand:
        for serial, person in enumerate(people, 1):
            stand(int(person["days_ago"]))
            with left_out(person["name"]):
                _live(door, firm, inspector, person, serial)
        stand(40)
        answer = door.perform(put_brand, firm, BrandForm("沪寓", picture("logo_blue.png")))
        door.perform(approve_brand, inspector, Told(answer.id))
    door.perform(put_brand, firm, BrandForm("沪寓公寓", picture("logo_red.png")))
    return len(people)


def _live(door: Door, firm: Caller, inspector: Caller, plan: Mapping[str, str], serial: int) -> None:
    """Live through the states that lead to the one in the table: each follows from those before it."""
    photo = picture(f"person_{serial:02d}.jpg")
    kept = door.perform(keep_portrait, firm, photo)
    person = PersonData(
        name=plan["name"],
        id_type="11",
        id_no=plan["id_no"] or id_number(f"310115{plan['born']}{600 + serial:03d}"),
        mobile=f"138000{serial:05d}",
        education="本科" if serial % 3 else "大专",
        post=plan["post"],
        store="花木店" if serial % 2 else "世纪公园店",
        hired_on=door.clock.today() - timedelta(days=12),
        contract_from=door.clock.today() - timedelta(days=12),
        contract_to=door.clock.today() + timedelta(days=1083),
        insured=True,
    )
    end = plan["end"]
    answer = door.perform(apply_for_card, firm, ApplyFor(person, kept.portrait_id, submit=end != "DRAFT"))
    apply_id = _known(answer.apply_id)
    if end == "RETURNED":
        door.perform(return_apply, inspector, Told(apply_id, "照片上没有人脸，请上传本人近期证件照"))
    if end not in {"PASSED", "ACTIVE", "SUSPENDED", "CANCELLED"}:
        return
    card_id = door.perform(pass_apply, inspector, Told(apply_id))
    if end != "PASSED":
        door.perform(activate, firm, OneRow(card_id))
    if end == "SUSPENDED":
        door.perform(suspend, inspector, Told(card_id, "收到投诉，调查期间暂停"))
    if end == "CANCELLED":
        door.perform(leave, firm, LeaveFirm(card_id, door.clock.today(), "个人原因离职"))


def _known(found: UUID | None) -> UUID:
    assert found is not None
    return found
