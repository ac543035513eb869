"""拆迁安置记录 (row 62): households, compensation and resettlement on a project's land; several per project, none asked for."""

from uuid import UUID

from sqlmodel import select

from models.land_codes import ProjectStage
from models.projects import RelocationRecord
from models.records import InForceState
from services.engine.cycle import kept
from services.engine.kinds import Kind, Look, Slot, Stage, Ties
from services.engine.work import Work
from services.projects.ownership import PROJECT_NEED, of_project
from services.projects.side_rules import RELOCATION_RULES

RELOCATION = kept(
    Kind(
        name="relocation",
        label="拆迁安置",
        row=62,
        prefix="XQ",
        table=RelocationRecord,
        makers=of_project("relocation", RelocationRecord, several=True),
        look=Look(
            title="permit_or_decision_no",
            menu="projects",
            grid=(
                "permit_or_decision_no",
                "relocation_scope",
                "households_total",
                "households_signed",
                "households_moved",
                "compensation_total",
                "compensation_paid",
                "end_on",
            ),
            filters=("resettle_mode", "start_on", "end_on"),
            sections={
                "permit_or_decision_no": "依据与范围",
                "compensation_total": "补偿与安置",
                "start_on": "起止日期",
            },
            change="更正",
            purpose="项目用地拆迁安置进度监管",
        ),
        slots=(Slot("decision", "拆迁许可或征收决定", 1), Slot("agreement", "补偿安置协议")),
        rules=RELOCATION_RULES,
        stage=Stage(ProjectStage.LAND, optional=True),
        ties=Ties(needs=(PROJECT_NEED,)),
    )
)


def relocation_unfinished(work: Work, project_id: UUID) -> list[RelocationRecord]:
    """Return a project's unfinished relocations (PRJ-14), which cause a warning at a construction permit."""
    rows = work.session.exec(
        select(RelocationRecord)
        .where(RelocationRecord.project_id == project_id, RelocationRecord.in_force == InForceState.EFFECTIVE)
        .order_by(RelocationRecord.record_no)
    ).all()
    return [row for row in rows if row.households_moved < row.households_total]
