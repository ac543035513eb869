"""Timed work of listing verification: waiting requests, codes that run out, listings that are not kept up."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.verification import ListingVerification, VerificationCode
from models.verification_codes import ON_SHELF, CodeEnd, CodeState, RequesterKind, VerificationState
from services.engine.jobs import one_by_one, repeated
from services.engine.registry import action
from services.engine.work import Work
from services.verification.codes import end_code, move_shelf
from services.verification.submission import check_verification

#: Codes in one transaction.
_TOGETHER = 200


def _due(work: Work) -> list[UUID]:
    """Requests that wait for their answer, oldest first."""
    rows = select(ListingVerification.id).where(
        ListingVerification.state == VerificationState.SUBMITTED,
        col(ListingVerification.retry_at) <= work.now,
    )
    return list(work.session.exec(rows.order_by(col(ListingVerification.retry_at)).limit(100)).all())


one_by_one("verification.check", "核验待核验的房源", check_verification, _due, every=5)


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
    """Take listings of platforms off that were not kept up for thirty days; their codes stay valid."""
    last = work.today - timedelta(days=work.thresholds.integer("platform.stale_days"))
    rows = select(VerificationCode).where(
        col(VerificationCode.shelf).in_(list(ON_SHELF)),
        VerificationCode.holder_kind == RequesterKind.INFO_PLATFORM,
        col(VerificationCode.maintained_on) < last,
    )
    stale = work.held(rows.order_by(col(VerificationCode.id)).limit(_TOGETHER)).all()
    for code in stale:
        move_shelf(work, code, "take_off", "超过30天未维护")
    return len(stale)


repeated("verification.stale", "下架未维护的平台房源", take_off_stale, at="00:04")
