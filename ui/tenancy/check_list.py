"""自动核验: cases running, passed, intercepted, returned or waiting, and every rule's word on one of them (row 7)."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.tenancy_codes import CaseState
from services.access.visibility import CLERKS, ENTERPRISE, STAFF
from services.engine.findings import Severity
from services.engine.paging import Paging
from services.tenancy.filing import CheckAgain, check_again
from services.tenancy.listings import CaseFilter, CasePage, CaseRow, ItemView, RunView, case_runs, list_cases
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.export import offer_export
from ui.shell.grid import Filter, Grid, View
from ui.shell.modules import Module
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown
from ui.tenancy.parts import STATE_TONES, badge, facts, head, note

#: The order in which the counts stand above the list.
COUNTED = (
    ("", "全部"),
    (CaseState.CHECKING, "核验中"),
    (CaseState.DONE, "已通过"),
    (CaseState.INTERCEPTED, "系统拦截"),
    (CaseState.RETURNED, "退件"),
    (CaseState.CORRECTION, "待补正"),
)
RESULTS = {"PASS": "通过", "FAIL": "不通过", "UNKNOWN": "待核验", "WARN": "提示"}
_TONES = {"通过": "good", "不通过": "bad", "待核验": "info", "提示": "warn"}
_SOURCE_STATES = {"HIT": "已取得", "MISS": "未查询到", "SILENT": "未应答", "ABSENT": "未接入", "SKIPPED": "无需查询"}
_OUTCOMES = {
    "PASS": "通过",
    "REFUSE": "不予备案",
    "CORRECT": "需补正",
    "ROUTE": "转其他渠道",
    "INTERCEPT": "系统拦截",
    "PENDING": "核验中",
}


def order_of(view: View) -> CaseFilter:
    return CaseFilter(
        state=view.text("state"),
        number=view.text("number"),
        since=view.day("since"),
        until=view.day("until"),
        paging=Paging(view.page, view.size, view.sort),
    )


@dataclass(frozen=True)
class _Item:
    """A rule's word as a line."""

    id: str
    code: str
    label: str
    result: str
    source: str
    milliseconds: str
    digest: str


