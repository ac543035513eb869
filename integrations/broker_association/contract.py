"""Messages of the association: batches of its members' signed leases; source of the handbook's tables (row 13)."""

from typing import Annotated, Any

from pydantic import Field

from models.house import HouseCategory, ProofKind
from models.tenancy_codes import (
    AgentKind,
    FeeItem,
    IdType,
    LeaseMode,
    LessorCapacity,
    PartyKind,
    PayCycle,
    Relation,
    RentUnit,
)
from services.partners.wire_fields import (
    NO_BLANKS,
    Account,
    Address,
    CreditCode,
    Day,
    Digest,
    IdNumber,
    Mobile,
    Money,
    PersonName,
    WireModel,
)

NewNumber = Annotated[str, Field(min_length=1, max_length=64), NO_BLANKS]
Square = Annotated[str, Field(pattern=r"^[0-9]{1,6}(\.[0-9]{1,2})?$")]
Room = Annotated[str, Field(min_length=1, max_length=20)]
Material = Annotated[str, Field(min_length=1, max_length=40)]


class PartyPart(WireModel):
    """A landlord or a tenant."""

    kind: PartyKind = Field(PartyKind.PERSON, title="主体类型")
    name: PersonName = Field(title="姓名（名称）", description="与证件一致")
    id_type: IdType = Field(IdType.ID_CARD, title="证件类型")
    id_no: IdNumber = Field(title="证件号码")
    id_valid_to: Day | None = Field(None, title="证件有效期止")
    nationality: str = Field("中国", title="国籍（地区）", max_length=40)
    mobile: Mobile = Field(title="联系电话")
    address: Address = Field(title="通讯地址")
    agent_kind: AgentKind = Field(AgentKind.NONE, title="代理方式")
    agent_name: PersonName | None = Field(None, title="代理人姓名")
    agent_id_type: IdType = Field(IdType.ID_CARD, title="代理人证件类型")
    agent_id_no: IdNumber | None = Field(None, title="代理人证件号码")
    agent_mandate: bool = Field(False, title="已收委托书")
    guardian_proof: bool = Field(False, title="已收监护证明")


class ResidentPart(WireModel):
    """A resident beside the tenants."""

    name: PersonName = Field(title="姓名")
    id_type: IdType = Field(IdType.ID_CARD, title="证件类型")
    id_no: IdNumber = Field(title="证件号码")
    mobile: Mobile | None = Field(None, title="联系电话")
    relation: Relation = Field(Relation.OTHER, title="与承租人关系")
    room: str = Field("", title="居住房间", max_length=20)


class HousePart(WireModel):
    """The house as the lease states it."""

    house_code: str = Field(
        "", title="房屋编码", max_length=32, description="有编码时填写，无编码时按权属证明和室号查找"
    )
    category: HouseCategory = Field(HouseCategory.OWNED, title="房屋类别")
    proof_kind: ProofKind = Field(ProofKind.A1, title="权属证明类型")
    cert_no: str = Field(title="权属证明编号", min_length=1, max_length=60)
    district_code: str = Field(title="区代码", pattern=r"^[0-9]{6}$")
    street_code: str = Field(title="街镇代码", pattern=r"^[0-9]{9}$")
    address: Address = Field(title="坐落")
    room_no: str = Field(title="室号", min_length=1, max_length=30)
    build_area: Square = Field(title="建筑面积", description="平方米")
    handover_paper: bool = Field(False, title="已收房屋交接书")
    co_owner_consent: bool = Field(False, title="已收共有人同意书")
    public_consent: bool = Field(False, title="已收公房同意材料")


class FeePart(WireModel):
    item: FeeItem = Field(title="费用项目")
    by: Annotated[str, Field(pattern="^(LESSOR|LESSEE)$")] = Field(title="承担方", description="LESSOR 或 LESSEE")


class BrokerLease(WireModel):
    """A signed lease of a member."""

    own_no: NewNumber = Field(title="会员自编号", description="会员内不重复；同一编号同一内容重复报送得到同一答复")
    attempt: int = Field(1, title="第几次报送", ge=1, le=99, description="改正后再报时加一")
    member_uscc: CreditCode = Field(title="会员统一社会信用代码")
    card_no: str = Field("", title="从业信息卡编号", max_length=40, description="签约日须有效且属于该会员")
    signed_on: Day = Field(title="签订日期", description="不晚于报送当日")
    signed_text_sm3: Digest = Field(title="合同文本摘要", description="双方签署的合同文本的 SM3，十六进制小写")
    house: HousePart = Field(title="房屋")
    lessors: list[PartyPart] = Field(title="出租人", min_length=1, max_length=20)
    lessees: list[PartyPart] = Field(title="承租人", min_length=1, max_length=20)
    residents: list[ResidentPart] = Field([], title="共同居住人", max_length=20)
    lessor_capacity: LessorCapacity = Field(LessorCapacity.OWNER, title="出租人身份")
    mode: LeaseMode = Field(LeaseMode.WHOLE, title="出租方式")
    rooms: list[Room] = Field([], title="租赁房间", max_length=20, description="整租不填")
    leased_area: Square | None = Field(None, title="租赁面积", description="平方米")
    start: Day = Field(title="起租日期")
    end: Day = Field(title="止租日期")
    handover_on: Day | None = Field(None, title="交付日期")
    rent: Money = Field(title="租金")
    rent_unit: RentUnit = Field(RentUnit.MONTH, title="计租单位")
    pay_cycle: PayCycle = Field(PayCycle.MONTH, title="付租周期")
    pay_months: int = Field(1, title="每次付租月数", ge=1, le=240)
    payee: Annotated[str, Field(pattern="^(LESSOR|SUPERVISED|BROKER|PLATFORM)$")] = Field("LESSOR", title="收款方")
    payee_account: Account | None = Field(None, title="收款账号")
    deposit: Money = Field("0", title="押金", validate_default=True)
    deposit_return_days: int | None = Field(None, title="押金返还天数", ge=0, le=365)
    deposit_deduct_rule: str = Field("", title="押金扣减情形", max_length=500)
    fees: list[FeePart] = Field([], title="费用承担", max_length=20)
    verification_no: str = Field("", title="房源核验编号", max_length=40)
    head_lease_consent: bool = Field(False, title="已收原出租人同意转租材料")
    head_lease_end: Day | None = Field(None, title="原租赁合同到期日", description="转租时填写")
    family_proof: bool = Field(False, title="已收亲属关系证明")
    materials: list[Material] = Field(
        [], title="会员已收存的材料", max_length=20, description="材料名称，如 不动产权证、居民身份证、租赁合同"
    )


class BrokerBatch(WireModel):
    """A batch. An item that is not as described is answered by itself and keeps no other item up."""

    batch_no: NewNumber = Field(title="批次号", description="协会内不重复；中断后以同一批次号、同一内容重新报送")
    items: list[Annotated[BrokerLease | Any, Field(union_mode="left_to_right")]] = Field(
        title="报送件", min_length=1, max_length=500, description="每件独立核验、独立答复"
    )
