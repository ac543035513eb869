"""A kind added by a test: a table and a declaration, and nothing else. Its table is kept apart from the product's own."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import registry
from sqlmodel import col, select

from models.access import PROJECT_OFFICE, Role
from models.base import Row
from models.codes import Code
from models.columns import area, code, day, flag, held_key, integer, long_text, loose_ref, money, sealed, text
from models.records import ChildRow, InForce
from models.sealed import Sealed
from services.engine.findings import Finding, Rule, Severity
from services.engine.kinds import CITY, DISTRICT, Child, Dependant, Kind, Look, Makers, Owner, Proposal, Slot
from services.engine.refusals import NotFound
from services.engine.work import Work


class _ApartInForce(InForce, registry=registry()):
    """Tables of tests have metadata of their own, which no migration and no catalogue reads."""


class _ApartChild(ChildRow, registry=_ApartInForce._sa_registry):
    """The same for lists."""


class _ApartRow(Row, registry=_ApartInForce._sa_registry):
    """The same for rows that are no record."""


class OfficeUse(Code):
    SALES = "SALES", "售楼处"
    SHOW_FLAT = "SHOW_FLAT", "样板房"


class SalesOffice(_ApartInForce, table=True):
    """A sales office of a project company."""

    name: str = text("名称", max=60)
    office_no: str = text("备案编号", max=40)
    office_key: str | None = held_key("备案编号", "office_no", max=40)
    use: OfficeUse = code(OfficeUse, "用途")
    opened_on: date = day("启用日期")
    floor_area: Decimal = area("建筑面积")
    monthly_rent: Decimal | None = money("月租金", None)
    staff: int | None = integer("人员数", None)
    open_to_all: bool | None = flag("对公众开放", None)
    contact_name: Sealed = sealed("联系人", mask="name")
    remark: str = long_text("备注", "")


class SalesOfficeRoom(_ApartChild, table=True):
    """A room of a sales office."""

    room_no: str = text("房间号", max=20)
    room_area: Decimal = area("面积")
    purpose: str = text("功能", "", max=40)


class RoomBooking(_ApartRow, table=True):
    """Something that depends on a room: a line in use."""

    room_id: UUID = loose_ref("房间")
    label: str = text("事项", max=40)


def bookings_of(work: Work, rooms: Sequence[ChildRow]) -> dict[UUID, list[Dependant]]:
    found: dict[UUID, list[Dependant]] = {}
    wanted = select(RoomBooking).where(col(RoomBooking.room_id).in_([room.id for room in rooms]))
    for booking in work.session.exec(wanted).all():
        found.setdefault(booking.room_id, []).append(Dependant("room_booking", booking.id, f"预约“{booking.label}”"))
    return found


def area_is_positive(office: Proposal) -> Iterator[Finding]:
    if office["floor_area"] is not None and office["floor_area"] <= 0:
        yield Finding("OFC-01", "建筑面积应大于零", "floor_area")


def rooms_fit(office: Proposal) -> Iterator[Finding]:
    rooms = sum((room["room_area"] or Decimal(0) for room in office.lines("rooms")), Decimal(0))
    if office["floor_area"] is not None and rooms > office["floor_area"]:
        yield Finding("OFC-02", "各房间面积之和大于建筑面积", "rooms")


def rent_is_usual(office: Proposal) -> Iterator[Finding]:
    if (office["monthly_rent"] or 0) > 1_000_000:
        yield Finding("OFC-03", "月租金明显偏高，请核对", "monthly_rent", Severity.WARN)


def of_my_company(work: Work, about: UUID | None) -> Owner:
    if about is not None or work.caller.enterprise_id is None:
        raise NotFound
    return Owner(district_code="310115", project_company_id=work.caller.enterprise_id)


SALES_OFFICE = Kind(
    name="sales_office",
    label="售楼处",
    row=0,
    prefix="SO",
    table=SalesOffice,
    makers=Makers(draft=PROJECT_OFFICE, submit=frozenset({Role.PROJ_ADMIN}), owner=of_my_company),
    look=Look(title="name", menu="projects", grid=("name", "use", "floor_area"), filters=("use",), purpose="测试"),
    review=(DISTRICT, CITY),
    children=(Child("rooms", "房间", SalesOfficeRoom, ("room_no",), dependants=bookings_of),),
    slots=(Slot("photo", "照片", least=1),),
    rules=(
        Rule("OFC-01", "面积大于零", Severity.REFUSE, area_is_positive, "测试", "建筑面积应大于零"),
        Rule("OFC-02", "房间面积", Severity.REFUSE, rooms_fit, "测试", "各房间面积之和大于建筑面积"),
        Rule("OFC-03", "月租金", Severity.WARN, rent_is_usual, "测试", "月租金明显偏高"),
    ),
)
