"""Versions of handbooks: compiled by night when something changed, on demand, and with the company's texts (rows 77, 78)."""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import AUTHORITY, HEAD_OFFICE, PROJECT_OFFICE, Role
from models.handbooks import Handbook, HandbookCause
from models.projects import Project
from models.records import InForceState
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.jobs import job, persist
from services.engine.refusals import Conflict, NotFound
from services.engine.registry import action, query
from services.engine.work import Work
from services.handbook.chapters import CHAPTERS
from services.handbook.contents import Contents, changed_chapters, compiled

log = logging.getLogger("shenfang.handbook")
_NO_LINES = "0 行"
READERS = AUTHORITY | HEAD_OFFICE | PROJECT_OFFICE | {Role.SYSTEM}


def latest_of(work: Work, project_id: UUID) -> Handbook | None:
    """Return the newest version of a project's handbook, regardless of the caller."""
    return work.first(Handbook, Handbook.project_id == project_id, col(Handbook.latest).is_(True))


def content_of(work: Work, handbook: Handbook) -> dict[str, Any]:
    """Return cover and chapters of a version."""
    read: dict[str, Any] = json.loads(work.sealer.open_file(handbook.content, str(handbook.id)))
    return read


def add_version(work: Work, project: Project, cause: HandbookCause, until: datetime | None = None) -> Handbook | None:
    """Add a version of what is in force, unless the content is that of the newest one; `until` leaves out what is later."""
    # Of two who compile a project at once the second finds the first one's version.
    work.held(select(Project).where(Project.id == project.id)).one()
    contents = compiled(work, project, until)
    if contents.newest is not None and contents.newest > work.now:
        # Something took effect while it was read, and may have changed what was read before: a handbook shows one moment.
        raise Conflict("汇编时有记录变化，请重新汇编")
    before = latest_of(work, project.id)
    if before is not None and before.digest == contents.digest:
        return None
    return _stored(work, project, contents, before, cause)


def _stored(
    work: Work, project: Project, contents: Contents, before: Handbook | None, cause: HandbookCause
) -> Handbook:
    written = cause is HandbookCause.WRITTEN
    if before is None:
        major, minor = 1, 0
        cause = cause if written else HandbookCause.COMPILED
        changed = [int(no) for no, pages in contents.chapters.items() if pages]
    else:
        major, minor = (before.major + 1, 0) if written else (before.major, before.minor + 1)
        changed = changed_chapters(content_of(work, before), json.loads(contents.text))
        before.latest = False
        work.add(before)
        work.session.flush()
    made = Handbook(
        project_id=project.id,
        district_code=project.district_code,
        head_company_id=project.head_company_id,
        project_company_id=project.project_company_id,
        major=major,
        minor=minor,
        cause=cause,
        stage=project.stage,
        changed="、".join(map(str, sorted(changed))),
        filled=sum(one.filled for one in contents.filled),
        wanted=sum(one.wanted for one in contents.filled),
        digest=contents.digest,
        content=b"",
        compiled_at=work.now,
    )
    made.content = work.sealer.seal_file(contents.text, str(made.id))
    return work.add(made)


@action("handbook.compile", "汇编手册", roles={*PROJECT_OFFICE, Role.SYSTEM}, event="DATA.CREATE")
def compile_handbook(work: Work, project_id: UUID) -> UUID:
    """Compile a project's handbook now and return its newest version, which without a change is the one from before."""
    project = work.find(work.visible(Project), Project.id == project_id)
    if project.in_force is not InForceState.EFFECTIVE:
        raise Conflict("该项目已作废，不能汇编手册")
    made = add_version(work, project, HandbookCause.CHANGED)
    if made is None:
        before = latest_of(work, project_id)
        assert before is not None, "what has not changed was compiled"
        return before.id
    work.trail.tell("DATA.CREATE", "handbook.compile", about=made, digest=made.digest)
    return made.id


@action("handbook.compile_changed", "汇编有变化的手册", roles={Role.SYSTEM}, event="")
def compile_changed(work: Work, project_id: UUID) -> int:
    """Compile one project for the night, at most one automatic version a day."""
    project = work.first(Project, Project.id == project_id, Project.in_force == InForceState.EFFECTIVE)
    before = latest_of(work, project_id)
    today = before is not None and before.compiled_at.astimezone(SHANGHAI).date() == work.today
    if project is None or (today and before is not None and before.cause is not HandbookCause.WRITTEN):
        return 0
    return int(add_version(work, project, HandbookCause.CHANGED) is not None)


def projects_in_force(work: Work) -> list[UUID]:
    rows = work.session.exec(
        select(Project.id).where(Project.in_force == InForceState.EFFECTIVE).order_by(col(Project.id))
    )
    return list(rows.all())


