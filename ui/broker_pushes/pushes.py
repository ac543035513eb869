"""协会报送件 and 协会报送批次: every pushed lease with what became of it; the report's figures open it (row 13)."""

from services.broker_pushes import listings
from services.engine.listings import Line
from ui.shell.list_view import list_module
from ui.shell.place import Place


async def _open_lease(place: Place, line: Line) -> None:
    if line.contract_id is None:
        place.say(line.reasons or "该件没有形成合同", "warn")
    else:
        await place.open("contract", id=line.contract_id)


async def _open_items(place: Place, line: Line) -> None:
    await place.open("broker_pushes", batch=line.batch_no)


PUSHES = list_module(listings.PUSHES, "broker_pushes", "playlist_add_check", "search", on_enter=_open_lease)
BATCHES = list_module(listings.BATCHES, "broker_batches", "inventory_2", "exchange", on_enter=_open_items)
