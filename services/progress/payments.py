"""工程款 (row 71): a record for a construction permit and month; sums follow the month before (CON-10, CON-13 to CON-15)."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.construction import ConstructionPermit
from models.land_codes import ProjectStage
from models.normal import normal_number
from models.progress import EngineeringPayment
from models.records import InForceState, Revision
from services.engine.cycle import kept
from services.engine.door import Gathering
from services.engine.findings import Severity
from services.engine.kinds import Effects, Facts, Given, Kind, Look, Owner, Prefill, Proposal, Slot, Stage, Ties
from services.engine.periodic import Monthly, month_after
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT, MISSING, shown
from services.engine.work import Work
from services.ports.answers import Answer, hit, miss
from services.projects.ownership import PROJECT_NEED, of_project
from services.projects.stages import in_project

PERMIT, BEFORE, LATER = "permit", "payment_before", "payments_later"
SUM_TOLERANCE, PAID_OVER = "progress.sum_tolerance", "progress.paid_over"
SUMS = (("output_value", "产值"), ("payable", "应付"), ("paid", "实付"))
_CARRIED = ("contractor", "contract_amount", "output_value_cum", "payable_cum", "paid_cum", "payment_guarantee_no")
_LAST = "上期填报"
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class SeenPayment:
    """Another month's payment in force: its month and its sums."""

    period: str
    number: str
    sums: Mapping[str, Decimal]
    parts: Mapping[str, Decimal]

    @classmethod
    def of(cls, row: EngineeringPayment) -> "SeenPayment":
        sums = {name: getattr(row, f"{name}_cum") for name, _ in SUMS}
        return cls(row.period, row.record_no, sums, {name: getattr(row, f"{name}_period") for name, _ in SUMS})


def payments_of(work: Work, permit_id: UUID | None) -> Sequence[EngineeringPayment]:
    """Return the payments in force of a permit by month."""
    return work.in_force(
        EngineeringPayment, EngineeringPayment.construction_permit_id == permit_id, by=EngineeringPayment.period
    )


def look(work: Work, payment: Proposal) -> Mapping[str, Any]:
    """Look up the permit, the month before and the months after."""
    permit = work.first(
        ConstructionPermit,
        ConstructionPermit.id == payment["construction_permit_id"],
        ConstructionPermit.project_id == payment.owner.project_id,
        ConstructionPermit.in_force == InForceState.EFFECTIVE,
    )
    month = payment["period"] or ""
    others = [row for row in payments_of(work, permit.id if permit else None) if row.id != payment.record_id]
    seen = [SeenPayment.of(row) for row in others]
    return {
        PERMIT: permit.contract_amount if permit is not None else None,
        BEFORE: next((one for one in reversed(seen) if one.period < month), None),
        LATER: [one for one in seen if one.period > month],
    }


@rule(FORMAT, "施工许可证属于本项目", Severity.REFUSE, "该施工许可证不属于本项目或未生效")
def permit_is_of_the_project(payment: Proposal) -> Iterator[Fault]:
    if payment["construction_permit_id"] and payment.found.get(PERMIT) is None:
        yield Fault("construction_permit_id")


@rule("CON-10", "月份连续，累计等于上期累计加本月", Severity.REFUSE, "累计金额不等于上期累计加本月")
def sums_follow_the_month_before(payment: Proposal) -> Iterator[Fault]:
    before: SeenPayment | None = payment.found.get(BEFORE)
    tolerance = payment.thresholds.decimal(SUM_TOLERANCE)
    if before is not None and payment["period"] and payment["period"] != month_after(before.period):
        yield Fault("period", f"上一期是{before.period}（{before.number}），中间月份尚未填报，请按月依次填报")
        return
    for name, label in SUMS:
        period, cum = payment[f"{name}_period"], payment[f"{name}_cum"]
        if period is None or cum is None:
            continue
        due = (before.sums[name] if before is not None else Decimal(0)) + period
        # What was done before the first month reported here is known from the sum alone.
        if before is None and cum >= period:
            continue
        if abs(cum - due) > tolerance:
            yield Fault(f"{name}_cum", f"累计{label}应为{shown(due)}元，填写{shown(cum)}元，请核对")


@rule("CON-10", "更正后各后续月份", Severity.WARN, "后续月份的累计与更正后的数不连续")
def later_months_still_follow(payment: Proposal) -> Iterator[Fault]:
    later: Sequence[SeenPayment] = payment.found.get(LATER) or ()
    if not later or payment.before is None:
        return
    sums = {name: payment[f"{name}_cum"] for name, _ in SUMS}
    broken = []
    for one in later:
        for name, label in SUMS:
            due = (sums[name] or Decimal(0)) + one.parts[name]
            if one.sums[name] != due:
                broken.append(f"{one.period}累计{label}应为{shown(due)}元，现为{shown(one.sums[name])}元")
            sums[name] = due
    if broken:
        yield Fault("period", f"更正后，{'；'.join(broken[:6])}。系统不自动改写，请逐月更正或说明原因")


