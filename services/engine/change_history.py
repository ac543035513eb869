"""Changes of a record as sentences, and its content on any day, from the versions that were in force (issue 19)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sqlmodel import col

from models.access import KEEPERS, SPATIAL_OFFICE
from models.records import Revision, RevisionFile, RevisionState
from services.engine.actor_names import person
from services.engine.clock import SHANGHAI
from services.engine.comparison import ADDED, REMOVED
from services.engine.cycle import acts
from services.engine.cycle_orders import Changed, ChangedLine, Compare, RevisionView
from services.engine.kinds import KINDS, Kind
from services.engine.refusals import NotAllowed, NotFound
from services.engine.registry import query
from services.engine.work import Work

_IN_FORCE = (RevisionState.EFFECTIVE, RevisionState.SUPERSEDED, RevisionState.VOIDED)
_MOST_VERSIONS, _MOST_SENTENCES = 60, 200
_SHORT = 60


@dataclass(frozen=True)
class OnDay:
    record_id: UUID
    day: date


@dataclass(frozen=True)
class ChangeEntry:
    """Changes by which a version replaced the one before; `by` submitted it, `at` it took effect."""

    version_no: int
    at: datetime | None
    by: str
    reason: str
    sentences: tuple[str, ...]


@query("records.changes", "变更说明", roles={*KEEPERS, *SPATIAL_OFFICE}, personal=True)
def changes(work: Work, record_id: UUID) -> tuple[ChangeEntry, ...]:
    """Return which field became what with each version, the latest first; personal values are masked."""
    kind, rows = _versions(work, record_id)
    work.trail.shows(str(kind.table.__tablename__), record_id)
    files = _files_of(work, [row.id for row in rows])
    found = []
    for before, after in pairwise(rows):
        told = acts(kind).compare(work, Compare(record_id, before.version_no, after.version_no))
        sentences = [sentence_of(one) for one in told.fields]
        for line in told.lines:
            sentences += _of_line(kind, line)
        sentences += of_files(kind, files.get(before.id, {}), files.get(after.id, {}))
        more = len(sentences) - _MOST_SENTENCES
        if more > 0:
            sentences = [*sentences[:_MOST_SENTENCES], f"另有{more}处变化，见版本对比。"]
        by = person(work, after.submitted_by or after.author_id)
        reason = after.change_reason.json() if after.change_reason is not None else ""
        found.append(
            ChangeEntry(
                after.version_no,
                after.effective_from,
                by,
                reason,
                tuple(sentences) or ("内容与上一版相同。",),
            )
        )
    return tuple(reversed(found))


@query("records.on_day", "当日内容", roles={*KEEPERS, *SPATIAL_OFFICE}, personal=True)
def on_day(work: Work, order: OnDay) -> RevisionView:
    """Return the version of a record that was in force at the end of a day."""
    kind, rows = _versions(work, order.record_id)
    after = datetime.combine(order.day + timedelta(days=1), datetime.min.time(), SHANGHAI)
    begun = [row for row in rows if row.effective_from is not None and row.effective_from < after]
    row = begun[-1] if begun else None
    if row is None:
        raise NotFound(f"{order.day}该记录尚未生效")
    if row.superseded_at is not None and row.superseded_at < after:
        raise NotFound(f"{order.day}该记录已作废")
    return acts(kind).revision(work, row.id)


def _versions(work: Work, record_id: UUID) -> tuple[Kind, list[Revision]]:
    """Return the kind of a record and its visible versions that were in force, in their order."""
    rows = work.rows(
        work.visible(Revision),
        Revision.record_id == record_id,
        col(Revision.state).in_(_IN_FORCE),
        by=col(Revision.version_no).desc(),
        most=_MOST_VERSIONS,
    )
    if not rows or rows[0].kind not in KINDS:
        raise NotFound
    kind = KINDS[rows[0].kind]
    if not acts(kind).revision.roles & work.caller.roles:
        raise NotAllowed("您的岗位不能查询此项内容")
    return kind, list(reversed(rows))


# ------------------------------------------------------------------ words


def sentence_of(one: Changed) -> str:
    """Say how a field changed; both values are as the reader may see them."""
    if one.how == ADDED or not one.left:
        return f"“{one.label}”填为“{_short(one.right)}”。"
    if one.how == REMOVED or not one.right:
        return f"“{one.label}”原为“{_short(one.left)}”，已清空。"
    return f"“{one.label}”由“{_short(one.left)}”改为“{_short(one.right)}”。"


def _of_line(kind: Kind, line: ChangedLine) -> Iterator[str]:
    label = kind.child(line.child).label
    if line.how == ADDED:
        yield f"“{label}”增加“{line.key}”。"
    elif line.how == REMOVED:
        yield f"“{label}”删除“{line.key}”。"
    else:
        for cell in line.fields:
            yield f"“{label}”中“{line.key}”的{sentence_of(cell)}"


def _files_of(work: Work, versions: Sequence[UUID]) -> Mapping[UUID, Mapping[str, set[UUID]]]:
    """Return the attachments of versions by their places."""
    found: dict[UUID, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    for row in work.rows(RevisionFile, col(RevisionFile.revision_id).in_(versions)):
        found[row.revision_id][row.slot].add(row.attachment_id)
    return found


def of_files(kind: Kind, before: Mapping[str, set[UUID]], after: Mapping[str, set[UUID]]) -> Iterator[str]:
    for slot in kind.slots:
        had, has = before.get(slot.name, set()), after.get(slot.name, set())
        if more := len(has - had):
            yield f"“{slot.label}”增加{more}个附件。"
        if less := len(had - has):
            yield f"“{slot.label}”删除{less}个附件。"


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
