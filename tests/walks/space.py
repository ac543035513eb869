"""The walk's part for red lines: reading and repairing files, an outline looked at, edited and exported, the city map (row 80)."""

from typing import Any

from models.records import Revision, RevisionState
from models.red_lines import PlaneSystem, RedLine
from services.space.outline_edits import EditOutline
from services.space.red_line_papers import ExportRedLine
from services.space.red_line_views import LookAround, LookAt
from services.space.taken_places import TakePlace
from tests.red_lines import square

ORACLE: dict[Any, Any] = {}


def _version(city: Any, record_id: Any) -> Any:
    """The version in force of a record."""
    found = [one.id for one in city.where(Revision, "record_id", record_id) if one.state is RevisionState.EFFECTIVE]
    return found[0] if found else record_id


ORDERS: dict[str, Any] = {
    "red_line.look": (RedLine, lambda city, row_id: LookAt(_version(city, row_id))),
    "red_line.around": (
        RedLine,
        lambda city, row_id: LookAround(_version(city, row_id), PlaneSystem.CGCS2000_GK3_40, (0, 0, 1, 1)),
    ),
    "red_line.export": (RedLine, lambda city, row_id: ExportRedLine(_version(city, row_id), "txt")),
    "red_line.other_places": (RedLine, lambda city, row_id: row_id),
    "red_line.take_place": (RedLine, lambda city, row_id: TakePlace(row_id, "project")),
    "red_line.edit": (
        RedLine,
        lambda city, row_id: EditOutline(_version(city, row_id), str(square(1)), PlaneSystem.CGCS2000_GK3_40, "snap"),
    ),
}
UNFOREIGN: dict[str, str] = {
    "red_line.read_file": "a reading of another company is not found in tests/services/space/test_red_line.py",
    "public.map_picture": "the system alone asks for it; no other file is given, as tests/ui_public/test_map.py shows",
}


def furnish(city: Any) -> None:
    """Red lines come with the kinds."""
