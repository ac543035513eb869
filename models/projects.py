"""Projects and what belongs to them: parcels, investors, agent builders, transfers, relocation (rows 58-62, market 2.8)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Stamped
from models.columns import (
    area,
    blind_index,
    code,
    computed,
    credit_code,
    day,
    district,
    flag,
    follows,
    held_key,
    integer,
    letters_key,
    loose_ref,
    moment,
    money,
    percent,
    ref,
    sealed,
    sealed_json,
    text,
)
from models.companies import District, HolderKind, QualificationGrade
from models.land_codes import (
    BuilderMode,
    CreateMode,
    HandoverState,
    HousingKind,
    LineSource,
    ProjectStage,
    PropertyType,
    ResettleMode,
    Ring,
)
from models.machines import Machine
from models.records import ChildRow, InForce, grid_index
from models.sealed import Sealed


class Project(InForce, table=True):
    """项目 in force: a development of a project company on one or more parcels."""

    __table_args__ = (
        UniqueConstraint("name_key"),
        UniqueConstraint("code_key"),
        grid_index(
            "project",
            *("district", "stage", "housing_kind", "ring", "suspended", "planned_start_on", "planned_finish_on"),
            *("total_gfa", "land_area", "total_investment", "project_code", "name"),
        ),
    )

    name: str = text("项目名称", max=200, index=True)
    name_letters: str | None = letters_key("项目名称", "name")
    name_key: str | None = held_key("项目名称", "name", max=200, unique=False)
    promotion_name: str | None = text("推广名", None, max=200)
    approved_place_name: str | None = text("核准地名", None, max=200)
    place_name_doc_no: str | None = text("地名批文号", None, max=60)
    project_code: str = text("项目代码", max=24, help="24位，如 2020-310115-70-03-000000")
    code_key: str | None = held_key("项目代码", "project_code", max=24, unique=False)
    district: District = code(District, "所在区")
    street: str = text("街镇", max=40)
    address: str = text("项目地址", max=255)
    plate: str = text("板块", max=40)
    ring: Ring = code(Ring, "环线")

    housing_kind: HousingKind = code(HousingKind, "住房类别")
    land_area: Decimal = area("用地面积", positive=True)
    total_gfa: Decimal = area("总建筑面积", positive=True)
    above_gfa: Decimal = area("地上建筑面积")
    below_gfa: Decimal = area("地下建筑面积")
    far_area: Decimal = area("计容建筑面积", positive=True)

    total_investment: Decimal = money("总投资", positive=True)
    project_capital: Decimal = money("项目资本金", positive=True)
    land_cost: Decimal = money("土地款")
    invested_to_date: Decimal | None = money("已投入", None)

    planned_start_on: date = day("计划开工日期")
    planned_presale_on: date | None = day("计划预售日期", None)
    planned_finish_on: date = day("计划竣工日期")
    planned_delivery_on: date = day("计划交付日期")

    contact_name: Sealed = sealed("联系人", domain="name", mask="name")
    contact_name_index: str | None = blind_index("联系人")
    contact_phone: Sealed = sealed("联系电话", domain="phone", mask="phone")
    contact_phone_index: str | None = blind_index("联系电话")

    create_mode: CreateMode = computed(code(CreateMode, "创建方式", CreateMode.MANUAL))
    stage: ProjectStage = computed(code(ProjectStage, "项目阶段", ProjectStage.LAND, index=True))
    suspended: bool = computed(flag("停工", False))
    #: Set by the authority for back-filling: later records may come before earlier ones, which then only warns.
    relaxed_order: bool = computed(flag("补录放宽顺序", False))
    #: Set by progress reports (row 74); until then known from nothing.
    started_on: date | None = computed(day("实际开工日期", None))
    stopped_from: date | None = computed(day("停工起始", None))
    finished_on: date | None = computed(day("实际竣工日期", None))
    developed_area: Decimal | None = computed(area("已动工开发用地面积", None))


class ProjectProperty(ChildRow, table=True):
    """A type of property the project builds."""

    property_type: PropertyType = code(PropertyType, "物业类型")
    gfa: Decimal | None = area("建筑面积", None)
    sets: int | None = integer("套数", None, unit="套")


class ProjectParcels(InForce, table=True):
    """The list of a project's parcels, reviewed as a whole (row 59)."""

    __table_args__ = (
        UniqueConstraint("project_key"),
        grid_index("project_parcels", "used_area_total", "far_area_total", "project_name"),
    )

    project_name: str | None = follows("project.name", text("项目名称", None, max=200))
    project_key: str | None = held_key("项目", "project_id", max=36, unique=False)
    note: str | None = text("说明", None, max=500, help="请勿填写个人信息")
    used_area_total: Decimal | None = computed(area("用地面积合计", None))
    far_area_total: Decimal | None = computed(area("计容面积合计", None))


