"""The life of a project by stages, and the records each stage has: those built, and those still to come (market App. B)."""

from dataclasses import dataclass

from models.land_codes import ProjectStage

#: Records a project may have and need not.
OPTIONAL = frozenset({"project_transfer", "relocation"})


@dataclass(frozen=True)
class StagePlan:
    """A stage with its records in their order: a kind's name and what it is called."""

    stage: ProjectStage
    records: tuple[tuple[str, str], ...]


LIFE = (
    StagePlan(
        ProjectStage.LAND,
        (
            ("parcel", "地块"),
            ("project", "项目"),
            ("project_parcels", "项目地块"),
            ("project_investors", "项目投资企业"),
            ("project_builders", "项目代建单位"),
            ("project_transfer", "项目转让"),
            ("relocation", "拆迁安置"),
        ),
    ),
    StagePlan(
        ProjectStage.PLANNING,
        (
            ("land_planning_permit", "建设用地规划许可证"),
            ("realty_certificate", "不动产权证（土地）"),
            ("engineering_planning_permit", "建设工程规划许可证"),
            ("community", "小区"),
        ),
    ),
    StagePlan(
        ProjectStage.CONSTRUCTION,
        (
            ("construction_permit", "建筑工程施工许可证"),
            ("unit_engineering", "单位工程"),
            ("unit_planned_link", "单位工程与规划建筑物关联"),
            ("unit_natural_link", "单位工程与楼盘表关联"),
            ("engineering_payment", "工程款"),
            ("progress_report", "进度填报"),
        ),
    ),
    StagePlan(ProjectStage.PRESALE, (("sales_plan", "销售方案"), ("presale_permit", "预售许可"))),
    StagePlan(
        ProjectStage.COMPLETION,
        (("completion_filing", "竣工验收备案"), ("completion_planning_acceptance", "竣工规划资源验收")),
    ),
    StagePlan(ProjectStage.DELIVERY, (("delivery_permit", "新建住宅交付使用许可证"), ("handbook", "电子开发项目手册"))),
)
