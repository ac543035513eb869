"""入住信息, 退租信息, 在住与备案差异: the lists behind the monitor's figures (row 14)."""

from services.check_ins import listings
from services.engine.listings import Line
from ui.shell.list_view import list_module
from ui.shell.place import Place


async def _open_lease(place: Place, line: Line) -> None:
    if line.contract_id is None:
        place.say(line.reasons or "该入住没有形成合同", "warn")
    else:
        await place.open("contract", id=line.contract_id)


STAYS = list_module(listings.STAYS, "check_ins", "login", "search", on_enter=_open_lease)
MOVE_OUTS = list_module(listings.MOVE_OUTS, "move_outs", "logout", "search")
DIFFERENCES = list_module(listings.DIFFERENCES, "stay_differences", "difference", "review")
