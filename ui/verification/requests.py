"""核验申请: requests with every reason or their code; a firm brings many in by workbook (rows 26, 31)."""

from nicegui import ui as web

from models.verification_codes import VerificationState
from services.access.visibility import ENTERPRISE
from services.imports.workbooks import XLSX
from services.verification.forced_review import apply_forced
from services.verification.listings import REQUESTS
from services.verification.notices import issue_notice
from services.verification.submission import check_verification
from services.verification.views import RequestView, view_request
from services.verification.workbook import submit_workbook, verification_template
from ui.shell.call import call
from ui.shell.file_box import FileBox
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head, note, print_pdf
from ui.shell.sheet import Column
from ui.verification.forced import ApplyPanel
from ui.verification.parts import TAKEN, ReportBox, draw_reasons

_REPORT = (
    Column("number", "行号", number=True, width=56),
    Column("cert_no", "权属证明编号", width=220),
    Column("room_no", "房间号", width=70),
    Column("accepted", "结果", width=76, show=TAKEN.__getitem__),
    Column("code_no", "核验码（待生效）", width=170),
    Column("reasons", "原因", show="；".join),
)


class Requests(ListDesk[RequestView]):
    """The report of a workbook above, when there is one; the request in hand beside the list."""

    listing = REQUESTS
    look = view_request
    part = "核验申请详情"

    def above(self) -> None:
        self.report = ReportBox("上传结果")
        if not self.place.desk.caller.has(*ENTERPRISE):
            return
        box = FileBox("上传房源核验工作簿", self._take_book)
        with web.element("div").classes("sf-bar"):
            web.space()
            box.button("上传房源核验工作簿")

    def begin(self) -> None:
        if self.place.desk.caller.has(*ENTERPRISE):
            self.command("再次核验", self.check, icon="refresh", when=lambda view: view.waiting)
            self.place.command("申请核验", self.ask, icon="add", key="f2")
            self.place.command("下载模板", self.template, icon="description")
        if self.place.may(apply_forced):
            self.command("申请强制核验", self.apply, icon="gavel", key="f8", when=_may_be_forced)
        self.command("打印通知书", self.notice, icon="print", when=lambda view: not view.waiting)
        self.command("查看核验码", self.open_code, icon="qr_code_2", when=lambda view: view.valid_from is not None)

    def draw(self, view: RequestView) -> None:
        head(f"核验申请 {view.verify_no}", view.state)
        facts(
            {
                "房屋坐落": view.address,
                "部位": view.part,
                "权属证明编号": view.cert_no,
                "申请主体": view.requester_kind,
                "权利人": view.owner_name,
                "证件号码": view.owner_id_no,
                "申请时间": view.submitted_at,
                "核验时间": view.decided_at,
                "核验码": f"{view.code_no}（{view.code_state.label}）",
                "有效期": f"{view.valid_from} 至 {view.valid_to}" if view.valid_from else "",
                "拆间信息": view.plan,
            },
            columns=2,
        )
        if view.waiting:
            note("正在核验；有数据来源没有应答的，系统会自动再次核验，不影响核验码的编号。")
        if view.reasons:
            head("未通过的原因")
            draw_reasons(view.reasons)
            if view.forceable:
                note("以上原因均可由权利人携带材料到房屋所在区租赁服务中心申请强制核验。")

    async def apply(self, view: RequestView) -> None:
        """Ask the window for an application for forced review of the request in hand."""
        self.draw_over(lambda: ApplyPanel(self, view))

    async def notice(self, view: RequestView) -> None:
        """Issue the notice of the result, or open the one there is."""
        answer = await call(issue_notice, view.id)
        if answer.ok:
            issued = answer.value
            if issued.replaced:
                self.place.say(f"状态已变化，原通知书{issued.replaced}仅供追溯", "warn")
            print_pdf(f"/papers/{issued.paper_id}.pdf")

    async def open_code(self, view: RequestView) -> None:
        await self.place.open("verification_codes", id=view.code_id)

    async def ask(self) -> None:
        await self.place.open("verification_ask")

    async def check(self, view: RequestView) -> None:
        """Judge the request now instead of waiting for the next round."""
        await self.act(check_verification, view.id, "已再次核验")

    async def template(self) -> None:
        web.download.content((await call(verification_template)).or_end(), "房源核验模板.xlsx", XLSX)

    async def _take_book(self, name: str, content: bytes) -> None:
        self.place.say("正在逐行接收，请稍候")
        answer = await call(submit_workbook, content)
        if not answer.ok:
            self.report.begin("工作簿未接收", "workbook-report")
            self.report.say(answer.message)
            return
        report = answer.value
        title = f"上传结果：{len(report.rows)} 行，接收 {report.accepted} 套，未接收 {report.refused} 套"
        self.report.begin(title, "workbook-report")
        self.report.say("已接收的房源正在核验，结果见下方列表；按“状态”筛选可查看还有多少在核验。")
        self.report.show(_REPORT, report.rows, "上传结果")
        await self.grid.load()
        self.place.say(title, "warn" if report.refused else "good")


def _may_be_forced(view: RequestView) -> bool:
    return view.forceable and view.state is VerificationState.FAILED


REQUEST_LIST = desk_module(Requests, "verifications", "home_work", "listing")
