"""T: term, rent and deposit (leasing 4.6)."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from models.house import HouseCategory
from models.rooms import ProjectKind
from models.tenancy_codes import DealKind, FilingWay, LeaseMode, LessorCapacity, PayCycle
from services.engine.findings import Severity
from services.engine.rule_declaration import Fault
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.predicates import days_of, last_day, longer_than_months, month_rent, number_of
from services.tenancy.rules.words import rule

_MONTHS_PAID = {PayCycle.MONTH: 1, PayCycle.QUARTER: 3, PayCycle.HALF: 6, PayCycle.YEAR: 12}
#: Intermediaries, who only bring the two together, under the names forms and partners use.
_GO_BETWEENS = frozenset({"BROKER", "BROKERAGE", "PLATFORM", "INFO_PLATFORM"})


def _term(facts: FilingFacts) -> tuple[date, date] | None:
    """First and last day, when both are there and in order."""
    start, end = facts.form.start, facts.form.end
    return (start, end) if start is not None and end is not None and start <= end else None


@rule("T01", Severity.CORRECT)
def term_has_a_start_and_a_later_end(facts: FilingFacts) -> Iterator[Fault]:
    start, end = facts.form.start, facts.form.end
    if start is None:
        yield Fault("start", found="未填写起始日期")
    if end is None:
        yield Fault("end", found="未填写终止日期")
    if start is not None and end is not None and end <= start:
        yield Fault(
            "end", found=f"{start.isoformat()}至{end.isoformat()}", message="租赁终止日期应晚于起始日期，请核对"
        )


@rule("T02", Severity.CORRECT)
def term_is_within_the_legal_limit(facts: FilingFacts) -> Iterator[Fault]:
    years = facts.thresholds.integer("lease.max_years")
    if (term := _term(facts)) and longer_than_months(*term, 12 * years):
        yield Fault("end", found=term[1].isoformat(), message=f"租赁期限不得超过{years}年")


@rule("T03", Severity.REFUSE)
def term_is_no_short_let(facts: FilingFacts) -> Iterator[Fault]:
    least = facts.thresholds.integer("filing.min_days")
    if (term := _term(facts)) and (days := days_of(*term)) < least:
        yield Fault("end", found=f"租期{days}日", message=f"租期不足{least}日的短租不在本事项办理")


@rule("T04", Severity.WARN)
def term_fits_one_filing(facts: FilingFacts) -> Iterator[Fault]:
    months = facts.thresholds.integer("filing.max_months")
    if (term := _term(facts)) and longer_than_months(*term, months):
        words = f"{months // 12}年" if months % 12 == 0 else f"{months}个月"
        yield Fault("end", found=term[1].isoformat(), message=f"备案有效期最长{words}，到期后请重新备案")


@rule("T05", Severity.WARN)
def contract_is_filed_in_time(facts: FilingFacts) -> Iterator[Fault]:
    signed, days = facts.form.signed_on, facts.thresholds.integer("filing.deadline_days")
    if signed is not None and signed + timedelta(days=days) < facts.today:
        yield Fault("signed_on", found=signed.isoformat(), message=f"已超过签订后{days}日的备案期限，请尽快办理")


@rule("T06", Severity.WARN)
def rent_is_near_the_reference(facts: FilingFacts) -> Iterator[Fault]:
    rent = month_rent(facts.form)
    if facts.form.rent is None or facts.form.rent <= 0:
        # Without a rent there is no lease to file; far from the reference is only worth a look.
        yield Fault("rent", message="请填写租金，租金应大于零", severity=Severity.CORRECT)
        return
    area = facts.form.leased_area
    if area is None and facts.form.mode is LeaseMode.WHOLE:
        area = facts.house.build_area if facts.house is not None else facts.form.house.build_area
    if rent is None or not area or facts.reference_rent is None:
        return
    usual = facts.reference_rent * area
    low, high = (facts.thresholds.decimal(key) for key in ("rent.low_factor", "rent.high_factor"))
    if not low * usual <= rent <= high * usual:
        yield Fault("rent", found=f"月租金{rent:,.2f}元", evidence={"reference": str(usual)})


@rule("T07", Severity.CORRECT)
def deposit_is_agreed_in_full(facts: FilingFacts) -> Iterator[Fault]:
    form = facts.form
    spoken_of = form.deposit_return_days is not None or bool(form.deposit_deduct_rule.strip())
    if form.deposit is None:
        if spoken_of:
            yield Fault("deposit", found="未写明押金数额")
        return
    if form.deposit < 0:
        yield Fault("deposit", found=f"{form.deposit:,.2f}元")
    if form.deposit > 0:
        if form.deposit_return_days is None:
            yield Fault("deposit_return_days", found="未写明返还时间")
        if not form.deposit_deduct_rule.strip():
            yield Fault("deposit_deduct_rule", found="未写明扣减情形")


@rule("T08", Severity.WARN)
def deposit_is_usual(facts: FilingFacts) -> Iterator[Fault]:
    months = facts.thresholds.integer("deposit.default_max_months")
    if _deposit_exceeds(facts, months):
        words = "" if months == 2 else f"押金超过{months}个月租金，请确认双方约定"
        yield Fault("deposit", found=f"押金{facts.form.deposit:,.2f}元", message=words)


def _deposit_exceeds(facts: FilingFacts, months: int) -> bool:
    rent, deposit = month_rent(facts.form), facts.form.deposit
    return rent is not None and deposit is not None and deposit > months * rent


def _months_paid_at_once(facts: FilingFacts) -> Decimal:
    form = facts.form
    if form.pay_cycle is not PayCycle.ONCE:
        return Decimal(max(form.pay_months, _MONTHS_PAID[form.pay_cycle]))
    if (term := _term(facts)) is None:
        return Decimal(form.pay_months)
    # The whole term at once: its months, a begun one counted as one.
    months = 1
    while longer_than_months(*term, months):
        months += 1
    return Decimal(max(form.pay_months, months))


@rule("T09", Severity.CORRECT)
def excess_money_goes_to_a_supervised_account(facts: FilingFacts) -> Iterator[Fault]:
    form, firm = facts.form, facts.enterprise
    if firm is None or not firm.rents_from_individuals or form.deal is not DealKind.ENTERPRISE:
        return
    much_rent = _months_paid_at_once(facts) > facts.thresholds.integer("funds.supervised_rent_months")
    much_deposit = _deposit_exceeds(facts, facts.thresholds.integer("funds.supervised_deposit_months"))
    if (much_rent or much_deposit) and not form.supervised_account.strip():
        yield Fault("supervised_account", found="未填写监管账户")


@rule("T10", Severity.REFUSE)
def affordable_lease_keeps_its_limits(facts: FilingFacts) -> Iterator[Fault]:
    if not _affordable(facts):
        return
    form, thresholds = facts.form, facts.thresholds
    if _deposit_exceeds(facts, thresholds.integer("affordable.deposit_months")):
        yield Fault("deposit", found=f"押金{form.deposit:,.2f}元")
    if _months_paid_at_once(facts) > _MONTHS_PAID[PayCycle.QUARTER]:
        yield Fault("pay_cycle", found=form.pay_cycle.label)
    rent, filed = month_rent(form), facts.project.filed_month_price if facts.project else None
    if form.way is FilingWay.REFILE and facts.project is not None and filed is None:
        yield Fault("rent", found="租金备案已失效")
    if rent is not None and filed is not None and rent > filed:
        yield Fault("rent", found=f"备案租金{filed:,.2f}元／月")
    if (term := _term(facts)) is None:
        return
    start, end = term
    shortest, longest = thresholds.integer("affordable.min_years"), thresholds.integer("affordable.max_years")
    if end < last_day(start, 12 * shortest) and not form.short_term_by_tenant:
        yield Fault("end", found=f"租期不足{shortest}年")
    if longer_than_months(start, end, 12 * longest):
        yield Fault("end", found=f"租期超过{longest}年")


def _affordable(facts: FilingFacts) -> bool:
    categories = {facts.form.house.category}
    if facts.house is not None:
        categories.add(facts.house.category)
    kind = facts.project.kind if facts.project is not None else None
    return kind is ProjectKind.AFFORDABLE or HouseCategory.AFFORDABLE in categories


@rule("T11", Severity.WARN)
def rent_changes_once_a_year_at_most(facts: FilingFacts) -> Iterator[Fault]:
    if facts.form.rent_changes_a_year > 1 and not facts.form.rent_change_agreed:
        yield Fault("rent_changes_a_year", found=f"一年调整{facts.form.rent_changes_a_year}次")


def _sublet(facts: FilingFacts) -> bool:
    return facts.form.deal is DealKind.SUBLET or facts.form.lessor_capacity is LessorCapacity.SUBLESSOR


@rule("T12", Severity.CORRECT)
def sublease_has_the_owners_consent(facts: FilingFacts) -> Iterator[Fault]:
    if _sublet(facts) and not facts.form.head_lease_consent:
        yield Fault("head_lease_consent", found="未提交书面同意")


@rule("T13", Severity.CORRECT)
def sublease_ends_within_the_head_lease(facts: FilingFacts) -> Iterator[Fault]:
    if not _sublet(facts):
        return
    form = facts.form
    lessors = {number_of(party.id_no) for party in form.lessors}
    recorded = [
        filing.contract_end
        for filing in facts.filings
        if filing.contract_end is not None and lessors & {number_of(number) for number in filing.lessee_ids}
    ]
    # Of several head leases on record the latest is the one that may still run.
    ends = [end for end in (form.head_lease_end, max(recorded, default=None)) if end is not None]
    if not ends:
        yield Fault("head_lease_end", found="未填写", message="请填写原租赁合同的到期日")
    elif form.end is not None and form.end > min(ends):
        yield Fault("end", found=form.end.isoformat())


@rule("T14", Severity.WARN)
def handover_lies_within_the_term(facts: FilingFacts) -> Iterator[Fault]:
    handover, term = facts.form.handover_on, _term(facts)
    if handover is None or term is None:
        return
    early = timedelta(days=facts.thresholds.integer("handover.tolerance_days"))
    if not term[0] - early <= handover <= term[1]:
        yield Fault("handover_on", found=handover.isoformat())


@rule("T15", Severity.CORRECT)
def go_betweens_take_no_money(facts: FilingFacts) -> Iterator[Fault]:
    if facts.form.payee in _GO_BETWEENS:
        yield Fault("payee", found="收款方为经纪机构或网络平台")
    if facts.form.deposit_custody in _GO_BETWEENS:
        yield Fault("deposit_custody", found="押金由经纪机构或网络平台保管")


@rule("T16", Severity.CORRECT)
def lease_has_been_signed(facts: FilingFacts) -> Iterator[Fault]:
    if facts.form.signed_on is not None and facts.form.signed_on > facts.today:
        yield Fault("signed_on", found=facts.form.signed_on.isoformat())
