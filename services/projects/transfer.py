"""项目转让记录 (row 62): reviewed by district and city; once in force the project's company is to be changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlmodel import col

from models.alerts import Alert, AlertGrade
from models.companies import AdmissionState, ProjectCompany
from models.land_codes import ProjectStage
from models.projects import Project, ProjectTransfer
from models.records import InForceState, Revision
from services.alerts.alert_states import lasting_alerts, raise_alert, settle, settle_alert
from services.alerts.signs import Line, Sign, Subject
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import CITY, DISTRICT, Effects, Facts, Kind, Look, Owner, Proposal, Slot, Stage, Ties, Values
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.switches import OFF, is_on
from services.engine.value_checks import FORMAT, shown
from services.engine.work import Work
from services.parcels.companies import project_company
from services.projects.handover import begin_handover, stop_handover, was_handed_over
from services.projects.ownership import PROJECT_NEED, in_force_project, of_project
from services.projects.sources import own_code
from services.projects.stages import PERMIT, has_in_force

TRANSFER_INVESTMENT, TRANSFER_FILING_DAYS = "projects.transfer_investment", "projects.transfer_filing_days"


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
    if record["transferor_uscc"] and record["transferor_uscc"] == record["transferee_uscc"]:
        yield Fault("transferee_uscc", "转让方与受让方相同，请核对")
    parties: Parties = record.found.get(PARTIES) or Parties()
    if parties.handed_over and record.before:
        yield from _parties_are_as_they_were(record, record.before)
    elif parties.own_code and record["transferor_uscc"] and record["transferor_uscc"] != parties.own_code:
        yield Fault("transferor_uscc", "转让方应为本项目公司，请核对信用代码")


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


def look(work: Work, record: Proposal) -> Mapping[str, Any]:
    """Our own tables on both parties and on the project's presale."""
    own = own_code(work, record.owner)
    project_id = record.owner.project_id
    presale = project_id is not None and has_in_force(work, PERMIT, project_id)
    transferee = transferee_of(work, record["transferee_uscc"])
    done = was_handed_over(work, record.record_id)
    invested = _invested(in_force_project(work, project_id))
    return {PARTIES: Parties(own, transferee is not None, presale, done, invested)}


def _invested(project: Project | None) -> Decimal | None:
    if project is None or project.invested_to_date is None or not project.total_investment:
        return None
    return (project.invested_to_date * 100 / project.total_investment).quantize(Decimal("0.01"))


def transferee_of(work: Work, uscc: str | None) -> ProjectCompany | None:
    """The admitted project company of a code."""
    if not uscc:
        return None
    return work.first(
        ProjectCompany,
        ProjectCompany.uscc == uscc,
        ProjectCompany.admission_state == AdmissionState.ADMITTED,
        ProjectCompany.in_force == InForceState.EFFECTIVE,
    )


def in_force(work: Work, transfer: ProjectTransfer, revision: Revision) -> None:
    """Report a late filing and begin the handover."""
    about = Subject("project_transfer", transfer.id, Owner.of(transfer), transfer.transferee_name)
    days = (transfer.filed_on - transfer.registration_changed_on).days
    thresholds = work.thresholds.over(transfer.district_code)
    most = thresholds.integer(TRANSFER_FILING_DAYS)
    if days > most and is_on(thresholds, "PRJ-10"):
        late = Sign(
            AlertGrade.YELLOW,
            "项目转让逾期备案",
            f"土地使用权变更登记后第{days}天才备案，期限为{most}天。",
            (Line("变更登记至备案", f"{most}天", f"{days}天"),),
            f"{most}天",
        )
        raise_alert(work, "PRJ-10", about, late, happened=True)
    else:
        settle_alert(work, "PRJ-10", transfer.id, "", OFF if days > most else "备案日期已更正")
    if transfer.project_id is not None and has_in_force(work, PERMIT, transfer.project_id):
        words = "项目已取得预售许可后转让，请核实已售合同的承接。"
        presale = Sign(AlertGrade.RED, "预售项目转让", words, key="presale")
        raise_alert(work, "PRJ-09", about, presale, happened=True)
    transferee, own = transferee_of(work, transfer.transferee_uscc), project_company(work, transfer.project_company_id)
    if transferee is not None and own is not None:
        begin_handover(work, transfer, own, transferee)


def end_switched_off(work: Work) -> None:
    """Settle alerts of PRJ-10 when the rule is switched off; they are raised by an event, so no watch settles them."""
    for alert in lasting_alerts(work, Alert.rule_code == "PRJ-10", col(Alert.open_key).is_not(None)):
        if not is_on(work.thresholds.over(alert.district_code), "PRJ-10"):
            settle(work, alert, OFF)


def voided(work: Work, transfer: ProjectTransfer, revision: Revision) -> None:
    stop_handover(work, transfer.id, "转让记录已作废")
    settle_alert(work, "PRJ-10", transfer.id, "", "转让记录已作废")
    settle_alert(work, "PRJ-09", transfer.id, "presale", "转让记录已作废")


PROJECT_TRANSFER = kept(
    Kind(
        name="project_transfer",
        label="项目转让",
        row=62,
        prefix="XZ",
        table=ProjectTransfer,
        makers=of_project("project_transfer", ProjectTransfer, several=True),
        look=Look(
            title="transferee_name",
            menu="projects",
            grid=("transferor_name", "transferee_name", "contract_on", "investment_ratio", "price", "filed_on"),
            filters=("contract_on", "investment_ratio", "filed_on"),
            sections={
                "transferor_uscc": "转让双方",
                "contract_no": "转让合同",
                "investment_ratio": "转让条件",
                "registration_changed_on": "登记与备案",
            },
            change="更正",
            purpose="项目转让条件审核与备案",
        ),
        review=(DISTRICT, replace(CITY, alone="项目转让须逐件审核，不能批量办理")),
        slots=(
            Slot("contract", "转让合同", 1),
            Slot("registration", "土地使用权变更登记证明", 1),
            Slot("notice", "拆迁安置义务转移的书面告知"),
        ),
        rules=rules_in(vars()),
        facts=Facts(look=look),
        ties=Ties(needs=(PROJECT_NEED,)),
        stage=Stage(ProjectStage.LAND, optional=True),
        effects=Effects(on_effective=in_force, on_void=voided),
    )
)
