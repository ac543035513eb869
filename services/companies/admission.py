"""Admitted and let go: what follows for a company when its admission or exit takes effect (rows 52, 53; SUB-22)."""

from collections.abc import Sequence
from itertools import chain, count
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from models.access import Account, AccountState, OrgUnit, Role, UnitKind
from models.alerts import Alert
from models.companies import (
    ADMISSION,
    AdmissionState,
    HeadCompany,
    Managed,
    ProjectCompany,
    Registered,
    SubjectApplication,
)
from models.parcels import Parcel, ParcelHeadLink, ParcelProjectLink
from models.records import PACT, REVISION, PactState, Revision, RevisionState, StepVerdict
from models.sealed import Sealed
from services.access.accounts import put_out
from services.access.acl import change
from services.alerts.alert_states import lasting_alerts, settle_alert
from services.companies.facts import live_key
from services.companies.names import name_key
from services.engine.alarms import raise_alarm
from services.engine.cycle_lock import note_step
from services.engine.jobs import performed
from services.engine.notices import notify
from services.engine.refusals import Conflict
from services.engine.registry import action
from services.engine.steps import take_step
from services.engine.work import Work
from services.parcels.link_parts import end_offers_of


def end_agreement(work: Work, revision: Revision, *, kept: bool) -> None:
    """Return what both sides agreed on is done, or came to nothing: another application may begin."""
    for row in _open_agreements(work, col(SubjectApplication.record_id) == revision.record_id):
        row.open_key = None
        if not kept:
            take_step(work, row, PACT, "release", log=False)
            row.ended_at = work.now


def end_agreements_of(work: Work, company: Managed, because: str) -> None:
    """End all open agreements of, or about, a company that has left or was voided."""
    named = (SubjectApplication.head_company_id, SubjectApplication.project_company_id, SubjectApplication.record_id)
    for row in _open_agreements(work, sa.or_(*(col(column) == company.id for column in named))):
        take_step(work, row, PACT, "cancel" if row.state is PactState.OFFERED else "release", log=False)
        row.open_key, row.ended_at = None, work.now
        row.reason = Sealed.of_json(because)


def _open_agreements(work: Work, about: Any) -> Sequence[SubjectApplication]:
    open_ones = select(SubjectApplication).where(about, col(SubjectApplication.open_key).is_not(None))
    return [work.add(row) for row in work.session.exec(open_ones).all()]


LEFT = "企业已退出，本记录停止办理"


def keep_keys(company: Any) -> None:
    """The forms under which its code and its name are compared."""
    company.name_key = name_key(company.name)
    company.live_key = live_key({"uscc": company.uscc, "foreign_id": getattr(company, "foreign_id", "")}) or None


def step(work: Work, company: Managed, name: str) -> None:
    """Take a step of a company's admission, or refuse with its present state."""
    take_step(work, company, ADMISSION, name, field="admission_state", named="企业当前", act=f"companies.{name}")


def admit(work: Work, company: Managed, revision: Revision) -> None:
    """Admit the company on its first version or the first after an exit; later versions only change its data."""
    keep_keys(company)
    if company.admission_state not in {AdmissionState.NOT_ADMITTED, AdmissionState.EXITED}:
        return
    step(work, company, "admit")
    company.admitted_on, company.exited_on = work.today, None
    unit = company_unit(work, company)
    words = f"“{company.name}”已准入，编号{revision.record_no or '随本次审核生成'}"
    notify(work, "准入已通过", words, about=company, to_unit=unit.id)


def company_unit(work: Work, company: Registered) -> OrgUnit:
    """The office of a company's accounts, made when it is first asked for."""
    unit = work.first(OrgUnit, OrgUnit.enterprise_id == company.id)
    if unit is None:
        unit = OrgUnit(
            unit_code=_free_code(work, company.uscc),
            name=company.name[:80],
            kind=UnitKind.ENTERPRISE,
            enterprise_id=company.id,
            district_code=company.district_code or "310000",
        )
        change(work, "unit", unit.id, "companies.admit")
        work.add(unit)
        work.session.flush()
    return unit


def _free_code(work: Work, uscc: str) -> str:
    """The office's code by the company's; the office of a record that was voided keeps its own."""
    base = f"KF{uscc[-12:]}"
    codes = set(work.rows(OrgUnit.unit_code, col(OrgUnit.unit_code).startswith(base, autoescape=True)))
    return next(code for code in chain((base,), (f"{base}-{turn}" for turn in count(2))) if code not in codes)


