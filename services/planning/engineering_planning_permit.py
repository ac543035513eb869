"""建设工程规划许可证 with its planned buildings (row 65): filled in by its number, buildings by hand or by workbook."""

from models.land_codes import ProjectStage
from models.planning import EngineeringPlanningPermit, PlannedBuilding
from services.engine.cycle import kept
from services.engine.kinds import Child, Look, Slot
from services.projects.certificates import Printed, certificate
from services.projects.stages import settles

ENGINEERING_PLANNING_PERMIT = kept(
    certificate(
        EngineeringPlanningPermit,
        name="engineering_planning_permit",
        label="建设工程规划许可证",
        row=65,
        prefix="GG",
        look=Look(
            title="permit_no",
            menu="projects",
            grid=("permit_no", "builder", "project_name", "gfa_total", "building_count", "issued_on", "extended_to"),
            filters=("permit_no", "gfa_total", "issued_on", "extended_to"),
            sections={
                "permit_no": "证书",
                "scale_text": "规模与面积",
                "place_name_doc_no": "地名、发证与有效期",
            },
            purpose="项目工程规划许可和规划建筑物管理",
        ),
        stage=settles(ProjectStage.PLANNING),
        printed=Printed("builder", "builder_uscc", form="建字第.+号"),
        slots=(Slot("annexes", "附图附件", least=1), Slot("scan", "许可证扫描件")),
        children=(Child("buildings", "规划建筑物", PlannedBuilding, ("building_no",), 500),),
    )
)
