"""Houses, their rooms, owners by period and restrictions: our own base library (leasing 2.3)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, UniqueConstraint

from models.base import Placed, Row, Table
from models.codes import Code
from models.columns import area, blind_index, code, day, flag, integer, loose_ref, moment, percent, ref, sealed, text
from models.sealed import Sealed


class HouseCategory(Code):
    OWNED = "OWNED", "产权房"
    PUBLIC = "PUBLIC", "公有住房"
    PRESALE = "PRESALE", "预告／预售"
    RESETTLE = "RESETTLE", "安置房"
    HOMESTEAD = "HOMESTEAD", "宅基地房"
    MARKET_CENTRAL = "MARKET_CENTRAL", "市场化集中式"
    AFFORDABLE = "AFFORDABLE", "保障性租赁住房"
    PUBLIC_RENTAL = "PUBLIC_RENTAL", "公租房"
    LOW_RENT = "LOW_RENT", "廉租实物配租房"
    OTHER = "OTHER", "其他"


class ProofKind(Code):
    """D-PROOF 住房证明; B1 and B2 are filed at a counter only."""

    A1 = "A1", "不动产权证（房地产权证）"
    A2 = "A2", "预告登记证明＋房屋交接书"
    A3 = "A3", "新建商品房出售（预售）合同＋房屋交接书"
    A4 = "A4", "租用居住公房凭证"
    B1 = "B1", "动迁安置协议＋供应单"
    B2 = "B2", "宅基地使用证（建房批准文件）"
    C1 = "C1", "集中式项目权属与改建批准文件"


class IntakeState(Code):
    NONE = "NONE", "未入库", "warn"
    IN = "IN", "已入库", "good"
    REJECTED = "REJECTED", "未通过", "bad"


class RoomKind(Code):
    BEDROOM = "BEDROOM", "卧室"
    HALL = "HALL", "客厅"
    SPLIT_N1 = "SPLIT_N1", "客厅隔间"
    KITCHEN = "KITCHEN", "厨房"
    BATH = "BATH", "卫生间"
    BALCONY = "BALCONY", "阳台"
    STORAGE = "STORAGE", "储藏室"
    OTHER = "OTHER", "其他"


class RestrictionKind(Code):
    SEIZURE = "SEIZURE", "查封"
    EXPROPRIATION = "EXPROPRIATION", "征收冻结"
    DISPUTE = "DISPUTE", "异议登记"
    ILLEGAL = "ILLEGAL", "违法建筑附记"
    DANGER = "DANGER", "危险房屋"
    GROUP_LETTING = "GROUP_LETTING", "群租整治中"
    POLICY = "POLICY", "政策性住房禁止出租"
    OTHER = "OTHER", "其他限制"


class House(Placed, table=True):
    """A flat as the base library knows it."""

    house_code: str = text("房屋编码", max=32, unique=True)
    category: HouseCategory = code(HouseCategory, "房屋类别")
    proof_kind: ProofKind = code(ProofKind, "权属证明类型")
    cert_no: Sealed = sealed("权属证明编号", domain="cert_no", mask="cert")
    cert_no_index: str | None = blind_index("权属证明编号")
    unit_no: str = text("不动产单元号", "", max=28, index=True)
    committee: str = text("居（村）委", "", max=60)
    road: str = text("路", max=60)
    lane: str = text("弄", "", max=30)
    building: str = text("号（幢）", "", max=30)
    room: str = text("室", "", max=30)
    address: str = text("坐落", max=120, help="不含姓名的登记坐落")
    build_area: Decimal = area("建筑面积")
    inner_area: Decimal | None = area("套内面积", None)
    design_use: str = text("规划用途", max=40)
    structure: str = text("结构", "", max=20)
    layout: str = text("户型", "", max=40)
    floor_no: int | None = integer("所在层", None)
    floor_total: int | None = integer("总层数", None)
    registered_on: date | None = day("登记日期", None)
    intake: IntakeState = code(IntakeState, "入库状态", IntakeState.IN)
    enterprise_id: UUID | None = loose_ref("经营企业", None)
    project_id: UUID | None = loose_ref("集中式项目", None)
    registry_at: datetime = moment("登记信息取得时间")
    last_ticket: int = integer("备案序次", 0)


class HouseRoom(Row, table=True):
    """A room of a flat."""

    __table_args__ = (UniqueConstraint("house_id", "label"),)

    house_id: UUID = ref("house", "房屋", owner=True)
    label: str = text("房间号", max=20)
    kind: RoomKind = code(RoomKind, "房间类型")
    usable_area: Decimal = area("使用面积")
    as_designed: bool = flag("原始设计", True)


class HouseOwner(Row, table=True):
    """A right holder of a house and the period of the right."""

    house_id: UUID = ref("house", "房屋", owner=True)
    name: Sealed = sealed("权利人", domain="name", mask="name")
    name_index: str | None = blind_index("权利人")
    id_type: str = text("证件类型", max=2)
    id_no: Sealed = sealed("证件号码", domain="id_no", mask="id")
    id_no_index: str | None = blind_index("证件号码")
    share: Decimal = percent("份额（%）")
    since: date | None = day("自", None)
    until: date | None = day("至", None)


class HouseRestriction(Row, table=True):
    """A restriction on a house with its source and period."""

    house_id: UUID = ref("house", "房屋", owner=True)
    kind: RestrictionKind = code(RestrictionKind, "限制类型")
    source: str = text("来源", max=40)
    reference: str = text("文号", "", max=60)
    since: date | None = day("自", None)
    until: date | None = day("至", None)


class AddressCut(Table, table=True):
    """A two-character cut of a house's address; a search joins its rarest cuts (decision 20)."""

    __table_args__ = (
        {"info": {"unprotected": "follows from the house's address; the nightly scan makes it anew and compares"}},
    )

    gram: str = Field(max_length=4, primary_key=True, sa_column_kwargs={"comment": "切分"})
    house_id: UUID = Field(primary_key=True, sa_type=sa.Uuid, sa_column_kwargs={"comment": "房屋"})
