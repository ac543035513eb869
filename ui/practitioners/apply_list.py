"""信息卡申办: the firm's applications in every state; a new one, one to go on with, one to take back (row 39)."""

from functools import partial

from services.engine.listings import Line
from services.practitioners.inspection_views import APPLIES
from ui.practitioners.apply_page import open_new
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.place import Place


async def build(place: Place) -> None:
    async def open_apply(line: Line) -> None:
        await place.open("firm_apply", id=line.id)

    place.command("新增人员", partial(open_new, place), icon="person_add", key="f2")
    await ListView(place, APPLIES, on_enter=open_apply).load()


FIRM_APPLIES = Module("firm_applies", "信息卡申办", "how_to_reg", "practitioners", frozenset(APPLIES.roles), build)
