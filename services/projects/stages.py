"""A project's life by stages (market Appendix B): the records of each, and the stage reached by what is in force."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.land_codes import ProjectStage
from models.projects import Project
from models.records import InForceState
from models.sales import PresalePermit, PresaleStatus
from services.engine.kinds import KINDS, Need, Stage
from services.engine.registry import action
from services.engine.work import Work


@dataclass(frozen=True)
class LifeRecord:
    """A kind of record in a project's life; with `settles` a record in force shows that its stage is reached."""

    kind: str
    label: str
    row: int
    stage: ProjectStage
    settles: bool = False
    optional: bool = False


#: The sale system's permits, which are no kept records.
PERMIT, VALID = "presale_permit", col(PresalePermit.voided_at).is_(None)
#: What a project has beside its kept records: each on a page of its own that its area registers.
BESIDE_RECORDS = (
    LifeRecord(PERMIT, "预售许可", 82, ProjectStage.PRESALE, settles=True),
    LifeRecord("handbook", "电子开发项目手册", 77, ProjectStage.DELIVERY),
)


def life() -> dict[ProjectStage, tuple[LifeRecord, ...]]:
    """Return the stages in their order, each with its records by requirement row, and what is not a kept record."""
    built = [_life_record(kind.name, kind.label, kind.row, kind.stage) for kind in KINDS.values() if kind.stage]
    records = sorted((*built, *BESIDE_RECORDS), key=lambda one: (one.row, one.kind))
    stages = [stage for stage in ProjectStage if stage is not ProjectStage.CLOSED]
    return {stage: tuple(one for one in records if one.stage is stage) for stage in stages}


def _life_record(name: str, label: str, row: int, stage: Stage) -> LifeRecord:
    return LifeRecord(name, label, row, ProjectStage.of(stage.at), stage.settle is not None, stage.optional)


def stage_from(there: Callable[[str], bool]) -> ProjectStage:
    """Return the furthest stage that a record in force shows; `there` says whether a kind has one."""
    for stage, records in reversed(life().items()):
        if any(one.settles and there(one.kind) for one in records):
            return stage
    return ProjectStage.LAND


def has_in_force(work: Work, kind_name: str, project_id: UUID) -> bool:
    """Return whether a project has a record in force of a kind, or a presale permit that is issued and not void."""
    table, standing = _in_force(kind_name)
    return table is not None and work.has(table, table.project_id == project_id, *standing)


def _in_force(kind_name: str) -> tuple[Any, tuple[Any, ...]]:
    """Return the table of a kind, if it is built, and where clauses over its records in force."""
    if kind_name == PERMIT:
        return PresalePermit, (PresalePermit.status == PresaleStatus.ARCHIVED, VALID)
    table: Any = KINDS[kind_name].table if kind_name in KINDS else None
    return table, () if table is None else (table.in_force == InForceState.EFFECTIVE,)


def in_project(kind: str, label: str) -> Need:
    """Declare that a project must have a record in force of a kind before another is submitted (market 3.5)."""
    return Need(
        kind, label, lambda work, owner, _: owner.project_id is not None and has_in_force(work, kind, owner.project_id)
    )


def settles(stage: ProjectStage) -> Stage:
    """Declare that a record in force of a kind shows that its project has reached a stage."""
    return Stage(stage, settle=_settle_of)


def _settle_of(work: Work, row: Any) -> None:
    # Locked, so that of two certificates approved at once the second computes the stage with the first in force.
    project = work.held(select(Project).where(Project.id == row.project_id)).first()
    if project is not None:
        settle_stage(work, project)


def settle_stage(work: Work, project: Project, there: Callable[[str], bool] | None = None) -> None:
    """Compute a project's stage from its records in force, asking `there`, where it is given, whether a kind has one."""
    stage = stage_from(there or (lambda kind: has_in_force(work, kind, project.id)))
    if project.stage is not stage:
        project.stage = stage
        work.add(project)


@action("projects.settle_stages", "核定项目阶段", roles={Role.SYSTEM}, event="")
def settle_stages(work: Work, order: None) -> int:
    """Compute the stage of every project in force, for the night; each kind is asked once for all of them."""
    rows = work.in_force(Project, by=Project.id)
    with_kind = cache(partial(_projects_with, work))
    for row in rows:
        settle_stage(work, row, lambda kind, project_id=row.id: project_id in with_kind(kind))  # type: ignore[misc]
    return len(rows)


def _projects_with(work: Work, kind_name: str) -> frozenset[UUID]:
    """Return every project that has a record in force of a kind."""
    table, standing = _in_force(kind_name)
    if table is None:
        return frozenset()
    return frozenset(work.session.exec(select(table.project_id).where(*standing).distinct()).all())
