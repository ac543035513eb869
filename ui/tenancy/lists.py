"""备案记录 and 制证异常: plain lists, each line opening its lease (rows 7 and 10)."""

from services.engine.listings import Line
from services.tenancy.licences import FAILURES
from services.tenancy.listings import FILINGS
from ui.shell.list_view import list_module
from ui.shell.place import Place


async def open_lease(place: Place, line: Line) -> None:
    """Open the lease of a filing in a list."""
    await place.open("contract", id=line.contract_id)


FILING_LIST = list_module(FILINGS, "filings", "list_alt", "search", on_enter=open_lease)


LICENCE_FAILURES = list_module(FAILURES, "licence_failures", "sms_failed", "exchange", on_enter=open_lease)
