"""房源申请: filled in and confirmed by the operator, compared and decided by the bureau (rows 33, 35, 36)."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from models.codes import Toned
from models.rooms import EDITED_APPLY, ApplyKind, LineKind, LineState, RoomApplyState
from services.rooms.applications import keep_lines, submit_apply, withdraw_apply
from services.rooms.change_rules import FIELDS
from services.rooms.listings import APPLIES, APPLY_LINES
from services.rooms.orders import Decide, KeepLines, LineForm, OneApply, ReturnApply
from services.rooms.review import decide_apply, return_apply
from services.rooms.room_judgement import LAYOUTS
from services.rooms.views import ApplyView, view_apply
from ui.shell.call import call
from ui.shell.dialogs import ask_reason, confirm
from ui.shell.fields import choice_field, text_field
from ui.shell.findings import draw_findings
from ui.shell.form import Form, ask_form
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.list_view import list_module
from ui.shell.parts import facts, head, note
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown
from ui.tenancy.print_panel import print_issued, show_unissued

_STATE = Column("state", "状态", width=72)
_ROOM = (
    Column("line_no", "行号", number=True, width=40),
    Column("kind", "类别", width=44),
    Column("room", "房间", width=70),
)
#: Lines of an intake, and those of changes, whose rooms the filing library is asked about.
_INTAKE = (*_ROOM, Column("after", "房间情况及核验情况"), _STATE)
_CHANGES = (
    *_ROOM,
    Column("before", "变更前", width=72),
    Column("after", "变更后及核验情况"),
    Column("library", "备案库", width=88),
    _STATE,
)
_REFUSED = Toned("标为不通过", "bad")
_YES_NO = {"是": "是", "否": "否"}


class Applies(ListDesk[ApplyView]):
    """The applications on the left; on the right one with its lines, before and after side by side."""

    listing = APPLIES
    look = view_apply
    part = "申请内容"

    def begin(self) -> None:
        self.refused: set[UUID] = set()
        if self.place.may(submit_apply):
            self.command("新增房间", self.add, icon="add_home", key="f2", when=_is_edited)
            self.command("变更房间", self.change, icon="edit", when=_may_change)
            self.command("注销房间", self.cancel, icon="home_work", when=_may_change)
            self.command("删除行", self.remove, icon="delete", when=_is_edited, needs="请先选择一份可以修改的申请")
            self.command("确认并提交", self.submit, icon="send", key="f8", when=_is_edited)
            self.command(
                "撤回申请",
                self.withdraw,
                icon="undo",
                key="f9",
                when=lambda view: self.place.may(withdraw_apply, view.apply),
            )
        if self.place.may(decide_apply):
            waits = "请先选择一份待审核的申请"
            self.command("审核", self.decide, icon="fact_check", key="f8", needs=waits, when=_waits)
            self.command("退回", self.send_back, icon="reply", key="f4", needs=waits, when=_waits)
        whole = "请先选择一份没有列全的申请；行数少的已全部列在右侧"
        self.command("全部行", self.open_lines, icon="checklist", needs=whole, when=lambda view: view.more > 0)
        self.command(
            "打印审核意见",
            self.print_opinion,
            icon="print",
            needs="审核后签发审核意见",
            when=lambda view: view.paper_id is not None,
        )

    def draw(self, view: ApplyView) -> None:
        apply = view.apply
        self.refused = set()
        head(f"{apply.kind.label}申请 {apply.apply_no}", apply.state)
        facts(
            {
                "项目": f"{view.project.name}（{view.project.project_no}）",
                "运营主体": view.operator,
                "申请理由": view.reason,
                "提交时间": shown(apply.submitted_at) if apply.submitted_at else "",
                "审核意见": view.opinion,
            },
            columns=2,
        )
        if view.needs:
            draw_findings(list(view.needs))
        head(f"申请的行（{len(view.lines) + view.more}）")
        if _waits(view) and self.place.may(decide_apply):
            note("按空格或单击一行，标为不通过；其余的行通过。审核时系统会再次核对备案和库内内容。")
        self.rows = Rows(
            _CHANGES if apply.kind is ApplyKind.CHANGE else _INTAKE,
            self._lines(view),
            label="申请的行",
            wraps=True,
            empty="还没有行，请新增房间或导入表格",
            on_pick=self._mark,
        )
        if view.more:
            note(f"其余{view.more}行请按“全部行”查看。")

    def _lines(self, view: ApplyView) -> list[Any]:
        return [
            SimpleNamespace(
                id=line.id,
                line_no=line.line_no,
                kind=line.kind,
                room=f"{line.building}{line.room_no}",
                before=line.before if line.kind is LineKind.CHANGE else "在库" if line.kind is LineKind.CANCEL else "—",
                after="；".join(filter(None, (words, line.found))),
                library=line.library or ("不查询" if line.kind is LineKind.ADD else "提交时查询"),
                state=_REFUSED if line.id in self.refused else line.state,
                waits=line.state is LineState.OPEN,
            )
            for line, words in zip(view.lines, view.contents, strict=True)
        ]

    def _mark(self, line: Any) -> None:
        """Mark a waiting line as refused, or take the mark away."""
        if self.view is None or not _waits(self.view) or not line.waits:
            return
        if not self.place.may(decide_apply):
            return
        self.refused ^= {line.id}
        self.rows.show(self._lines(self.view))
        self.place.say(f"标为不通过{len(self.refused)}行")

    async def add(self, view: ApplyView) -> None:
        """Add a room to the application."""

        def draw(form: Form) -> None:
            form.add(
                text_field("building", "楼栋", required=True, longest=20),
                text_field("room_no", "房号", required=True, longest=20, help="开头的0请照写"),
                text_field("floor", "楼层", required=True, longest=3),
                choice_field("layout", "户型", {one: one for one in LAYOUTS}, required=True),
                text_field("build_area", "建筑面积（㎡）", required=True, longest=10),
                text_field("usable_area", "使用面积（㎡）", required=True, longest=10),
                text_field("max_persons", "最多居住人数", required=True, longest=3),
                text_field("beds", "床位数", longest=3, help="仅建设者管理者之家填写"),
                text_field("list_rent", "月租金（元）", longest=12),
                choice_field("managed", "是否纳管", _YES_NO, required=True),
                text_field("title_ref", "权属文件编号", required=True, longest=40),
            )

        values = await ask_form("新增房间", draw, yes="添加", classes="sf-dialog-wide")
        texts = {name: str(value or "") for name, value in values.items()}
        building, room_no = texts.pop("building"), texts.pop("room_no")
        await self._keep(view, LineForm(LineKind.ADD, building, room_no, content=texts))

    async def change(self, view: ApplyView) -> None:
        """Change a field of a room."""

        def draw(form: Form) -> None:
            form.add(
                text_field("building", "楼栋", required=True, longest=20),
                text_field("room_no", "房号", required=True, longest=20),
                choice_field("field", "变更项", FIELDS, required=True),
                text_field("before", "变更前", longest=60, help="与库中的内容一致"),
                text_field("after", "变更后", required=True, longest=60),
                text_field("paper", "依据文件", longest=60, help="变更是否纳管必填"),
                text_field("reason", "理由", longest=200),
            )

        values = await ask_form("变更房间", draw, yes="添加")
        texts: dict[str, Any] = {name: value or "" for name, value in values.items()}
        await self._keep(view, LineForm(LineKind.CHANGE, **texts))

    async def cancel(self, view: ApplyView) -> None:
        """Cancel a room."""

        def draw(form: Form) -> None:
            form.add(
                text_field("building", "楼栋", required=True, longest=20),
                text_field("room_no", "房号", required=True, longest=20),
                text_field("reason", "理由", required=True, longest=200),
            )

        told = ("提交时逐间查询备案库：有有效备案的不能注销，备案库没有应答的暂不提交。",)
        values = await ask_form("注销房间", draw, yes="添加", told=told)
        await self._keep(view, LineForm(LineKind.CANCEL, **values))

    async def _keep(self, view: ApplyView, line: LineForm) -> None:
        await self.act(keep_lines, KeepLines(view.apply.id, (line,)), "已添加，可以继续添加，或者确认并提交")

    async def remove(self, view: ApplyView) -> None:
        """Remove the line with the keyboard."""
        line = self.rows.held
        if line is None:
            self.place.say("请先在申请的行中选择一行", "warn")
            return
        await self.act(keep_lines, KeepLines(view.apply.id, removed=(line.id,)), f"第{line.line_no}行已删除")

    async def submit(self, view: ApplyView) -> None:
        """Confirm the application and hand it in."""
        summary = {"项目": view.project.name, "行数": str(len(view.lines) + view.more)}
        await confirm("确认内容属实并提交区局审核？", summary=summary, yes="确认并提交")
        answer = await call(submit_apply, OneApply(view.apply.id, view.apply.version))
        if not answer.ok:
            with self.detail:
                draw_findings(list(answer.findings))
            return
        done = answer.value
        barred = f"，{done.barred}行未提交，请看核验情况" if done.barred else ""
        await self.done(f"申请 {done.apply_no} 已提交，{done.accepted}行待审核{barred}")

    async def withdraw(self, view: ApplyView) -> None:
        """Take the application back."""
        await confirm("撤回这份申请？", summary={"申请编号": view.apply.apply_no}, yes="撤回", danger=True)
        await self.act(withdraw_apply, OneApply(view.apply.id, view.apply.version), "申请已撤回")

    async def decide(self, view: ApplyView) -> None:
        """Decide all lines that wait: those marked are refused, the others approved."""
        waiting = sum(line.state is LineState.OPEN for line in view.lines) + view.more
        refused = frozenset(self.refused)
        summary = {"通过": f"{waiting - len(refused)}行", "不通过": f"{len(refused)}行"}

        def draw(form: Form) -> None:
            form.add(text_field("opinion", "审核意见", lines=3, longest=500, required=bool(refused)))

        def order(values: dict[str, Any]) -> Decide:
            return Decide(view.apply.id, values["opinion"] or "", refused, version=view.apply.version)

        values = await ask_form(
            f"审核申请 {view.apply.apply_no}",
            draw,
            yes="提交审核结果",
            summary=summary,
            preview=lambda values: show_unissued(decide_apply, order(values)),
        )
        answer = await call(decide_apply, order(values))
        if answer.ok:
            done = answer.value
            waits = f"，{done.waiting}行待备案库答复" if done.waiting else ""
            await self.done(f"生效{done.applied}行，不通过{done.refused}行{waits}")

    async def send_back(self, view: ApplyView) -> None:
        """Return the application with a reason."""
        reason = await ask_reason("退回这份申请？", summary={"申请编号": view.apply.apply_no}, yes="退回", least=5)
        await self.act(return_apply, ReturnApply(view.apply.id, reason, view.apply.version), "申请已退回")

    async def open_lines(self, view: ApplyView) -> None:
        """Open the list of all lines of the application."""
        await self.place.open("room_apply_lines", id=view.apply.id)

    async def print_opinion(self, view: ApplyView) -> None:
        """Print the opinion the application was decided with."""
        if view.paper_id is not None:
            await print_issued(view.paper_id, ready=view.paper_ready, title="集中式房源审核意见")


def _is_edited(view: ApplyView) -> bool:
    return view.apply.state in EDITED_APPLY


def _may_change(view: ApplyView) -> bool:
    return _is_edited(view) and view.apply.kind is ApplyKind.CHANGE


def _waits(view: ApplyView) -> bool:
    return view.apply.state is RoomApplyState.REVIEWING


async def _open_apply(place: Place, line: Any) -> None:
    await place.open("room_applies", id=line.apply_id)


APPLY_PAGE = desk_module(Applies, "room_applies", "add_business", "rooms")
LINES_PAGE = list_module(APPLY_LINES, "room_apply_lines", "checklist", "rooms", on_enter=_open_apply)
