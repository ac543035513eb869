"""自动核验: cases running, passed, intercepted, returned or waiting, and every rule's word on one of them (row 7)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.tenancy_codes import CaseState
from services.access.visibility import CLERKS, ENTERPRISE
from services.engine.findings import Severity
from services.engine.listings import Line
from services.tenancy.filing import CheckAgain, check_again
from services.tenancy.listings import CASES, ItemView, RunView, case_runs
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import facts, head, note
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown
from ui.tenancy.parts import badge

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


class Checks(ListDesk[Line]):
    """Counts and the list on the left; the case in hand with its rules on the right."""

    listing = CASES
    part = "核验明细"

    def begin(self) -> None:
        self.runs: list[RunView] = []
        self.at = 0
        self.only_open = False
        may = self.place.caller.has(*CLERKS, *ENTERPRISE)
        self.command(
            "重新核验",
            self.check_again,
            icon="sync",
            key="f8",
            needs="请先选择一件核验中的办件",
            when=lambda case: may and case.state is CaseState.CHECKING,
        )

    async def draw(self, view: Line) -> None:
        """Read and show the runs of one case."""
        answer = await call(case_runs, view.id)
        if answer.ok and self.line is view:
            self.runs, self.at = answer.value, 0
            self._draw()

    def _draw(self) -> None:
        case = self.line
        self.detail.clear()
        if case is None:
            return
        with self.detail:
            with web.element("div").classes("sf-head"):
                TextElement(tag="span", text=case.case_no)
                badge(case.state.label, case.state.tone)
                if case.contract_id is not None:
                    plain_button("查看合同", partial(self.place.open, "contract", id=case.contract_id))
            facts(
                {
                    "房屋坐落": case.address,
                    "受理单位": case.unit,
                    "渠道": case.channel.label,
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

    async def check_again(self, case: Line) -> None:
        """Judge a waiting case once more."""
        if not await confirm(
            "现在重新核验这件办件？通过后立即备案。", summary={"办件编号": case.case_no, "房屋坐落": case.address}
        ):
            return
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


CHECK_LIST = desk_module(Checks, "checks", "fact_check", "review", title="自动核验")
