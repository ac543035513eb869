"""拆迁安置记录 (row 62): households, compensation and resettlement on a project's land; several per project, none asked for."""

from collections.abc import Iterator
from uuid import UUID

from models.land_codes import ProjectStage
from models.projects import RelocationRecord
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import Kind, Look, Proposal, Slot, Stage, Ties
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, shown
from services.engine.work import Work
from services.projects.ownership import PROJECT_NEED, of_project


@rule(FORMAT, "拆迁起止日期", Severity.REFUSE, "完成日期早于开始日期，请核对")
def days_are_in_order(record: Proposal) -> Iterator[Fault]:
    if record["start_on"] and record["end_on"] and record["end_on"] < record["start_on"]:
        yield Fault("end_on")


@rule("PRJ-13", "已搬迁不多于已签约，已签约不多于应迁；已付不多于总额", Severity.REFUSE, "拆迁数据不一致")
def relocation_adds_up(record: Proposal) -> Iterator[Fault]:
    every, signed, moved = record["households_total"], record["households_signed"], record["households_moved"]
    if signed is not None and moved is not None and moved > signed:
        yield Fault("households_moved", f"已搬迁{moved}户，多于已签约{signed}户；先补偿、后搬迁，请核对")
    if every is not None and signed is not None and signed > every:
        yield Fault("households_signed", f"已签约{signed}户，多于应迁{every}户，请核对")
    due, paid = record["compensation_total"], record["compensation_paid"]
    if due is not None and paid is not None and paid > due:
        yield Fault("compensation_paid", f"已支付补偿{shown(paid)}元，多于补偿总额{shown(due)}元，请核对")


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
                "households_moved",
                "compensation_total",
                "compensation_paid",
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
        rules=rules_in(vars()),
        stage=Stage(ProjectStage.LAND, optional=True),
        ties=Ties(needs=(PROJECT_NEED,)),
    )
)


def relocation_unfinished(work: Work, project_id: UUID) -> list[RelocationRecord]:
    """Return a project's unfinished relocations (PRJ-14), which cause a warning at a construction permit."""
    rows = work.in_force(RelocationRecord, project=project_id, by=RelocationRecord.record_no)
    return [row for row in rows if row.households_moved < row.households_total]
