"""打印管理记录: any visible version of a record as a sheet, masked; what is not in force says so across the page (row 51-62)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import col

from models.masking import mask
from models.places_data import district
from models.records import INTERNAL_STEPS, Revision, RevisionState
from printing.kept_record import KeptRecordSheet, Lines, Section, Step, render
from printing.page import Issue, Preview
from printing.seal import Seal
from printing.spelling import drawn
from services.documents.stored_papers import open_paper
from services.engine.callers import SYSTEM, Caller
from services.engine.clock import shanghai_text
from services.engine.cycle_orders import StepLine
from services.engine.cycle_views import steps_of
from services.engine.door import Door
from services.engine.kind_listing import READERS
from services.engine.kinds import KINDS, Kind
from services.engine.offices import office_name
from services.engine.record_files import file_lines
from services.engine.refusals import NotFound
from services.engine.registry import query
from services.engine.shapes import fields_of
from services.engine.work import Work
from services.records.version_view import ReadVersion, read_version, sections_of

#: Words across a page that is no version in force.
_WATERMARKS = {
    RevisionState.DRAFT: "草稿",
    RevisionState.RETURNED: "草稿",
    RevisionState.SUBMITTED: "待审核",
    RevisionState.REJECTED: "不予通过",
    RevisionState.SUPERSEDED: "历史版本",
    RevisionState.VOIDED: "作废",
}


#: Kinds with a paper of their own: what is on the page, and how each page is drawn.
_PAGES: dict[str, Callable[[Work, Revision], Any]] = {}
_DRAWN: dict[type, Callable[[Any], bytes]] = {KeptRecordSheet: render}
Make = TypeVar("Make", bound=Callable[[Work, Revision], Any])


@dataclass(frozen=True)
class StoredPaper:
    """The paper that was issued for a version: it is printed as it is stored, not drawn anew."""

    id: UUID


def own_paper(kind: str, page: type, draw: Callable[[Any], bytes]) -> Callable[[Make], Make]:
    """Register the paper of a kind in place of the sheet of its fields."""

    def register(make: Make) -> Make:
        _PAGES[kind], _DRAWN[page] = make, draw
        return make

    return register


@query("records.print", "打印管理记录", roles=set(READERS), personal=True)
def printed_record(work: Work, revision_id: UUID) -> Any:
    """Return the page data of a version, or the paper that was issued for it; the print is logged."""
    revision = work.get(Revision, revision_id)
    kind = KINDS.get(revision.kind)
    if kind is None:
        raise NotFound
    work.trail.tell("FILE.DOWNLOAD", "records.print", about=revision, digest=revision.digest)
    if kind.name in _PAGES:
        return _PAGES[kind.name](work, revision)
    version = read_version(work, kind, revision)
    return KeptRecordSheet(
        issue=issue_of(work, kind, revision),
        title=kind.look.paper or kind.label,
        state=revision.state.label,
        effective=shanghai_text(revision.effective_from) if revision.effective_from else "",
        owner=_owner(work, revision),
        sections=tuple(
            Section(head, tuple((field.label, field.words(version.value(field))) for field in fields))
            for head, fields in sections_of(kind)
        ),
        lists=tuple(lines_of_child(kind, version, child.name) for child in kind.children if child.read_by(work.caller)),
        files=tuple(_files(work, kind, revision.id)),
        steps=tuple(_step(one) for one in steps_of(work, [revision]) if one.verdict not in INTERNAL_STEPS),
    )


def record_pdf(door: Door, caller: Caller, revision_id: UUID) -> bytes:
    """The sheet as PDF: an issued one as it is stored, any other drawn with no transaction open."""
    page = door.ask(printed_record, caller, revision_id)
    if isinstance(page, StoredPaper):
        # Who may print the version may read its paper; papers are shown to offices of the rental market only.
        return open_paper(door, SYSTEM, page.id).content or b""
    return drawn(_DRAWN[type(page)], page)


def issue_of(work: Work, kind: Kind, revision: Revision, *, number: str = "", code: str = "") -> Issue:
    """The particulars of a sheet; an official paper bears the name and seal of the office that wrote it, and a `code`."""
    who = f"{work.caller.unit_name} {work.caller.name}".strip()
    word = _WATERMARKS.get(revision.state)
    at = shanghai_text(work.now)
    writer = office_name(work, revision.author_unit) if kind.look.paper and revision.author_unit else ""
    return Issue(
        number=f"{number or revision.record_no or '草稿'}　第 {revision.version_no} 版",
        unit=writer or work.caller.unit_name,
        issued_on=work.today,
        check_url=code,
        digest=revision.digest,
        made=f"打印：{who} {at}",
        seal=Seal(writer, "业务专用章", demo=work.house.demo) if writer else None,
        preview=Preview(who, at, word) if word else None,
    )


def _owner(work: Work, revision: Revision) -> str:
    """District and companies it belongs to, by their names."""
    place = district(revision.district_code)
    parts = [place.name if place else ""]
    for name in ("head_company", "project_company", "project"):
        kind, row_id = KINDS.get(name), getattr(revision, f"{name}_id")
        if kind is not None and row_id is not None:
            title = getattr(kind.table, kind.look.title)
            parts.append(str(work.first(title, col(kind.table.id) == row_id) or ""))
    return "　".join(part for part in parts if part)


def lines_of_child(kind: Kind, version: ReadVersion, name: str) -> Lines:
    """Return a list of a version as papers write it."""
    child = kind.child(name)
    fields = sorted(fields_of(child.table), key=lambda field: field.name not in child.key)
    count = len(version.form.children[name])
    return Lines(
        label=child.label,
        columns=tuple(field.head for field in fields),
        lines=tuple(
            tuple(_bare(field.words(version.line(name, number, field)), field.unit) for field in fields)
            for number in range(count)
        ),
        keys=max(1, len(child.key)),
        # A day is no more broken in two than a number is.
        numbers=tuple(place for place, field in enumerate(fields) if field.number or field.control == "day"),
    )


def _bare(words: str, unit: str) -> str:
    """Return the text without the unit, which is in the column head."""
    return words.removesuffix(f" {unit}") if unit else words


def _files(work: Work, kind: Kind, revision_id: UUID) -> list[tuple[str, str, str]]:
    labels = {slot.name: slot.label for slot in kind.slots}
    return [(labels.get(one.slot, one.slot), one.name, one.digest[:16]) for one in file_lines(work, revision_id)]


def _step(one: StepLine) -> Step:
    """A step of the history, its names masked even for colleagues."""
    name = one.by if one.by == "系统" else mask("name", one.by)
    return Step(
        level=one.level or "填报",
        verdict=one.verdict.label,
        by=f"{one.unit} {name}".strip(),
        at=shanghai_text(one.at)[:16],
        opinion=one.opinion,
    )
