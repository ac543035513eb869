"""Colours of homes by what is known of them on a day: sale, stage, role, use, area, price, alert (row 82)."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from models.sales import SaleState
from services.space.home_facts import EstateFacts
from services.supply.stages import Stage
from services.supply.sums import LABELS
from ui.construction.unit_looks import ROLE_LOOKS
from ui.shell.unit_colours import Colouring, Look, by_band, by_code, by_word

STATE_LOOKS: Mapping[SaleState, Look] = {
    SaleState.NOT_LISTED: Look("unlisted", "未", SaleState.NOT_LISTED.label),
    SaleState.AVAILABLE: Look("available", "可", SaleState.AVAILABLE.label),
    SaleState.EARNEST: Look("earnest", "定", SaleState.EARNEST.label),
    SaleState.SIGNED: Look("signed", "签", SaleState.SIGNED.label),
    SaleState.REGISTERED: Look("registered", "登", SaleState.REGISTERED.label),
}
_STAGES: Mapping[Stage, Look] = {
    Stage.LAND: Look("grey", "地", LABELS[Stage.LAND]),
    Stage.PLANNED: Look("violet", "规", LABELS[Stage.PLANNED]),
    Stage.BUILDING: Look("blue", "建", LABELS[Stage.BUILDING]),
    Stage.READY: Look("teal", "达", LABELS[Stage.READY]),
    Stage.LICENSED: Look("amber", "证", LABELS[Stage.LICENSED]),
    Stage.OPEN: Look("green", "可", LABELS[Stage.OPEN]),
    Stage.RESTRICTED: Look("warn", "限", LABELS[Stage.RESTRICTED]),
    Stage.SOLD: Look("rose", "售", LABELS[Stage.SOLD]),
    Stage.OFF_SALE: Look("none", "不", LABELS[Stage.OFF_SALE]),
}
_LIMITED = Look("bad", "限", "限制（抵押、查封、停售）")
#: Bounds of sizes and prices as the reports have them (market 5.4, R8).
_SIZES = tuple(map(Decimal, (70, 90, 120, 144, 200)))
_PRICES = tuple(map(Decimal, (30_000, 50_000, 80_000, 100_000)))


def colourings(facts: EstateFacts) -> tuple[Colouring, ...]:
    """Every way to colour the homes; that by price is there only for those who may see prices."""
    homes = facts.homes
    limited = frozenset(unit for unit, one in homes.items() if one.restricted)
    states = by_code("state", "销售状态", {unit: one.state for unit, one in homes.items()}, STATE_LOOKS)
    found = [
        Colouring(states.key, states.label, states.looks, states.of, _LIMITED if limited else None, limited),
        by_code("stage", "供应阶段", {unit: one.stage for unit, one in homes.items() if one.stage}, _STAGES),
        by_code("role", "销售属性", {unit: one.role for unit, one in homes.items()}, ROLE_LOOKS),
        by_word("use", "用途", {unit: one.use for unit, one in homes.items()}),
        by_band(
            "area",
            "面积段",
            {unit: one.area for unit, one in homes.items() if one.area},
            _SIZES,
            lambda one: f"{one}㎡",
        ),
        _progress(facts),
        _alert(facts),
    ]
    if facts.prices:
        prices: dict[UUID, Decimal] = {unit: one.price for unit, one in homes.items() if one.price}
        found.insert(5, by_band("price", "价格段", prices, _PRICES, lambda one: f"{one:,}元"))
    return tuple(found)


def _progress(facts: EstateFacts) -> Colouring:
    looks = {True: Look("good", "竣", "已竣工"), False: Look("amber", "建", "在建")}
    return by_code("progress", "进度", {unit: one.completed for unit, one in facts.homes.items()}, looks)


def _alert(facts: EstateFacts) -> Colouring:
    grade = facts.alert
    look = Look("none", "无", "项目没有未了结预警")
    if grade is not None:
        look = Look({"BLUE": "blue", "YELLOW": "warn", "RED": "bad"}[grade.value], "警", f"项目预警：{grade.label}")
    return Colouring("alert", "预警", (look,), dict.fromkeys(facts.homes, 0))
