"""规则变更模拟: decisions of recent weeks judged again before a change is switched on, by rule and with their cases (row 5)."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from nicegui import ui as web

from models.companies import District
from services.engine.parameters import own_districts, sets
from services.engine.rule_replays import Change, Simulate, Simulated, rule_labels, simulate
from services.engine.thresholds import DECLARED, Threshold, key_in
from ui.shell.buttons import main_button, plain_button
from ui.shell.call import call
from ui.shell.fields import choice_field, text_field
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.parts import empty, head, note
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column

_SPANS = {"7": "近7日", "30": "近30日", "92": "近3个月"}
_FLAGS = {"true": "是", "false": "否", "是": "true", "否": "false"}
#: More changed decisions than these are counted and not listed; a rule narrows them.
_LISTED = 500


@dataclass(frozen=True)
class RuleLine:
    """A rule with how many decisions it would newly name, and no longer."""

    code: str
    label: str
    came: int
    went: int


class Trial:
    """The parts of a trial so far, added up."""

    def __init__(self) -> None:
        self.total = self.cases = self.left_out = 0
        self.changes: list[Change] = []
        self.before: Counter[str] = Counter()
        self.after: Counter[str] = Counter()
        self.words: dict[str, str] = {}

    def add(self, part: Simulated) -> None:
        self.total = self.total or part.total
        self.cases += part.cases
        self.left_out += part.left_out
        self.changes += part.changes
        self.before.update(part.before)
        self.after.update(part.after)
        # A word is shown in the tone it came with.
        self.words.update({word: word for word in (*part.before, *part.after)})

    def rules(self) -> list[RuleLine]:
        """The rules by which decisions differ, the commonest first."""
        came = Counter(code for one in self.changes for code in one.came)
        went = Counter(code for one in self.changes for code in one.went)
        labels = rule_labels()
        codes = sorted({*came, *went}, key=lambda code: (-came[code] - went[code], code))
        return [RuleLine(code, labels.get(code, ""), came[code], went[code]) for code in codes]


class SimulationPage:
    """The question above; progress, outcomes before and after, rules, and every decision that differs below."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.turn = 0
        self.trial = Trial()
        self.rule = ""
        mine = own_districts(place.caller)
        self.options = options = {
            key: threshold.label
            for key, threshold in sorted(DECLARED.items(), key=lambda one: one[1].label)
            if sets(place.caller, key_in(key, min(mine, default="")))
        }
        key, days = place.params.get("key", ""), place.params.get("days", "30")
        with Form(columns=3) as self.form:
            self.form.add(
                choice_field(
                    "key",
                    "参数",
                    options,
                    value=key if key in options else "",
                    empty="不改参数，按现行规则",
                    on_change=self._parameter_changed,
                ),
                text_field("value", "拟改为", value=place.params.get("value", ""), longest=200),
                choice_field("days", "办理结果", _SPANS, value=days if days in _SPANS else "30", required=True),
            )
            self._add_district(mine)
        self.hint = note("")
        self.form.fields["value"].control.on("keydown.enter", self.run)
        with web.element("div").classes("sf-buttons sf-pad"):
            self.button = main_button("模拟", self.run, icon="science").mark("simulate")
        self.bar = web.linear_progress(value=0, show_value=False).props('aria-label="试算进度"')
        self.bar.set_visibility(False)
        self.result = web.element("div").props("aria-live=polite")
        self._parameter_changed()
        with self.result:
            self._draw_rules()

    def _draw_rules(self) -> None:
        """Draw the rules that can be tried, until there is a result; Enter takes the switch of one into the form."""
        head("可以试算的规则")
        Rows(
            (
                Column("key", "规则", width=90, value=lambda one: one[0]),
                Column("label", "核验内容", width=420, value=lambda one: one[1]),
                Column("source", "依据", value=lambda one: DECLARED[_switch(one[0])].source),
            ),
            [one for one in sorted(rule_labels().items()) if _switch(one[0]) in self.options],
            label="可以试算的规则",
            wraps=True,
            id_of=lambda one: one[0],
            on_enter=self._try,
            empty="没有可以试算的规则，请在上方选择参数",
        )
        note("双击或按回车，试算停用这条规则；要试算期限、比例等其他参数，在上方“参数”中选择，填写拟改的值，按 F8。")

    async def _try(self, rule: tuple[str, str]) -> None:
        self.form.fields["key"].value = _switch(rule[0])
        self.form.fields["value"].value = _FLAGS["false"]
        await self.run()

    def _add_district(self, mine: frozenset[str]) -> None:
        """Ask for whom the value would be set: own districts alone, or the city and each district."""
        asked = self.place.params.get("district", "")
        if mine:
            own = {code: District.labels()[code] for code in sorted(mine)}
            self.form.add(choice_field("district", "适用范围", own, value=asked if asked in own else min(mine)))
        else:
            self.form.add(choice_field("district", "适用范围", District.labels(), value=asked, empty="全市"))

    def _parameter_changed(self) -> None:
        threshold = DECLARED.get(str(self.form.fields["key"].value or ""))
        self.hint.text = (
            self._hint(threshold)
            if threshold
            else "只读试算：按留存的核验事实和当时的内容重新判定，不改变任何办理结果。不选参数，就是用现行版本的规则重判。"
        )

    def _hint(self, threshold: Threshold) -> str:
        if threshold.kind == "flag":
            return f"{threshold.label}：填写“是”或“否”；默认{_FLAGS.get(threshold.default, threshold.default)}。"
        return f"{threshold.label}：单位{threshold.unit or '无'}，默认 {threshold.default}；依据：{threshold.source}。"

    async def run(self) -> None:
        """Judge part after part, showing how far it is; another press begins anew."""
        values = self.form.complete()
        key, value = values["key"] or "", str(values["value"] or "").strip()
        order = Simulate(key, _FLAGS.get(value, value), int(values["days"]), values["district"] or "")
        self.place.keep(key=key, value=value, days=values["days"], district=order.district)
        self.turn += 1
        turn, self.trial, self.rule = self.turn, Trial(), ""
        self.form.fields["value"].mark("")
        self.result.clear()
        while True:
            answer = await call(simulate, order, button=self.button)
            if turn != self.turn or self.result.is_deleted:
                return
            if not answer.ok:
                self.bar.set_visibility(False)
                self.form.fields["value"].mark(answer.message)
                with self.result:
                    self._draw_rules()
                return
            self.trial.add(answer.value)
            self._show_progress()
            if not answer.value.next:
                break
            order = replace(order, after=answer.value.next)
        self.bar.set_visibility(False)
        self._show()
        self.place.say(f"模拟完成，{len(self.trial.changes)}件结论改变；未写入任何数据", "good")

    def _show_progress(self) -> None:
        done, total = self.trial.cases, self.trial.total
        self.bar.set_visibility(bool(total))
        self.bar.value = min(1.0, done / total) if total else 1.0
        self.place.say(
            f"正在试算：{done:,} / {total:,} 件，已有 {len(self.trial.changes):,} 件结论不同；可以先办别的，刷新或关闭本页即停止"
        )

    def _show(self) -> None:
        trial = self.trial
        self.result.clear()
        with self.result:
            if not trial.cases:
                empty("所选期间没有可试算的办理结果")
                return
            head(f"结论对比（共试算 {trial.cases:,} 件）")
            if trial.left_out:
                note(f"另有 {trial.left_out:,} 件因所依据的记录已不存在，未能重判。")
            Rows(
                (
                    Column("label", "结论", width=140, value=lambda one: trial.words[one]),
                    Column("before", "原结论件数", number=True, width=110, value=lambda one: trial.before[one]),
                    Column("after", "改后件数", number=True, width=110, value=lambda one: trial.after[one]),
                    Column("change", "变化", number=True, width=90, value=self._difference),
                ),
                label="结论对比",
                lines=sorted(trial.words),
                id_of=str,
            )
            if rules := trial.rules():
                head("按规则")
                Rows(
                    (
                        Column("code", "规则", width=110),
                        Column("label", "核验内容"),
                        Column("came", "新增命中", number=True, width=90),
                        Column("went", "不再命中", number=True, width=90),
                    ),
                    label="按规则",
                    lines=rules,
                    id_of=lambda one: one.code,
                    on_enter=self._choose_rule,
                    on_pick=self._choose_rule,
                )
            self.cases = web.element("div")
        self._show_cases()

    def _difference(self, word: str) -> str:
        more = self.trial.after[word] - self.trial.before[word]
        return f"{more:+d}" if more else ""

    def _choose_rule(self, line: RuleLine) -> None:
        self.rule = line.code
        self._show_cases()

    def _every_rule(self) -> None:
        self.rule = ""
        self._show_cases()

    def _show_cases(self) -> None:
        found = [one for one in self.trial.changes if not self.rule or self.rule in one.codes]
        self.cases.clear()
        with self.cases:
            head(f"结论改变的办件：{len(found):,} 件" + (f"（规则 {self.rule}）" if self.rule else ""))
            if self.rule:
                with web.element("div").classes("sf-buttons sf-pad"):
                    plain_button("全部规则", self._every_rule, icon="filter_alt_off").mark("every-rule")
            if len(found) > _LISTED:
                note(f"只列出前 {_LISTED} 件，选择一条规则可以缩小范围。")
            Rows(
                (
                    Column("number", "编号", width=190),
                    Column("sort", "类别", width=120),
                    Column("at", "办理时间", width=130),
                    Column("before", "原结论", width=100),
                    Column("after", "改后结论", width=100),
                    Column("came", "新增命中", value=lambda one: "、".join(one.came)),
                    Column("went", "不再命中", value=lambda one: "、".join(one.went)),
                ),
                label="结论改变的办件",
                empty="没有办件的结论会改变",
                lines=found[:_LISTED],
                on_enter=self._open,
            )
            if found:
                note("双击或按回车打开这一件。")

    async def _open(self, line: Any) -> None:
        await self.place.open(line.module, **line.opens)


def _switch(code: str) -> str:
    """The key of the parameter that turns a rule on."""
    return f"rule.{code}.on"


async def build_simulation(place: Place) -> None:
    page = SimulationPage(place)
    place.command("模拟", page.run, icon="science", key="f8")
    page.form.focus("value" if page.form.fields["key"].value else "key")


SIMULATION = Module(
    "simulation",
    "规则变更模拟",
    "science",
    "manage",
    simulate.roles,
    build_simulation,
)
