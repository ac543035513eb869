"""Parts of the pages of companies: states, related companies as links."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from services.companies.overview import Related
from ui.records.record_page import open_record
from ui.shell.parts import badge
from ui.shell.place import Place

COMPANY = "company"


async def open_company(place: Place, kind: str, company_id: object) -> None:
    """A company's page beside this one."""
    await place.open(COMPANY, kind=kind, id=company_id)


def draw_related(place: Place, lines: Sequence[Related], *, empty: str) -> None:
    """Companies and projects, each a link to its page."""
    if not lines:
        TextElement(tag="p", text=empty).classes("sf-note")
        return
    with web.element("ul").classes("sf-related"):
        for one in lines:
            with web.element("li"):
                button = TextElement(tag="button", text=one.name).props("type=button").classes("sf-link")
                button.on("click", _opener(place, one))
                badge(one.state)
                TextElement(tag="small", text="　".join(part for part in (one.record_no, one.note) if part))


def _opener(place: Place, one: Related) -> Callable[[], Awaitable[None]]:
    async def go() -> None:
        if one.kind == "project":
            await open_record(place, "project", one.id)
        else:
            await open_company(place, one.kind, one.id)

    return go
