"""Parcels with their land contract, and who holds them: the links to head and project companies (rows 55-57, market 2.7)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Row
from models.columns import (
    area,
    code,
    computed,
    credit_code,
    day,
    district,
    held_key,
    integer,
    letters_key,
    loose_ref,
    moment,
    money,
    number,
    percent,
    ref,
    sealed_json,
    text,
)
from models.companies import District
from models.land_codes import AcquireMode, EntryMode, LandUse, LinkSide, LinkVerb, Ring
from models.records import ChildRow, InForce, Pact, grid_index
from models.sealed import Sealed


class Parcel(InForce, table=True):
    """地块 in force: its planning figures and the land contract. Percents are hundredths, ratios plain numbers."""

    __table_args__ = (
        UniqueConstraint("district_code", "parcel_key"),
        UniqueConstraint("contract_key"),
        grid_index(
            "parcel",
            *("district", "acquire_mode", "ring", "signed_on", "start_due_on", "land_area", "far_area"),
            *("plate", "parcel_no", "contract_no", "parcel_name"),
        ),
    )

    parcel_name: str = text("地块名称", max=200, index=True)
    parcel_name_letters: str | None = letters_key("地块名称", "parcel_name")
    parcel_no: str = text("地块编号", max=60)
    parcel_key: str | None = held_key("地块编号", "parcel_no", max=60, unique=False)
    announcement_no: str | None = text("公告号", None, max=40)
    district: District = code(District, "所在区")
    street: str = text("街镇", max=40)
    plate: str = text("板块", max=40)
    ring: Ring = code(Ring, "环线")
    location: str = text("坐落", max=255)
    bounds_e: str | None = text("东至", None, max=120)
    bounds_s: str | None = text("南至", None, max=120)
    bounds_w: str | None = text("西至", None, max=120)
    bounds_n: str | None = text("北至", None, max=120)
    entry_mode: EntryMode = code(EntryMode, "登记方式")

    acquire_mode: AcquireMode = code(AcquireMode, "取得方式")
    land_area: Decimal = area("出让面积", positive=True)
    far: Decimal = number("容积率", positive=True)
    far_area: Decimal = area("计容建筑面积", positive=True)
    building_density: Decimal | None = percent("建筑密度", None)
    green_ratio: Decimal | None = percent("绿地率", None)
    height_limit: Decimal | None = number("建筑限高", None, unit="米")
    residential_area: Decimal | None = area("住宅面积", None)
    commercial_area: Decimal | None = area("商业面积", None)
    office_area: Decimal | None = area("办公面积", None)
    other_area: Decimal | None = area("其他面积", None)
    affordable_area: Decimal | None = area("保障房配建面积", None)
    self_held_area: Decimal | None = area("自持面积", None)
    public_facility_area: Decimal | None = area("公共设施面积", None)
    saleable_area_plan: Decimal | None = computed(area("规划可售面积", None))
    small_unit_ratio: Decimal | None = percent("中小套型比例", None)

    contract_no: str | None = text("出让合同号", None, max=60, help="出让地块必填")
    contract_key: str | None = held_key("出让合同号", "contract_no", max=60, unique=False)
    supervision_no: str | None = text("电子监管号", None, max=40)
    grantor: str | None = text("出让人", None, max=120, help="出让地块必填")
    grantee_uscc: str | None = credit_code("受让人信用代码", None, help="出让地块必填")
    signed_on: date | None = day("合同签订日期", None, past=True)
    parcel_area_total: Decimal | None = area("宗地总面积", None)
    parcel_area_granted: Decimal | None = area("合同出让面积", None)
    vertical_upper: Decimal | None = number("竖向上界", None, unit="米", negative=True)
    vertical_lower: Decimal | None = number("竖向下界", None, unit="米", negative=True)
    price_total: Decimal | None = money("出让价款", None, help="出让地块必填")
    price_unit: Decimal | None = money("楼面或土地单价", None)
    deposit: Decimal | None = money("定金", None)
    handover_due_on: date | None = day("约定交地日期", None)
    handover_on: date | None = day("实际交地日期", None)
    start_due_on: date | None = day("约定开工日期", None)
    finish_due_on: date | None = day("约定竣工日期", None, since=("start_due_on",))
    start_extended_to: date | None = day("开工延期至", None, since=("start_due_on",))
    finish_extended_to: date | None = day("竣工延期至", None, since=("finish_due_on",))
    residential_sets_min: int | None = integer("住宅套数下限", None, unit="套")
    sets_under_90_min: int | None = integer("90平方米以下套数下限", None, unit="套")
    fixed_investment: Decimal | None = money("固定资产投资额", None)
    price_cap: Decimal | None = money("房屋销售均价上限", None, help="出让合同约定的填写，元每平方米")
    penalty_daily_permille: Decimal | None = number("违约金日率", None, unit="‰")


class ParcelUse(ChildRow, table=True):
    """A use of the parcel with its share of the land and its term."""

    use: LandUse = code(LandUse, "用途")
    use_area: Decimal = area("用地面积", positive=True)
    term_years: int = integer("出让年限", unit="年", positive=True)


class ParcelInstalment(ChildRow, table=True):
    """A payment of the price, due and made."""

    no: int = integer("期次", unit="期", positive=True)
    amount: Decimal = money("应付金额", positive=True)
    due_on: date = day("应付日期", index=True)
    paid_on: date | None = day("实付日期", None)
    paid_amount: Decimal | None = money("实付金额", None)


class ParcelSupplement(ChildRow, table=True):
    """A supplement to the land contract and what it changed."""

    supplement_no: str = text("协议编号", max=60)
    signed_on: date = day("签订日期")
    content: str = text("变更内容", max=500)
    far: Decimal | None = number("变更后容积率", None)
    far_area: Decimal | None = area("变更后计容面积", None)
    price_added: Decimal | None = money("补缴价款", None)


class ParcelCadastre(ChildRow, table=True):
    """A registered land unit on which the parcel lies."""

    cadastral_code: str = text("宗地代码", max=19)


class ParcelHeadLink(Pact, table=True):
    """The link of a parcel to the head company that bought it, agreed between authority and head company (row 55).

    `open_key` is set while the link is offered or confirmed, so that a pair has only one.
    """

    parcel_id: UUID = ref("parcel", "地块")
    head_company_id: UUID = loose_ref("总公司")
    district_code: str = district("所属区", index=True)
    share: Decimal = percent("份额", Decimal(100))
    proof_id: UUID | None = loose_ref("成交确认书", None, index=False)
    open_key: str | None = text("在途标识", None, max=80, unique=True)


class ParcelProjectLink(Pact, table=True):
    """A parcel, or a part of it, assigned by its head company to a project company of its own (row 57)."""

    parcel_id: UUID = ref("parcel", "地块")
    head_link_id: UUID = ref("parcel_head_link", "总公司关联")
    head_company_id: UUID = loose_ref("总公司")
    project_company_id: UUID = loose_ref("项目公司")
    district_code: str = district("所属区", index=True)
    part_area: Decimal | None = area("部分面积", None)
    #: The project that was begun from it, as draft or in force.
    made_project_id: UUID | None = loose_ref("生成的项目", None)
    open_key: str | None = text("在途标识", None, max=80, unique=True)


class ParcelLinkStep(Row, table=True):
    """A step in the history of a link, kept for both sides."""

    link_id: UUID = loose_ref("关联", owner=("parcel_head_link", "parcel_project_link"))
    parcel_id: UUID = loose_ref("地块")
    verb: LinkVerb = code(LinkVerb, "动作")
    side: LinkSide = code(LinkSide, "一方")
    by_account: UUID | None = loose_ref("办理人", None, index=False)
    by_unit: UUID | None = loose_ref("办理单位", None, index=False)
    at: datetime = moment("时间", index=True)
    words: Sealed | None = sealed_json("说明", None)
