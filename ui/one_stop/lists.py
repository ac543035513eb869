"""办件列表, 合并与提示组, 办件库报文: the lists of one-stop applications (rows 1, 2)."""

from services.engine.listings import Line
from services.one_stop.listings import CASES, GROUPS, MESSAGES
from ui.shell.list_view import list_module
from ui.shell.place import Place


async def _open(place: Place, line: Line) -> None:
    await place.open("stop_case", id=line.id)


async def _open_group(place: Place, line: Line) -> None:
    await place.open("stop_cases", state="ALL", group=line.group_no)


async def _open_number(place: Place, line: Line) -> None:
    await place.open("stop_cases", state="ALL", number=line.case_no)


STOP_CASES = list_module(CASES, "stop_cases", "folder_open", "review", title="办件列表", on_enter=_open)
STOP_GROUPS = list_module(GROUPS, "stop_groups", "call_merge", "review", on_enter=_open_group)
STOP_MESSAGES = list_module(MESSAGES, "stop_messages", "forum", "exchange", on_enter=_open_number)
