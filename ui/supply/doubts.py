"""可供应量存疑数据: records to be put right, each opened where it is (row 83)."""

from typing import Any

from services.engine.kinds import KINDS
from services.supply.doubt_list import DOUBTS, ENTITIES
from ui.records.record_page import open_record
from ui.shell.list_view import list_module
from ui.shell.place import Place


async def _open(place: Place, line: Any) -> None:
    """Open the record; homes and buildings are put right in the building table of their project."""
    kind = next(name for name, label in ENTITIES.items() if label == line.entity)
    if kind in KINDS:
        await open_record(place, kind, line.subject_id)
    else:
        await place.open("building-tables", id=line.project_id)


DOUBT_LIST = list_module(DOUBTS, "supply_doubts", "report_problem", "report", on_enter=_open)
