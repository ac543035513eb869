"""Watches over handbooks: complete at a stage's end, kept up, begun in time, archives whole (HBK-01 to HBK-04)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import Role
from models.alerts import AlertGrade
from models.handbooks import ArchiveState, ArchiveTrigger, Handbook, HandbookArchive
from models.land_codes import ProjectStage
from models.projects import Project
from models.records import Revision, RevisionState
from services.alerts.alert_states import sweep
from services.alerts.signs import Sign, Subject
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.kinds import Owner
from services.engine.registry import action
from services.engine.work import Work
from services.handbook.archives import check_archive
from services.handbook.chapters import TEXTS
from services.handbook.contents import missing_of

FIRST, RED, PERIOD = "handbook.first_days", "handbook.red_days", "handbook.period_days"
_STAGES = tuple(ProjectStage)


def _days(work: Work, since: datetime) -> int:
    return (work.today - since.astimezone(SHANGHAI).date()).days


def _subject(project: Project) -> Subject:
    return Subject("project", project.id, Owner.of(project), project.name)


@action("handbook.watch", "监测手册完整与更新", roles={Role.SYSTEM}, event="")
def watch_handbooks(work: Work, order: None) -> int:
    """Alerts about every project in force; what is no longer so is settled."""
    projects = work.in_force(Project, by=Project.id)

    def watched(rule_code: str, watch: Any, because: str) -> int:
        found = [(_subject(one), sign) for one in projects if (sign := watch(work, one)) is not None]
        return sweep(work, rule_code, found, because)

    found = watched("HBK-01", _incomplete, "手册已补充完整")
    found += watched("HBK-02", _not_kept_up, "手册补充内容已更新")
    return found + watched("HBK-03", _not_begun, "手册已汇编")


def _incomplete(work: Work, project: Project) -> Sign | None:
    """Find what the chapters of past stages lack, graver when the stage has long ended."""
    passed = _STAGES[: _STAGES.index(project.stage)]
    ended = _ended_at(work, project)
    if not passed or ended is None:
        return None
    lacking = list(missing_of(work, project))
    missing = [kind.label for stage in passed for kind in lacking if kind.stage and kind.stage.at is stage]
    if not missing:
        return None
    late = _days(work, ended) > work.thresholds.integer(RED)
    told = "、".join(missing[:10])
    return Sign(
        AlertGrade.RED if late else AlertGrade.BLUE,
        "阶段结束时手册不完整",
        f"{passed[-1].label}阶段已结束，手册还缺：{told}",
        key=passed[-1].value,
    )


def _ended_at(work: Work, project: Project) -> datetime | None:
    """Return when the stage before the present one was put aside."""
    row = work.first(
        HandbookArchive,
        HandbookArchive.project_id == project.id,
        HandbookArchive.stage == project.stage,
        HandbookArchive.trigger == ArchiveTrigger.STAGE,
        by=col(HandbookArchive.archived_at),
    )
    return row.archived_at if row is not None else None


def _not_kept_up(work: Work, project: Project) -> Sign | None:
    """Find projects whose company has not sent its texts for longer than the period."""
    last = work.first(
        Revision,
        Revision.kind == TEXTS,
        Revision.project_id == project.id,
        col(Revision.state).in_((RevisionState.SUBMITTED, RevisionState.EFFECTIVE)),
        by=col(Revision.submitted_at).desc(),
    )
    since = last.submitted_at if last is not None and last.submitted_at else project.effective_from
    days, most = _days(work, since), work.thresholds.integer(PERIOD)
    if days <= most:
        return None
    told = f"已{days}天没有更新手册补充内容，应每{most}天至少更新一次"
    return Sign(AlertGrade.YELLOW, "手册未按期更新", told, threshold=f"{most}天")


def _not_begun(work: Work, project: Project) -> Sign | None:
    days, most = _days(work, project.effective_from), work.thresholds.integer(FIRST)
    if days <= most or work.has(Handbook, Handbook.project_id == project.id):
        return None
    return Sign(AlertGrade.BLUE, "项目尚无手册", f"项目生效{days}天，还没有汇编手册", threshold=f"{most}天")


@action("handbook.check_archives", "核验全部手册归档", roles={Role.SYSTEM}, event="")
def check_archives(work: Work, project_id: UUID) -> int:
    """Verify the archives of a project; a changed one raises HBK-04."""
    rows = work.rows(HandbookArchive, HandbookArchive.project_id == project_id, by=HandbookArchive.id)
    return sum(check_archive(work, row) is ArchiveState.ALTERED for row in rows)


@action("handbook.report_archives", "报告被改动的手册归档", roles={Role.SYSTEM}, event="")
def report_archives(work: Work, order: None) -> int:
    """Raise an alert about each archive that was found changed."""
    rows = work.rows(HandbookArchive, HandbookArchive.condition == ArchiveState.ALTERED, by=HandbookArchive.id)
    found = [
        (
            Subject("handbook_archive", row.id, Owner.of(row), row.archive_no),
            Sign(AlertGrade.RED, "手册归档被改动", "归档包与归档时的摘要不一致，请由安全管理员处理"),
        )
        for row in rows
    ]
    return sweep(work, "HBK-04", found, "归档包已核验完好")


@job("handbook.watch", "监测手册、核验归档", at="03:20")
def watch_all(door: Door) -> int:
    """Watch every project, and verify every archive, those of a project in a transaction."""
    for project_id in door.look(SYSTEM, _archived):
        door.perform(check_archives, SYSTEM, project_id)
    return door.perform(watch_handbooks, SYSTEM, None) + door.perform(report_archives, SYSTEM, None)


def _archived(work: Work) -> list[UUID]:
    return sorted({row.project_id for row in work.rows(HandbookArchive)})