@job("handbook.compile", "汇编电子开发项目手册", at="01:40")
def compile_all(door: Door) -> int:
    """Compile every project in a transaction of its own, so that one that fails holds up no other."""
    done = 0
    for project_id in door.look(SYSTEM, projects_in_force):
        try:
            done += persist(door, compile_changed, project_id)
        except Conflict as conflict:
            log.warning("a handbook waits for the next night: %s", conflict.message)
    return done


@dataclass(frozen=True)
class ChapterView:
    """A chapter as the page shows it: records, what is filled, and the kinds without a record."""

    no: int
    title: str
    records: int
    filled: int
    wanted: int
    missing: tuple[tuple[str, str], ...] = ()
    changed: bool = False


@dataclass(frozen=True)
class HandbookView:
    """A version with its chapters; what is missing is of now, for the newest version only."""

    id: UUID
    project_id: UUID
    project: str
    label: str
    cause: str
    compiled_at: Any
    digest: str
    latest: bool
    stale: bool
    chapters: tuple[ChapterView, ...] = field(default=())


@query("handbook.open", "查看手册", roles=set(READERS))
def open_handbook(work: Work, handbook_id: UUID) -> HandbookView:
    """Return a visible version by its chapters."""
    handbook = work.get(Handbook, handbook_id)
    content = content_of(work, handbook)
    project = work.first(Project, Project.id == handbook.project_id)
    now = compiled(work, project) if handbook.latest and project is not None else None
    filled = {one.no: one for one in now.filled} if now is not None else {}
    changed = set(handbook.changed.split("、"))
    chapters = tuple(
        ChapterView(
            chapter.no,
            chapter.title,
            len(content["chapters"].get(str(chapter.no), ())),
            filled[chapter.no].filled if chapter.no in filled else 0,
            filled[chapter.no].wanted if chapter.no in filled else 0,
            filled[chapter.no].missing if chapter.no in filled else (),
            str(chapter.no) in changed,
        )
        for chapter in CHAPTERS
    )
    return HandbookView(
        handbook.id,
        handbook.project_id,
        str(content["cover"]["project"]),
        handbook.version_label,
        handbook.cause.label,
        handbook.compiled_at,
        handbook.digest,
        handbook.latest,
        stale=now is not None and now.digest != handbook.digest,
        chapters=chapters,
    )


@dataclass(frozen=True)
class CompareHandbook:
    """A version beside the one before it, of one chapter."""

    handbook_id: UUID
    chapter: int


@dataclass(frozen=True)
class Difference:
    """A field or list of a record before and now; empty where the record was not there."""

    record: str
    label: str
    before: str
    now: str


@query("handbook.compare", "比较手册版本", roles=set(READERS))
def compare_handbook(work: Work, order: CompareHandbook) -> list[Difference]:
    """Return what differs in a chapter from the version before."""
    handbook = work.get(Handbook, order.handbook_id)
    earlier = work.first(
        Handbook,
        Handbook.project_id == handbook.project_id,
        Handbook.compiled_at < handbook.compiled_at,
        by=col(Handbook.compiled_at).desc(),
    )
    if not any(chapter.no == order.chapter for chapter in CHAPTERS):
        raise NotFound
    number = str(order.chapter)
    now = _by_record(content_of(work, handbook)["chapters"].get(number, []))
    before = _by_record(content_of(work, earlier)["chapters"].get(number, [])) if earlier else {}
    return [
        Difference(record, label, before.get(record, {}).get(label, ""), now.get(record, {}).get(label, ""))
        for record in sorted({*before, *now})
        for label in _labels(before.get(record, {}), now.get(record, {}))
        if _said(before.get(record, {}).get(label)) != _said(now.get(record, {}).get(label))
    ]


def _said(words: str | None) -> str:
    """Return what a field says, nothing for an empty one, so that a new record differs only in what it says."""
    return "" if words in (None, "—", _NO_LINES) else str(words)


def _labels(before: dict[str, str], now: dict[str, str]) -> Iterable[str]:
    return [*now, *(label for label in before if label not in now)]


def _by_record(pages: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    """Return the words of each record by label; a list is its number of lines and the lines themselves."""
    found: dict[str, dict[str, str]] = {}
    for page in pages:
        words = {label: value for _, fields in page["sections"] for label, value in fields}
        for one in page["lists"]:
            rows = "；".join("，".join(line) for line in one["lines"])
            words[one["label"]] = f"{len(one['lines'])} 行：{rows}" if rows else _NO_LINES
        words["附件"] = "；".join(name for _, name, _, _ in page["files"])
        found[f"{page['label']} {page['record_no']}"] = words
    return found
