"""Nightly backups: made, recorded, kept for their time, and reported when one fails (D21)."""

import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlmodel import col

from models.access import Role
from models.operations import Backup
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.registry import action, query
from services.engine.work import Work
from services.operations.backup import UNFINISHED, Made, make_backup

RECENT = timedelta(hours=12)


def back_up(door: Door, target: Path) -> Made:
    """Make one backup and write it down; a failure is an alarm and goes on to the caller."""
    try:
        made = make_backup(door.house, target)
    except Exception as problem:
        door.perform(tell_failure, SYSTEM, type(problem).__name__)
        raise
    door.perform(record_backup, SYSTEM, made)
    return made


@action("backup.record", "登记备份", roles={Role.SYSTEM}, event="")
def record_backup(work: Work, order: Made) -> UUID:
    """Write down a backup that lies whole on the disk."""
    row = work.add(order.row)
    detail = {"size": row.size, "rows": row.row_count, "audit_seq": row.audit_seq}
    work.trail.tell("BACKUP.DONE", "backup.record", about=row, detail=detail, digest=row.file_sm3)
    return row.id


@action("backup.failed", "备份失败", roles={Role.SYSTEM}, event="")
def tell_failure(work: Work, why: str) -> None:
    """Report that a backup failed; `why` is the kind of fault, never its content."""
    work.trail.tell("BACKUP.FAIL", "backup.failed", result="fail", reason=why, severity=2)
    raise_alarm(work, "BACKUP.FAIL", f"备份未能完成（{why}）", kind="backup", key="database", severity=2)


@query("backup.outdated", "到期备份", roles={Role.SYSTEM})
def outdated(work: Work, keep_days: int) -> list[tuple[UUID, str]]:
    """Backups past their retention; the newest is none of them, however old."""
    rows = work.rows(Backup, col(Backup.removed_at).is_(None), by=col(Backup.made_at).desc())
    return [(row.id, row.file_name) for row in rows[1:] if row.made_at < work.at - timedelta(days=keep_days)]


@query("backup.due", "是否需要备份", roles={Role.SYSTEM})
def is_due(work: Work, order: None) -> bool:
    """Not when there is one of this night: a worker that starts again runs the day's jobs again."""
    recent = col(Backup.made_at) > work.at - RECENT
    return not work.has(Backup, recent)


@action("backup.removed", "清除到期备份", roles={Role.SYSTEM}, event="")
def record_removed(work: Work, ids: Sequence[UUID]) -> None:
    for row in work.rows(Backup, col(Backup.id).in_(ids)):
        row.removed_at = work.at
        work.add(row)
        work.trail.tell("BACKUP.PRUNE", "backup.removed", about=row)


@job("backup.daily", "每日备份", at="02:10")
def back_up_daily(door: Door) -> int:
    """Last night's rests away, a new backup, its copy at the second place, and those past their time removed."""
    here = door.house.place
    folder = here.backup_dir
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for rest in folder.glob("*" + UNFINISHED):
        rest.unlink()
    if not door.ask(is_due, SYSTEM):
        return 0
    made = back_up(door, folder)
    if here.backup_copy_dir is not None:
        here.backup_copy_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = here.backup_copy_dir / (made.file.name + UNFINISHED)
        shutil.copyfile(made.file, unfinished)
        unfinished.chmod(0o600)
        unfinished.replace(here.backup_copy_dir / made.file.name)
    old = door.ask(outdated, SYSTEM, here.backup_keep_days)
    for _, name in old:
        for place_of_it in (folder, here.backup_copy_dir):
            if place_of_it is not None:
                (place_of_it / name).unlink(missing_ok=True)
    if old:
        door.perform(record_removed, SYSTEM, tuple(row_id for row_id, _ in old))
    return 1
