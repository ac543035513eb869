"""The walk's part for papers, files and tables of kept records: whose version it is decides (rows 51-62)."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import Role
from models.projects import Project
from models.records import RecordCopy, Revision, RevisionState, SecondOpinion
from models.sealed import Sealed
from services.engine.change_history import OnDay
from services.engine.opinions import OFFICIALS, AskOpinion, GiveOpinion, TellCopy
from services.engine.orders import OneRow
from services.records.api import ReadRecord
from services.records.attachments import AttachFile
from services.records.list_sheets import ListSheet
from services.records.offered_lines import OfferedLines
from tests.files_made import png
from tests.walks.kinds import SUBMITTED, version_in_scope


def _official(caller: Any) -> bool:
    return bool(caller.has(Role.SYSTEM, *OFFICIALS))


def _opinion(city: Any, caller: Any, row: Any) -> bool:
    """An official sees what he was asked or asks, and what is asked about a version in his scope."""
    mine = caller.account_id in {row.of_account, row.asked_by}
    return _official(caller) and (mine or _in_scope(city, caller, row))


def _copy(city: Any, caller: Any, row: Any) -> bool:
    return _official(caller) and (caller.account_id == row.to_account or _in_scope(city, caller, row))


def _in_scope(city: Any, caller: Any, row: Any) -> bool:
    return any(version_in_scope(city, caller, one) for one in city.where(Revision, "id", row.revision_id))


ORACLE: dict[Any, Any] = {SecondOpinion: _opinion, RecordCopy: _copy}


def _attach(city: Any, row_id: UUID) -> AttachFile:
    return AttachFile(row_id, "scan", "材料.png", png())


ORDERS: dict[str, Any] = {
    "records.attach": (Revision, _attach),
    "records.offered_lines": (Revision, lambda city, row_id: OfferedLines(row_id, "parts")),
    "records.undo": (Revision, lambda city, row_id: OneRow(row_id)),
    "records.undo_left": (Revision, lambda city, row_id: row_id),
    "records.changes": (Project, lambda city, row_id: row_id),
    "records.on_day": (Project, lambda city, row_id: OnDay(row_id, date(2027, 3, 1))),
    "records.consulted": (Revision, lambda city, row_id: row_id),
    "records.opinion_people": (Revision, lambda city, row_id: row_id),
    "records.copy_people": (Revision, lambda city, row_id: row_id),
    "records.ask_opinion": (Revision, lambda city, row_id: AskOpinion(row_id, 1, row_id, "请看是否齐全")),
    "records.give_opinion": (SecondOpinion, lambda city, row_id: GiveOpinion(row_id, True, "材料齐全同意")),
    "records.withdraw_opinion": (SecondOpinion, lambda city, row_id: row_id),
    "records.tell_copy": (Revision, lambda city, row_id: TellCopy(row_id, (row_id,))),
    "records.read_copy": (RecordCopy, lambda city, row_id: row_id),
    "records.print": (Revision, lambda city, row_id: row_id),
    "records.list_sheet": (Revision, lambda city, row_id: ListSheet(row_id, "parts")),
    "records.read": (Project, lambda city, row_id: ReadRecord("project", row_id)),
}

_TABLES = "tried as a competitor in tests/services/records/test_lists.py"
UNFOREIGN: dict[str, str] = {
    "imports.upload": _TABLES,
    "records.looks": "asked by city offices alone, who see every record; an unknown one in test_change_history",
    "records.read_lines": "the caller's own workbook; a version he does not see is passed over",
}


def furnish(city: Any) -> None:
    """Ask opinions about versions that wait, and send a copy of each to a reviewer of either district."""
    reviewers = [one.account_id for one in city.callers.values() if one.has(Role.DIST_REVIEWER) and one.account_id]

    def put(work: Any) -> None:
        # Not of those that are tried as foreign: a copy would open them.
        free = (Revision.state == RevisionState.SUBMITTED, col(Revision.id).not_in(SUBMITTED.values()))
        for row in work.rows(Revision, *free, by=Revision.id, most=4):
            for by, of in zip(reviewers, reversed(reviewers), strict=True):
                words = Sealed.of_json("请看是否齐全")
                work.add(SecondOpinion(revision_id=row.id, asked_by=by, of_account=of, question=words))
                work.add(RecordCopy(revision_id=row.id, to_account=of, by_account=by))

    city.counter.world.act(put)
