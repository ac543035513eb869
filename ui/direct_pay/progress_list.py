"""进度查询: mandates by everything they are known by; Enter opens a mandate's timeline."""

from services.direct_pay.progress import PROGRESS as MANDATES
from services.engine.listings import Line
from ui.shell.list_view import list_module
from ui.shell.place import Place


async def _open(place: Place, line: Line) -> None:
    await place.open("mandate", id=line.id)


PROGRESS = list_module(MANDATES, "direct_pay_progress", "timeline", "direct", title="直付进度查询", on_enter=_open)
