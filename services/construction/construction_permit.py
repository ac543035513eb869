"""施工许可证 (row 67): filled in by its number; extended, stopped and restarted by lines of its list."""

from models.construction import ConstructionPermit, PermitEvent, PermittedPlanning
from models.land_codes import ProjectStage
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import Child, Look, Slot
from services.projects.certificates import Printed, certificate
from services.projects.stages import in_project, settles

CONSTRUCTION_PERMIT = kept(
    certificate(
        ConstructionPermit,
        name="construction_permit",
        label="施工许可证",
        row=67,
        prefix="SG",
        look=Look(
            title="permit_no",
            menu="projects",
            grid=("permit_no", "contractor", "works_area", "contract_amount", "issued_on", "extended_to", "status"),
            filters=("permit_no", "status", "issued_on", "contract_finish", "works_area"),
            sections={
                "permit_no": "证书",
                "works_area": "合同",
                "survey_unit": "参建单位",
                "project_manager": "人员与审查",
                "issuer": "发证与开工",
            },
            purpose="项目施工许可和开工、停工、复工管理",
        ),
        stage=settles(ProjectStage.CONSTRUCTION),
        printed=Printed("builder", "builder_uscc", must=r"([0-9A-Z]{8,16})?\d{18}", holder_severity=Severity.REFUSE),
        slots=(Slot("scan", "许可证扫描件", least=1), Slot("papers", "延期、停工、复工材料")),
        children=(
            Child("plannings", "所依据的工程规划许可证", PermittedPlanning, ("planning_permit_id",), 20),
            Child("events", "延期、停工、复工", PermitEvent, ("event", "on_day"), 50),
        ),
        needs=(in_project("engineering_planning_permit", "工程规划许可证"),),
    )
)
