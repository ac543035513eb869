"""Registry data of a company compared with the answer before: SUB-07 to SUB-12, SUB-16."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeVar

from models.alerts import AlertGrade
from models.working_days import calendar
from services.alerts.signs import Line, Sign
from services.monitoring.rules.days import months_back
from services.monitoring.watched import WatchFacts
from services.ports.registry import CompanyProfile, RegisteredHolder

REPRESENTATIVE_MONTHS, CONTROL_PERCENT = "monitoring.representative_months", "monitoring.control_percent"
REGISTER_DAYS, PUBLISH_DAYS = "monitoring.register_days", "monitoring.publish_days"
PLEDGE_YELLOW, PLEDGE_RED = "monitoring.pledge_yellow", "monitoring.pledge_red"
CAPITAL_RED, HOLDING_PERCENT = "monitoring.capital_red", "monitoring.holding_percent"
REPRESENTATIVE = "法定代表人"
EXISTING = "存续"
#: How grave it is that a company is no longer in existence as usual; moved away is graded like being at rest.
_BY_STATUS = {"歇业": AlertGrade.YELLOW, "迁出": AlertGrade.YELLOW}
LISTINGS = {"ABNORMAL": "经营异常名录", "GRAVE": "严重违法失信名单"}
_SMALLEST = Decimal("0.0001")
_PLACES = Decimal("0.01")
Key = TypeVar("Key")
Value = TypeVar("Value")


def representative_stands(facts: WatchFacts) -> Iterator[Sign]:
    """SUB-07: another representative; grave when it is the second within a year."""
    was, now = facts.before("SUB-07"), facts.now
    if was is None or now is None or was.legal_rep == now.legal_rep:
        return
    months = facts.thresholds.integer(REPRESENTATIVE_MONTHS)
    since = months_back(facts.today, months)
    entered = [one for one in now.changes if REPRESENTATIVE in one.item and since <= one.changed_on <= facts.today]
    times = max(len(entered), sum(since <= day <= facts.today for day in facts.representative_days), 1)
    words = f"法定代表人由“{was.legal_rep or '（空）'}”变更为“{now.legal_rep or '（空）'}”。"
    again = times >= 2
    if again:
        words += f"{months}个月内第{times}次变更。"
    yield Sign(
        AlertGrade.RED if again else AlertGrade.YELLOW,
        f"法定代表人{months}个月内再次变更" if again else "法定代表人变更",
        words,
        (Line(REPRESENTATIVE, was.legal_rep, now.legal_rep),),
        f"任何变更为警示，{months}个月内再次变更为严重",
    )


def holders_stand(facts: WatchFacts) -> Iterator[Sign]:
    """SUB-08: changed holders or shares; grave when the majority holder or actual controller changed."""
    was, now = facts.before("SUB-08"), facts.now
    if was is None or now is None:
        return
    lines = list(_moved(_by_identity(was), _by_identity(now)))
    controller = bool(was.actual_controller) and was.actual_controller != now.actual_controller
    if controller:
        lines.append(Line("实际控制人", was.actual_controller, now.actual_controller))
    if not lines:
        return
    more = facts.thresholds.decimal(CONTROL_PERCENT)
    lost, won = _controlling(was, more), _controlling(now, more)
    control = controller or (lost and lost.identity) != (won and won.identity)
    words = "股东或持股比例发生变更：" + "；".join(f"{one.label}由{one.old}变为{one.new}" for one in lines) + "。"
    if control:
        words += _of_control(lost, won, more) if not controller else "实际控制人发生变更。"
    yield Sign(
        AlertGrade.RED if control else AlertGrade.YELLOW,
        "控股股东或实际控制人变更" if control else "股东或持股比例变更",
        words,
        lines,
        f"任何变更为警示，持股超过{more:f}%的控股股东或实际控制人变更为严重",
    )


def _by_identity(profile: CompanyProfile) -> Mapping[str, RegisteredHolder]:
    return {holder.identity: holder for holder in profile.owners}


def _moved(was: Mapping[str, RegisteredHolder], now: Mapping[str, RegisteredHolder]) -> Iterator[Line]:
    for _, before, after in paired(was, now):
        old, new = before.ratio if before else None, after.ratio if after else None
        if old is None or new is None or abs(old - new) >= _SMALLEST:
            named = after or before
            assert named is not None
            yield Line(f"股东{named.name}", _share(old), _share(new))


def paired(was: Mapping[Key, Value], now: Mapping[Key, Value]) -> Iterator[tuple[Key, Value | None, Value | None]]:
    """Yield the earlier and the present value of each key, in the order of the earlier ones."""
    for key in [*was, *(key for key in now if key not in was)]:
        yield key, was.get(key), now.get(key)


def _share(ratio: Decimal | None) -> str:
    return "无" if ratio is None else f"{ratio.normalize():f}%"


def _controlling(profile: CompanyProfile, more: Decimal) -> RegisteredHolder | None:
    return next((holder for holder in profile.owners if holder.ratio > more), None)


def _of_control(lost: RegisteredHolder | None, won: RegisteredHolder | None, more: Decimal) -> str:
    if lost and won:
        return f"控股股东由{lost.name}变为{won.name}。"
    if lost:
        return f"{lost.name}持股不再超过{more:f}%，失去控股地位。"
    return f"{won.name if won else ''}持股超过{more:f}%，成为控股股东。"


def changes_are_in_time(facts: WatchFacts) -> Iterator[Sign]:
    """SUB-09: each change entered or made public too late, since we watch."""
    if facts.now is None:
        return
    register, publish = facts.thresholds.integer(REGISTER_DAYS), facts.thresholds.integer(PUBLISH_DAYS)
    threshold = f"决议后{register}天内登记，登记后{publish}个工作日内公示"
    for one in facts.now.changes:
        if one.number in facts.known_changes:
            continue
        words = []
        if one.decided_on is not None and (one.changed_on - one.decided_on).days > register:
            words.append(f"决议后{(one.changed_on - one.decided_on).days}天才登记")
        last = calendar().add_working_days(one.changed_on, publish)
        if (one.published_on or facts.today) > last:
            words.append(f"{one.published_on}才公示" if one.published_on else "至今未公示")
        if words:
            lines = (
                Line(f"{one.item}（决议日期）", "", _day(one.decided_on)),
                Line("登记日期", "", _day(one.changed_on)),
                Line("公示日期", "", _day(one.published_on)),
            )
            about = f"{one.item}：{'，'.join(words)}，超过规定期限。"
            yield Sign(AlertGrade.YELLOW, "变更登记或公示逾期", about, lines, threshold, one.number[:80])


def _day(day: date | None) -> str:
    return day.isoformat() if day else "无"


def shares_are_free(facts: WatchFacts) -> Iterator[Sign]:
    """SUB-10: a large part of the shares pledged, or any of them frozen by a court."""
    now = facts.now
    if now is None:
        return
    pledges = [one for one in now.pledges if one.until is None or one.until > facts.today]
    freezes = [one for one in now.freezes if one.until is None or one.until > facts.today]
    capital = now.registered_capital or sum((one.subscribed for one in now.holders), Decimal(0))
    share = sum((one.amount for one in pledges), Decimal(0)) / capital * 100 if capital else Decimal(0)
    yellow, red = facts.thresholds.decimal(PLEDGE_YELLOW), facts.thresholds.decimal(PLEDGE_RED)
    if not freezes and share < yellow:
        return
    lines = [Line(f"出质{one.number}（{one.pledgor}）", "", f"{one.amount:,.2f}元，{one.since}") for one in pledges]
    lines += [Line(f"冻结{one.number}（{one.court}）", "", f"{one.amount:,.2f}元，{one.since}") for one in freezes]
    words = f"已出质股权占注册资本{share.quantize(_PLACES)}%。" if pledges else ""
    if freezes:
        words += f"有{len(freezes)}项股权被司法冻结。"
    grave = bool(freezes) or share >= red
    yield Sign(
        AlertGrade.RED if grave else AlertGrade.YELLOW,
        "股权被司法冻结" if freezes else "股权出质比例过高",
        words,
        lines,
        f"出质达到{yellow:f}%为警示，达到{red:f}%或者被司法冻结为严重",
    )


def company_exists(facts: WatchFacts) -> Iterator[Sign]:
    """SUB-11: no longer in existence as usual, or listed for what it did."""
    now = facts.now
    if now is None:
        return
    threshold = "歇业、迁出为警示；清算、吊销、注销、撤销及列入异常或严重违法名单为严重"
    if now.status != EXISTING:
        grade = _BY_STATUS.get(now.status, AlertGrade.RED)
        was = facts.last.status if facts.last is not None else ""
        lines = (Line("登记状态", was if was != now.status else EXISTING, now.status),)
        yield Sign(grade, f"登记状态变为{now.status}", f"企业登记状态为“{now.status}”。", lines, threshold, "status")
    for kind, label in LISTINGS.items():
        standing = [one for one in now.listings if one.kind == kind and (one.until is None or one.until > facts.today)]
        if standing:
            entries = [Line(label, "", f"{one.since}：{one.reason}") for one in standing]
            yield Sign(AlertGrade.RED, f"被列入{label}", f"企业被列入{label}。", entries, threshold, kind.lower())


def capital_stands(facts: WatchFacts) -> Iterator[Sign]:
    """SUB-12: less registered capital than before; grave by a fifth, or below what its projects bind it to."""
    was, now = facts.before("SUB-12"), facts.now
    if was is None or now is None or was.registered_capital is None or now.registered_capital is None:
        return
    before, after = was.registered_capital, now.registered_capital
    if was.currency != now.currency or after >= before:
        return
    red = facts.thresholds.decimal(CAPITAL_RED)
    less = (before - after) / before * 100
    words = f"注册资本由{before:,.2f}元减至{after:,.2f}元，减少{less.quantize(_PLACES)}%。"
    below = after < facts.projects.capital_duty
    if below:
        words += f"低于项目资本金要求{facts.projects.capital_duty:,.2f}元。"
    yield Sign(
        AlertGrade.RED if below or less >= red else AlertGrade.YELLOW,
        "注册资本减少",
        words,
        (Line("注册资本", f"{before:,.2f}元", f"{after:,.2f}元"),),
        f"任何减少为警示，减少{red:f}%或者低于项目资本金为严重",
    )


def head_holds_its_share(facts: WatchFacts) -> Iterator[Sign]:
    """SUB-16: the head company holds less than when the land was won, or little and less than it reported."""
    head, row, now = facts.company.head, facts.company.row, facts.now
    if head is None or now is None or not now.holders:
        return
    held = sum((one.ratio for one in now.holders if _is_head(one, head.uscc, head.name)), Decimal(0))
    least, award = facts.thresholds.decimal(HOLDING_PERCENT), row.ratio_at_award
    below_award, fell = award is not None and held < award, held < row.holding_ratio
    if not below_award and not (fell and held < least):
        return
    lines = [Line(f"{head.name}持股", _share(row.holding_ratio), _share(held))]
    if award is not None:
        lines.append(Line("取得土地时持股", "", _share(award)))
    words = f"总公司持股比例由{_share(row.holding_ratio)}降至" if fell else "总公司持股比例为"
    words += _share(held)
    words += f"，低于取得土地时的{_share(award)}。" if below_award else f"，低于{least:f}%。"
    yield Sign(
        AlertGrade.RED if below_award else AlertGrade.YELLOW,
        "总公司持股比例下降",
        words,
        lines,
        f"低于{least:f}%为警示，低于取得土地时的比例为严重",
    )


def _is_head(holder: RegisteredHolder, uscc: str, name: str) -> bool:
    return holder.uscc == uscc if holder.uscc and uscc else holder.name == name
