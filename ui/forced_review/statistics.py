"""强制核验统计: reviews by rule and by reviewer (row 11)."""

from operator import attrgetter

from nicegui import ui as web

from services.forced_review.statistics import ReviewCount, review_counts
from ui.shell.call import call
from ui.shell.chart import Chart, Series
from ui.shell.fields import choice_field
from ui.shell.form import Form
from ui.shell.modules import Module
from ui.shell.parts import head
from ui.shell.place import Place
from ui.shell.rows import Rows
from ui.shell.sheet import Column
from ui.tenancy.rule_reports import DRAWN, SPANS


def _columns(label: str) -> tuple[Column, ...]:
    return (
        Column("label", label),
        Column("total", "申请", number=True, width=70),
        Column("waiting", "未办结", number=True, width=70),
        Column("passed", "已备案", number=True, width=70),
        Column("waived", "其中豁免", number=True, width=80),
        Column("refused", "未同意", number=True, width=70),
        Column("share", "同意率", number=True, width=80, value=_share),
        Column("overdue", "曾超期", number=True, width=70),
        Column("days", "平均办理（工作日）", number=True, width=130),
    )


def _share(one: ReviewCount) -> str:
    decided = one.passed + one.refused
    return f"{one.passed / decided:.0%}" if decided else ""


class CountsPage:
    """The counts of a period in two tables."""

    def __init__(self, place: Place) -> None:
        self.place = place
        days = place.params.get("days", "92")
        with Form(columns=3) as self.form:
            chosen = days if days in SPANS else "92"
            self.form.add(choice_field("days", "统计期间", SPANS, value=chosen, required=True, on_change=self.load))
        self.chart = Chart("各规则的强制核验", on_pick=lambda key: self.rules.table.choose(key))
        with web.element("div").classes("sf-list"):
            head("按规则")
            self.rules = Rows(
                _columns("规则"),
                label="按规则统计",
                id_of=attrgetter("key"),
                empty="所选期间没有强制核验",
                on_enter=lambda one: self.open("rule", one),
            )
            head("按审核人")
            self.people = Rows(
                _columns("审核人"),
                label="按审核人统计",
                id_of=attrgetter("key"),
                empty="所选期间没有办结的",
                on_enter=lambda one: self.open("reviewer", one),
            )

    async def load(self) -> None:
        """Count again for the chosen days."""
        days = str(self.form.fields["days"].value or "92")
        self.place.keep(days=days)
        found = (await call(review_counts, int(days))).or_end()
        self.since = found.since
        drawn = found.by_rule[:DRAWN]
        self.chart.show(
            [one.key for one in drawn],
            [
                Series("已备案", [one.passed for one in drawn]),
                Series("未同意", [one.refused for one in drawn]),
                Series("未办结", [one.waiting for one in drawn]),
            ],
        )
        self.rules.show(found.by_rule)
        self.people.show(found.by_reviewer)

    async def open(self, by: str, one: ReviewCount) -> None:
        """Open the reviews a row has counted."""
        await self.place.open("filing_reviews", **{by: one.key}, came=self.since.isoformat())


async def _build(place: Place) -> None:
    page = CountsPage(place)
    place.command("刷新", page.load, icon="refresh", key="f3")
    await page.load()


REVIEW_COUNTS = Module("review_counts", "强制核验统计", "stacked_bar_chart", "report", review_counts.roles, _build)
