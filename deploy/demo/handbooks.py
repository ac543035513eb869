"""Handbooks in the demo: of every project in force, compiled and put aside when its stage began (rows 77-79)."""

from datetime import timedelta

from deploy.demo.kept import put_kept
from deploy.demo.stories import there
from models.access import Role
from models.handbooks import Handbook
from models.projects import Project
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.kinds import Owner
from services.engine.registry import action
from services.engine.work import Work
from services.handbook.archives import archive_all
from services.handbook.chapters import TEXTS
from services.handbook.versions import compile_all

#: So many days ago companies sent their texts: within the period in which they have to.
_WRITTEN = 80
#: Its company has not sent the texts of its handbook.
_SILENT = "江海曹路家园"
_COMMITMENT = "按合同约定的标准和期限建设、交付，按月如实填报进度，质量问题由本公司首先承担责任。"


def load_handbooks(door: Door) -> None:
    """Compile and archive once, as the night does."""
    if not there(door, Handbook):
        door.perform(load_texts, SYSTEM, None)
        compile_all(door)
        archive_all(door)


@action("demo.handbook_texts", "装载手册补充内容", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_texts(work: Work, order: None) -> int:
    """Put the texts of the projects' companies in force; the handbooks that follow have them."""
    projects = [row for row in work.in_force(Project, by=Project.id) if row.name != _SILENT]
    for row in projects:
        values = {"introduction": f"{row.name}由本公司独立开发，分期建设和交付。", "commitments": _COMMITMENT}
        owner = Owner(**{**Owner.of(row).keys, "project_id": row.id})
        at, more = work.now - timedelta(days=_WRITTEN), {"project_name": row.name}
        put_kept(work, TEXTS, values, owner, at=at, more=more, follows=False)
    return len(projects)
