"""Construction permits, unit works and their ties to planned buildings (rows 67-69, market 2.10)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Stamped
from models.building_codes import PermitEventKind, PermitStatus, Structure, TieState, WorkKind
from models.columns import (
    area,
    blind_index,
    building_no,
    code,
    computed,
    credit_code,
    day,
    district,
    held_key,
    integer,
    loose_ref,
    moment,
    money,
    number,
    percent,
    ref,
    sealed,
    text,
)
from models.machines import Machine
from models.planning import Certificate
from models.records import ChildRow, InForce, grid_index
from models.sealed import Sealed


class ConstructionPermit(Certificate, table=True):
    """施工许可证 in force, with the fields of the national table; extensions, stops and restarts are a list under it."""

    __table_args__ = (
        grid_index(
            "construction_permit",
            *("status", "issued_on", "extended_to", "contract_finish", "works_area", "contract_amount"),
            *("permit_no", "contractor", "project_name"),
        ),
    )

    permit_no: str = text("证书编号", max=40, help="18位；旧证可带前缀")
    project_name: str = text("工程名称", max=200, help="按证书所载填写")
    builder: str = text("建设单位", max=200)
    builder_uscc: str = credit_code("建设单位信用代码")
    address: str = text("建设地址", max=255)
    scale_text: str | None = text("建设规模", None, max=255)
    works_area: Decimal = area("施工面积", positive=True)
    contract_amount: Decimal = money("合同价款", positive=True)
    contract_start: date | None = day("合同开工日期", None)
    contract_finish: date = day("合同竣工日期", since=("contract_start",))
    contract_days: int | None = integer("合同工期", None, unit="天")
    survey_unit: str | None = text("勘察单位", None, max=200)
    design_unit: str | None = text("设计单位", None, max=200)
    contractor: str = text("施工单位", max=200)
    contractor_uscc: str = credit_code("施工单位信用代码")
    supervisor: str = text("监理单位", max=200)
    supervisor_uscc: str = credit_code("监理单位信用代码")
    testing_unit: str | None = text("检测单位", None, max=200)
    project_manager: Sealed | None = sealed("项目经理", None, domain="name", mask="name")
    project_manager_index: str | None = blind_index("项目经理")
    project_manager_no: str | None = text("项目经理注册证号", None, max=40)
    chief_supervisor: Sealed | None = sealed("总监理工程师", None, domain="name", mask="name")
    chief_supervisor_index: str | None = blind_index("总监理工程师")
    chief_supervisor_no: str | None = text("总监理工程师注册证号", None, max=40)
    safety_licence_no: str | None = text("安全生产许可证号", None, max=60)
    drawing_review_no: str | None = text("施工图审查合格书编号", None, max=60)
    issuer: str = text("发证机关", max=50)
    issued_on: date = day("发证日期")
    actual_start_on: date | None = day("实际开工日期", None, past=True)
    extension_count: int = computed(integer("延期次数", 0, unit="次"))
    extended_to: date | None = computed(day("延期至", None))
    suspended_from: date | None = computed(day("中止施工起", None))
    resumed_on: date | None = computed(day("恢复施工日期", None))
    status: PermitStatus = computed(code(PermitStatus, "证书状态", PermitStatus.VALID))


class PermittedPlanning(ChildRow, table=True):
    """An engineering planning permit that a construction permit names."""

    planning_permit_id: UUID = ref("engineering_planning_permit", "工程规划许可证")


class PermitEvent(ChildRow, table=True):
    """An extension, a stop or a restart of the works of a construction permit."""

    event: PermitEventKind = code(PermitEventKind, "事项")
    on_day: date = day("日期")
    until: date | None = day("延期至", None)
    reason: str | None = text("原因", None, max=200, help="请勿填写个人信息")
    document_no: str | None = text("批准文号", None, max=60)


class UnitEngineering(InForce, table=True):
    """单位工程 in force, a building's work under a construction permit."""

    __table_args__ = (
        UniqueConstraint("unit_key"),
        grid_index(
            "unit_engineering",
            *("construction_permit_id", "kind", "planned_start", "planned_finish", "floors_above", "gfa"),
            *("unit_no", "name"),
        ),
    )

    construction_permit_id: UUID = ref("construction_permit", "施工许可证")
    unit_key: str | None = held_key("单位工程编号", "construction_permit_id", "unit_no", max=80, unique=False)
    unit_no: str = building_no("单位工程编号")
    name: str = text("单位工程名称", max=100)
    kind: WorkKind | None = code(WorkKind, "工程类别", None)
    structure_type: Structure | None = code(Structure, "结构类型", None)
    floors_above: int | None = integer("地上层数", None, unit="层")
    floors_below: int | None = integer("地下层数", None, unit="层")
    height_m: Decimal | None = number("建筑高度", None, unit="m")
    gfa: Decimal = area("建筑面积", positive=True)
    foundation_type: str | None = text("基础类型", None, max=40)
    prefab_ratio: Decimal | None = percent("预制率", None)
    contractor: str | None = text("施工单位", None, max=200)
    planned_start: date = day("计划开工日期")
    planned_topout: date | None = day("计划封顶日期", None, since=("planned_start",))
    planned_finish: date = day("计划竣工日期", since=("planned_topout", "planned_start"))
    actual_start: date | None = day("实际开工日期", None, past=True)
    actual_topout: date | None = day("实际封顶日期", None, past=True, since=("actual_start",))
    actual_finish: date | None = day("实际竣工日期", None, past=True, since=("actual_topout", "actual_start"))
    visual_progress: int | None = computed(integer("形象进度", None))


TIE = Machine(
    {
        "change": {TieState.TIED: TieState.TIED},
        "cut": {TieState.TIED: TieState.CUT, TieState.LAPSED: TieState.CUT},
        "lapse": {TieState.TIED: TieState.LAPSED},
    }
)


class UnitPlannedLink(Stamped, table=True):
    """The tie of a unit work to a planned building with its share of that building (row 69); it takes effect at once."""

    state: TieState = code(TieState, "状态", TieState.TIED, index=True)
    open_key: str | None = text("关联标识", None, max=80, unique=True)
    unit_id: UUID = ref("unit_engineering", "单位工程")
    planning_permit_id: UUID = ref("engineering_planning_permit", "工程规划许可证")
    #: A line of the permit's list; one that lapsed names a line that may be gone.
    planned_building_id: UUID = loose_ref("规划建筑物")
    building_no: str = building_no("幢号")
    ratio: Decimal = number("占规划建筑物的份额", Decimal(1), positive=True)
    district_code: str = district("所属区", "", index=True)
    head_company_id: UUID | None = loose_ref("总公司", None)
    project_company_id: UUID | None = loose_ref("项目公司", None)
    project_id: UUID | None = loose_ref("项目", None)
    tied_at: datetime = moment("关联时间")
    ended_at: datetime | None = moment("解除时间", None)
