"""G01-G09, G13-G15: what a mandate, a bill and a firm's request must fulfil (leasing 4.12); pure."""

from collections.abc import Iterator
from pathlib import Path

from models.direct_pay_codes import BINDING, LEASE_IS_OVER
from models.normal import normal
from models.tenancy_codes import FilingState
from services.direct_pay.facts import BillFacts, MandateFacts, TerminationFacts
from services.direct_pay.rent import last_month, month_of, rent_between
from services.engine.findings import Rule, Severity
from services.engine.rule_declaration import Catalogue, Fault
from services.engine.switches import switch_each
from services.tenancy.rules.words import CATALOGUE as TENANCY

CATALOGUE = Catalogue(Path(__file__).with_name("rules.toml"), known=TENANCY)


# Mandates


@CATALOGUE.rule("G01", Severity.REFUSE)
def filing_counts(facts: MandateFacts) -> Iterator[Fault]:
    if facts.filing is None or facts.filing_state is not FilingState.ACTIVE:
        yield Fault("filing_no")
    elif facts.order.contract_no and facts.order.contract_no != facts.contract_no:
        yield Fault("contract_no", message="备案无效或已终止：合同编号与备案不符")


@CATALOGUE.rule("G02", Severity.REFUSE)
def tenant_is_the_filings(facts: MandateFacts) -> Iterator[Fault]:
    order = facts.order
    if facts.filing is None:
        return
    # The spouse counts only as the fund names him: who signs for his spouse names the tenant of the lease.
    name, number = (order.spouse, order.spouse_id_no) if order.by_spouse else (order.tenant, order.tenant_id_no)
    if (normal("name", name), normal("id_no", number)) not in facts.tenants:
        yield Fault("spouse_id_no" if order.by_spouse else "tenant_id_no")


@CATALOGUE.rule("G03", Severity.REFUSE)
def firm_is_in_the_pilot(facts: MandateFacts) -> Iterator[Fault]:
    if facts.filing is None:
        return
    if facts.order.enterprise_uscc != facts.enterprise_uscc:
        yield Fault("enterprise_uscc", message="不在试点范围：企业不是该备案的经营企业")
    elif not facts.in_pilot:
        yield Fault("enterprise_uscc")


@CATALOGUE.rule("G04", Severity.REFUSE)
def household_has_no_other_mandate(facts: MandateFacts) -> Iterator[Fault]:
    this_month = month_of(facts.today)
    for other in facts.others:
        last = last_month(other)
        running = other.state in BINDING and last >= this_month
        overlapping = other.draw_from <= facts.order.draw_to and facts.order.draw_from <= last
        if running or overlapping:
            yield Fault("entrust_no")
            return


@CATALOGUE.rule("G05", Severity.REFUSE)
def months_lie_inside_the_filing(facts: MandateFacts) -> Iterator[Fault]:
    order = facts.order
    if order.draw_from > order.draw_to:
        yield Fault("draw_from", message="委托期间超出备案有效期：起始月晚于终止月")
    elif facts.filing is not None and not (
        month_of(facts.filing.valid_from) <= order.draw_from and order.draw_to <= month_of(facts.filing.valid_to)
    ):
        yield Fault("draw_to")


@CATALOGUE.rule("G06", Severity.REFUSE)
def payee_is_the_firms_account(facts: MandateFacts) -> Iterator[Fault]:
    if facts.filing is None:
        return
    if not facts.account or normal("acct", facts.order.payee_account) != facts.account:
        yield Fault("payee_account")


@CATALOGUE.rule("G15", Severity.REFUSE)
def firm_is_in_service(facts: MandateFacts) -> Iterator[Fault]:
    if facts.suspended:
        yield Fault("enterprise_uscc")


@CATALOGUE.rule("G08", Severity.REFUSE)
def mandate_is_not_above_the_filing(facts: MandateFacts) -> Iterator[Fault]:
    if facts.filing is None:
        return
    most = facts.filing.month_rent + facts.thresholds.decimal("direct_pay.tolerance")
    if not 0 < facts.order.monthly_rent <= most:
        yield Fault("monthly_rent", message="委托月租金与备案租金不符：不得高于备案月租金")


# Bills


@CATALOGUE.rule("G01", Severity.REFUSE)
def bill_filing_counts(facts: BillFacts) -> Iterator[Fault]:
    if facts.known and facts.filing_state in {FilingState.FROZEN, FilingState.REVOKED}:
        yield Fault("entrust_no")


@CATALOGUE.rule("G14", Severity.REFUSE)
def mandate_is_the_firms(facts: BillFacts) -> Iterator[Fault]:
    if not facts.known:
        yield Fault("entrust_no", message="没有查到该委托")


