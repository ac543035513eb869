"""Homes verified in the demo: codes in every state, a locked room plan, listings on, off and forced off (rows 26, 27, 31, 32)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from deploy.demo.houses import free_homes, restricted
from deploy.demo.stories import caller_named, left_out, on_past_days, there
from models.access import Role
from models.house import House, HouseOwner, HouseRoom, RestrictionKind, RoomKind
from models.tenancy_codes import Channel, LeaseMode
from models.verification import ListingVerification
from models.verification_codes import MandateKind, PenaltyKind, RequesterKind
from services.engine.callers import SYSTEM, Caller
from services.engine.door import Door
from services.engine.registry import action
from services.engine.work import Work
from services.verification.jobs import expire_codes
from services.verification.mandates import RecordPenalty, record_mandate, record_penalty
from services.verification.notice_templates import (
    OneTemplate,
    SaveTemplate,
    begin_template,
    publish_template,
    save_template,
    view_template,
)
from services.verification.orders import (
    OfCode,
    PlannedRoom,
    Publisher,
    PublishHome,
    RecordMandate,
    Requester,
    VerifyHome,
)
from services.verification.restrictions import NoteRestriction, note_restriction
from services.verification.shelf import cancel_code, publish_home
from services.verification.submission import check_verification, submit_verification

_FIRM, _BROKER, _PLATFORM = "huyu01", "anju01", "91310115MA1P00005W"
_PHONE = "13800001234"
_LARGEST = Decimal(500)


@dataclass(frozen=True)
class DemoFlat:
    """A home of the base library with its one owner and its bedrooms."""

    code: str
    cert_no: str
    place: str
    owner: str
    owner_id: str
    area: Decimal
    rooms: tuple[PlannedRoom, ...]


@dataclass
class Story:
    """The door, and its free flats; numbers of mandates run on."""

    door: Door
    flats: list[DemoFlat]
    mandates: int = 0

    def asked(self, who: Caller, flat: DemoFlat, **changes: Any) -> UUID:
        """A request with its mandate, handed in."""
        today = self.door.clock.today()
        self.mandates += 1
        number = f"WT-{today.year}-{self.mandates:04d}"
        kind = MandateKind.PLATFORM if who is SYSTEM else None
        uscc = _PLATFORM if who is SYSTEM else ""
        order = RecordMandate(
            number,
            kind,
            flat.cert_no,
            flat.owner_id,
            today,
            today,
            today + timedelta(days=500),
            house_code=flat.code,
            firm_uscc=uscc,
        )
        self.door.perform(record_mandate, who, order)
        home = VerifyHome(
            cert_no=flat.cert_no,
            owner_name=flat.owner,
            owner_id=flat.owner_id,
            owner_phone=_PHONE,
            mandate_no=number,
            rent=Decimal(5600),
            area=flat.area,
            address_public=f"{flat.place}附近",
        )
        return self.door.perform(submit_verification, who, replace(home, **changes)).id

    def verified(self, who: Caller, flat: DemoFlat, **changes: Any) -> str:
        """A request, judged; its code."""
        return self.door.perform(check_verification, who, self.asked(who, flat, **changes)).code_no

    def publish(self, who: Caller, flat: DemoFlat, code_no: str, *, rent: int = 5600, **holder: Any) -> None:
        order = PublishHome(code_no, Decimal(rent), flat.area, f"{flat.place}附近", **holder)
        self.door.perform(publish_home, who, order)


def load_verifications(door: Door) -> None:
    """Verify homes on the days past, and let each code become what it is today."""
    if there(door, ListingVerification):
        return
    with left_out("房源核验"), on_past_days(door) as stand:
        story = Story(door, door.look(SYSTEM, lambda work: free_flats(work, 12)))
        firm, broker = caller_named(door, _FIRM), caller_named(door, _BROKER)
        flats = iter(story.flats)
        stand(75)
        ended = next(flats)
        story.publish(broker, ended, story.verified(broker, ended))
        stand(14)
        door.perform(expire_codes, SYSTEM, None)
        stand(40)
        _templates(door)
        stand(24)
        for _ in range(2):
            story.publish(broker, flat := next(flats), story.verified(broker, flat))
        stand(20)
        flat = next(flats)
        for room in flat.rooms[:2]:
            by_room = {"mode": LeaseMode.ROOM, "room_no": room.label, "plan": flat.rooms, "area": room.usable_area}
            story.verified(firm, flat, **by_room)
        stand(18)
        restricted = next(flats)
        story.publish(broker, restricted, story.verified(broker, restricted))
        stand(12)
        kind = RestrictionKind.GROUP_LETTING
        door.perform(
            note_restriction, SYSTEM, NoteRestriction(restricted.code, kind, door.clock.today(), "城管执法部门")
        )
        door.perform(cancel_code, broker, OfCode(story.verified(broker, next(flats))))
        stand(9)
        forced = next(flats)
        code_no = story.verified(broker, forced)
        for rent in (6200, 6800):
            story.publish(broker, forced, code_no, rent=rent)
        _platform(story, next(flats))
        stand(6)
        story.verified(firm, next(flats), owner_phone="", mandate_no="")
        for limited in door.look(SYSTEM, lambda work: free_flats(work, 3, limited=True)):
            story.verified(broker, limited)
        stand(0)
        waiting = story.asked(firm, next(flats))
        door.perform(leave_waiting, SYSTEM, waiting)
        for back in (600, 200, 30):
            day = door.clock.today() - timedelta(days=back)
            order = RecordPenalty("91310106MAXF40002A", PenaltyKind.PENALTY, day, "发布虚假房源信息")
            door.perform(record_penalty, SYSTEM, order)


@action("demo.leave_waiting", "示例：待核验的房源", roles={Role.SYSTEM}, event="")
def leave_waiting(work: Work, verification_id: UUID) -> None:
    """Leave a request waiting, as when a register is silent for some hours."""
    row = work.get(ListingVerification, verification_id)
    row.retries, row.retry_at = 3, work.now + timedelta(hours=12)
    work.add(row)


def _templates(door: Door) -> None:
    """The city centre adds a line to the notice, and works on the next version."""
    city = caller_named(door, "shi01")
    for line, note, published in (
        ("房源发布时，应当在显著位置展示核验码。", "增加展示核验码的要求", True),
        ("核验码有效期届满前10日内可以申请换发。", "增加换发的说明（待定稿）", False),
    ):
        template_id = door.perform(begin_template, city, None)
        view = door.ask(view_template, city, template_id)
        order = SaveTemplate(template_id, view.version, f"{view.body}\n{line}", note)
        version = door.perform(save_template, city, order)
        if published:
            door.perform(publish_template, city, OneTemplate(template_id, version))


def _platform(story: Story, flat: DemoFlat) -> None:
    """A platform has a home verified for its owner and shows it."""
    holder = Requester(
        RequesterKind.INFO_PLATFORM, _PLATFORM, "找房信息科技有限公司", RequesterKind.OWNER, flat.owner_id
    )
    publisher = Publisher(flat.owner, "上海市浦东新区花木路1号", _PHONE)
    code_no = story.verified(SYSTEM, flat, requester=holder, publisher=publisher, channel=Channel.IPLAT)
    story.publish(SYSTEM, flat, code_no, holder=holder)


def free_flats(work: Work, wanted: int, *, limited: bool = False) -> list[DemoFlat]:
    """Flats of one owner without a filing, from the end of the library; with `limited` those that are seized."""
    here = restricted(RestrictionKind.SEIZURE) if limited else ~restricted()
    # The library has homes whose area was written without its point.
    rows = free_homes(work, House.build_area < _LARGEST, here, by=col(House.house_code).desc())
    return list(islice((made for row in rows if (made := _flat_of(work, row)) is not None), wanted))


def _flat_of(work: Work, house: House) -> DemoFlat | None:
    owners = work.session.exec(select(HouseOwner).where(HouseOwner.house_id == house.id)).all()
    rooms = work.session.exec(
        select(HouseRoom)
        .where(HouseRoom.house_id == house.id, HouseRoom.kind == RoomKind.BEDROOM)
        .order_by(col(HouseRoom.label))
    ).all()
    same = work.session.exec(select(House.id).where(House.cert_no_index == house.cert_no_index)).all()
    if len(owners) != 1 or len(rooms) < 2 or len(same) != 1:
        return None
    plan: Sequence[PlannedRoom] = [PlannedRoom(one.label, RoomKind.BEDROOM, one.usable_area, 1) for one in rooms]
    return DemoFlat(
        house.house_code,
        house.cert_no.plain,
        house.road,
        owners[0].name.plain,
        owners[0].id_no.plain,
        house.build_area,
        tuple(plan),
    )
