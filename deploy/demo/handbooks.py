"""Handbooks in the demo: of every project in force, with versions of the last year, put aside each quarter (rows 77-79)."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from deploy.demo.kept import put_kept
from deploy.demo.stories import on_past_days, there
from models.access import Role
from models.handbooks import Handbook, HandbookCause, HandbookText
from models.projects import Project
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.kinds import KINDS, Owner
from services.engine.registry import action
from services.engine.work import Work
from services.handbook.archives import archive_all
from services.handbook.chapters import TEXTS
from services.handbook.versions import add_version, compile_all
from services.projects.stages import stage_from

#: So many days ago companies sent their texts: within the period in which they have to.
_WRITTEN = 80
#: Its company has not sent the texts of its handbook.
_SILENT = "江海曹路家园"
_COMMITMENT = "按合同约定的标准和期限建设、交付，按月如实填报进度，质量问题由本公司首先承担责任。"


#: Days before today of which a version is kept; in the first days of this year one was made, too.
_COMPILED = (330, 240, 150, _WRITTEN)


def load_handbooks(door: Door) -> None:
    """Compile and archive once, as the nights of a year did."""
    if there(door, Handbook):
        return
    door.perform(load_texts, SYSTEM, None)
    today = door.clock.today()
    with on_past_days(door) as stand:
        for days_ago in sorted({*_COMPILED, (today - date(today.year, 1, 1)).days}, reverse=True):
            stand(days_ago)
            door.perform(load_versions, SYSTEM, days_ago == _WRITTEN)
            if days_ago == _WRITTEN:
                archive_all(door)
    compile_all(door)
    archive_all(door)


@action("demo.handbook_versions", "装载手册版本", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_versions(work: Work, written: bool) -> int:
    """Compile what was in force on a past day, of the projects there were; `written` on the day of the companies' texts."""
    made, texts = 0, set(work.rows(HandbookText.project_id))
    for project in work.in_force(Project, Project.effective_from <= work.now, by=Project.id):
        cause = HandbookCause.WRITTEN if written and project.id in texts else HandbookCause.CHANGED
        version = add_version(work, project, cause, work.now)
        if version is not None:
            version.stage, made = stage_from(partial(_was_there, work, project)), made + 1
    return made


def _was_there(work: Work, project: Project, kind: str) -> bool:
    table: Any = KINDS[kind].table if kind in KINDS else None
    return table is not None and work.has(table, table.project_id == project.id, table.effective_from <= work.now)


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
