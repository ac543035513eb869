"""规则命中 and 规则变更模拟: how often each rule stopped a case, and what another value of a parameter would have done (row 5)."""

from operator import attrgetter

from nicegui import ui as web

from services.engine.findings import Outcome
from services.engine.thresholds import DECLARED, Threshold
from services.tenancy.listings import RuleHits, rule_hits
from services.tenancy.simulation import MOST, Simulate, Simulated, simulate
from ui.shell.buttons import main_button
from ui.shell.call import call
from ui.shell.fields import choice_field, text_field
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.parts import empty, head, note
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column

SPANS = {"7": "近7日", "30": "近30日", "92": "近3个月", "366": "近一年"}


class HitsPage:
    """The rules with their counts; those that stopped most come first."""

    def __init__(self, place: Place) -> None:
        self.place = place
        days = place.params.get("days", "30")
        with Form(columns=3) as self.form:
            self.form.add(
                choice_field(
                    "days",
                    "统计期间",
                    SPANS,
                    value=days if days in SPANS else "30",
                    required=True,
                    on_change=self.load,
                )
            )
        self.words = note("")
        with web.element("div").classes("sf-list"):
            self.rows = Rows(
                (
                    Column("code", "规则", width=70),
                    Column("label", "核验内容"),
                    Column("failed", "不通过", number=True, width=80),
                    Column("warned", "提示", number=True, width=80),
                    Column("unknown", "待核验", number=True, width=80),
                    Column("runs", "核验次数", number=True, width=90),
                    Column("share", "不通过率", number=True, width=90, value=_share),
                ),
                label="规则命中统计",
                id_of=attrgetter("code"),
                empty="所选期间没有核验记录",
            )

    async def load(self) -> None:
        """Count again for the chosen days."""
        days = str(self.form.fields["days"].value or "30")
        self.place.keep(days=days)
        done = (await call(rule_hits, int(days))).or_end()
        told = sorted(done, key=lambda one: (-one.failed, -one.warned, -one.unknown, one.code))
        most = max((one.runs for one in told), default=0)
        self.words.text = (
            f"{SPANS[days]}共核验 {most:,} 次，{sum(one.failed > 0 for one in told)} 条规则有不通过。" if most else ""
        )
        self.rows.show(told if most else ())


def _share(one: RuleHits) -> str:
    return f"{one.failed / one.runs:.1%}" if one.runs and one.failed else ""


async def build_hits(place: Place) -> None:
    page = HitsPage(place)
    place.command("刷新", page.load, icon="refresh", key="f3")
    await page.load()


RULE_HITS = Module("rule_hits", "规则命中统计", "query_stats", "report", rule_hits.roles, build_hits)


_FLAGS = {"true": "是", "false": "否", "是": "true", "否": "false"}


class SimulationPage:
    """The question above; the outcomes before and after and every case that differs below."""

    def __init__(self, place: Place) -> None:
        self.place = place
        options = {key: threshold.label for key, threshold in sorted(DECLARED.items(), key=lambda one: one[1].label)}
        key = place.params.get("key", "")
        with Form(columns=3) as self.form:
            self.form.add(
                choice_field(
                    "key",
                    "参数",
                    options,
                    value=key if key in options else "",
                    required=True,
                    on_change=self._parameter_changed,
                ),
                text_field("value", "拟改为", required=True, longest=12),
                choice_field(
                    "days",
                    "核验记录",
                    {key: label for key, label in SPANS.items() if key != "366"},
                    value="30",
                    required=True,
                ),
            )
        self.hint = note("")
        self.form.fields["value"].control.on("keydown.enter", self.run)
        with web.element("div").classes("sf-buttons sf-pad"):
            self.button = main_button("模拟", self.run, icon="science").mark("simulate")
        self.result = web.element("div")
        self._parameter_changed()

    def _parameter_changed(self) -> None:
        threshold = DECLARED.get(str(self.form.fields["key"].value or ""))
        self.hint.text = (
            self._hint(threshold) if threshold else "只读模拟：按所留存的核验事实重新判定，不改变任何办件。"
        )

    def _hint(self, threshold: Threshold) -> str:
        if threshold.kind == "flag":
            return f"{threshold.label}：填写“是”或“否”；默认{_FLAGS.get(threshold.default, threshold.default)}。"
        return f"{threshold.label}：单位{threshold.unit or '无'}，默认 {threshold.default}；依据：{threshold.source}。"

    async def run(self) -> None:
        """Judge the kept facts with the other value."""
        values = self.form.complete()
        self.place.keep(key=values["key"])
        value = _FLAGS.get(values["value"], values["value"])
        answer = await call(simulate, Simulate(values["key"], value, int(values["days"])), button=self.button)
        if not answer.ok:
            self.form.fields["value"].mark(answer.message)
            return
        self.form.fields["value"].mark("")
        self._show(answer.value)

    def _show(self, found: Simulated) -> None:
        self.result.clear()
        with self.result:
            if not found.cases:
                empty("所选期间没有可模拟的核验记录")
                return
            head("结论对比")
            Rows(
                (
                    Column("label", "结论", width=140),
                    Column("before", "原结论件数", number=True, width=110, value=lambda one: found.before.get(one, 0)),
                    Column("after", "改后件数", number=True, width=110, value=lambda one: found.after.get(one, 0)),
                    Column("change", "变化", number=True, width=90, value=found.change_of),
                ),
                label="结论对比",
                lines=[one for one in Outcome if one in found.before or one in found.after],
                id_of=str,
            )
            limited = f"（只取最近{MOST}次）" if found.cases >= MOST else ""
            head(f"结论改变的办件：{len(found.changes)} 件，共模拟 {found.cases} 次核验{limited}")
            Rows(
                (
                    Column("case_no", "办件编号", width=190),
                    Column("before", "原结论", width=110),
                    Column("after", "改后结论", width=110),
                    Column("codes", "不通过的规则"),
                ),
                label="结论改变的办件",
                empty="没有办件的结论会改变",
                lines=found.changes,
            )
        self.place.say(f"模拟完成，{len(found.changes)}件结论改变；未写入任何数据", "good")


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
