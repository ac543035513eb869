"""规则命中: how often each rule stopped a case (row 5)."""

from operator import attrgetter

from nicegui import ui as web

from services.tenancy.listings import RuleHits, rule_hits
from ui.shell.call import call
from ui.shell.chart import Chart, Series
from ui.shell.fields import choice_field
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.parts import note
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column

#: Rules with the most hits that the chart draws.
DRAWN = 16
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
        self.chart = Chart("各规则的命中次数", on_pick=self._point)
        with web.element("div").classes("sf-list"):
            self.rows = Rows(
                (
                    Column("code", "规则", width=70),
                    Column("label", "核验内容"),
                    Column("failed", "不通过", number=True, width=80, value=lambda one: one.failed or ""),
                    Column("warned", "提示", number=True, width=80, value=lambda one: one.warned or ""),
                    Column("unknown", "待核验", number=True, width=80, value=lambda one: one.unknown or ""),
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
        hit = [one for one in told if one.failed or one.warned or one.unknown][:DRAWN]
        self.chart.show(
            [one.code for one in hit],
            [
                Series("不通过", [one.failed for one in hit]),
                Series("提示", [one.warned for one in hit]),
                Series("待核验", [one.unknown for one in hit]),
            ],
        )
        self.rows.show(told if most else ())

    def _point(self, code: str) -> None:
        self.rows.table.choose(code)


def _share(one: RuleHits) -> str:
    return f"{one.failed / one.runs:.1%}" if one.runs and one.failed else ""


async def build_hits(place: Place) -> None:
    page = HitsPage(place)
    place.command("刷新", page.load, icon="refresh", key="f3")
    await page.load()


RULE_HITS = Module("rule_hits", "规则命中统计", "query_stats", "report", rule_hits.roles, build_hits)
