"""打印: an issued paper for a purpose and a requester, into the browser's own print dialog; every copy is counted (row 9)."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from nicegui import ui as web

from models.documents import IssuedDocument, PaperState
from services.documents.paper_sets import PrintedSet, PrintSet, print_set
from services.documents.print_log import Printed, PrintPaper, Requester, print_paper
from services.documents.rehearsal import Rehearse, rehearse_papers
from services.documents.rendition import render_paper
from services.engine.refusals import Rejected
from services.engine.registry import Action
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.desk import say
from ui.shell.dialogs import ask_reason
from ui.shell.fields import choice_field, text_field
from ui.shell.form import Form
from ui.shell.parts import head, note, print_pdf, show_pdf
from ui.shell.place import Place

Order = TypeVar("Order")
PURPOSES = {
    "当事人留存": "当事人留存",
    "居住证或户籍办理": "居住证或户籍办理",
    "子女入学": "子女入学",
    "公积金提取": "公积金提取",
    "诉讼或仲裁": "诉讼或仲裁",
    "其他": "其他（请说明）",
}
OTHER = "其他"


async def print_issued(
    paper_id: UUID, *, ready: bool, purpose: str = "", requester: Requester | None = None, title: str = ""
) -> Printed | None:
    """Draw a paper if it has no bytes yet, count the print, and open the print dialog; None when refused.

    Without a purpose the user is asked for one when the print is a 补打 of the paper with this title.
    """
    if not ready and not (await call(render_paper, paper_id)).ok:
        return None
    answer = await call(print_paper, PrintPaper(paper_id, purpose=purpose, requester=requester), quiet=not purpose)
    if answer.status == Rejected.status and not purpose:
        asked = await ask_reason(f"补打《{title}》，请填写用途。", yes="打印", least=2)
        return await print_issued(paper_id, ready=True, purpose=asked, requester=requester)
    if not answer.ok:
        if not purpose:
            say(answer.message, "bad")
        return None
    print_pdf(f"/papers/{paper_id}.pdf")
    return answer.value


async def print_whole(
    papers: Sequence[IssuedDocument], requester: Requester, purpose: str = "", *, button: web.button | None = None
) -> PrintedSet:
    """Count one print of each paper and print them as one document behind the sheet that their receiver signs.

    Without a purpose the user is asked for one when a paper was handed out before.
    """
    for paper in papers:
        if not paper.digest:
            (await call(render_paper, paper.id)).or_end()
    order = PrintSet(tuple(paper.id for paper in papers), requester, purpose)
    answer = await call(print_set, order, button=button, quiet=not purpose)
    if answer.status == Rejected.status and not purpose:
        asked = await ask_reason("补打整套文书，请填写用途。", yes="打印", least=2)
        return await print_whole(papers, requester, asked)
    if not answer.ok and not purpose:
        say(answer.message, "bad")
    done: PrintedSet = answer.or_end()
    print_pdf(f"/papers/set/{done.set_id}.pdf")
    return done


async def show_unissued(action: Action[Order, Any], order: Order) -> None:
    """Show the papers an act would issue before it is performed; no number is used up."""
    preview_id = (await call(rehearse_papers, Rehearse(action, order))).or_end()
    show_pdf(f"/papers/rehearsed/{preview_id}.pdf")


def set_words(done: PrintedSet) -> str:
    reprints = sum(1 for one in done.prints if one.reprint)
    told = f"，其中补打{reprints}份" if reprints else ""
    return f"整套{len(done.prints)}份文书已送浏览器打印{told}"


def printed_words(done: Printed) -> str:
    return f"已送浏览器打印：第{done.copy_no}份" + (f"，补打第{done.reprint}次" if done.reprint else "")


class PrintPanel:
    """Choice of a paper, its purpose and requester. `more` draws a paper that is issued on demand."""

    def __init__(
        self, place: Place, *, changed: Callable[[], Awaitable[object]], issue: Callable[[str], Awaitable[UUID | None]]
    ) -> None:
        self.place, self.changed, self.issue = place, changed, issue
        self.papers: dict[str, IssuedDocument] = {}
        self.slip: UUID | None = None
        head("打印")
        with Form(columns=1) as self.form:
            self.form.add(
                choice_field("paper", "文书", {}, required=True),
                choice_field("purpose", "用途", PURPOSES, required=True),
                text_field("other", "用途说明", longest=40, required=True),
                choice_field("requester", "申领人", {}, empty="其他人"),
                text_field("name", "申领人姓名", longest=60, required=True),
                text_field("capacity", "与合同关系", longest=20, help="如：代理人、继承人"),
            )
        self.form.only_when("purpose", lambda purpose: purpose == OTHER, "other")
        self.form.only_when("requester", lambda chosen: not chosen, "name", "capacity")
        with web.element("div").classes("sf-buttons sf-pad"):
            plain_button("预览", self.preview, icon="visibility").mark("preview")
            self.button = main_button("打印", self.print, icon="print").mark("print")
            self.whole = plain_button("整套打印", self.print_all, icon="library_books").mark("print-set")
        with web.element("div").classes("sf-buttons sf-pad") as self.slip_box:
            plain_button("打印补打凭条", self.print_slip, icon="receipt")
        self.slip_box.set_visibility(False)
        note("已签发的文书内容不变；首份之后计为补打，记录用途和申领人。预览带有操作人水印，不能作为正式文书。")
        note("整套打印：全部有效文书一次打印，首页为发放清单，由申领人签字；发放记录列在左侧。")

    def show(self, papers: Sequence[IssuedDocument], people: dict[str, str], *, sheet: bool) -> None:
        """`people` are the names open at this counter with their side; `sheet` offers the record sheet."""
        self.papers = {str(paper.id): paper for paper in papers}
        options = {key: f"{paper.title}（{paper.number}）" for key, paper in self.papers.items()}
        if sheet:
            options = {"sheet": "备案记录单（纸质合同）", **options}
        # The paper that a link to this page names, else the first one.
        named = self.place.params.get("paper", "")
        self._choice("paper", options, named if named in options else next(iter(options), ""))
        self.whole.set_visibility(len(self._valid()) > 1)
        self._choice("requester", people, next(iter(people), "") if len(people) == 1 else "")

    def _choice(self, key: str, options: dict[str, str], first: str) -> None:
        control = self.form.fields[key].control
        control.set_options(options, value=control.value if control.value in options else first)

    async def preview(self) -> None:
        """Show the chosen paper with a watermark."""
        key = str(self.form.fields["paper"].value or "")
        if key not in self.papers:
            self.form.fields["paper"].mark("记录单在打印时按当日情况出具，不能预览" if key else "请选择文书")
            return
        self.form.fields["paper"].mark("")
        show_pdf(f"/papers/preview/{key}.pdf")

    async def print(self) -> None:
        """Count one print and open the print dialog."""
        values = self.form.complete()
        name, _, capacity = (values["requester"] or "").partition("／")
        requester = Requester(values["name"] or name, values["capacity"] or capacity)
        self.button.disable()
        try:
            await self._print(values["paper"], values["other"] or values["purpose"], requester)
        finally:
            if not self.button.is_deleted:
                self.button.enable()

    async def _print(self, key: str, purpose: str, requester: Requester) -> None:
        ready = False
        if key == "sheet":
            issued = await self.issue(purpose)
            if issued is None:
                return
            key = str(issued)
        else:
            ready = bool(self.papers[key].digest)
        done = await print_issued(UUID(key), ready=ready, purpose=purpose, requester=requester)
        if done is None:
            return
        self.slip = done.log_id if done.reprint else None
        self.slip_box.set_visibility(bool(done.reprint))
        await self.changed()
        # Said last: the user who reads it may press again.
        self.place.say(printed_words(done), "good")

    def _valid(self) -> list[IssuedDocument]:
        """Return the papers of a set: those in force."""
        return [paper for paper in self.papers.values() if paper.state is PaperState.VALID]

    async def print_all(self) -> None:
        """Count one print of every paper in force and print them as one document."""
        self.form.fields["paper"].mark("")
        values = self.form.complete()
        name, _, capacity = (values["requester"] or "").partition("／")
        requester = Requester(values["name"] or name, values["capacity"] or capacity)
        purpose = values["other"] or values["purpose"]
        done = await print_whole(self._valid(), requester, purpose, button=self.whole)
        await self.changed()
        self.place.say(set_words(done), "good")

    async def print_slip(self) -> None:
        """The slip that goes with the last 补打."""
        if self.slip is not None:
            print_pdf(f"/papers/slip/{self.slip}.pdf")
