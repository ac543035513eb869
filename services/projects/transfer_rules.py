"""The rules of a project's transfer (PRJ-09, PRJ-10, row 62): pure, a proposal in, findings out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.engine.findings import Severity
from services.engine.kinds import Proposal, Values
from services.engine.rule_declaration import Fault, rule
from services.engine.value_checks import FORMAT, bad_code, below, outside_percent, shown
from services.projects.thresholds import TRANSFER_FILING_DAYS, TRANSFER_INVESTMENT


@dataclass(frozen=True)
class Parties:
    """Facts of our tables: the project company's code, whether the transferee is admitted, whether presale has
    begun, and whether this very record handed the project over and is now history. `invested` is the project's
    own reported share of its investment, in hundredths; None where it reports none.
    """

    own_code: str = ""
    transferee_admitted: bool = False
    presale: bool = False
    handed_over: bool = False
    invested: Decimal | None = None


#: `Facts.look` gives `Parties` under this name.
PARTIES = "parties"


def filing_days(record: Proposal) -> int | None:
    """Return how many days after the land's registration the transfer was filed."""
    changed, filed = record["registration_changed_on"], record["filed_on"]
    return (filed - changed).days if changed and filed else None


@rule(FORMAT, "转让数据正确", Severity.REFUSE, "数据不正确")
def transfer_is_well_formed(record: Proposal) -> Iterator[Fault]:
    yield from bad_code(record.values, "transferor_uscc", "转让方信用代码")
    yield from bad_code(record.values, "transferee_uscc", "受让方信用代码")
    yield from outside_percent(record.values, {"investment_ratio": "已完成投资比例"})
    yield from below(record.values, {"price": "转让价款"}, Decimal(0))
    if record["transferor_uscc"] and record["transferor_uscc"] == record["transferee_uscc"]:
        yield Fault("transferee_uscc", "转让方与受让方相同，请核对")
    parties: Parties = record.found.get(PARTIES) or Parties()
    if parties.handed_over and record.before:
        yield from _parties_are_as_they_were(record, record.before)
    elif parties.own_code and record["transferor_uscc"] and record["transferor_uscc"] != parties.own_code:
        yield Fault("transferor_uscc", "转让方应为本项目公司，请核对信用代码")
    for name, label in (
        ("contract_on", "合同签订日期"),
        ("registration_changed_on", "变更登记日期"),
        ("filed_on", "备案日期"),
    ):
        day: date | None = record[name]
        if day is not None and day > record.today:
            yield Fault(name, f"{label}晚于今天，请核对")
    if (days := filing_days(record)) is not None and days < 0:
        yield Fault("filed_on", "备案日期早于土地使用权变更登记日期，请核对")


def _parties_are_as_they_were(record: Proposal, before: Values) -> Iterator[Fault]:
    """After the handover the parties of the transfer cannot be corrected."""
    for name, label in (("transferor_uscc", "转让方"), ("transferee_uscc", "受让方")):
        if record[name] != before.get(name):
            yield Fault(name, f"项目公司已按本记录变更，{label}不能更正；再次转让的，请另行登记")


@rule("PRJ-09", "转让条件", Severity.REFUSE, "不符合项目转让条件", basis="《城市房地产管理法》第三十九条")
def conditions_are_met(record: Proposal) -> Iterator[Fault]:
    if record["land_fee_paid_all"] is False:
        yield Fault("land_fee_paid_all", "土地使用权出让金未付清，项目不得转让")
    if record["certificate_held"] is False:
        yield Fault("certificate_held", "未取得土地使用权证书，项目不得转让")
    least, done = record.thresholds.decimal(TRANSFER_INVESTMENT), record["investment_ratio"]
    if done is not None and done < least:
        yield Fault(
            "investment_ratio",
            f"已完成投资{shown(done)}%，未达到开发投资总额的{shown(least)}%，项目不得转让",
            evidence={"done": done, "least": least},
        )


@rule("PRJ-09", "已完成投资与项目信息相符", Severity.WARN, "已完成投资比例与项目信息不符")
def investment_is_what_the_project_says(record: Proposal) -> Iterator[Fault]:
    """The investment figure does not exceed the project's own report."""
    parties: Parties = record.found.get(PARTIES) or Parties()
    done, told = record["investment_ratio"], parties.invested
    if done is not None and told is not None and done > told and not parties.handed_over:
        yield Fault(
            "investment_ratio",
            f"填写的已完成投资比例{shown(done)}%，高于项目信息中已投入占总投资的{shown(told)}%，请核对或说明依据",
            evidence={"done": done, "project": told},
        )


@rule("PRJ-09", "受让方已准入", Severity.REFUSE, "受让方未准入")
def transferee_is_admitted(record: Proposal) -> Iterator[Fault]:
    parties: Parties = record.found.get(PARTIES) or Parties()
    if record["transferee_uscc"] and not parties.transferee_admitted and not parties.handed_over:
        yield Fault("transferee_uscc", "受让方不是已准入的项目公司，请先由总公司办理其准入")


@rule("PRJ-10", "转让后30日内备案", Severity.WARN, "转让备案超过期限", basis="《城市房地产开发经营管理条例》第二十条")
def transfer_was_filed_in_time(record: Proposal) -> Iterator[Fault]:
    most, days = record.thresholds.integer(TRANSFER_FILING_DAYS), filing_days(record)
    if days is not None and days > most:
        yield Fault("filed_on", f"土地变更登记后第{days}天才备案，超过{most}天，请说明原因", evidence={"days": days})


@rule("PRJ-09", "预售后的转让", Severity.WARN, "项目已取得预售许可")
def presale_is_seen_to(record: Proposal) -> Iterator[Fault]:
    """Warn the reviewer when buyers' contracts pass to another company."""
    parties: Parties = record.found.get(PARTIES) or Parties()
    if parties.presale:
        yield Fault("", "严重提示：该项目已取得预售许可，转让将影响购房人，请说明已售合同如何承接")


TRANSFER_RULES = (
    transfer_is_well_formed,
    conditions_are_met,
    investment_is_what_the_project_says,
    transferee_is_admitted,
    transfer_was_filed_in_time,
    presale_is_seen_to,
)
