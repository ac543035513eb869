"""备案记录: the filings a workspace sees, searched exactly or by address (row 10)."""

from services.engine.listings import Line
from services.tenancy.listings import FILINGS
from ui.shell.list_view import list_module
from ui.shell.place import Place


async def open_lease(place: Place, line: Line) -> None:
    """Open the lease of a filing in a list."""
    await place.open("contract", id=line.contract_id)


FILING_LIST = list_module(FILINGS, "filings", "list_alt", "search", on_enter=open_lease)
