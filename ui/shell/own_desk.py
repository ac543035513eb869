"""The own desk of a user: favourite modules, and that the tour was seen."""

from services.engine.list_settings import LayOutList, PlacedColumn, lay_out_list, list_settings
from ui.shell.call import call

#: Kept as the columns of a list are: keys in the user's order.
_NAME = "desk"
TOUR_SEEN = "tour.seen"


class OwnDesk:
    """The keys a user keeps; read once when the page opens."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    async def load(self) -> bool:
        """Read them; return whether they could be read."""
        answer = await call(list_settings, _NAME, quiet=True)
        if answer.ok:
            self.keys = [one.key for one in answer.value.columns]
        return answer.ok

    async def keep(self, keys: list[str]) -> bool:
        """Store them in this order."""
        done = await call(lay_out_list, LayOutList(_NAME, tuple(PlacedColumn(key) for key in keys)), quiet=True)
        if done.ok:
            self.keys = keys
        return done.ok
