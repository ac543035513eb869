"""Watch rules over the sale of units: publication, registration, licence, role, price, opening (SAL-20 to SAL-25)."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from models.alerts import AlertGrade
from models.building_tables import SaleRole
from models.sales import SaleAct
from services.alerts.signs import Line, Sign
from services.alerts.watch_rule import Found, Watches
from services.engine.value_checks import shown
from services.sales.watch_facts import SaleFacts

WATCHES: Watches[SaleFacts] = Watches()
PUBLIC_DAYS = "sales.public_days"
REGISTER_DAYS, PRICE_TOLERANCE = "sales.register_days", "sales.price_tolerance"
UNOPENED_BLUE, UNOPENED_YELLOW = "sales.unopened_blue", "sales.unopened_yellow"
_CENT = Decimal("0.01")


@WATCHES.rule("SAL-20", "全部房源和价格已公开")
def licensed_units_are_public(facts: SaleFacts) -> Iterator[Found]:
    most = facts.thresholds.integer(PUBLIC_DAYS)
    for permit in facts.permits:
        hidden = [
            unit
            for unit in facts.units
            if permit.id in unit.presale
            and unit.role is SaleRole.FOR_SALE
            and (unit.listed_on is None or unit.price is None)
        ]
        days = (facts.today - permit.issued_on).days
        if hidden and days > most:
            told = f"预售许可证“{permit.name}”{permit.issued_on}发证，{len(hidden)}套已{days}天未公开房源或价格。"
            lines = (Line("未公开套数", "0套", f"{len(hidden)}套"),)
            title = f"{len(hidden)}套{days}天未公开"
            sign = Sign(AlertGrade.YELLOW, title, told, lines, f"{most}天", str(len(hidden)))
            yield Found("presale_permit", permit.id, permit.name, sign, str(days))


@WATCHES.rule("SAL-21", "合同已登记或已撤销")
def presale_contracts_are_registered(facts: SaleFacts) -> Iterator[Found]:
    most = facts.thresholds.integer(REGISTER_DAYS)
    for unit in facts.units:
        for one in unit.contracts if unit.presale and unit.role is SaleRole.FOR_SALE else ():
            signed = one.acts.get(SaleAct.SIGN)
            if signed is None or {SaleAct.REGISTER, SaleAct.CANCEL} & one.acts.keys():
                continue
            if (days := (facts.today - signed).days) > most:
                told = f"“{unit.name}”的预售合同{one.number}于{signed}签订，已{days}天未登记。"
                lines = (Line("登记", str(signed), "未登记"),)
                sign = Sign(AlertGrade.BLUE, f"预售合同{days}天未登记", told, lines, f"{most}天", one.number)
                yield Found("house_unit", unit.id, unit.name, sign, str(days))


@WATCHES.rule("SAL-22", "已取得许可或合同已撤销")
def only_licensed_units_are_sold(facts: SaleFacts) -> Iterator[Found]:
    for unit in facts.units:
        sold = any(one.signed or one.earnest for one in unit.contracts)
        if sold and unit.role is SaleRole.FOR_SALE and not unit.licensed:
            told = f"“{unit.name}”没有预售许可或现售条件，已收取定金或签订合同。"
            sign = Sign(AlertGrade.RED, "无证销售", told, (Line("许可", "", "无"),), "取得许可后销售")
            yield Found("house_unit", unit.id, unit.name, sign)


@WATCHES.rule("SAL-23", "合同已撤销或销售属性已更正")
def only_units_for_sale_are_sold(facts: SaleFacts) -> Iterator[Found]:
    for unit in facts.units:
        if unit.role is not SaleRole.FOR_SALE and any(one.signed for one in unit.contracts):
            told = f"“{unit.name}”的销售属性为{unit.role.label}，已签订销售合同。"
            lines = (Line("销售属性", SaleRole.FOR_SALE.label, unit.role.label),)
            sign = Sign(AlertGrade.RED, "不可售房屋已签约", told, lines, "仅可售房屋", unit.role.value)
            yield Found("house_unit", unit.id, unit.name, sign)


@WATCHES.rule("SAL-24", "合同已撤销或价格已更正")
def prices_are_as_filed(facts: SaleFacts) -> Iterator[Found]:
    tolerance = facts.thresholds.decimal(PRICE_TOLERANCE)
    for unit in facts.units:
        for one in unit.contracts if unit.price else ():
            if not one.signed or one.area is None or one.amount is None or unit.price is None:
                continue
            filed = one.area * unit.price
            if filed and one.amount > filed + tolerance:
                over = str((one.amount * 100 / filed - 100).quantize(_CENT, ROUND_HALF_UP))
                told = f"“{unit.name}”的合同{one.number}总价{shown(one.amount)}元，比备案价高{over}%。"
                lines = (Line("总价", f"{shown(filed.quantize(_CENT))}元", f"{shown(one.amount)}元"),)
                sign = Sign(
                    AlertGrade.YELLOW, f"合同价高于备案价{over}%", told, lines, f"{shown(tolerance)}元", one.number
                )
                yield Found("house_unit", unit.id, unit.name, sign, over)


@WATCHES.rule("SAL-25", "已开盘")
def licensed_units_are_opened(facts: SaleFacts) -> Iterator[Found]:
    blue, yellow = facts.thresholds.integer(UNOPENED_BLUE), facts.thresholds.integer(UNOPENED_YELLOW)
    for permit in facts.permits:
        closed = [
            unit
            for unit in facts.units
            if permit.id in unit.presale and unit.role is SaleRole.FOR_SALE and unit.opened_on is None
        ]
        days = (facts.today - permit.issued_on).days
        if closed and days > blue:
            grade = AlertGrade.YELLOW if days > yellow else AlertGrade.BLUE
            told = f"预售许可证“{permit.name}”{permit.issued_on}发证，{len(closed)}套已{days}天未开盘。"
            lines = (Line("未开盘套数", "0套", f"{len(closed)}套"),)
            sign = Sign(grade, f"{len(closed)}套{days}天未开盘", told, lines, f"{blue}天、{yellow}天", str(len(closed)))
            yield Found("presale_permit", permit.id, permit.name, sign, str(days))
