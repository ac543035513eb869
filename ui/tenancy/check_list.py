"""自动核验: cases running, passed, intercepted, returned or waiting, and every rule's word on one of them (row 7)."""

from collections.abc import Collection
from functools import partial

from nicegui import ui as web
from nicegui.elements.mixins.text_element import TextElement

from models.codes import Toned
from models.tenancy import CheckItem
from models.tenancy_codes import CaseState
from services.engine.findings import Outcome, Result, Severity
from services.engine.listings import Line
from services.ports.answers import AnswerState
from services.tenancy.fact_sources import was_not_asked
from services.tenancy.filing import check_again
from services.tenancy.listings import CASES, RunView, case_runs
from services.tenancy.rules.catalogue import BY_CODE
from ui.shell.buttons import plain_button
from ui.shell.call import call
from ui.shell.dialogs import confirm
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import badge, facts, head, note
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.shell.values import shown
from ui.tenancy.filing_steps.check import NOT_APPLICABLE

#: The module where an intercepted case goes on (row 11).
FORCED_APPLY = "forced_apply"


class Checks(ListDesk[Line]):
    """Counts and the list on the left; the case in hand with its rules on the right."""

    listing = CASES
    part = "核验明细"

    def begin(self) -> None:
        self.runs: list[RunView] = []
        self.at = 0
        self.only_open = False
        self.command(
            "重新核验",
            self.check_again,
            icon="sync",
            key="f8",
            needs="请先选择一件核验中的办件",
            when=lambda case: self.place.may(check_again, case),
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
                badge(case.state)
                if case.contract_id is not None:
                    plain_button("查看合同", partial(self.place.open, "contract", id=case.contract_id))
                if case.state is CaseState.INTERCEPTED and FORCED_APPLY in self.place.workspace.modules:
                    plain_button("申请强制核验", partial(self.place.open, FORCED_APPLY, id=case.id), icon="gavel")
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
            for place, view in enumerate(self.runs[:8]):
                button = plain_button(f"第{len(self.runs) - place}次", partial(self._choose_run, place))
                button.props["title"] = shown(view.run.started_at)
                if place == self.at:
                    button.classes("sf-on").props("aria-pressed=true")

    def _choose_run(self, place: int) -> None:
        self.at = place
        self._draw()

    def _draw_run(self, view: RunView) -> None:
        run = view.run
        spent = int((run.finished_at - run.started_at).total_seconds() * 1000)
        facts(
            {
                "结论": Outcome.stored(run.outcome).label,
                "核验时间": shown(run.started_at) + (f"（{spent} 毫秒）" if spent else ""),
                "规则版本": f"{run.rule_set}，参数基准日 {run.parameters_on}",
            },
            columns=1,
        )
        head("数据来源")
        with web.element("ul").classes("sf-sources"):
            for source in run.sources:
                state = AnswerState.stored(str(source["state"])).label
                TextElement(tag="li", text=f"{source['source']}：{state}，{source['ms']} 毫秒")
        with web.element("div").classes("sf-head"):
            TextElement(tag="span", text=f"逐项核验（{len(view.items)}项）")
            plain_button("显示全部" if self.only_open else "只看未通过", self._toggle)
        asked = {str(source["source"]) for source in run.sources if source["state"] != AnswerState.SKIPPED}
        Rows(
            (
                Column("code", "规则", width=44),
                Column("label", "核验内容与说明", value=_words),
                Column("result", "结果", width=62, value=lambda item: _result(item, asked)),
                Column("source", "来源", width=96),
                Column("milliseconds", "毫秒", number=True, width=44, show=lambda spent: str(spent or "")),
                Column("evidence_digest", "证据摘要", width=76, show=lambda digest: digest[:8]),
            ),
            label="逐项核验",
            empty="各项均已通过",
            lines=sorted(
                (item for item in view.items if not self.only_open or item.result != Result.PASS),
                key=lambda item: item.result == Result.PASS,
            ),
            wraps=True,
        )

    def _toggle(self) -> None:
        self.only_open = not self.only_open
        self._draw()

    async def check_again(self, case: Line) -> None:
        """Judge a waiting case once more."""
        await confirm(
            "现在重新核验这件办件？通过后立即备案。", summary={"办件编号": case.case_no, "房屋坐落": case.address}
        )
        answer = await call(check_again, case.id)
        await self.reload()
        if answer.ok:
            decision = answer.value
            words = f"，备案编号 {decision.filing_no}" if decision.filing_no else ""
            self.place.say(f"已重新核验：{decision.outcome.label}{words}", "good" if decision.filing_no else "warn")


def _result(item: CheckItem, asked: Collection[str]) -> Toned | Result:
    result = Result.stored(item.result)
    return NOT_APPLICABLE if result is Result.PASS and was_not_asked(item.source, asked) else result


def _words(item: CheckItem) -> str:
    label = BY_CODE[item.code].label if item.code in BY_CODE else item.code
    return label if item.result == Result.PASS else f"{label}：{item.message}（{Severity.stored(item.severity).label}）"


CHECK_LIST = desk_module(Checks, "checks", "fact_check", "review", title="自动核验")
