"""The grid of a permit's unit works: entered like a spreadsheet, saved and submitted together, each with its own state (row 68)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import MARKET, PROJECT_OFFICE
from models.construction import ConstructionPermit, UnitEngineering
from models.records import OPEN_STATES, InForceState, Revision, RevisionState
from services.construction.tie_board import natural
from services.construction.unit_engineering import KIND, UNIT_ENGINEERING
from services.engine.cycle import acts
from services.engine.cycle_drafts import begin, drop, save
from services.engine.cycle_orders import Begin, OneRevision, Save, Submit
from services.engine.door import Gathering
from services.engine.findings import Finding
from services.engine.proposals import raw_row
from services.engine.refusals import NotFound, Refusal, Rejected
from services.engine.registry import action, query
from services.engine.work import Work
from services.projects.ownership import SUBMITTERS

MOST = 300
PERMIT = "construction_permit_id"
_EDITABLE = (RevisionState.DRAFT, RevisionState.RETURNED)


@dataclass(frozen=True)
class SheetUnit:
    """A unit work of the grid: in force, or on its way with its version; `opinion` is why it was returned."""

    record_id: UUID
    revision_id: UUID | None
    version: int
    state: str
    tone: str
    editable: bool
    values: Mapping[str, Any]
    opinion: str = ""


@dataclass(frozen=True)
class UnitSheet:
    """A permit with its unit works, those on their way first by number."""

    permit_id: UUID
    permit_no: str
    works_area: str
    project_id: UUID
    units: tuple[SheetUnit, ...]


@dataclass(frozen=True)
class SheetLine:
    """A line of the grid; without a version it is a new unit work."""

    values: Mapping[str, Any]
    revision_id: UUID | None = None
    version: int = 0


@dataclass(frozen=True)
class SaveSheet:
    permit_id: UUID
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True)
class SavedUnit:
    """The version of a line, with what could not be read."""

    revision_id: UUID
    version: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class SubmitSheet:
    """Versions of unit works to be submitted, with the reasons for warnings, which are the same for all."""

    versions: Mapping[UUID, int]
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Submitted:
    """The result of a unit work: it went to its reviewers, or what is in the way."""

    revision_id: UUID
    ok: bool
    message: str = ""
    findings: tuple[Finding, ...] = ()


@query("unit_sheet.open", "成批填报单位工程", roles=set(MARKET))
def unit_sheet(work: Work, permit_id: UUID) -> UnitSheet:
    """Return the unit works of a permit, in force and on their way, as far as the caller sees them."""
    permit: ConstructionPermit = work.get(ConstructionPermit, permit_id)
    if permit.project_id is None:
        raise NotFound
    rows = work.rows(
        work.visible(UnitEngineering),
        UnitEngineering.construction_permit_id == permit_id,
        UnitEngineering.in_force == InForceState.EFFECTIVE,
    )
    versions = [
        one
        for one in work.rows(
            work.visible(Revision),
            Revision.kind == KIND,
            Revision.project_id == permit.project_id,
            col(Revision.state).in_(OPEN_STATES),
        )
        if one.payload.json().get("values", {}).get(PERMIT) == str(permit_id)
    ]
    open_ones = {one.record_id: one for one in versions}
    units = [_on_its_way(work, one) for one in versions]
    units += [
        SheetUnit(row.id, None, row.version_no, "生效", "good", False, raw_row(row))
        for row in rows
        if row.id not in open_ones
    ]
    units.sort(key=lambda one: natural(str(one.values.get("unit_no") or "")))
    return UnitSheet(permit.id, permit.permit_no, str(permit.works_area.normalize()), permit.project_id, tuple(units))


def _on_its_way(work: Work, row: Revision) -> SheetUnit:
    opinion = row.opinion.json() if row.opinion is not None else {}
    own = row.author_unit == work.caller.unit_id
    said = str(opinion.get("opinion") or opinion.get("text") or "") if isinstance(opinion, dict) else ""
    return SheetUnit(
        row.record_id,
        row.id,
        row.version,
        row.state.label,
        str(row.state.tone),
        own and row.state in _EDITABLE,
        row.payload.json().get("values", {}),
        said if row.state is RevisionState.RETURNED else "",
    )


@action("unit_sheet.save", "保存成批单位工程", roles=set(PROJECT_OFFICE), event="")
def save_sheet(work: Work, order: SaveSheet) -> tuple[SavedUnit, ...]:
    """Save the lines of a grid, each as the draft of its own record; a line that others changed meanwhile refuses all."""
    permit: ConstructionPermit = work.get(ConstructionPermit, order.permit_id)
    if permit.project_company_id != work.caller.enterprise_id:
        raise NotFound
    if len(order.lines) > MOST:
        raise Rejected(f"一次最多保存{MOST}个单位工程")
    saved = []
    for line in order.lines:
        values = {**line.values, PERMIT: str(permit.id)}
        if line.revision_id is None:
            begun = begin(UNIT_ENGINEERING, work, Begin(permit.project_id, values))
            saved.append(SavedUnit(begun.revision_id, begun.version))
        else:
            files = _files_of(work, line.revision_id)
            done = save(UNIT_ENGINEERING, work, Save(line.revision_id, line.version, values, {}, files))
            saved.append(SavedUnit(line.revision_id, done.version, done.findings))
    return tuple(saved)


def _files_of(work: Work, revision_id: UUID) -> dict[str, list[UUID]]:
    row: Revision = work.get(Revision, revision_id)
    kept: Mapping[str, Sequence[str]] = row.payload.json().get("files", {})
    return {slot: [UUID(one) for one in ids] for slot, ids in kept.items()}


@action("unit_sheet.drop", "删除成批单位工程", roles=set(PROJECT_OFFICE), event="")
def drop_unit(work: Work, order: OneRevision) -> None:
    """Take away the draft of a line that was never submitted."""
    drop(UNIT_ENGINEERING, work, order)


def _submit_each(gathering: Gathering, order: SubmitSheet) -> tuple[Submitted, ...]:
    if not 0 < len(order.versions) <= MOST:
        raise Rejected(f"请选择1至{MOST}个单位工程")
    return tuple(_submit(gathering, one, version, order.reasons) for one, version in order.versions.items())


def _submit(gathering: Gathering, revision_id: UUID, version: int, reasons: Mapping[str, str]) -> Submitted:
    try:
        gathering.perform(acts(KIND).submit, Submit(revision_id, version, reasons))
    except Rejected as no:
        return Submitted(revision_id, False, no.message, tuple(no.findings))
    except Refusal as refusal:
        return Submitted(revision_id, False, refusal.message)
    return Submitted(revision_id, True, "已提交")


@action("unit_sheet.submit", "成批提交单位工程", roles=set(SUBMITTERS), gather=_submit_each, event="")
def submit_sheet(work: Work, order: SubmitSheet, results: tuple[Submitted, ...]) -> tuple[Submitted, ...]:
    """Submit unit works together, each in a transaction of its own: what is refused for one stops no other."""
    return results
