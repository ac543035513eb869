"""Rooms in the library as applications see them: their fields as texts, what lets them, and how they are written."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.columns import new_id
from models.dialect import cuts
from models.enterprise import Enterprise
from models.house import AddressCut, House, HouseCategory, HouseOwner, HouseRoom, IntakeState, ProofKind, RoomKind
from models.rooms import (
    ROOM,
    CentralProject,
    CentralRoom,
    CentralRoomState,
    CentralTitle,
    FilingAnswer,
    ProjectKind,
)
from models.sealed import Sealed
from models.tenancy import FilingPart
from services.engine.look_ups import rows_by
from services.engine.numbering import number_later
from services.engine.steps import take_step
from services.engine.work import Work
from services.rooms.change_rules import plain_value, room_form
from services.rooms.library import number_key, room_name
from services.rooms.room_judgement import LAYOUTS

_CATEGORIES = {
    ProjectKind.MARKET: HouseCategory.MARKET_CENTRAL,
    ProjectKind.BUILDER_HOME: HouseCategory.MARKET_CENTRAL,
    ProjectKind.AFFORDABLE: HouseCategory.AFFORDABLE,
    ProjectKind.PUBLIC_RENTAL: HouseCategory.PUBLIC_RENTAL,
}
_LETTERS = "ABCDEFGH"


def fields_of(room: CentralRoom, title_ref: str) -> dict[str, str]:
    """Return the fields of a kept room as texts."""
    raw: dict[str, Any] = {name: getattr(room, name) for name in _NAMES}
    texts = {name: "" if value is None else str(value) for name, value in raw.items()}
    texts |= {"managed": "是" if room.managed else "否", "title_ref": title_ref, "beds": str(room.beds or "")}
    return {name: plain_value(name, text) for name, text in texts.items()}


_NAMES = ("room_no", "floor", "layout", "build_area", "usable_area", "max_persons", "list_rent")


def titles_by_ref(work: Work, project_id: UUID) -> dict[str, UUID]:
    """Return the title proofs of a project by their numbers."""
    rows = select(col(CentralTitle.title_ref), col(CentralTitle.id)).where(CentralTitle.project_id == project_id)
    return dict(work.session.exec(rows).all())


def rooms_named(work: Work, project_id: UUID, names: Collection[tuple[str, str]]) -> dict[tuple[str, str], CentralRoom]:
    """Return kept rooms by building and number, held until the end of the transaction."""
    if not names:
        return {}
    wanted = select(CentralRoom).where(
        CentralRoom.project_id == project_id,
        CentralRoom.state != CentralRoomState.CANCELLED,
        col(CentralRoom.room_no).in_({number for _, number in names}),
    )
    found = {(room.building, room.room_no): room for room in work.held(wanted.order_by(col(CentralRoom.id))).all()}
    return {name: found[name] for name in names if name in found}


def filed_rooms(work: Work, rooms: Iterable[CentralRoom]) -> dict[UUID, FilingAnswer]:
    """Return what our own filings say of some rooms."""
    known = {room.id: room.house_id for room in rooms}
    houses = [house_id for house_id in known.values() if house_id is not None]
    held = select(FilingPart.house_id).where(
        col(FilingPart.house_id).in_(houses), col(FilingPart.holds).is_(True), FilingPart.valid_to >= work.today
    )
    filed = set(work.session.exec(held).all()) if houses else set()
    return {
        room_id: FilingAnswer.ACTIVE if house_id in filed else FilingAnswer.NONE for room_id, house_id in known.items()
    }


def add_rooms(work: Work, project: CentralProject, contents: Sequence[Mapping[str, Any]]) -> list[UUID]:
    """Put new rooms into the library, each with its flat in the base library; returns their ids in order."""
    titles = titles_by_ref(work, project.id)
    proofs = rows_by(work, CentralTitle, titles.values())
    owner = work.session.exec(
        select(Enterprise).where(Enterprise.id == (project.owner_id or project.enterprise_id))
    ).first()
    made = []
    for content in contents:
        project.last_room += 1
        title_id = titles.get(content.get("title_ref", ""))
        room = _room(project, content, title_id)
        proof = proofs.get(title_id) if title_id else None
        house = _house(work, project, room, proof.cert_no if proof is not None else None)
        room.house_id = house.id
        work.add(room)
        if owner is not None:
            work.add(
                HouseOwner(
                    house_id=house.id,
                    name=Sealed.of(owner.name),
                    id_type="51",
                    id_no=Sealed.of(owner.uscc),
                    share=Decimal(100),
                )
            )
        made.append(room.id)
    project.room_total += len(made)
    work.add(project)
    return made


def _room(project: CentralProject, content: Mapping[str, Any], title_id: UUID | None) -> CentralRoom:
    form, _ = room_form(content["building"], content["room_no"], {name: content.get(name, "") for name in _FORM})
    rent = content.get("list_rent", "")
    return CentralRoom(
        id=new_id(),
        project_id=project.id,
        room_code=f"{project.project_no}-{project.last_room:05d}",
        building=form.building,
        room_no=form.room_no,
        number_key=number_key(form.building, form.room_no),
        floor=form.floor or 0,
        layout=form.layout,
        build_area=form.build_area,
        usable_area=form.usable_area or Decimal(0),
        max_persons=form.max_persons or 0,
        beds=form.beds or 0,
        list_rent=Decimal(rent) if rent else None,
        managed=bool(form.managed),
        title_id=title_id,
        state=CentralRoomState.of(content.get("state") or CentralRoomState.FREE.value),
        note=content.get("note"),
    )


_FORM = ("floor", "layout", "build_area", "usable_area", "max_persons", "beds", "managed")


def _house(work: Work, project: CentralProject, room: CentralRoom, cert_no: Sealed | None) -> House:
    """The flat of a room in the base library, which filings and check-ins read."""
    address = f"{project.address or project.name}{room_name(room.building, room.room_no)}室"
    house = House(
        id=new_id(),
        house_code="",
        district_code=project.district_code,
        street_code=project.street_code,
        category=_CATEGORIES[project.kind],
        proof_kind=ProofKind.C1,
        cert_no=Sealed.of(cert_no.plain if cert_no is not None else room.room_code),
        road=project.address[:60] or project.name[:60],
        building=room.building[:30],
        room=room.room_no[:30],
        address=address[:120],
        build_area=room.build_area or room.usable_area,
        design_use="居住",
        layout=room.layout,
        floor_no=room.floor or None,
        intake=IntakeState.IN,
        enterprise_id=project.enterprise_id,
        project_id=project.id,
        registry_at=work.now,
    )
    number_later(work, "F", project.district_code, work.today, lambda number: setattr(house, "house_code", number))
    work.then(lambda: work.add(house))
    for gram in cuts(house.address):
        work.add(AddressCut(gram=gram, house_id=house.id))
    count = LAYOUTS.get(room.layout, 1)
    share = (room.usable_area / count).quantize(Decimal("0.01"))
    for letter in _LETTERS[:count]:
        work.add(HouseRoom(house_id=house.id, label=letter, kind=RoomKind.BEDROOM, usable_area=share))
    return house


def change_room(work: Work, room: CentralRoom, name: str, after: str, titles: Mapping[str, UUID]) -> None:
    """Write a new value into a field of a kept room, and into its flat."""
    if name == "title_ref":
        room.title_id = titles.get(after)
    elif name == "managed":
        room.managed = after == "是"
    elif name in ("floor", "max_persons", "beds"):
        setattr(room, name, int(after))
    elif name in ("build_area", "usable_area", "list_rent"):
        setattr(room, name, Decimal(after))
    else:
        setattr(room, name, after.strip())
    if name == "room_no":
        room.number_key = number_key(room.building, room.room_no)
    work.add(room)
    house = work.session.get(House, room.house_id) if room.house_id else None
    if house is not None:
        _follow(work, house, room, name)


def _follow(work: Work, house: House, room: CentralRoom, name: str) -> None:
    if name == "room_no":
        house.room = room.room_no
    elif name == "build_area" and room.build_area is not None:
        house.build_area = room.build_area
    elif name == "layout":
        house.layout = room.layout
    elif name == "floor":
        house.floor_no = room.floor
    else:
        return
    work.add(house)


def cancel_room(work: Work, project: CentralProject, room: CentralRoom) -> None:
    """Take a room out of the library; its number is free from then on."""
    take_step(work, room, ROOM, "cancel", log=False)
    room.number_key, room.in_library = None, False
    project.room_total = max(project.room_total - 1, 0)
    work.add(room)
    work.add(project)
