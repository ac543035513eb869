"""Practitioners in the demo: one firm with people in every state, its brand, and what waits for the district (rows 38-44)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from uuid import UUID

from PIL import Image, ImageDraw
from sqlmodel import col, select

from deploy.demo.drawn_portraits import drawn_portrait, silhouette
from models.access import Account
from models.identity import id_check_character
from models.practitioners import CardApply
from services.access.sessions import caller_of
from services.engine.callers import SYSTEM, Caller
from services.engine.door import Door
from services.engine.refusals import Refusal
from services.engine.work import Work
from services.practitioners.activation import activate
from services.practitioners.applications import apply_for_card
from services.practitioners.brands import approve_brand, put_brand
from services.practitioners.cancellation import leave
from services.practitioners.inspection import pass_apply, return_apply
from services.practitioners.orders import ApplyFor, BrandForm, KeepPortrait, LeaveFirm, One, PersonData, Told
from services.practitioners.photos import keep_portrait
from services.practitioners.suspension import suspend

log = logging.getLogger("shenfang.demo")


@dataclass(frozen=True)
class Plan:
    """A person and what becomes of him: each state follows from those before it. Without `face` his photo shows none."""

    name: str
    born: str
    post: str
    end: str
    days_ago: int = 0
    id_no: str = ""
    face: bool = True


PLANS = (
    Plan("唐雨桐", "19930315", "店长", "ACTIVE", 60),
    Plan("沈一鸣", "19950620", "租赁顾问", "ACTIVE", 60),
    Plan("陆嘉怡", "19911102", "房源管家", "ACTIVE", 58),
    Plan("欧阳静雯", "19880712", "客服专员", "ACTIVE", 45),
    Plan("王㛃", "19960921", "租赁顾问", "ACTIVE", 45),
    Plan("阿依古丽·买买提", "19941230", "运营专员", "ACTIVE", 30),
    Plan("孟凡", "19901018", "租赁顾问", "SUSPENDED", 50),
    Plan("葛明远", "19870304", "风控专员", "CANCELLED", 55),
    Plan("褚思齐", "19981111", "租赁顾问", "PASSED", 6),
    Plan("卫青岚", "19990405", "资料专员", "PASSED", 3),
    Plan("韩若溪", "19970228", "租赁顾问", "INSPECTING", 2),
    Plan("杨柏舟", "19920808", "房源管家", "INSPECTING", 1, face=False),
    Plan("司徒文博", "19550101", "其他", "INSPECTING", 1),
    Plan("尤佳宁", "20000517", "客服专员", "RETURNED", 4, face=False),
    Plan("邓娟欣", "", "租赁顾问", "AUTO_REJECTED", 2, "440103198903159120"),
    Plan("施雨晴", "20010623", "租赁顾问", "DRAFT"),
)


def load_practitioners(door: Door) -> int:
    """Apply, inspect, activate and the rest on past days, once; gives how many people there are."""
    if door.look(SYSTEM, lambda work: work.session.exec(select(CardApply.id).limit(1)).first()) is not None:
        return 0
    firm, inspector = _caller(door, "huyu01"), _caller(door, "pdju01")
    done = 0
    for serial, plan in enumerate(PLANS, 1):
        try:
            with _days_ago(door, plan.days_ago):
                _live(door, firm, inspector, plan, serial)
            done += 1
        except Refusal as refusal:
            log.warning("a demo person was not loaded: %s", refusal.message)
    with _days_ago(door, 40):
        answer = door.perform(put_brand, firm, BrandForm("沪寓", logo((18, 92, 140)), "logo.png"))
        door.perform(approve_brand, inspector, Told(_known(answer.brand_id)))
    door.perform(put_brand, firm, BrandForm("沪寓公寓", logo((160, 60, 40)), "logo.png"))
    return done


def _live(door: Door, firm: Caller, inspector: Caller, plan: Plan, serial: int) -> None:
    photo = drawn_portrait(serial) if plan.face else silhouette(serial)
    kept = door.perform(keep_portrait, firm, KeepPortrait(photo, "photo.jpg"))
    person = PersonData(
        name=plan.name,
        id_type="11",
        id_no=plan.id_no or _number(plan.born, serial),
        mobile=f"138000{serial:05d}",
        education="本科" if serial % 3 else "大专",
        post=plan.post,
        store="花木店" if serial % 2 else "世纪公园店",
        hired_on=door.clock.today() - timedelta(days=12),
        contract_from=door.clock.today() - timedelta(days=12),
        contract_to=door.clock.today() + timedelta(days=1083),
        insured=True,
    )
    draft = plan.end == "DRAFT"
    answer = door.perform(apply_for_card, firm, ApplyFor(person, kept.portrait_id, submit=not draft))
    apply_id = _known(answer.apply_id)
    if plan.end == "RETURNED":
        door.perform(return_apply, inspector, Told(apply_id, "照片上没有人脸，请上传本人近期证件照"))
    if plan.end not in {"PASSED", "ACTIVE", "SUSPENDED", "CANCELLED"}:
        return
    card_id = door.perform(pass_apply, inspector, Told(apply_id))
    if plan.end != "PASSED":
        door.perform(activate, firm, One(card_id))
    if plan.end == "SUSPENDED":
        door.perform(suspend, inspector, Told(card_id, "收到投诉，调查期间暂停"))
    if plan.end == "CANCELLED":
        door.perform(leave, firm, LeaveFirm(card_id, door.clock.today(), "个人原因离职"))


def _known(found: UUID | None) -> UUID:
    assert found is not None
    return found


def _number(born: str, serial: int) -> str:
    first = f"310115{born}{600 + serial:03d}"
    return first + id_check_character(first)


def _caller(door: Door, login: str) -> Caller:
    def read(work: Work) -> Caller:
        account = work.session.exec(select(Account).where(col(Account.login) == login)).one()
        return caller_of(work.session, account, "demo", "127.0.0.1", work.today)

    found: Caller = door.look(SYSTEM, read)
    return found


@contextmanager
def _days_ago(door: Door, days: int) -> Iterator[None]:
    """The business clock so many days back, and then where it was."""
    shift = door.clock.shift
    door.clock.shift = shift - timedelta(days=days)
    try:
        yield
    finally:
        door.clock.shift = shift


def logo(tone: tuple[int, int, int]) -> bytes:
    """A square sign of two roofs."""
    image = Image.new("RGB", (400, 400), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((10, 10, 390, 390), fill=tone)
    draw.polygon([(90, 210), (200, 110), (310, 210)], fill="white")
    draw.rectangle((125, 210, 275, 290), fill="white")
    draw.rectangle((180, 230, 220, 290), fill=tone)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
