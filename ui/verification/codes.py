"""核验码: codes with their display; firms publish, keep up and cancel theirs, staff look up many by workbook (rows 26, 31)."""

from typing import Any

from nicegui import ui as web

from services.imports.workbooks import XLSX
from services.verification.find_many import FindMany, Found, answers_book, find_many, find_template
from services.verification.listings import CODES
from services.verification.orders import Answered, OfCode, PublishHome
from services.verification.shelf import cancel_code, maintain_home, publish_home, take_off_home
from services.verification.views import CodeView, view_code
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.fields import area_field, money_field, text_field
from ui.shell.file_box import FileBox
from ui.shell.form import Form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head, note, print_pdf
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.verification.paper_routes import CARD
from ui.verification.parts import ReportBox, draw_qr

_ANSWERS = (
    Column("number", "行号", number=True, width=56),
    Column("key", "查询内容", width=190),
    Column("result", "结果", width=76),
    Column("code_no", "核验码", width=170),
    Column("state", "状态", width=72),
    Column("part", "部位", width=64),
    Column("address", "房屋坐落"),
    Column("until", "有效期止", width=92),
    Column("why", "失效原因", width=96),
    Column("note", "说明", width=180),
)


class Codes(ListDesk[CodeView]):
    """The answers to a workbook above, when there is one; the code in hand beside the list."""

    listing = CODES
    look = view_code
    part = "核验码详情"

    def above(self) -> None:
        self.report = ReportBox("批量查询结果")
        self.found: Found | None = None
        box = FileBox("上传查询工作簿", self._look_up)
        with web.element("div").classes("sf-bar"):
            web.space()
            box.button("批量查询（上传工作簿）")

    def begin(self) -> None:
        self.command("发布房源", self.publish, icon="publish", key="f8", when=lambda view: view.running)
        self.command("维护房源", self.maintain, icon="update", when=lambda view: view.running)
        self.command(
            "下架房源",
            self.take_off,
            icon="unpublished",
            when=lambda view: view.mine and self.place.may(take_off_home, view),
        )
        self.command("撤销核验码", self.cancel, icon="block", key="f9", when=lambda view: view.running)
        self.command("核验码卡", self.card, icon="badge", when=lambda view: bool(view.check_url))
        self.place.command("批量查询模板", self.template, icon="description")
        self.place.command("下载查询结果", self.download, icon="download")

    async def card(self, view: CodeView) -> None:
        """Print the card that is shown with a listing."""
        print_pdf(f"{CARD}{view.id}.pdf")

    def draw(self, view: CodeView) -> None:
        head(f"核验码 {view.code_no}", view.state, view.shelf)
        facts(
            {
                "房屋坐落": view.address,
                "部位": view.part,
                "有效期": f"{view.valid_from} 至 {view.valid_to}" if view.valid_from else "尚未生效",
                "失效": f"{view.ended_on} {view.end_reason.label}" if view.end_reason else "",
                "下架期限": view.take_down_by,
                "最近发布": view.published_at,
                "最近维护": view.maintained_on,
                "对外地址": view.public.get("address", ""),
            },
            columns=2,
        )
        if view.check_url:
            draw_qr(view.check_url, f"核验码{view.code_no}的二维码")
            note("扫描二维码可查看核验码的最新状态。")
        head("上下架记录")
        Rows(
            (
                Column("at", "时间", width=130),
                Column("before", "原状态", width=84),
                Column("after", "新状态", width=84),
                Column("reason", "事由"),
            ),
            view.events,
            label="上下架记录",
            wraps=True,
            empty="没有上下架",
        )
        if view.restrictions:
            head("房屋限制")
            Rows(
                (
                    Column("kind", "限制类型", width=120),
                    Column("source", "来源"),
                    Column("since", "自", width=92),
                    Column("until", "至", width=92),
                ),
                view.restrictions,
                label="房屋限制",
            )

    async def publish(self, view: CodeView) -> None:
        """Ask for what is to be published, and put the listing on the shelf."""
        self.draw_over(lambda: self._publish_form(view))

    def _publish_form(self, view: CodeView) -> None:
        head(f"发布房源：{view.code_no}")
        note("发布的租金和面积应与核验时一致；第二次不一致将被强制下架。对外地址不要写室号。")
        with Form(columns=1) as form:
            form.add(
                money_field("rent", "月租金", required=True),
                area_field("area", "面积", required=True),
                text_field(
                    "address_public", "对外地址", required=True, longest=120, value=str(view.public.get("address", ""))
                ),
            )

        async def send(values: dict[str, Any]) -> None:
            order = PublishHome(view.code_no, values["rent"], values["area"], values["address_public"])
            await self._told((await call(publish_home, order)).or_end(), "房源已发布")

        form.sends("发布", send, mark="publish-home")

    async def _told(self, answer: Answered, sentence: str) -> None:
        words = "；".join(str(one) for one in answer.facts.values())
        if answer.verdict == "pass":
            await self.done(f"{sentence}。提示：{words}" if words else sentence)
        else:
            self.place.say(f"未办理：{words}", "bad")

    async def maintain(self, view: CodeView) -> None:
        """Say that the listing is still true."""
        await self.act(maintain_home, OfCode(view.code_no), "已记录维护，30天内不会因未维护下架")

    async def take_off(self, view: CodeView) -> None:
        """Take the listing off the shelf."""
        reason = await ask_reason("下架这套房源？核验码继续有效。", yes="下架", label="原因")
        if reason is not None:
            await self.act(take_off_home, OfCode(view.code_no, reason=reason), "房源已下架")

    async def cancel(self, view: CodeView) -> None:
        """Withdraw the code; it cannot be brought back."""
        summary = {"核验码": view.code_no, "房屋坐落": view.address, "部位": view.part}
        await confirm("撤销这个核验码？撤销后不能恢复，需要时重新核验。", summary=summary, yes="撤销", danger=True)
        await self.act(cancel_code, OfCode(view.code_no), f"核验码 {view.code_no} 已撤销")

    async def template(self) -> None:
        web.download.content((await call(find_template)).or_end(), "核验结果查询模板.xlsx", XLSX)

    async def download(self) -> None:
        if self.found is None:
            self.place.say("请先上传查询工作簿", "warn")
            return
        web.download.content(answers_book(self.found), "核验结果.xlsx", XLSX)

    async def _look_up(self, name: str, content: bytes) -> None:
        purpose = await ask_reason("批量查询核验结果，请填写用途", yes="查询", label="查询用途")
        if purpose is None:
            return
        self.place.say("正在逐行查询，请稍候")
        answer = await call(find_many, FindMany(content, purpose))
        if not answer.ok:
            self.report.begin("工作簿未能查询", "find-report")
            self.report.say(answer.message)
            return
        self.found = answer.value
        missing = answer.value.missing
        self.report.begin(f"查询结果：{answer.value.total} 行，未查到 {missing} 行", "find-report")
        self.report.show(_ANSWERS, answer.value.lines, "批量查询结果")
        self.place.say("查询完毕，可以下载查询结果", "warn" if missing else "good")


CODE_LIST = desk_module(Codes, "verification_codes", "qr_code_2", "listing")
