"""Nightly ends: unanswered offers expire, accounts of companies that have left are ended (SUB-22)."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from models.access import Account, AccountState, OrgUnit, Role
from models.companies import AdmissionState, ExitOverride, HeadCompany, ProjectCompany
from services.companies.admission import disable_accounts
from services.companies.joint import expire
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.jobs import job
from services.engine.refusals import Conflict
from services.engine.registry import action
from services.engine.words import enough_words
from services.engine.work import Work


@action("companies.sweep_accounts", "停用退出企业账号", roles={Role.SYSTEM}, event="")
def sweep_accounts(work: Work, order: None) -> int:
    """Disable accounts of companies that have left, however they were opened; security is notified."""
    ended = 0
    for table in (HeadCompany, ProjectCompany):
        out = select(table.id).where(table.admission_state == AdmissionState.EXITED)
        units = select(OrgUnit).where(col(OrgUnit.enterprise_id).in_(out))
        for unit in work.session.exec(units.order_by(col(OrgUnit.unit_code))).all():
            working = select(Account.id).where(Account.unit_id == unit.id, Account.state == AccountState.ACTIVE)
            if unit.enterprise_id is None or work.session.exec(working).first() is None:
                continue
            count = disable_accounts(work, unit.enterprise_id, "企业已退出")
            raise_alarm(
                work, "ACL.EXITED", f"已退出企业仍有{count}个账号可用，已自动停用", kind="org_unit", key=str(unit.id)
            )
            ended += count
    return ended


@dataclass(frozen=True)
class AllowExit:
    project_company_id: UUID
    reason: str


@action("companies.allow_exit", "准予例外退出", roles={Role.CITY_REVIEWER}, event="DATA.CREATE")
def allow_exit(work: Work, order: AllowExit) -> UUID:
    """The city lets a project company go though something of SUB-20 is open, and says why; good for one exit."""
    reason = enough_words(order.reason, "依据")[:500]
    company = work.get(ProjectCompany, order.project_company_id)
    if company.admission_state not in {AdmissionState.ADMITTED, AdmissionState.EXITING}:
        raise Conflict(f"企业当前为“{company.admission_state.label}”，无需准予")
    known = select(ExitOverride).where(
        ExitOverride.project_company_id == company.id, col(ExitOverride.used_at).is_(None)
    )
    if work.session.exec(known).first() is not None:
        raise Conflict("已准予该企业例外退出，尚未使用")
    assert company.head_company_id is not None
    row = ExitOverride(
        project_company_id=company.id,
        district_code=company.district_code,
        head_company_id=company.head_company_id,
        reason=reason,
        given_by=work.caller.account_id,
        given_at=work.now,
    )
    work.add(row)
    work.trail.tell("DATA.CREATE", "companies.allow_exit", about=row, reason=reason[:60])
    return row.id


@job("companies.expire", "协同申请逾期处理", at="00:40")
def expire_offers(door: Door) -> int:
    return door.perform(expire, SYSTEM, None)


@job("companies.sweep", "退出企业账号清查", at="00:50")
def sweep(door: Door) -> int:
    return door.perform(sweep_accounts, SYSTEM, None)