def let_go(work: Work, company: Managed) -> None:
    """The company is out: its accounts end at once, what it had on its way stops; its history stays readable."""
    step(work, company, "exit")
    company.exited_on = work.today
    work.add(company)
    disable_accounts(work, company.id, "企业已退出")
    stop_open_versions(work, company)
    end_alerts(work, company.id, "企业已退出，不再监测")
    if isinstance(company, HeadCompany):
        end_agreements_of(work, company, "总公司已退出，申请终止")
    end_offers_of(work, company)


def voided(work: Work, company: Managed, revision: Revision) -> None:
    """Return whose record is void acts no more: its code is free, its accounts end, what it had on its way stops.

    Land rests on a company as projects do (market 3.5), but is no record that could be named and ended with it.
    """
    if held := land_of(work, company):
        raise Conflict(f"该企业还有已关联的地块：{'、'.join(held[:5])}，请先解除关联再作废")
    company.live_key = None
    work.add(company)
    disable_accounts(work, company.id, "企业记录已作废")
    stop_open_versions(work, company)
    end_alerts(work, company.id, "企业记录已作废，不再监测")
    end_agreements_of(work, company, "企业记录已作废，申请终止")
    end_offers_of(work, company)


def land_of(work: Work, company: Managed) -> list[str]:
    """The parcels whose link to a company both sides have confirmed."""
    head = isinstance(company, HeadCompany)
    table: Any = ParcelHeadLink if head else ParcelProjectLink
    owner = table.head_company_id if head else table.project_company_id
    names = (
        select(Parcel.parcel_name)
        .join(table, col(Parcel.id) == table.parcel_id)
        .where(owner == company.id, table.state == PactState.CONFIRMED)
        .order_by(col(Parcel.parcel_no), col(Parcel.id))
    )
    return list(work.session.exec(names).all())


def end_alerts(work: Work, company_id: UUID, because: str) -> None:
    """Settle the alerts of a company that is no longer watched: unanswerable, they would escalate for ever."""
    for alert in lasting_alerts(work, Alert.subject_id == company_id):
        settle_alert(work, alert.rule_code, company_id, alert.key, because)


def disable_accounts(work: Work, company_id: UUID, reason: str) -> int:
    """SUB-22: disable the accounts of a company that has left; returns how many."""
    units = select(OrgUnit.id).where(OrgUnit.enterprise_id == company_id)
    accounts = work.rows(Account, col(Account.unit_id).in_(units), Account.state == AccountState.ACTIVE)
    for account in accounts:
        put_out(work, account, "companies.exit", reason)
        work.trail.tell("ACL.CHANGE", "companies.disable", about=account, reason="SUB-22")
    return len(accounts)


def stop_open_versions(work: Work, company: Managed) -> None:
    """Return submitted versions unreviewed; drafts stay, but no account is left to submit them."""
    # Not those of a project company when only its head leaves: SUB-21 lets no head go before them.
    own = sa.func.coalesce(Revision.project_company_id, Revision.head_company_id) == company.id
    for row in work.rows(Revision, Revision.state == RevisionState.SUBMITTED, own):
        take_step(work, row, REVISION, "send_back", log=False)
        row.opinion = Sealed.of_json({"text": LEFT, "fields": []})
        row.taken_by = row.taken_at = row.assigned_to = row.review_due = None
        work.add(row)
        note_step(work, row, StepVerdict.RETURNED, opinion=LEFT, act="companies.exit")


@action("companies.sweep_accounts", "停用退出企业账号", roles={Role.SYSTEM}, event="")
def sweep_accounts(work: Work, order: None) -> int:
    """Disable accounts of companies that have left, however they were opened; security is notified."""
    ended = 0
    for table in (HeadCompany, ProjectCompany):
        out = select(table.id).where(table.admission_state == AdmissionState.EXITED)
        for unit in work.rows(OrgUnit, col(OrgUnit.enterprise_id).in_(out), by=OrgUnit.unit_code):
            working = select(Account.id).where(Account.unit_id == unit.id, Account.state == AccountState.ACTIVE)
            if unit.enterprise_id is None or work.session.exec(working).first() is None:
                continue
            count = disable_accounts(work, unit.enterprise_id, "企业已退出")
            raise_alarm(
                work, "ACL.EXITED", f"已退出企业仍有{count}个账号可用，已自动停用", kind="org_unit", key=str(unit.id)
            )
            ended += count
    return ended


performed("companies.sweep", "退出企业账号清查", sweep_accounts, at="00:50")