class ProjectParcelLine(ChildRow, table=True):
    """A parcel, or the part of it this project uses; the version of the parcel it was approved on."""

    parcel_id: UUID = ref("parcel", "地块")
    used_area: Decimal = area("使用面积", positive=True)
    far_area_part: Decimal | None = area("计容面积", None)
    note: str | None = text("备注", None, max=200, help="请勿填写个人信息")
    parcel_version: int | None = computed(integer("地块版次", None))


class ProjectInvestors(InForce, table=True):
    """The investors of a project's company, as checked by it (row 60)."""

    __table_args__ = (
        UniqueConstraint("project_key"),
        grid_index("project_investors", "registered_capital", "project_name"),
    )

    project_name: str | None = follows("project.name", text("项目名称", None, max=200))
    project_key: str | None = held_key("项目", "project_id", max=36, unique=False)
    registered_capital: Decimal = money("项目公司注册资本", positive=True)
    note: str | None = text("说明", None, max=500, help="请勿填写个人信息")


class InvestorLine(ChildRow, table=True):
    """An investor: a company by name and code, or a person, whose name and number are sealed."""

    kind: HolderKind = code(HolderKind, "投资方类别")
    name: Sealed = sealed("投资方名称", domain="name", mask="party")
    name_index: str | None = blind_index("投资方名称")
    uscc: str | None = credit_code("信用代码", None)
    foreign_id: str | None = text("境外登记号", None, max=60)
    country: str | None = text("国家或地区", None, max=60)
    id_no: Sealed | None = sealed("证件号码", None, domain="id_no", mask="id")
    id_no_index: str | None = blind_index("证件号码")
    subscribed_amount: Decimal = money("认缴金额")
    paid_amount: Decimal | None = money("实缴金额", None)
    ratio: Decimal = percent("出资比例")
    invested_on: date | None = day("出资日期", None)
    is_head_group: bool = flag("属本集团", False)
    source: LineSource = code(LineSource, "来源", LineSource.MANUAL)


class ProjectBuilders(InForce, table=True):
    """The agent builders of a project; that there are none is a complete answer (row 61)."""

    __table_args__ = (
        UniqueConstraint("project_key"),
        grid_index("project_builders", "has_agent", "project_name"),
    )

    project_name: str | None = follows("project.name", text("项目名称", None, max=200))
    project_key: str | None = held_key("项目", "project_id", max=36, unique=False)
    has_agent: bool = flag("有代建单位")
    note: str | None = text("说明", None, max=500, help="请勿填写个人信息")


class BuilderLine(ChildRow, table=True):
    """An agent builder with its contract, scope and period."""

    name: str = text("代建单位名称", max=200)
    uscc: str = credit_code("信用代码")
    qualification: QualificationGrade | None = code(QualificationGrade, "资质等级", None)
    contract_no: str | None = text("代建合同号", None, max=60)
    mode: BuilderMode = code(BuilderMode, "代建模式")
    work_scope: str = text("代建范围", max=200)
    fee_rate: Decimal | None = percent("代建费率", None)
    signed_on: date | None = day("签订日期", None)
    start_on: date | None = day("开始日期", None)
    end_on: date | None = day("结束日期", None, since=("start_on",))
    contact: Sealed | None = sealed("联系人", None, domain="name", mask="name")
    contact_index: str | None = blind_index("联系人")
    source: LineSource = code(LineSource, "来源", LineSource.MANUAL)