@rule("CON-10", "本月已结束", Severity.WARN, "本月尚未结束，请确认是本月最终数")
def the_month_is_over(payment: Proposal) -> Iterator[Fault]:
    if payment["period"] == f"{payment.today:%Y-%m}":
        yield Fault("period")


@rule(MISSING, "退款说明原因", Severity.REFUSE, "实付为负数（退款）时请填写说明")
def refunds_have_a_reason(payment: Proposal) -> Iterator[Fault]:
    if (payment["paid_period"] or 0) < 0 and not payment["reason"]:
        yield Fault("reason")


@rule("CON-13", "当月支付人工费", Severity.WARN, "当月有产值，没有支付人工费，请说明原因")
def labour_is_paid(payment: Proposal) -> Iterator[Fault]:
    if payment["output_value_period"] and payment["labour_paid_period"] == 0:
        yield Fault("labour_paid_period")


@rule("CON-14", "实付不超过产值和合同价", Severity.WARN, "实付超过产值，请说明预付款情况")
def no_more_is_paid_than_done(payment: Proposal) -> Iterator[Fault]:
    paid, output, amount = payment["paid_cum"], payment["output_value_cum"], payment["contract_amount"]
    if paid is None:
        return
    most = payment.thresholds.decimal(PAID_OVER)
    if amount and paid * _HUNDRED > amount * most:
        yield Fault("paid_cum", f"累计实付{shown(paid)}元，超过合同价款{shown(amount)}元的{shown(most)}%，请说明原因")
    elif output is not None and paid > output:
        yield Fault("paid_cum")


@rule("CON-15", "有支付担保编号", Severity.WARN, "尚未填写支付担保编号")
def payment_is_guaranteed(payment: Proposal) -> Iterator[Fault]:
    if not payment["payment_guarantee_no"]:
        yield Fault("payment_guarantee_no")


@rule("CON-16", "结算日期先后", Severity.REFUSE, "结算日期先后不一致，请核对")
def settlement_days_follow(payment: Proposal) -> Iterator[Fault]:
    names = ("settlement_sent_on", "settlement_agreed_on", "settlement_filed_on")
    for earlier, later in itertools.pairwise(names):
        if payment[later] and (payment[earlier] is None or payment[later] < payment[earlier]):
            yield Fault(later)


def fill(gathering: Gathering, key: str, owner: Owner) -> Answer[Given]:
    """Fill the next month of a permit in from its last payment, or its first from the permit."""

    def found(work: Work) -> Given | None:
        rows = work.in_force(ConstructionPermit, project=owner.project_id, by=col(ConstructionPermit.permit_no))
        permit = next((row for row in rows if normal_number(row.permit_no) == normal_number(key)), None)
        if permit is None:
            return None
        done = payments_of(work, permit.id)
        values: dict[str, Any] = {"contractor": permit.contractor, "contract_amount": permit.contract_amount}
        if done:
            values |= {name: getattr(done[-1], name) for name in _CARRIED}
            values["period"] = month_after(done[-1].period)
        return Given({**values, "construction_permit_id": permit.id}, {}, _LAST, work.now)

    given = gathering.look(found)
    return miss(_LAST) if given is None else hit(_LAST, given, given.at)


def compute(work: Work, payment: EngineeringPayment, _: Revision | None = None) -> None:
    """Fill what is in arrears and how much of the output is paid."""
    payment.arrears = payment.payable_cum - payment.paid_cum
    output = payment.output_value_cum
    payment.paid_ratio = (payment.paid_cum * _HUNDRED / output).quantize(Decimal("0.0001")) if output else None
    work.add(payment)


ENGINEERING_PAYMENT = kept(
    Kind(
        name="engineering_payment",
        label="工程款",
        row=71,
        prefix="GK",
        table=EngineeringPayment,
        makers=of_project("engineering_payment", EngineeringPayment, several=True),
        look=Look(
            title="period",
            grid=(
                "period",
                "construction_permit_id",
                "output_value_cum",
                "payable_cum",
                "paid_cum",
                "arrears",
                "paid_ratio",
            ),
            filters=("period", "construction_permit_id", "arrears"),
            sections={
                "construction_permit_id": "许可证与月份",
                "output_value_period": "本月与累计",
                "payment_guarantee_no": "担保与发票",
                "settlement_sent_on": "结算",
            },
            change="更正",
            purpose="工程款支付情况按月监管",
        ),
        slots=(Slot("vouchers", "支付凭证", least=1),),
        rules=rules_in(vars()),
        facts=Facts(look=look, prefill=Prefill("施工许可证编号", "permit_no", _LAST, fill)),
        ties=Ties(needs=(PROJECT_NEED, in_project("construction_permit", "施工许可证"))),
        effects=Effects(on_effective=compute),
        stage=Stage(ProjectStage.CONSTRUCTION),
        period=Monthly("construction_permit_id", carried=_CARRIED),
    )
)
