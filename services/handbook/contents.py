"""The content of a handbook: every record in force as people read it, in canonical JSON, so that equal input has one digest."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from models.projects import Project
from models.records import InForce, Revision, RevisionStep, StepVerdict
from models.sealing import sm3_hex
from printing.kept_record import Lines
from services.engine.clock import shanghai_text
from services.engine.kinds import Kind
from services.engine.offices import office_name
from services.engine.record_files import file_lines
from services.engine.work import Work
from services.handbook.chapters import CHAPTERS, TEXTS, Chapter, records_of
from services.handbook.register_pages import register_lists
from services.records.record_paper import lines_of_child
from services.records.version_view import read_version, sections_of


@dataclass(frozen=True)
class Page:
    """A record as the handbook shows it: where it is from, its fields by section, its lists, its files."""

    kind: str
    label: str
    title: str
    record_no: str
    version_no: int
    effective: str
    reviewer: str
    sections: list[tuple[str, list[tuple[str, str]]]]
    lists: list[dict[str, Any]]
    files: list[tuple[str, str, int, str]]


@dataclass(frozen=True)
class Filled:
    """Required fields of a chapter and how many of them are filled; `missing` are kinds without a record."""

    no: int
    filled: int
    wanted: int
    missing: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Contents:
    """A compiled handbook: cover and chapters as plain values, with what is filled of each."""

    cover: Mapping[str, str]
    chapters: Mapping[str, list[dict[str, Any]]]
    filled: tuple[Filled, ...]
    #: When the newest record in it took effect.
    newest: datetime | None = None

    @property
    def text(self) -> bytes:
        """The canonical form, of which the digest is taken."""
        said = {"cover": self.cover, "chapters": self.chapters}
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @property
    def digest(self) -> str:
        return sm3_hex(self.text)


def compiled(work: Work, project: Project, until: datetime | None = None) -> Contents:
    """Compile a project's handbook from what is in force, in one reading; `until` leaves out what took effect later."""
    chapters: dict[str, list[dict[str, Any]]] = {}
    filled = []
    moments: list[datetime] = []
    for chapter in CHAPTERS:
        rows = [(kind, records_of(work, kind, project)) for kind in chapter.built]
        if until is not None:
            rows = [(kind, [row for row in found if row.effective_from <= until]) for kind, found in rows]
        pages, count = _chapter(work, chapter, rows)
        pages += (_listed(project, one) for one in register_lists(work, chapter.no, project, until or work.now))
        chapters[str(chapter.no)] = [asdict(page) for page in pages]
        filled.append(count)
        moments += (row.effective_from for _, found in rows for row in found)
    return Contents(_cover(work, project), chapters, tuple(filled), max(moments, default=None))


def _listed(project: Project, lines: Lines) -> Page:
    """A list of what is no kept record, as a page."""
    return Page("", lines.label, project.name, project.record_no, 0, "", "", [], [asdict(lines)], [])


def _cover(work: Work, project: Project) -> dict[str, str]:
    company = next(iter(records_of(work, _kind("project_company"), project)), None)
    head = next(iter(records_of(work, _kind("head_company"), project)), None)
    return {
        "project": project.name,
        "record_no": project.record_no,
        "company": str(getattr(company, "name", "")),
        "head": str(getattr(head, "name", "")),
        "district": project.district_code,
    }


def _kind(name: str) -> Kind:
    from services.engine.kinds import kind_named

    return kind_named(name)


def _chapter(
    work: Work, chapter: Chapter, found: Sequence[tuple[Kind, Sequence[InForce]]]
) -> tuple[list[Page], Filled]:
    pages: list[Page] = []
    filled = wanted = 0
    missing: list[tuple[str, str]] = []
    for kind, rows in found:
        required = [field for field in kind.fields if field.required]
        if not rows and _is_wanted(kind):
            wanted += max(1, len(required))
            missing.append((kind.name, kind.label))
        for row in rows:
            pages.append(_page(work, kind, row))
            wanted += len(required)
            filled += sum(getattr(row, field.name, None) not in (None, "") for field in required)
    return pages, Filled(chapter.no, filled, wanted, tuple(missing))


def _is_wanted(kind: Kind) -> bool:
    return kind.name != TEXTS and not (kind.stage and kind.stage.optional)


def missing_of(work: Work, project: Project) -> Iterator[Kind]:
    """Find the kinds of which a project's handbook has no record, in the order of the chapters; its pages are not written."""
    for chapter in CHAPTERS:
        for kind in chapter.built:
            if _is_wanted(kind) and not records_of(work, kind, project):
                yield kind


def _page(work: Work, kind: Kind, row: InForce) -> Page:
    revision = work.session.get_one(Revision, row.revision_id)
    version = read_version(work, kind, revision)
    return Page(
        kind=kind.name,
        label=kind.label,
        title=str(getattr(row, kind.look.title)),
        record_no=row.record_no,
        version_no=row.version_no,
        effective=shanghai_text(row.effective_from)[:16],
        reviewer=_reviewer(work, revision),
        sections=[
            (head, [(field.label, field.words(version.value(field))) for field in fields])
            for head, fields in sections_of(kind)
        ],
        lists=[
            asdict(lines_of_child(kind, version, child.name))
            for child in kind.children
            if child.read_by(work.caller) and not child.apart
        ],
        files=list(_files(work, kind, revision)),
    )


def _reviewer(work: Work, revision: Revision) -> str:
    """Return the office that approved a version; people are not named."""
    step = work.first(
        RevisionStep,
        RevisionStep.revision_id == revision.id,
        RevisionStep.verdict == StepVerdict.APPROVED,
    )
    return office_name(work, step.by_unit) if step is not None and step.by_unit else ""


def _files(work: Work, kind: Kind, revision: Revision) -> Iterator[tuple[str, str, int, str]]:
    labels = {slot.name: slot.label for slot in kind.slots}
    for one in file_lines(work, revision.id):
        yield labels.get(one.slot, one.slot), one.name, one.size, one.digest


def changed_chapters(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[int]:
    """Return the numbers of the chapters that differ; 0 is the cover."""
    chapters = {*before["chapters"], *now["chapters"]}
    differ = [int(no) for no in chapters if before["chapters"].get(no) != now["chapters"].get(no)]
    return sorted([*([0] if before["cover"] != now["cover"] else []), *differ])