class ProjectTransfer(InForce, table=True):
    """A transfer of the whole project with its land (row 62)."""

    __table_args__ = (
        grid_index(
            "project_transfer",
            *("contract_on", "filed_on", "investment_ratio", "price", "transferor_name", "transferee_name"),
        ),
    )

    transferor_uscc: str = credit_code("转让方信用代码")
    transferor_name: str = text("转让方", max=200)
    transferee_uscc: str = credit_code("受让方信用代码")
    transferee_name: str = text("受让方", max=200)
    transferee_name_letters: str | None = letters_key("受让方", "transferee_name")
    contract_no: str | None = text("转让合同号", None, max=60)
    contract_on: date = day("合同签订日期", past=True)
    price: Decimal | None = money("转让价款", None)
    investment_ratio: Decimal = percent("转让时已完成投资比例")
    land_fee_paid_all: bool = flag("土地出让金已付清")
    certificate_held: bool = flag("已取得土地使用权证")
    registration_changed_on: date = day("土地使用权变更登记日期", past=True)
    filed_on: date = day("备案日期", past=True, since=("registration_changed_on",))
    relocation_obligation_passed: bool | None = flag("拆迁安置义务已转移并书面告知", None)


class RelocationRecord(InForce, table=True):
    """Demolition, compensation and resettlement on the project's land (row 62)."""

    __table_args__ = (
        grid_index(
            "relocation_record",
            *("resettle_mode", "start_on", "end_on", "households_total", "households_signed", "households_moved"),
            *("compensation_total", "compensation_paid", "permit_or_decision_no", "relocation_scope"),
        ),
    )

    permit_or_decision_no: str = text("拆迁许可或征收决定文号", max=80)
    relocation_scope: str = text("范围", max=255)
    households_total: int = integer("应迁户数", unit="户")
    households_signed: int = integer("已签约户数", unit="户")
    households_moved: int = integer("已搬迁户数", unit="户")
    area_demolished: Decimal | None = area("已拆面积", None)
    compensation_total: Decimal = money("补偿总额")
    compensation_paid: Decimal = money("已支付补偿")
    resettle_mode: ResettleMode = code(ResettleMode, "安置方式")
    resettle_sets: int | None = integer("安置套数", None, unit="套")
    resettle_area: Decimal | None = area("安置面积", None)
    start_on: date = day("开始日期")
    end_on: date | None = day("完成日期", None)


HANDOVER = Machine(
    {
        "agree": {HandoverState.OPEN: HandoverState.OPEN},
        # A correction of the transfer names another company, which has to agree anew.
        "reopen": {
            HandoverState.OPEN: HandoverState.OPEN,
            HandoverState.AGREED: HandoverState.OPEN,
            HandoverState.STOPPED: HandoverState.OPEN,
        },
        "complete": {HandoverState.OPEN: HandoverState.AGREED},
        "hand_over": {HandoverState.AGREED: HandoverState.DONE},
        "stop": {HandoverState.OPEN: HandoverState.STOPPED, HandoverState.AGREED: HandoverState.STOPPED},
    }
)


class ProjectHandover(Stamped, table=True):
    """The task that follows an effective transfer: both companies say yes, then the authority changes the project's company."""

    __table_args__ = (UniqueConstraint("transfer_id"),)

    state: HandoverState = code(HandoverState, "状态", HandoverState.OPEN, index=True)
    transfer_id: UUID = ref("project_transfer", "转让记录")
    project_id: UUID = loose_ref("项目")
    district_code: str = district("所属区", index=True)
    from_company_id: UUID = loose_ref("转出项目公司")
    from_head_id: UUID | None = loose_ref("转出总公司", None)
    to_company_id: UUID = loose_ref("转入项目公司")
    to_head_id: UUID | None = loose_ref("转入总公司", None)
    from_agreed_by: UUID | None = loose_ref("转出方确认人", None, index=False)
    from_agreed_at: datetime | None = moment("转出方确认时间", None)
    to_agreed_by: UUID | None = loose_ref("转入方确认人", None, index=False)
    to_agreed_at: datetime | None = moment("转入方确认时间", None)
    done_by: UUID | None = loose_ref("办理人", None, index=False)
    done_at: datetime | None = moment("办理时间", None)
    note: Sealed | None = sealed_json("说明", None)
