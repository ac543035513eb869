"""Messages of a district's platform about stays in projects; source of the handbook's tables (row 14)."""

from typing import Annotated

from pydantic import Field

from models.push_codes import DifferenceKind, MoveOutState
from models.tenancy_codes import FeeItem, IdType, PayCycle, Relation
from services.check_ins.orders import NewNumber, Project, Room
from services.partners.wire_fields import (
    CreditCode,
    Day,
    Digest,
    IdNumber,
    Mobile,
    Moment,
    Money,
    PersonName,
    Reason,
    WireModel,
)

Bed = Annotated[str, Field(max_length=20)]


class TenantPart(WireModel):
    """A tenant."""

    name: PersonName = Field(title="姓名")
    id_type: IdType = Field(IdType.ID_CARD, title="证件类型")
    id_no: IdNumber = Field(title="证件号码")
    mobile: Mobile = Field(title="联系电话")
    card_read: bool = Field(title="已核对证件", description="办理入住时已读取或核对证件原件")


class OccupantPart(WireModel):
    """An occupant beside the tenants."""

    name: PersonName = Field(title="姓名")
    id_type: IdType = Field(IdType.ID_CARD, title="证件类型")
    id_no: IdNumber = Field(title="证件号码")
    relation: Relation = Field(Relation.OTHER, title="与承租人关系")


class FeePart(WireModel):
    item: FeeItem = Field(title="费用项目")
    by: Annotated[str, Field(pattern="^(LESSOR|LESSEE)$")] = Field(title="承担方", description="LESSOR 或 LESSEE")


class CheckInMessage(WireModel):
    """A check-in, from which the filing follows automatically."""

    checkin_no: NewNumber = Field(title="入住编号", description="平台内不重复；同一编号同一内容重复报送得到同一答复")
    attempt: int = Field(1, title="第几次报送", ge=1, le=99, description="改正后再报时加一")
    operator_uscc: CreditCode = Field(title="运营方统一社会信用代码")
    key_serial: str = Field(title="运营方密钥序列号", min_length=1, max_length=60)
    operator_mobile: Mobile = Field(title="运营方联系电话")
    card_no: str = Field(title="从业信息卡编号", max_length=40)
    project_no: Project = Field(title="项目编号")
    room_no: Room = Field(title="房号")
    bed: Bed = Field("", title="床位", description="按床位出租的房间填写")
    checked_in_at: Moment = Field(title="入住时间")
    start: Day = Field(title="起租日期")
    end: Day = Field(title="止租日期")
    signed_on: Day | None = Field(None, title="签订日期", description="不填为起租日期")
    signed_text_sm3: Digest = Field(title="合同文本摘要", description="双方签署的合同文本的 SM3，十六进制小写")
    lessees: list[TenantPart] = Field(title="承租人", min_length=1, max_length=10)
    residents: list[OccupantPart] = Field([], title="共同居住人", max_length=10)
    rent: Money = Field(title="月租金")
    pay_cycle: PayCycle = Field(PayCycle.MONTH, title="付租周期")
    deposit: Money = Field("0", title="押金", validate_default=True)
    deposit_return_days: int | None = Field(None, title="押金返还天数", ge=0, le=365)
    deposit_deduct_rule: str = Field("", title="押金扣减情形", max_length=500)
    fees: list[FeePart] = Field([], title="费用承担", max_length=20)
    previous_checkin_no: str = Field(
        "",
        title="换出的入住编号",
        max_length=64,
        description="项目内换房时填写同一承租人的原入住编号，起租日期应在原租期内；"
        "同一原入住一次只能换往一处，尚未备案的换房不再办理时，先报送该次入住编号的退租",
    )


class MoveOutResult(WireModel):
    """Answer to a move-out."""

    accepted: bool = Field(title="已受理")
    checkout_no: str = Field(title="退租编号")
    state: MoveOutState = Field(title="结果")
    filing_no: str | None = Field(None, title="备案编号")
    cancel_no: str | None = Field(None, title="注销编号")
    reasons: list[Reason] = Field(title="原因")


class RoomDifference(WireModel):
    """A room on which reported stays and filings differ."""

    kind: DifferenceKind = Field(title="差异")
    room_no: str = Field(title="房号")
    bed: str = Field(title="床位")
    checkin_no: str = Field(title="入住编号")
    detail: str = Field(title="说明")


class OccupiedResult(WireModel):
    """Answer to a list of occupied rooms."""

    accepted: bool = Field(title="已受理")
    project_no: str = Field(title="项目编号")
    as_of: Day = Field(title="在住日期")
    occupied: int = Field(title="报送的在住房间（床位）数")
    filed: int = Field(title="有备案的房间（床位）数")
    differences: list[RoomDifference] = Field(title="差异")
