"""竣工规划验收及备案: completion filing and planning acceptance of a project side by side (row 72)."""

from functools import partial
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.access import KEEPERS
from services.completion.together import TOGETHER, completion_desk
from services.engine.cycle_orders import RevisionView
from services.engine.kinds import KINDS
from ui.records.beside import beside, own_page
from ui.records.record_page import RecordPage, open_record
from ui.records.together import Together
from ui.shell.call import call
from ui.shell.modules import Module
from ui.shell.parts import empty, head, note, uuid_of
from ui.shell.place import Command, Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column

KEY = "completion"
_COLUMNS = (
    Column("building_no", "规划建筑物", width=96),
    Column("use", "用途", width=96),
    Column("planned", "规划面积（㎡）", number=True, width=112),
    Column("measured", "实测面积（㎡）", number=True, width=112),
    Column("off", "相差（㎡）", number=True, width=96),
    Column("percent", "相差比例", number=True, width=84),
    Column("acceptance_no", "规划验收"),
    Column("filing_no", "竣工备案"),
)


class CompletionPage:
    """A project's two forms, and under them its buildings with planned and measured areas."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.project_id = uuid_of(place.params.get("id", ""))
        self.forms: Together | None = None
        self.root = web.element("div").classes("sf-together")

    async def load(self) -> None:
        """Draw the page anew from what there is now."""
        with self.root:
            self.root.clear()
            self.place.commands.clear()
            if self.project_id is None:
                empty("请从项目的页面进入")
                return
            answer = await call(completion_desk, self.project_id, quiet=True)
            if not answer.ok:
                empty(answer.message)
                return
            desk = answer.value
            self.place.keep(id=self.project_id)
            self.place.rename(f"竣工 {desk.name}"[:22])
            with web.element("header").classes("sf-record-head"):
                TextElement(tag="h2", text=f"{desk.name}　竣工规划验收及备案").classes("sf-title")
            note("两份记录各自保存、各自提交，也可一并提交；F7在两份之间切换，工具栏对应当前一份。")
            kinds = [KINDS[name] for name in TOGETHER]
            self.forms = Together(self.place, kinds, about=self.project_id, load=self.load, own=self._own)
            await self.forms.draw(desk.records, keeps=desk.keeps)
            head(f"规划面积与实测面积（{len(desk.buildings)}幢，按已生效的记录）")
            Rows(_COLUMNS, desk.buildings, label="规划面积与实测面积", empty="没有已生效的规划建筑物")

    def _own(self) -> list[Command]:
        forms = self.forms
        if forms is None:
            return []
        found = []
        if any(page.view is not None and "submit" in page.view.ways for page in forms.pages.values()):
            found.append(Command("一并提交", "done_all", forms.submit_all, "f9"))
        return [*found, Command("切换表单", "swap_horiz", forms.next_part, "f7")]


@own_page(*TOGETHER)
async def open_together(place: Place, project_id: UUID, kind: str, record_id: UUID | None) -> None:
    """Open the page of both records of a project, with one of them chosen."""
    await place.open(KEY, id=project_id, **({kind: record_id} if record_id else {}))


@beside(*TOGETHER)
def offer_together(page: RecordPage, view: RevisionView) -> None:
    """From the page of either record to the page of both."""
    if view.project_id is not None and page.place.module != KEY:
        chosen = {page.kind.name: view.record_id}
        going = partial(page.place.open, KEY, id=view.project_id, **chosen)
        page.place.command("验收与备案同页", going, icon="view_column")


@beside(*TOGETHER)
def offer_alone(page: RecordPage, view: RevisionView) -> None:
    """From the page of both to the page of one with its whole width."""
    if page.place.module == KEY:
        page.place.command(
            "单独打开", partial(open_record, page.place, page.kind.name, view.record_id), icon="open_in_new"
        )


async def build(place: Place) -> None:
    await CompletionPage(place).load()


COMPLETION = Module(
    KEY, "竣工规划验收及备案", "fact_check", "projects", frozenset(KEEPERS), build, hidden=True, several=True
)
