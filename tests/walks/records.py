"""The walk's part for papers, files and tables of kept records: whose version it is decides (rows 51-62)."""

from typing import Any
from uuid import UUID

from models.projects import Project
from models.records import Revision
from services.engine.orders import OneRow
from services.records.api import ReadRecord
from services.records.attachments import AttachFile
from services.records.list_sheets import ListSheet
from services.records.offered_lines import OfferedLines
from tests.files_made import png

ORACLE: dict[Any, Any] = {}


def _attach(city: Any, row_id: UUID) -> AttachFile:
    return AttachFile(row_id, "scan", "材料.png", png())


ORDERS: dict[str, Any] = {
    "records.attach": (Revision, _attach),
    "records.offered_lines": (Revision, lambda city, row_id: OfferedLines(row_id, "parts")),
    "records.undo": (Revision, lambda city, row_id: OneRow(row_id)),
    "records.undo_left": (Revision, lambda city, row_id: row_id),
    "records.print": (Revision, lambda city, row_id: row_id),
    "records.list_sheet": (Revision, lambda city, row_id: ListSheet(row_id, "parts")),
    "records.read": (Project, lambda city, row_id: ReadRecord("project", row_id)),
}

_TABLES = "tried as a competitor in tests/services/records/test_lists.py"
UNFOREIGN: dict[str, str] = {
    "imports.upload": _TABLES,
    "records.read_lines": "the caller's own workbook; a version he does not see is passed over",
}


def furnish(city: Any) -> None:
    """Versions and records stand there already (tests/walks/kinds.py)."""
