"""主体一览: groups, head and project companies with their state; coverage of the city's list (row 51)."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.monitoring import CompanyType
from services.companies.directory import COMPANIES, READERS, Coverage, Related, coverage, first_kind
from services.engine.listings import Line
from ui.records.record_page import open_record
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.parts import badge, head
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


class DirectoryPage:
    """A kind at a time; Enter opens a company."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.above = web.element("section").props("aria-label=覆盖率")
        self.kinds = web.element("div").classes("sf-bar").props("role=group aria-label=类别")
        self.box = web.element("div")
        self.picked: Line

    async def show(self, kind: CompanyType) -> None:
        """Show the companies of a kind."""
        self.place.commands.clear()
        opening = self.place.command("企业主页", self._open, icon="apartment", key="f8", needs="请先在列表中选择企业")
        self.kinds.clear()
        with self.kinds:
            for one in CompanyType:
                button = plain_button(one.label, partial(self.choose, one)).mark(f"kind-{one}")
                if one is kind:
                    button.classes("sf-on").props("aria-pressed=true")
        self.kind = kind
        self.box.clear()
        with self.box:

            def pick(line: Line) -> None:
                self.picked = line
                opening.enable()

            await ListView(self.place, COMPANIES[kind], on_enter=self._enter, on_pick=pick).load()

    async def choose(self, kind: CompanyType) -> None:
        """Show another kind of companies, from its first page on."""
        self.place.keep(kind=kind, page="", sort="", text="", state="")
        with self.box:
            await self.show(kind)

    async def _enter(self, line: Line) -> None:
        await open_company(self.place, self.kind, line.id)

    async def _open(self) -> None:
        await self._enter(self.picked)

    async def draw_coverage(self) -> None:
        """Draw the coverage of the city's list for those who follow it."""
        if self.place.may(coverage):
            answer = await call(coverage, quiet=True)
            if answer.ok and not self.above.is_deleted:
                with self.above:
                    _draw(self.place, answer.value)


def _draw(place: Place, found: Coverage) -> None:
    head("集团公司覆盖率")
    with web.element("div").classes("sf-coverage"):
        TextElement(tag="strong", text=f"{found.share}%")
        TextElement(tag="span", text=f"名录内{found.listed}家，已有项目{found.covered}家")
        bar = web.element("progress").props(f"max={max(found.listed, 1)} value={found.covered}")
        bar.props["aria-label"] = "覆盖率"
    if found.open:
        with web.element("details").classes("sf-uncovered"):
            TextElement(tag="summary", text=f"尚无项目的{len(found.open)}家")
            draw_related(place, found.open, empty="")


async def build(place: Place) -> None:
    page = DirectoryPage(place)
    asked = place.params.get("kind", "")
    await page.draw_coverage()
    await page.show(CompanyType.of(asked) if asked in CompanyType.labels() else first_kind(place.caller))


DIRECTORY = Module("companies", "主体一览", "apartment", "subjects", READERS, build)
