"""单位工程 (row 68): the works of a permit by building, each reviewed by itself; entered and submitted together in a grid."""

from models.construction import UnitEngineering
from models.land_codes import ProjectStage
from services.engine.cycle import kept
from services.engine.kinds import Kind, Look, Slot, Stage, Ties
from services.projects.ownership import PROJECT_NEED, of_project
from services.projects.stages import in_project

UNIT_ENGINEERING = kept(
    Kind(
        name="unit_engineering",
        label="单位工程",
        row=68,
        prefix="DW",
        table=UnitEngineering,
        makers=of_project("unit_engineering", UnitEngineering, several=True),
        look=Look(
            title="name",
            menu="projects",
            grid=("construction_permit_id", "unit_no", "name", "kind", "floors_above", "gfa", "planned_finish"),
            filters=("construction_permit_id", "kind", "planned_finish", "gfa"),
            sections={
                "construction_permit_id": "单位工程",
                "floors_above": "规模",
                "planned_start": "计划与实际日期",
            },
            purpose="按幢管理项目的单位工程",
        ),
        slots=(Slot("drawing", "图纸"),),
        ties=Ties(needs=(PROJECT_NEED, in_project("construction_permit", "施工许可证"))),
        stage=Stage(ProjectStage.CONSTRUCTION),
    )
)
