"""项目转让记录 (row 62): reviewed by district and city; once in force the project's company is to be changed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlmodel import col, select

from models.alerts import Alert, AlertGrade
from models.companies import AdmissionState, ProjectCompany
from models.land_codes import ProjectStage
from models.projects import Project, ProjectTransfer
from models.records import InForceState, Revision
from services.alerts.alert_states import raise_alert, settle_alert
from services.engine.cycle import kept
from services.engine.kinds import CITY, DISTRICT, Effects, Facts, Kind, Look, Owner, Proposal, Slot, Stage, Ties
from services.engine.switches import OFF, is_on
from services.engine.work import Work
from services.parcels.companies import project_company
from services.projects.handover import begin_handover, stop_handover, was_handed_over
from services.projects.ownership import PROJECT_NEED, in_force_project, of_project
from services.projects.side_rules import OWN_CODE
from services.projects.sources import own_code
from services.projects.stages import has_in_force
from services.projects.thresholds import TRANSFER_FILING_DAYS
from services.projects.transfer_rules import PARTIES, TRANSFER_RULES, Parties


def look(work: Work, record: Proposal) -> Mapping[str, Any]:
    """Our own tables on both parties and on the project's presale."""
    own = own_code(work, record.owner)
    project_id = record.owner.project_id
    presale = project_id is not None and has_in_force(work, "presale_permit", project_id)
    transferee = transferee_of(work, record["transferee_uscc"])
    done = was_handed_over(work, record.record_id)
    invested = _invested(in_force_project(work, project_id))
    return {OWN_CODE: own, PARTIES: Parties(own, transferee is not None, presale, done, invested)}


def _invested(project: Project | None) -> Decimal | None:
    if project is None or project.invested_to_date is None or not project.total_investment:
        return None
    return (project.invested_to_date * 100 / project.total_investment).quantize(Decimal("0.01"))


def transferee_of(work: Work, uscc: str | None) -> ProjectCompany | None:
    """The admitted project company of a code."""
    if not uscc:
        return None
    return work.session.exec(
        select(ProjectCompany).where(
            ProjectCompany.uscc == uscc,
            ProjectCompany.admission_state == AdmissionState.ADMITTED,
            ProjectCompany.in_force == InForceState.EFFECTIVE,
        )
    ).first()


def in_force(work: Work, transfer: ProjectTransfer, revision: Revision) -> None:
    """Report a late filing and begin the handover."""
    owner = Owner(transfer.district_code, transfer.head_company_id, transfer.project_company_id, transfer.project_id)
    days = (transfer.filed_on - transfer.registration_changed_on).days
    thresholds = work.thresholds.over(transfer.district_code)
    most = thresholds.integer(TRANSFER_FILING_DAYS)
    if days > most and is_on(thresholds, "PRJ-10"):
        raise_alert(
            work,
            "PRJ-10",
            "project_transfer",
            transfer.id,
            "",
            AlertGrade.YELLOW,
            "项目转让逾期备案",
            f"土地使用权变更登记后第{days}天才备案，期限为{most}天。",
            {"lines": [{"label": "变更登记至备案", "old": f"{most}天", "new": f"{days}天"}], "threshold": f"{most}天"},
            owner=owner,
            subject_label=transfer.transferee_name,
            happened=True,
        )
    else:
        settle_alert(work, "PRJ-10", transfer.id, "", OFF if days > most else "备案日期已更正")
    if transfer.project_id is not None and has_in_force(work, "presale_permit", transfer.project_id):
        raise_alert(
            work,
            "PRJ-09",
            "project_transfer",
            transfer.id,
            "presale",
            AlertGrade.RED,
            "预售项目转让",
            "项目已取得预售许可后转让，请核实已售合同的承接。",
            {"lines": []},
            owner=owner,
            subject_label=transfer.transferee_name,
            happened=True,
        )
    transferee, own = transferee_of(work, transfer.transferee_uscc), project_company(work, transfer.project_company_id)
    if transferee is not None and own is not None:
        begin_handover(work, transfer, own, transferee)


def end_switched_off(work: Work) -> None:
    """Settle alerts of PRJ-10 when the rule is switched off; they are raised by an event, so no watch settles them."""
    standing = select(Alert).where(Alert.rule_code == "PRJ-10", col(Alert.open_key).is_not(None))
    for alert in work.session.exec(standing.order_by(col(Alert.id))).all():
        if not is_on(work.thresholds.over(alert.district_code), "PRJ-10"):
            settle_alert(work, "PRJ-10", alert.subject_id, alert.key, OFF)


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
        review=(DISTRICT, CITY),
        slots=(
            Slot("contract", "转让合同", 1),
            Slot("registration", "土地使用权变更登记证明", 1),
            Slot("notice", "拆迁安置义务转移的书面告知"),
        ),
        rules=TRANSFER_RULES,
        facts=Facts(look=look),
        ties=Ties(needs=(PROJECT_NEED,)),
        stage=Stage(ProjectStage.LAND, optional=True),
        effects=Effects(on_effective=in_force, on_void=voided),
    )
)
