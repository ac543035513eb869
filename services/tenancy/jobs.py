"""Timed work of the tenancy area: waiting cases, idle leases, filings near and past their end, objections that are over."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, or_, select

from models.access import Role
from models.cancellation import CancelApply
from models.engine import Notice
from models.house import House
from models.tenancy import GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import CONTRACT, CancelReason, CancelState, CaseState, Channel, ContractState, FilingState
from services.engine.door import Door
from services.engine.jobs import job, one_by_one, repeated
from services.engine.notices import notify
from services.engine.outbox import has_waiting, send_waiting
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.cancellation import close_notices, district_centre
from services.tenancy.contracts import end_lease, void_idle_contracts
from services.tenancy.endings import end_filing, filed_again
from services.tenancy.filing import check_again
from services.tenancy.licences import recall_licence
from services.tenancy.short_messages import text_of_expiring

#: Messages sent in one run of the job.
_MOST_SENT = 500


def _due_cases(work: Work) -> Sequence[UUID]:
    """Cases whose sources were silent and whose next check is due; those of the case library are decided by their group."""
    waiting = select(GovCase.id).where(
        GovCase.state == CaseState.CHECKING,
        col(GovCase.retry_at) <= work.now,
        col(GovCase.channel).not_in((Channel.YWTB, Channel.SSB)),
    )
    return work.session.exec(waiting.order_by(col(GovCase.retry_at)).limit(50)).all()


one_by_one("tenancy.retry", "待核验办件重试", check_again, _due_cases, every=20)


# Two senders at once do no harm, for each message is claimed; none waits long for one that died.
@job("outbox.send", "发送待发消息", every=5, due=has_waiting)
def send_outgoing(door: Door) -> int:
    total = 0
    while total < _MOST_SENT and (sent := send_waiting(door)):
        total += sent
    return total


@action("tenancy.expire", "到期自动失效", roles={Role.SYSTEM})
def expire_filings(work: Work, limit: int) -> int:
    """Filings past their last day expire, their part is free; leases past their end expire with them."""
    rows = work.free(
        select(LeaseFiling)
        .where(LeaseFiling.state == FilingState.ACTIVE, LeaseFiling.valid_to < work.today)
        .order_by(col(LeaseFiling.valid_to))
        .limit(limit)
    ).all()
    for filing in rows:
        _expire(work, filing)
    return len(rows)


def expire(work: Work, filing: LeaseFiling) -> None:
    """Expire a filing whose last day is past, unless it has ended meanwhile."""
    work.held(select(LeaseFiling).where(LeaseFiling.id == filing.id)).one()
    if filing.state is FilingState.ACTIVE and filing.valid_to < work.today:
        _expire(work, filing)


def _expire(work: Work, filing: LeaseFiling) -> None:
    following = filed_again(work, filing)
    if following:
        end_filing(work, filing, "replace", CancelReason.REFILED, filing.valid_to)
        # What takes its place may have cut it short of the day on its licence.
        recall_licence(work, filing)
    else:
        end_filing(work, filing, "expire", CancelReason.EXPIRED, filing.valid_to)
    contract = work.only(LeaseContract, LeaseContract.id == filing.contract_id)
    if contract.state is ContractState.EFFECTIVE and following and following.contract_id != contract.id:
        end_lease(work, contract, "supersede")
    elif contract.state is ContractState.EFFECTIVE and contract.end < work.today:
        end_lease(work, contract, "expire")


repeated("tenancy.expire", "备案到期", expire_filings, 200, at="00:30")

#: Filing numbers that a message names.
_NAMED = 20


def _expiring_on(work: Work) -> date:
    return work.today + timedelta(days=work.thresholds.integer("filing.refile_days"))


def _subject_of(day: date) -> str:
    return f"备案将于{day.year}年{day.month}月{day.day}日到期"


def _firms_to_remind(work: Work) -> list[UUID | None]:
    """Firms with filings that enter their last days today and no message about it; None for the parties of all others."""
    day = _expiring_on(work)
    told = select(Notice.to_enterprise).where(
        Notice.subject == _subject_of(day), col(Notice.to_enterprise).is_not(None)
    )
    firms = select(LeaseFiling.enterprise_id).where(
        LeaseFiling.state == FilingState.ACTIVE,
        LeaseFiling.valid_to == day,
        or_(col(LeaseFiling.enterprise_id).is_(None), col(LeaseFiling.enterprise_id).not_in(told)),
    )
    return list(work.session.exec(firms.distinct()).all())


@action("tenancy.remind_expiring", "备案到期提醒", roles={Role.SYSTEM}, event="")
def remind_of_expiring(work: Work, firm: UUID | None) -> int:
    """Tell a firm and the parties, when a filing may be made again, that it ends; those made again already are left out."""
    day = _expiring_on(work)
    rows = work.rows(
        LeaseFiling,
        LeaseFiling.state == FilingState.ACTIVE,
        LeaseFiling.valid_to == day,
        LeaseFiling.enterprise_id == firm,
        by=LeaseFiling.filing_no,
    )
    ending = [filing for filing in rows if filed_again(work, filing) is None]
    leases = [work.only(LeaseContract, LeaseContract.id == filing.contract_id) for filing in ending]
    for filing, lease in zip(ending, leases, strict=True):
        text_of_expiring(work, filing, lease)
    if ending and firm is not None:
        going_on = sum(lease.end > day for lease in leases)
        more = f"等{len(ending)}件" if len(ending) > _NAMED else f"，共{len(ending)}件"
        named = "、".join(filing.filing_no for filing in ending[:_NAMED])
        words = f"{named}{more}，其中{going_on}件合同尚未到期，合同继续履行的请办理重新备案。"
        notify(work, _subject_of(day), words, about=leases[0], to_enterprise=firm)
    return len(ending)


one_by_one("tenancy.remind_expiring", "备案到期提醒", remind_of_expiring, _firms_to_remind, at="00:35")
repeated("tenancy.void_idle", "逾期未确认合同作废", void_idle_contracts, at="01:00")


SUBJECT = "单方注销异议期满，请审定"


@action("cancel.remind", "单方注销异议期满提醒", roles={Role.SYSTEM})
def remind_of_ended_notices(work: Work, limit: int) -> int:
    """Notify each district centre once of cases to decide; close cases whose lease has ended."""
    told = select(Notice.object_id).where(Notice.subject == SUBJECT, col(Notice.object_id).is_not(None))
    going_on = CONTRACT.open_to("terminate")
    over = select(LeaseContract.id).where(col(LeaseContract.state).not_in(list(going_on)))
    rows = work.free(
        select(CancelApply)
        .where(
            CancelApply.state == CancelState.NOTICE,
            or_(
                col(CancelApply.contract_id).in_(over),
                sa.and_(col(CancelApply.objection_until) < work.today, col(CancelApply.id).not_in(told)),
            ),
        )
        .order_by(col(CancelApply.objection_until))
        .limit(limit)
    ).all()
    done = 0
    for apply in rows:
        contract = work.session.get_one(LeaseContract, apply.contract_id)
        if contract.state not in going_on:
            close_notices(work, contract)
            done += 1
            continue
        house = work.session.get_one(House, contract.house_id)
        centre = district_centre(work, house.district_code)
        objected = "对方已提出异议" if apply.objection is not None else "对方未提出异议"
        words = f"申请 {apply.apply_no}：{house.address}，异议期至 {apply.objection_until}，{objected}。"
        # Without an office there is none to notify: the case waits, and the job does not begin with it again and again.
        if (office := centre or contract.unit_id or apply.unit_id) is not None:
            notify(work, SUBJECT, words, about=apply, to_unit=office)
            done += 1
    return done


repeated("cancel.remind", "单方注销异议期满提醒", remind_of_ended_notices, 100, at="00:45")
