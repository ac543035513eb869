"""Owner of a project's record: the project's company; only one record where a kind allows one (rows 58-62)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import col, select

from models.access import PROJECT_OFFICE, Role
from models.projects import Project
from models.records import OPEN_STATES, InForce, InForceState, Revision
from services.engine.kinds import Makers, Need, Owner, Values
from services.engine.refusals import Conflict, NotFound
from services.engine.work import Work

DRAFTERS = PROJECT_OFFICE
SUBMITTERS = frozenset({Role.PROJ_ADMIN})


@dataclass(frozen=True)
class Standing:
    """A project as far as the caller sees it: in force or voided, with an open draft, or a draft alone."""

    id: UUID
    row: Project | None
    draft: Revision | None

    @property
    def owner(self) -> Owner:
        relaxed = self.row is not None and self.row.relaxed_order
        return replace(Owner.of(self.row or self.draft), project_id=self.id, relaxed=relaxed)


def standing_project(work: Work, project_id: UUID) -> Standing | None:
    """Return a project the caller sees, in force or on its way."""
    row = work.first(work.visible(Project), Project.id == project_id)
    draft = work.first(
        work.visible(Revision),
        Revision.kind == "project",
        Revision.record_id == project_id,
        col(Revision.state).in_(OPEN_STATES),
    )
    return Standing(project_id, row, draft) if row is not None or draft is not None else None


def own_project(work: Work, project_id: UUID | None) -> Owner:
    """A project of the caller's own company, in force or on its way; any other is not found."""
    if project_id is None:
        raise NotFound("请先选择项目")
    found = standing_project(work, project_id)
    if found is None or found.owner.project_company_id != work.caller.enterprise_id:
        raise NotFound
    if found.row is not None and found.row.in_force is not InForceState.EFFECTIVE:
        raise Conflict("该项目已作废，不能填报")
    return found.owner


def of_project(
    kind_name: str,
    table: type[InForce],
    *,
    several: bool = False,
    known: Callable[[Work, Owner], Values] | None = None,
) -> Makers:
    """Makers of a side record: drafted by the project company, submitted by its administrator, begun about a project."""

    def whose(work: Work, about: UUID | None) -> Owner:
        owner = own_project(work, about)
        if not several:
            _only_one(work, kind_name, table, owner.project_id)
        return owner

    return Makers(
        draft=DRAFTERS,
        submit=SUBMITTERS,
        owner=whose,
        follow=_as_the_project,
        about="project",
        several=several,
        known=known,
    )


def _as_the_project(work: Work, owner: Owner, _: Values) -> Owner:
    """The authority may have loosened the order since the draft was begun."""
    row = in_force_project(work, owner.project_id)
    return owner if row is None else replace(owner, district_code=row.district_code, relaxed=row.relaxed_order)


def _only_one(work: Work, kind_name: str, table: type[InForce], project_id: UUID | None) -> None:
    row = work.first(table, table.project_id == project_id, table.in_force == InForceState.EFFECTIVE)
    if row is not None:
        raise Conflict(f"该项目已有生效记录{row.record_no}，请在其上发起更新")
    draft = work.session.exec(
        select(Revision).where(
            Revision.kind == kind_name,
            Revision.project_id == project_id,
            Revision.open_key.is_not(None),  # type: ignore[union-attr]
        )
    ).first()
    if draft is not None:
        raise Conflict(f"该项目已有在办记录{draft.record_no or '（草稿）'}，请继续办理")


def in_force_project(work: Work, project_id: UUID | None) -> Project | None:
    """Return the project in force regardless of the caller."""
    if project_id is None:
        return None
    return work.first(Project, Project.id == project_id, Project.in_force == InForceState.EFFECTIVE)


def _project_stands(work: Work, owner: Owner, _: object) -> bool:
    return in_force_project(work, owner.project_id) is not None


#: Side records are submitted when their project is in force.
PROJECT_NEED = Need("project", "项目", _project_stands)
