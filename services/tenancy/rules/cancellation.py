"""C: a contract and its filing may be cancelled (leasing 4.8)."""

from collections.abc import Iterator
from datetime import timedelta

from models.tenancy_codes import CancelMode, ContractState, FilingState
from models.working_days import months_later
from services.engine.findings import Severity
from services.engine.rule_declaration import Fault
from services.tenancy.filing_facts import CancelFacts
from services.tenancy.predicates import number_of
from services.tenancy.rules.words import rule

_NEVER_FILED = frozenset({ContractState.SIGNED, ContractState.CONFIRMED})


def _sides(facts: CancelFacts) -> tuple[bool, bool]:
    """Return whether a landlord and whether a tenant applies, in person or by an agent."""
    asking = {number_of(number) for number in (*facts.applicants, *facts.principals) if number}
    return (
        not asking.isdisjoint(number_of(number) for number in facts.lessors),
        not asking.isdisjoint(number_of(number) for number in facts.lessees),
    )


@rule("C01", Severity.REFUSE)
def applicant_is_a_party(facts: CancelFacts) -> Iterator[Fault]:
    if facts.mode is CancelMode.SYSTEM:
        return
    if facts.mode is CancelMode.COURT:
        if not facts.court_paper:
            yield Fault("court_paper", found="未提交生效文书")
        return
    known = {number_of(number) for number in (*facts.lessors, *facts.lessees)}
    strangers = [number for number in facts.applicants if number_of(number) not in known]
    # An agent is no party, but acts for those whose mandate he brings.
    stand_for = any(number_of(number) in known for number in facts.principals)
    if (strangers and not stand_for) or not any(_sides(facts)):
        yield Fault("applicants")
    if facts.unseen:
        yield Fault(
            "applicants", found=f"{len(facts.unseen)}人未核对证件", message="请读取到场申请人的证件，或者核对原件"
        )


@rule("C02", Severity.REFUSE)
def filing_is_active(facts: CancelFacts) -> Iterator[Fault]:
    # A frozen filing is C07's: it is not over.
    if facts.filing_state in (FilingState.ACTIVE, FilingState.FROZEN):
        return
    if facts.filing_state is None:
        if facts.contract_state not in _NEVER_FILED:
            yield Fault("filing", found=facts.contract_state.label, message="该合同没有有效备案，无需注销")
        return
    yield Fault("filing", found=facts.filing_state.label)


@rule("C03", Severity.CORRECT)
def one_sided_application_has_a_commitment(facts: CancelFacts) -> Iterator[Fault]:
    one_sided = facts.mode is CancelMode.ONE or (facts.mode is CancelMode.BOTH and not all(_sides(facts)))
    if one_sided and not facts.commitment:
        yield Fault("commitment", found="未提交书面承诺")


@rule("C04", Severity.WARN)
def direct_rent_does_not_run(facts: CancelFacts) -> Iterator[Fault]:
    if facts.direct_rent:
        yield Fault("filing", found="公积金直付房租执行中", evidence={"notify": "fund"})


@rule("C05", Severity.CORRECT)
def termination_lies_within_the_term(facts: CancelFacts) -> Iterator[Fault]:
    day = facts.terminated_on
    if day is None:
        yield Fault("terminated_on", found="未填写", message="请填写合同终止日期")
        return
    ahead = facts.thresholds.integer("cancel.ahead_days")
    if not facts.start <= day <= facts.end:
        yield Fault("terminated_on", found=day.isoformat(), message="终止日期不正确：应在租赁期限内")
    elif day > facts.today + timedelta(days=ahead):
        yield Fault("terminated_on", found=day.isoformat(), message=f"终止日期不正确：不能晚于今天之后{ahead}日")


@rule("C06", Severity.INTERCEPT)
def other_side_has_not_objected(facts: CancelFacts) -> Iterator[Fault]:
    if facts.objection_open:
        yield Fault("filing", found="异议处理中")


@rule("C07", Severity.REFUSE)
def filing_is_not_frozen(facts: CancelFacts) -> Iterator[Fault]:
    if facts.filing_state is FilingState.FROZEN:
        yield Fault("filing", found=FilingState.FROZEN.label)


@rule("C08", Severity.WARN)
def part_may_be_filed_again_at_once(facts: CancelFacts) -> Iterator[Fault]:
    """Warn the applicant that a new filing of the part will meet F02; refuses nothing here."""
    thresholds = facts.thresholds
    if facts.filed_on is None or not thresholds.flag("filing.interval_on"):
        return
    if facts.central and not thresholds.flag("filing.interval_central"):
        return
    free_on = months_later(facts.filed_on, thresholds.integer("filing.interval_months"))
    if facts.today < free_on:
        yield Fault("filing", found=f"备案日期{facts.filed_on.isoformat()}，{free_on.isoformat()}起不受间隔限制")
