"""Names of the lists a project has one of: the project's own."""

from typing import Any

from models.projects import Project
from models.records import Revision
from services.engine.kinds import Owner, Values
from services.engine.work import Work

#: What columns declared with `follows` copy.
PROJECT_NAME = "project.name"


def list_in_force(work: Work, listed: Any, revision: Revision) -> None:
    """Name a list after its project."""
    listed.project_name = project_title(work, Owner(project_id=listed.project_id))
    work.add(listed)


def project_title(work: Work, owner: Owner, _: Values | None = None) -> str:
    """Return the project's name, in force or as its draft has it."""
    name = work.first(Project.name, Project.id == owner.project_id)
    if name is not None:
        return name
    draft = work.first(Revision, Revision.kind == "project", Revision.record_id == owner.project_id)
    return str(draft.title.json()) if draft is not None else "未命名项目"
