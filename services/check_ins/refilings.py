"""A room whose filing was made again is let (rows 14, 24)."""

from models.tenancy import LeaseFiling
from services.check_ins.rooms import let_or_free
from services.engine.events import on
from services.engine.work import Work
from services.tenancy.refiling import REFILED


@on(REFILED)
def let_room_again(work: Work, filing: LeaseFiling) -> None:
    """Have the room's state say that the new filing holds it."""
    let_or_free(work, filing.house_id)
