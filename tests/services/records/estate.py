"""A kind for tests of sheets: a field of every sort, one personal, one that points at another record, a list, attachments."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import registry

from models.access import HEAD_OFFICE
from models.codes import Code
from models.columns import (
    area,
    code,
    day,
    flag,
    integer,
    long_text,
    loose_ref,
    moment,
    money,
    number,
    percent,
    sealed,
    text,
)
from models.records import ChildRow, InForce, grid_index
from models.sealed import Sealed
from services.engine.kinds import DISTRICT, Child, Kind, Look, Makers, Owner, Slot
from services.engine.refusals import NotFound
from services.engine.work import Work


class _Apart(InForce, registry=registry()):
    """Tables that no migration knows."""


class _ApartLine(ChildRow, registry=_Apart._sa_registry):
    """Their lists."""


class Ring(Code):
    INNER = "INNER", "内环内"
    MIDDLE = "MIDDLE", "内中环间"
    OUTER = "OUTER", "外环外"


class Estate(_Apart, table=True):
    """An estate of a head company."""

    __tablename__ = "made_estate"
    __table_args__ = (grid_index("made_estate", "ring", "sold", "issued_on", "sets", "land", "permit_no", "name"),)

    name: str = text("名称", max=80)
    permit_no: str | None = text("许可证号", None, max=60, help="与证书一致")
    ring: Ring = code(Ring, "环线")
    price: Decimal | None = money("总价", None)
    land: Decimal | None = area("土地面积", None)
    green: Decimal | None = percent("绿地率", None)
    far: Decimal | None = number("容积率", None)
    sets: int | None = integer("套数", None, unit="套")
    sold: bool | None = flag("已售罄", None)
    issued_on: date | None = day("发证日期", None)
    opened_at: datetime | None = moment("开盘时间", None)
    keeper: Sealed | None = sealed("联系人", None, mask="name")
    made_estate_id: UUID | None = loose_ref("相邻小区", None)
    note: str = long_text("备注", "")


class EstateHouse(_ApartLine, table=True):
    """A building of an estate."""

    __tablename__ = "made_estate_house"

    building_no: str = text("楼号", max=20)
    ring: Ring | None = code(Ring, "位置", None)
    gfa: Decimal | None = area("建筑面积", None)
    floors: int | None = integer("层数", None)
    topped_on: date | None = day("封顶日期", None)
    foreman: Sealed | None = sealed("负责人", None, mask="name")


def of_my_company(work: Work, about: UUID | None) -> Owner:
    if about is not None or work.caller.enterprise_id is None:
        raise NotFound
    return Owner(district_code="310115", head_company_id=work.caller.enterprise_id)


ESTATE = Kind(
    name="made_estate",
    label="小区登记",
    row=51,
    prefix="ES",
    table=Estate,
    makers=Makers(draft=HEAD_OFFICE, submit=HEAD_OFFICE, owner=of_my_company),
    look=Look(
        title="name",
        menu="projects",
        grid=("name", "permit_no", "ring", "land", "sets", "issued_on", "keeper", "made_estate_id", "district_code"),
        filters=("ring", "land", "sets", "issued_on", "permit_no", "sold", "made_estate_id", "note"),
        sections={"name": "基本情况", "price": "规模", "issued_on": "办理"},
        purpose="测试用的小区登记",
    ),
    review=(DISTRICT,),
    children=(Child("houses", "楼栋", EstateHouse, ("building_no",), most=5_000),),
    slots=(Slot("scan", "扫描件"), Slot("drawing", "图纸")),
)