@CATALOGUE.rule("G07", Severity.REFUSE)
def period_is_free(facts: BillFacts) -> Iterator[Fault]:
    bill = facts.bill
    if not facts.known:
        return
    if facts.number_taken:
        yield Fault("bill_no", message="账期重复或超出租期：该账单编号已使用，请用新编号报送")
    if bill.period_start > bill.period_end:
        yield Fault("period_end", message="账期重复或超出租期：账期止日早于起日")
        return
    if facts.ended_on is not None and bill.period_end > facts.ended_on:
        yield Fault("period_end", message=f"账期重复或超出租期：只能收取至 {facts.ended_on:%Y-%m-%d}")
    elif bill.period_start < facts.first or bill.period_end > facts.last:
        yield Fault(
            "period_start",
            message=f"账期重复或超出租期：可出账期间为 {facts.first:%Y-%m-%d} 至 {facts.last:%Y-%m-%d}",
        )
    if bill.period_end > facts.longest:
        yield Fault("period_end", message="账期重复或超出租期：账期长于委托约定的提取周期")
    at_an_end = bill.period_start == facts.first or bill.period_end == facts.last
    if facts.whole_cycle and bill.period_end < facts.longest and not at_an_end:
        yield Fault("period_end", message="账期重复或超出租期：按季提取的账期应为三个月，首末期除外")
    if facts.why_not_corrected:
        yield Fault("corrects", message=f"账期重复或超出租期：{facts.why_not_corrected}")
    first = facts.corrected
    if first is not None and not (first.period_start <= bill.period_start and bill.period_end <= first.period_end):
        yield Fault("period_start", message=f"账期重复或超出租期：更正的账期应在账单 {first.bill_no} 的账期之内")
    # A period is freed once: what already replaces the first bill lies in its period.
    begins, ends = (first.period_start, first.period_end) if first else (bill.period_start, bill.period_end)
    taken = [
        one.bill_no
        for one in facts.standing
        if one is not first and one.period_start <= ends and begins <= one.period_end
    ]
    if taken:
        yield Fault("period_start", message=f"账期重复或超出租期：与账单 {taken[0]} 的账期重叠")
    elif first is not None:
        yield Fault("corrects", message=f"更正未支付的账单 {first.bill_no}", severity=Severity.WARN)


@CATALOGUE.rule("G08", Severity.REFUSE)
def rent_is_the_contracts(facts: BillFacts) -> Iterator[Fault]:
    bill = facts.bill
    if not facts.known or bill.period_start > bill.period_end:
        return
    most = rent_between(facts.month_rent, facts.lease_start, bill.period_start, bill.period_end)
    slack = facts.thresholds.decimal("direct_pay.tolerance")
    if bill.rent_fee <= 0:
        yield Fault("rent_fee", message="账单金额与备案租金不符：租金应大于零")
    elif bill.rent_fee > most + slack:
        yield Fault("rent_fee", message=f"账单金额与备案租金不符：该账期租金不得高于 {most:,.2f} 元")
    elif facts.billed + bill.rent_fee > facts.lease_rent + slack:
        left = max(facts.lease_rent - facts.billed, 0)
        yield Fault("rent_fee", message=f"账单金额与备案租金不符：该合同尚可收取租金 {left:,.2f} 元")


@CATALOGUE.rule("G09", Severity.REFUSE)
def only_rent_is_payable(facts: BillFacts) -> Iterator[Fault]:
    bill = facts.bill
    if bill.total_amount != bill.rent_fee:
        yield Fault("total_amount", message="仅可支付租金：应付合计应等于租金，押金和其他费用不计入")


# Requests of a firm


@CATALOGUE.rule("G13", Severity.REFUSE)
def firm_may_end(facts: TerminationFacts) -> Iterator[Fault]:
    order = facts.order
    if facts.number_taken:
        yield Fault("term_no", message="该终止编号已使用，请用新编号报送")
    if not facts.key_valid:
        yield Fault("key_serial", message="企业身份或合同状态不符：企业密钥已过期或无效，请更换密钥后再确认")
    if facts.mandate_ended:
        yield Fault("entrust_no", message="企业身份或合同状态不符：该委托已终止")
    for one in facts.under_way:
        yield Fault("entrust_no", message=f"该委托已有终止申请 {one.term_no}（{one.state.label}），不能重复提交")
    if order.reason in LEASE_IS_OVER and not facts.lease_over:
        yield Fault("reason", message="企业身份或合同状态不符：合同仍在履行，请先办理备案注销，再申请终止直付")
    if order.reason not in LEASE_IS_OVER:
        if order.reason_on is None:
            yield Fault("reason_on", message="企业身份或合同状态不符：请填写事由发生日期")
        elif order.reason_on > facts.today:
            yield Fault("reason_on", message="企业身份或合同状态不符：事由发生日期不能晚于今天")
    if order.effective_month < month_of(facts.today):
        yield Fault("effective_month", message="停止提取月不能早于本月")
    elif order.effective_month > max(facts.draw_to, month_of(facts.today)):
        yield Fault("effective_month", message=f"停止提取月不能晚于委托的提取终止月 {facts.draw_to}")


MANDATE_RULES: tuple[Rule[MandateFacts], ...] = (
    filing_counts,
    tenant_is_the_filings,
    firm_is_in_the_pilot,
    household_has_no_other_mandate,
    months_lie_inside_the_filing,
    payee_is_the_firms_account,
    mandate_is_not_above_the_filing,
    firm_is_in_service,
)

BILL_RULES: tuple[Rule[BillFacts], ...] = (
    bill_filing_counts,
    mandate_is_the_firms,
    period_is_free,
    rent_is_the_contracts,
    only_rent_is_payable,
)

TERMINATION_RULES: tuple[Rule[TerminationFacts], ...] = (firm_may_end,)

switch_each((*MANDATE_RULES, *BILL_RULES, *TERMINATION_RULES))
