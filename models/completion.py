"""Certificates of the completion stage: filing, planning acceptance, delivery permit (rows 72, 73, market 2.11)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from models.codes import Code
from models.columns import (
    area,
    building_no,
    code,
    computed,
    credit_code,
    day,
    flag,
    held_key,
    integer,
    loose_ref,
    money,
    text,
)
from models.planning import Certificate
from models.records import ChildRow, grid_index


class CompletionFiling(Certificate, table=True):
    """竣工验收备案 in force, with the unit works it covers."""

    __table_args__ = (
        grid_index(
            "completion_filing", "accepted_on", "filed_on", "filed_area", "filing_no", "household_acceptance_done"
        ),
    )

    number_key: str | None = held_key("备案编号", "filing_no")
    filing_no: str = text("备案编号", max=50)
    builder: str = text("建设单位", max=200)
    builder_uscc: str = credit_code("建设单位信用代码")
    filed_area: Decimal = area("备案面积", positive=True)
    cost: Decimal | None = money("工程造价", None)
    structure: str | None = text("结构类型", None, max=60)
    start_on: date | None = day("开工日期", None)
    accepted_on: date = day("竣工验收合格日期", since=("start_on",))
    filed_on: date = day("备案日期", since=("accepted_on",))
    filing_organ: str | None = text("备案机关", None, max=100)
    archived_on: date | None = day("档案移交日期", None)
    household_acceptance_done: bool = flag("已完成分户验收")


class CompletedWork(ChildRow, table=True):
    """A unit work that a filing covers."""

    unit_engineering_id: UUID = loose_ref("单位工程")


class PlanningAcceptance(Certificate, table=True):
    """竣工规划资源验收合格证 in force, with the planned buildings accepted and their measured areas."""

    __table_args__ = (
        grid_index(
            "planning_acceptance",
            "issued_on",
            "measured_gfa_total",
            "acceptance_no",
            "engineering_planning_permit_id",
            "planned_gfa_total",
        ),
    )

    number_key: str | None = held_key("合格证编号", "acceptance_no")
    acceptance_no: str = text("合格证编号", max=50)
    builder: str = text("建设单位", max=200)
    builder_uscc: str = credit_code("建设单位信用代码")
    engineering_planning_permit_id: UUID = loose_ref("工程规划许可证")
    measured_gfa_total: Decimal = area("实测建筑面积", positive=True)
    measured_gfa_above: Decimal | None = area("实测地上建筑面积", None)
    measured_gfa_below: Decimal | None = area("实测地下建筑面积", None)
    survey_report_no: str | None = text("测绘报告编号", None, max=60)
    issuer: str | None = text("发证机关", None, max=100)
    issued_on: date = day("发证日期")
    planned_gfa_total: Decimal | None = computed(area("规划建筑面积", None))


class AcceptedBuilding(ChildRow, table=True):
    """A planned building of an acceptance, named by its number in the permit."""

    building_no: str = building_no("规划建筑物编号", max=60)
    measured_gfa: Decimal | None = area("实测建筑面积", None)
    planned_building_id: UUID | None = computed(loose_ref("规划建筑物", None))


class DeliveryPermit(Certificate, table=True):
    """新建住宅交付使用许可证 in force, with its buildings and its checklist."""

    __table_args__ = (
        grid_index("delivery_permit", "issued_on", "sets", "permitted_area", "permit_no", "phase_delivery"),
    )

    number_key: str | None = held_key("许可证编号", "permit_no")
    permit_no: str = text("许可证编号", max=50)
    builder: str = text("建设单位", max=200)
    builder_uscc: str = credit_code("建设单位信用代码")
    scope_text: str | None = text("许可范围", None, max=500, help="请勿填写个人信息")
    sets: int = integer("套数", unit="套", positive=True)
    permitted_area: Decimal = area("建筑面积", positive=True)
    place_name_doc_no: str | None = text("地名批文号", None, max=60)
    phase_delivery: bool = flag("分期交付", False)
    issuer: str | None = text("发证机关", None, max=100)
    issued_on: date = day("发证日期")


class DeliveredBuilding(ChildRow, table=True):
    """A natural building that may be delivered."""

    natural_building_no: str = text("自然幢号", max=60)
    natural_building_id: UUID | None = computed(loose_ref("自然幢", None))


class DeliveryItem(Code):
    """The checklist of a delivery permit (market 2.11)."""

    LAND = "LAND", "土地合同或用地批准文件"
    PLANNING = "PLANNING", "工程规划许可证及附图附表"
    FILING_HOUSING = "FILING_HOUSING", "住宅竣工验收备案"
    FILING_PUBLIC = "FILING_PUBLIC", "公共建筑竣工验收备案"
    WATER = "WATER", "供水"
    POWER = "POWER", "供电"
    GAS = "GAS", "燃气"
    CABLE = "CABLE", "有线电视"
    PHONE = "PHONE", "电话"
    BROADBAND = "BROADBAND", "宽带"
    SEWAGE = "SEWAGE", "污水纳管"


class DeliveryCondition(ChildRow, table=True):
    """A line of the checklist: met or not, by which paper."""

    item: DeliveryItem = code(DeliveryItem, "条件")
    met: bool = flag("已具备", False)
    paper_no: str | None = text("凭证文号", None, max=80)
