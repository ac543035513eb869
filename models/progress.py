"""Progress: payments and reports by month, milestones with plan, actual and evidence (rows 71, 74, 75, market 2.10, 2.12)."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import UniqueConstraint

from models.base import Row
from models.codes import Code
from models.columns import (
    code,
    computed,
    day,
    follows,
    held_key,
    integer,
    loose_ref,
    moment,
    money,
    percent,
    ref,
    sealed_file,
    text,
)
from models.records import ChildRow, InForce, grid_index


class EngineeringPayment(InForce, table=True):
    """工程款 of a construction permit for a month."""

    __table_args__ = (
        grid_index(
            "engineering_payment",
            "period",
            "output_value_cum",
            "paid_cum",
            "arrears",
            "contractor",
            "construction_permit_id",
            "paid_ratio",
            "payable_cum",
        ),
    )

    period_key: str | None = held_key("许可证与月份", "construction_permit_id", "period")
    construction_permit_id: UUID = loose_ref("施工许可证")
    period: str = text("月份", max=7, help="如 2026-03")
    contractor: str = text("施工单位", max=200)
    contract_amount: Decimal = money("合同价款", positive=True)
    output_value_period: Decimal = money("本月产值")
    output_value_cum: Decimal = money("累计产值")
    payable_period: Decimal = money("本月应付")
    payable_cum: Decimal = money("累计应付")
    paid_period: Decimal = money("本月实付", negative=True, help="退款填负数并说明原因")
    paid_cum: Decimal = money("累计实付")
    labour_paid_period: Decimal = money("本月人工费")
    payment_guarantee_no: str | None = text("支付担保编号", None, max=60)
    invoice_nos: str | None = text("发票号码", None, max=500, help="多个用分号分开")
    settlement_sent_on: date | None = day("结算送审日期", None)
    settlement_agreed_on: date | None = day("结算确认日期", None)
    settlement_filed_on: date | None = day("结算备案日期", None)
    reason: str | None = text("说明", None, max=500, help="请勿填写个人信息")
    arrears: Decimal | None = computed(money("拖欠金额", None, negative=True))
    paid_ratio: Decimal | None = computed(percent("实付比例", None))


class VisualProgress(Code):
    """Stages of a unit work (market appendix B)."""

    NONE = "0", "未开工"
    EARTH = "1", "土方或基坑"
    PILES = "2", "桩基"
    FOUNDATION = "3", "基础（±0.00）"
    STRUCTURE = "4", "主体施工"
    TOPPED = "5", "主体封顶"
    SECONDARY = "6", "二次结构"
    FACADE = "7", "外立面及安装"
    DECORATION = "8", "装饰"
    OUTDOOR = "9", "室外配套"
    ACCEPTED = "10", "竣工验收"


class WorkStatus(Code):
    NORMAL = "NORMAL", "正常", "good"
    STOPPED = "STOPPED", "停工", "bad"
    RESUMED = "RESUMED", "复工", "info"


class ProgressReport(InForce, table=True):
    """进度填报 of a project for a month."""

    __table_args__ = (
        grid_index("progress_report", "period", "report_on", "invested_cum", "project_name", "invested_period"),
    )

    project_name: str | None = follows("project.name", text("项目名称", None, max=200))
    period_key: str | None = held_key("项目与月份", "project_id", "period")
    period: str = text("月份", max=7, help="如 2026-03")
    report_on: date = day("填报日期")
    invested_period: Decimal = money("本月完成投资")
    invested_cum: Decimal = money("累计完成投资")
    note: str | None = text("说明", None, max=500, help="请勿填写个人信息")


class ProgressLine(ChildRow, table=True):
    """The progress of a unit work in a report; dates of milestones only when they are reached."""

    unit_engineering_id: UUID = loose_ref("单位工程")
    visual_progress: VisualProgress = code(VisualProgress, "形象进度")
    floors_done: int = integer("完成层数", 0, unit="层")
    percent: int = integer("完成比例", unit="%")
    status: WorkStatus = code(WorkStatus, "施工状态", WorkStatus.NORMAL)
    started_on: date | None = day("开工日期", None)
    piles_on: date | None = day("桩基完成日期", None)
    foundation_on: date | None = day("基础完成日期", None)
    topped_on: date | None = day("封顶日期", None)
    facade_on: date | None = day("外立面及安装完成日期", None)
    accepted_on: date | None = day("竣工验收日期", None)
    delivered_on: date | None = day("交付日期", None)
    planned_next: str | None = text("下月计划", None, max=200)
    delay_reason: str | None = text("滞后原因", None, max=200)
    stop_from: date | None = day("停工起始", None)
    stop_reason: str | None = text("停工原因", None, max=200)
    back_reason: str | None = text("进度回退原因", None, max=200)


class MilestoneCode(Code):
    """Milestones of a project in their usual order (market 2.12)."""

    M01 = "M01", "土地合同签订"
    M02 = "M02", "土地交付"
    M03 = "M03", "用地规划许可"
    M04 = "M04", "土地不动产权证"
    M05 = "M05", "工程规划许可"
    M06 = "M06", "施工许可"
    M07 = "M07", "开工"
    M08 = "M08", "桩基完成"
    M09 = "M09", "基础完成（±0.00）"
    M10 = "M10", "主体三分之一"
    M11 = "M11", "主体三分之二"
    M12 = "M12", "主体结构封顶"
    M13 = "M13", "达到预售形象进度"
    M14 = "M14", "预售许可"
    M15 = "M15", "开盘"
    M16 = "M16", "外立面及安装完成"
    M17 = "M17", "竣工验收"
    M18 = "M18", "竣工规划资源验收"
    M19 = "M19", "竣工备案"
    M20 = "M20", "交付使用许可"
    M21 = "M21", "首次登记（大产证）"
    M22 = "M22", "交付"


class MilestoneScope(Code):
    """The thing that reaches a milestone."""

    PROJECT = "PROJECT", "项目"
    PLANNING_PERMIT = "PLANNING_PERMIT", "工程规划许可证"
    CONSTRUCTION_PERMIT = "CONSTRUCTION_PERMIT", "施工许可证"
    UNIT = "UNIT", "单位工程"
    BUILDING = "BUILDING", "自然幢"
    PRESALE_PERMIT = "PRESALE_PERMIT", "预售许可证"
    OPENING_UNIT = "OPENING_UNIT", "开盘单元"


class Milestone(Row, table=True):
    """A milestone of a project or a part of it: the planned day in force, the day it was reached, and what shows it."""

    __table_args__ = (UniqueConstraint("scope", "subject_id", "milestone"),)

    project_id: UUID = loose_ref("项目")
    scope: MilestoneScope = code(MilestoneScope, "范围")
    subject_id: UUID = loose_ref("对象")
    milestone: MilestoneCode = code(MilestoneCode, "节点")
    planned_on: date | None = day("计划日期", None)
    baseline_no: int = integer("基线版次", 0)
    actual_on: date | None = day("实际日期", None)
    recorded_at: datetime | None = moment("知悉时间", None)
    #: The table and row of the certificate or report that shows it.
    evidence: str | None = text("依据类别", None, max=40)
    evidence_id: UUID | None = loose_ref("依据记录", None)


class MilestoneBaseline(Row, table=True):
    """A planned day that was in force, kept when another takes its place."""

    milestone_id: UUID = ref("milestone", "节点", owner=True)
    baseline_no: int = integer("基线版次")
    planned_on: date | None = day("计划日期", None)
    since: datetime = moment("生效时间")


class ProgressPlan(InForce, table=True):
    """进度计划 of a project: planned days of its milestones; every version in force is a baseline."""

    __table_args__ = (UniqueConstraint("project_key"), grid_index("progress_plan", "project_name"))

    project_name: str | None = follows("project.name", text("项目名称", None, max=200))
    project_key: str | None = held_key("项目", "project_id", max=36, unique=False)
    note: str | None = text("说明", None, max=500, help="请勿填写个人信息")


class PlanLine(ChildRow, table=True):
    """The planned day of a milestone of a unit work."""

    unit_engineering_id: UUID = loose_ref("单位工程")
    milestone: MilestoneCode = code(MilestoneCode, "节点")
    planned_on: date = day("计划日期")


class ProgressPhoto(Row, table=True):
    """A photo of a report: its picture's digest and perceptual hash, by which the same picture is found again."""

    attachment_id: UUID = ref("attachment", "附件", unique=True)
    project_id: UUID = loose_ref("项目")
    digest: str = text("图片摘要", max=64, index=True)
    likeness: str = text("感知摘要", max=16, index=True)
    width: int = integer("宽", unit="像素")
    height: int = integer("高", unit="像素")
    taken_at: datetime | None = moment("拍摄时间", None)
    thumbnail: bytes = sealed_file("缩略图")
    kept_at: datetime = moment("上传时间", index=True)


class MonthlySummary(Row, table=True):
    """A month whose summary was announced to the offices and companies concerned."""

    period: str = text("月份", max=7, unique=True)
    told_at: datetime = moment("通知时间")


class ProjectWatch(Row, table=True):
    """The last time a project was watched, so that it is watched once a day and after a change."""

    project_id: UUID = loose_ref("项目")
    watched_on: date = day("监测日期")
    watched_at: datetime = moment("监测时间")
