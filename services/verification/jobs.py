"""Timed work of listing verification: waiting requests, codes that run out, listings that are not kept up."""

import logging
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.verification import ListingVerification, VerificationCode
from models.verification_codes import ON_SHELF, CodeEnd, CodeState, RequesterKind, VerificationState
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.jobs import job, repeated
from services.engine.refusals import Refusal
from services.engine.registry import action
from services.engine.work import Work
from services.tenancy.fact_sources import OutsideFacts
from services.verification.codes import end_code, move_shelf
from services.verification.fact_sources import gather_homes
from services.verification.orders import VerifyHome, order_of
from services.verification.submission import check_verification, decide

log = logging.getLogger("shenfang.verification")
#: The jobs of the night, in their order.
NIGHTLY = ("verification.expire", "verification.stale")
#: Codes ended in one transaction.
_TOGETHER = 200
#: Requests looked for at a time; asked about at the same moment and judged in one transaction.
_AT_MOST, _DECIDED_TOGETHER = 400, 20


def _due(work: Work) -> list[UUID]:
    """Requests that wait for their answer, oldest first."""
    rows = select(ListingVerification.id).where(
        ListingVerification.state == VerificationState.SUBMITTED,
        col(ListingVerification.retry_at) <= work.now,
    )
    return list(work.session.exec(rows.order_by(col(ListingVerification.retry_at)).limit(_AT_MOST)).all())


def _gather_group(gathering: Gathering, ids: tuple[UUID, ...]) -> dict[UUID, OutsideFacts]:
    """Ask the registers about many homes at once."""

    def read(work: Work) -> dict[UUID, VerifyHome]:
        rows = work.rows(ListingVerification, col(ListingVerification.id).in_(ids))
        return {row.id: order_of(row.form.plain) for row in rows}

    return gather_homes(gathering, gathering.look(read))


@action("verification.check_group", "核验一组房源", roles={Role.SYSTEM}, gather=_gather_group, event="")
def check_group(work: Work, ids: tuple[UUID, ...], outside: dict[UUID, OutsideFacts]) -> int:
    """Judge several waiting requests in one transaction, always in one order of their houses."""
    rows = work.rows(
        ListingVerification,
        col(ListingVerification.id).in_(ids),
        ListingVerification.state == VerificationState.SUBMITTED,
    )
    for row in sorted(rows, key=lambda row: (str(row.house_id), row.id)):
        decide(work, work.hold(ListingVerification, row.id), outside[row.id])
    return len(rows)


def check_waiting(door: Door) -> int:
    """Judge what waits, group after group; one request that goes wrong holds no other up."""
    done = 0
    while ids := door.look(SYSTEM, _due):
        for start in range(0, len(ids), _DECIDED_TOGETHER):
            group = tuple(ids[start : start + _DECIDED_TOGETHER])
            try:
                done += door.perform(check_group, SYSTEM, group)
            except Exception:
                log.exception("a group of requests was not judged together; each is tried alone")
                for row_id in group:
                    with suppress(Refusal):
                        door.perform(check_verification, SYSTEM, row_id)
        if len(ids) < _AT_MOST:
            break
    return done


job("verification.check", "核验待核验的房源", every=5, due=_due)(check_waiting)


@action("verification.expire", "核验码期满失效", roles={Role.SYSTEM}, event="")
def expire_codes(work: Work, order: None) -> int:
    """End codes whose last day has passed, on the day after it."""
    rows = select(VerificationCode).where(
        VerificationCode.state == CodeState.VALID, col(VerificationCode.valid_to) < work.today
    )
    over = work.held(rows.order_by(col(VerificationCode.id)).limit(_TOGETHER)).all()
    for code in over:
        assert code.valid_to is not None
        end_code(work, code, CodeEnd.EXPIRED, code.valid_to + timedelta(days=1))
    return len(over)


repeated("verification.expire", "核验码期满失效", expire_codes, at="00:02")


@action("verification.stale", "下架未维护的平台房源", roles={Role.SYSTEM}, event="")
def take_off_stale(work: Work, order: None) -> int:
    """Take listings of platforms off that were not kept up for so many days; their codes stay valid."""
    days = work.thresholds.integer("platform.stale_days")
    last = work.today - timedelta(days=days)
    rows = select(VerificationCode).where(
        col(VerificationCode.shelf).in_(list(ON_SHELF)),
        VerificationCode.holder_kind == RequesterKind.INFO_PLATFORM,
        col(VerificationCode.maintained_on) < last,
    )
    stale = work.held(rows.order_by(col(VerificationCode.id)).limit(_TOGETHER)).all()
    for code in stale:
        move_shelf(work, code, "take_off", f"超过{days}天未维护")
    return len(stale)


repeated("verification.stale", "下架未维护的平台房源", take_off_stale, at="00:04")
