"""How the lists of a project are named: after it."""

from sqlmodel import select

from models.projects import Project
from models.records import Revision
from services.engine.kinds import Owner, Values
from services.engine.work import Work


def project_title(work: Work, owner: Owner, _: Values | None = None) -> str:
    """The project's name, in force or as its draft has it."""
    row = work.session.exec(select(Project).where(Project.id == owner.project_id)).first()
    if row is not None:
        return row.name
    draft = work.session.exec(
        select(Revision).where(Revision.kind == "project", Revision.record_id == owner.project_id)
    ).first()
    return str(draft.title.json()) if draft is not None else "未命名项目"
