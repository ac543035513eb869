"""Tiles of supply: stages at the end of the last month, and the districts (row 83)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from models.places_data import districts_by_code
from services.engine.figures import Figure
from services.engine.home_tiles import short_name
from services.engine.homes import Choice, Entry, Panel, scaled
from services.engine.work import Work
from services.supply import reports
from services.supply.kept_book import Asked, KeptBook
from services.supply.months import name_of
from services.supply.report_forms import AskReport
from services.supply.visibility import READERS, sees_city

_STAGES = (
    ("S0", "已供地未规划"),
    ("S1", "已规划未开工"),
    ("S2", "在建未达预售"),
    ("S3", "达预售未取证"),
    ("stock", "库存"),
    ("S4r", "限制可售"),
)
_SUPPLY = "home.supply"
#: Sums to date alone: the report reads the changes of every month, for the picture beside it.
_BY = ("item", "district_code")


def _supply(work: Work) -> tuple[str, dict[str, Mapping[str, Any]]]:
    """The month whose supply is shown, and the stages of each district, by its code, and of all; read once for a home."""
    if _SUPPLY in work.session.info:
        kept: tuple[str, dict[str, Mapping[str, Any]]] = work.session.info[_SUPPLY]
        return kept
    asked = AskReport().asked(work.today)
    book = KeptBook(work, Asked(asked.month, asked.series, asked.day, asked.narrow, _BY))
    every = districts_by_code() if sees_city(work) else ()
    lines = reports.by_district(book, asked.month, every)
    of_districts: dict[str, Mapping[str, Any]] = {line["district"]: line for line in lines}
    found = name_of(asked.month), of_districts
    work.session.info[_SUPPLY] = found
    return found


def supply(work: Work) -> Panel | None:
    """Supply at the end of the last month by stage, in 万㎡; every stage opens report R1."""
    if not READERS & work.caller.roles:
        return None
    month, lines = _supply(work)
    whole = lines[reports.CITY]
    total = Decimal(whole["total"]["wan"])
    entries = []
    for stage, words in _STAGES:
        wan = Decimal(whole[stage]["wan"])
        opened = Figure(stage, words, opens="supply", filters={"report": "R1", "month": month}, shown=f"{wan:,.1f}")
        name = "S4" if stage == "stock" else stage
        entries.append(Entry(name, opened, words, share=float(wan / total) if total else 0.0, place=name))
    more = Figure("all", "统计表", opens="supply", filters={"report": "R1", "month": month}, shown=" ")
    return Panel(
        "strip", "可供应量按阶段", (Choice("", tuple(entries)),), f"{month} 月末，万㎡，合计 {total:,.1f}", more
    )


def supply_map(work: Work) -> Choice | None:
    """Supply of the districts, in 万㎡."""
    if not sees_city(work):
        return None
    month, lines = _supply(work)
    entries = []
    for code in districts_by_code():
        wan = Decimal(lines[code]["total"]["wan"])
        filters = {"report": "R1", "month": month, "district": code}
        opened = Figure(code, short_name(code), round(wan), opens="supply", filters=filters, shown=f"{wan:,.1f}")
        entries.append(Entry(short_name(code), opened, beside=f"{lines[code]['total']['sets']:,} 套", place=code))
    ranked = sorted(entries, key=lambda one: -one.figure.count if one.figure else 0)
    return Choice("可供应量", scaled(ranked), f"{month} 月末，万㎡", (50.0, 100.0, 200.0, 400.0))
