"""Money of a developer: the three red lines, financing that falls due, contributions not paid: SUB-13 to SUB-15."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from models.alerts import AlertGrade
from models.companies import FinancingState, Indicator
from models.sealing import sm3_hex
from services.alerts.signs import Line, Sign
from services.monitoring.rules.days import years_later
from services.monitoring.watched import WatchFacts
from services.ports.registry import CompanyProfile, RegisteredHolder

LINE_DEBT, LINE_GEARING, LINE_CASH = "monitoring.line_debt", "monitoring.line_gearing", "monitoring.line_cash"
FINANCING_DAYS, FINANCING_RED = "monitoring.financing_days", "monitoring.financing_red_days"
CONTRIBUTION_YEARS, CONTRIBUTION_DAYS = "monitoring.contribution_years", "monitoring.contribution_days"
CONTRIBUTION_FROM, CONTRIBUTION_ADJUST = "monitoring.contribution_from", "monitoring.contribution_adjust_by"
#: States of a financing that is neither repaid nor released.
_OPEN = (FinancingState.ACTIVE, FinancingState.OVERDUE)
_BY_BROKEN = {1: AlertGrade.BLUE, 2: AlertGrade.YELLOW, 3: AlertGrade.RED}
_PLACES = Decimal("0.01")


def lines_are_kept(facts: WatchFacts) -> Iterator[Sign]:
    """SUB-13: as grave as the number of lines broken in the newest reported year; a missing figure breaks none."""
    if not facts.company.years:
        return
    year = max(facts.company.years, key=lambda one: one.year)
    broken = list(_broken(year, facts))
    if not broken:
        return
    words = f"{year.year}年度财务指标超过{len(broken)}条红线：" + "、".join(line.label for line in broken) + "。"
    yield Sign(_BY_BROKEN[len(broken)], f"超过“三道红线”中的{len(broken)}条", words, broken, _limits(facts))


def _limits(facts: WatchFacts) -> str:
    read = facts.thresholds.decimal
    return (
        f"剔除预收款后的资产负债率不超过{read(LINE_DEBT):f}%，净负债率不超过{read(LINE_GEARING):f}%，"
        f"现金短债比不低于{read(LINE_CASH):f}"
    )


def _broken(year: Indicator, facts: WatchFacts) -> Iterator[Line]:
    if year.advance_receipts is not None:
        # Both without advance receipts, as the rule of the central bank and the ministry counts.
        assets = year.total_assets - year.advance_receipts
        debts = year.liabilities - year.advance_receipts
        if assets <= 0 or debts / assets * 100 > facts.thresholds.decimal(LINE_DEBT):
            yield Line("剔除预收款后的资产负债率", "", _percent(debts, assets))
    if None not in (year.interest_debt, year.cash, year.equity):
        net, equity = (year.interest_debt or Decimal(0)) - (year.cash or Decimal(0)), year.equity or Decimal(0)
        if (equity <= 0 < net) or (equity > 0 and net / equity * 100 > facts.thresholds.decimal(LINE_GEARING)):
            yield Line("净负债率", "", _percent(net, equity))
    if year.cash is not None and year.short_debt and year.cash / year.short_debt < facts.thresholds.decimal(LINE_CASH):
        yield Line("现金短债比", "", str((year.cash / year.short_debt).quantize(_PLACES)))


def _percent(part: Decimal, whole: Decimal) -> str:
    return f"{(part / whole * 100).quantize(_PLACES)}%" if whole > 0 else "净值为负"


def debts_are_paid(facts: WatchFacts) -> Iterator[Sign]:
    """SUB-14: each financing separately, reported before it is due, graver the longer it is overdue."""
    days, red = facts.thresholds.integer(FINANCING_DAYS), facts.thresholds.integer(FINANCING_RED)
    threshold = f"到期前{days}天提示，逾期{red}天为严重"
    for debt in facts.company.debts:
        if debt.financing_state not in _OPEN or debt.due_on is None:
            continue
        late = (facts.today - debt.due_on).days
        kind = debt.financing_kind.label
        key = sm3_hex(f"{debt.contract_no}|{kind}|{debt.due_on}".encode())[:16]
        lines = (Line(f"{kind}（{debt.contract_no}）", "", f"{debt.amount:,.2f}元，{debt.due_on}到期"),)
        about = f"{kind}（{debt.contract_no}，{debt.amount:,.2f}元）"
        if late > 0:
            grade = AlertGrade.RED if late >= red else AlertGrade.YELLOW
            words = f"{about}已于{debt.due_on}到期，逾期{late}天。"
            yield Sign(grade, "融资逾期", words, lines, threshold, key)
        elif -late <= days:
            words = f"{about}将于{debt.due_on}到期，还有{-late}天。"
            yield Sign(AlertGrade.BLUE, "融资即将到期", words, lines, threshold, key, debt.due_on)


def contributions_are_paid(facts: WatchFacts) -> Iterator[Sign]:
    """SUB-15: what holders have not paid, by the day the law or their own promise sets."""
    if facts.now is None:
        return
    days = facts.thresholds.integer(CONTRIBUTION_DAYS)
    found: list[tuple[date, Line]] = []
    for holder in facts.now.holders:
        owed = holder.subscribed - (holder.paid or Decimal(0))
        due = _due(facts, facts.now, holder)
        if holder.paid is not None and owed > 0 and due is not None and due <= facts.today + timedelta(days=days):
            found.append((due, Line(f"股东{holder.name}未缴出资", f"期限{due}", f"{owed:,.2f}元")))
    if not found:
        return
    first = min(due for due, _ in found)
    threshold = f"到期前{days}天提示，逾期警示"
    lines = [line for _, line in found]
    if first < facts.today:
        words = f"有{len(found)}名股东的认缴出资未缴足，最早应于{first}缴足，已逾期{(facts.today - first).days}天。"
        yield Sign(AlertGrade.YELLOW, "认缴出资逾期未缴足", words, lines, threshold)
    else:
        words = f"有{len(found)}名股东的认缴出资未缴足，最早应于{first}缴足，还有{(first - facts.today).days}天。"
        yield Sign(AlertGrade.BLUE, "认缴出资即将到期", words, lines, threshold, due_on=first)


def _due(facts: WatchFacts, company: CompanyProfile, holder: RegisteredHolder) -> date | None:
    """The earlier of what the holder promised and what the law allows: five years from the founding, and of a company
    older than the law the day by which it has to have shortened a longer term."""
    years = facts.thresholds.integer(CONTRIBUTION_YEARS)
    founded = company.established_on or facts.company.row.established_on
    if founded is None:
        return holder.due_on
    if founded >= facts.thresholds.day(CONTRIBUTION_FROM):
        limit = years_later(founded, years)
        return limit if holder.due_on is None else min(limit, holder.due_on)
    adjust = facts.thresholds.day(CONTRIBUTION_ADJUST)
    if holder.due_on is None or holder.due_on > years_later(adjust, years):
        return adjust
    return holder.due_on