class ChecksPage:
    """Counts and the list on the left; the case in hand with its rules on the right."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.case: CaseRow | None = None
        self.runs: list[RunView] = []
        self.at = 0
        self.only_open = False
        with web.element("div").classes("sf-split sf-split-wide"):
            with web.element("section").props("aria-label=办件列表"):
                self.counts = web.element("div").classes("sf-bar").props("role=group aria-label=按状态计数")
                self.grid = Grid(
                    place,
                    list_cases,
                    order=order_of,
                    columns=(
                        Column("case_no", "办件编号", sortable=True, width=180),
                        Column("situation", "情形", width=80),
                        Column("address", "房屋坐落"),
                        Column("state", "状态", sortable=True, width=90, tones=STATE_TONES),
                        Column("received_at", "收件时间", sortable=True, width=126),
                    ),
                    filters=(
                        Filter("state", "状态", options=CaseState.labels(), width=150),
                        Filter("number", "办件编号", width=230),
                        Filter("since", "受理日期自", day=True, width=180),
                        Filter("until", "至", day=True, width=130),
                    ),
                    empty="没有符合条件的办件",
                    on_enter=self.choose,
                    on_pick=self.choose,
                    on_loaded=self._show_counts,
                )
            self.detail = web.element("section").props("aria-label=核验明细")
        self.again = place.command(
            "重新核验", self.check_again, icon="sync", key="f8", needs="请先选择一件核验中的办件"
        )
        place.command("刷新", self.reload, icon="refresh", key="f3")
        offer_export(place, self.grid, "cases")

    async def reload(self) -> None:
        await self.grid.load()
        if self.case is not None:
            await self.choose(self.grid.lines.get(str(self.case.id), self.case))

    def _show_counts(self, page: CasePage) -> None:
        self.counts.clear()
        with self.counts:
            for state, label in COUNTED:
                count = page.counts.get(str(state), 0) if state else sum(page.counts.values())
                button = plain_button(f"{label} {count:,}", self._filter(str(state)))
                if self.grid.view.text("state") == str(state):
                    button.classes("sf-on").props("aria-pressed=true")

    def _filter(self, state: str) -> Callable[[], None]:
        def choose() -> None:
            self.grid.set_filter("state", state)

        return choose

    async def choose(self, line: CaseRow) -> None:
        """Show the runs of one case."""
        self.case, self.at = line, 0
        self.place.keep(id=line.id)
        await self._load_runs(line.id)

    async def load_from_address(self) -> None:
        """The case the address names, when the list has it."""
        line = self.grid.lines.get(self.place.params.get("id", ""))
        if line is not None:
            await self.choose(line)
        else:
            with self.detail:
                TextElement(tag="p", text="请在列表中选择一件办件").classes("sf-empty")

    async def _load_runs(self, case_id: UUID) -> None:
        answer = await call(case_runs, case_id)
        if not answer.ok:
            return
        self.runs = answer.value
        waiting = self.case is not None and self.case.state_code == CaseState.CHECKING
        self.again.enable(waiting and self.place.caller.has(*CLERKS, *ENTERPRISE))
        self._draw()

    def _draw(self) -> None:
        case = self.case
        self.detail.clear()
        if case is None:
            return
        with self.detail:
            with web.element("div").classes("sf-head"):
                TextElement(tag="span", text=case.case_no)
                badge(case.state)
                if case.contract_id is not None:
                    plain_button("查看合同", self._open_contract)
            facts(
                {
                    "房屋坐落": case.address,
                    "受理单位": case.unit,
                    "渠道": case.channel,
                    "下次核验": shown(case.retry_at),
                    "已重试": f"{case.retries} 次" if case.retries else "",
                },
                columns=1,
            )
            if not self.runs:
                note("本办件没有自动核验记录（历史导入或注销办件）。")
                return
            if len(self.runs) > 1:
                self._draw_run_choice()
            self._draw_run(self.runs[self.at])

    def _draw_run_choice(self) -> None:
        with web.element("div").classes("sf-bar").props("role=group aria-label=核验批次"):
            for place, run in enumerate(self.runs[:8]):
                button = plain_button(f"第{len(self.runs) - place}次", self._run_chooser(place))
                button.props["title"] = shown(run.started_at)
                if place == self.at:
                    button.classes("sf-on").props("aria-pressed=true")

    def _run_chooser(self, place: int) -> Callable[[], None]:
        def choose() -> None:
            self.at = place
            self._draw()

        return choose

    def _draw_run(self, run: RunView) -> None:
        spent = int((run.finished_at - run.started_at).total_seconds() * 1000)
        facts(
            {
                "结论": _OUTCOMES.get(run.outcome, run.outcome),
                "核验时间": shown(run.started_at) + (f"（{spent} 毫秒）" if spent else ""),
                "规则版本": f"{run.rule_set}，参数基准日 {run.parameters_on}",
            },
            columns=1,
        )
        head("数据来源")
        with web.element("ul").classes("sf-sources"):
            for source in run.sources:
                state = str(source.get("state", ""))
                words = f"{source.get('source', '')}：{_SOURCE_STATES.get(state, state)}，{source.get('ms', 0)} 毫秒"
                TextElement(tag="li", text=words)
        with web.element("div").classes("sf-head"):
            TextElement(tag="span", text=f"逐项核验（{len(run.items)}项）")
            plain_button("显示全部" if self.only_open else "只看未通过", self._toggle)
        rows = Rows(
            (
                Column("code", "规则", width=44),
                Column("label", "核验内容与说明"),
                Column("result", "结果", width=62, tones=_TONES),
                Column("source", "来源", width=96),
                Column("milliseconds", "毫秒", number=True, width=44),
                Column("digest", "证据摘要", width=76),
            ),
            label="逐项核验",
            empty="各项均已通过",
        )
        rows.table.classes("sf-wrap")
        items = [item for item in run.items if not self.only_open or item.result != "PASS"]
        rows.show([_item(place, item) for place, item in enumerate(items)])

    def _toggle(self) -> None:
        self.only_open = not self.only_open
        self._draw()

    async def _open_contract(self) -> None:
        if self.case is not None and self.case.contract_id is not None:
            await self.place.open("contract", id=self.case.contract_id)

    async def check_again(self) -> None:
        """Judge a waiting case once more."""
        case = self.case
        if case is None or not await confirm(
            "现在重新核验这件办件？通过后立即备案。", summary={"办件编号": case.case_no, "房屋坐落": case.address}
        ):
            return
        self.again.enable(False)
        answer = await call(check_again, CheckAgain(case.id))
        await self.reload()
        if answer.ok:
            decision = answer.value
            words = f"，备案编号 {decision.filing_no}" if decision.filing_no else ""
            self.place.say(f"已重新核验：{decision.outcome.label}{words}", "good" if decision.filing_no else "warn")


def _item(place: int, item: ItemView) -> _Item:
    severity = Severity.of(item.severity).label if item.severity in Severity.labels() else ""
    return _Item(
        id=f"{place}-{item.code}",
        code=item.code,
        label=item.label if item.result == "PASS" else f"{item.label}：{item.message}（{severity}）",
        result=RESULTS.get(item.result, item.result),
        source=item.source,
        milliseconds=str(item.milliseconds) if item.milliseconds else "",
        digest=item.digest[:8],
    )


async def build(place: Place) -> None:
    page = ChecksPage(place)
    await page.grid.load()
    await page.load_from_address()


CHECK_LIST = Module("checks", "自动核验", "fact_check", "review", frozenset(STAFF | ENTERPRISE), build)
