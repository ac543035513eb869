"""The life of a verification code: given pending, valid for sixty days, ended by an event, replaced or withdrawn (3.6)."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, select

from models.enterprise import Enterprise
from models.house import House
from models.sealed import Sealed
from models.verification import ListingVerification, ShelfEvent, VerificationCode
from models.verification_codes import CODE, ON_SHELF, SHELF, CodeEnd, CodeState
from models.working_days import calendar
from services.engine.events import Event, on
from services.engine.numbering import code_later
from services.engine.steps import take_step
from services.engine.work import Work
from services.tenancy.filing import DECIDED, Decided
from services.tenancy.predicates import WHOLE, parts_meet

#: A code came to an end; firms and platforms are notified.
ENDED: Event[VerificationCode] = Event("verification.ended")
#: The district of a home that is not known.
_CITY = "310000"
_RUNNING = (
    select(VerificationCode)
    .where(VerificationCode.house_id == bindparam("id"), VerificationCode.state == CodeState.VALID)
    .order_by(col(VerificationCode.id))
)


def give_code(work: Work, row: ListingVerification) -> VerificationCode:
    """Give the code of a request at once; it waits for the answer (3.6)."""
    district = row.district_code or _CITY
    token = work.sealer.qr_token("hv")
    made = VerificationCode(
        verification_id=row.id,
        house_id=row.house_id,
        part_key=row.part_key,
        app_id=row.app_id,
        holder_kind=row.requester_kind,
        holder_no=Sealed.of(row.requester_no.plain),
        enterprise_id=row.enterprise_id,
        district_code=district,
        street_code=row.street_code,
        token=Sealed.of(token),
        token_digest=work.sealer.token_digest(token),
        public={},
    )
    month = f"{work.today:%y%m}"
    code_later(work, f"HM{district}{month}", f"{district}{month}", lambda number: setattr(made, "code_no", number))
    work.add(made)
    row.code_id = made.id
    return made


def make_valid(
    work: Work, row: ListingVerification, code: VerificationCode, house: House, address: str, *, forced: bool = False
) -> None:
    """Put a code in force from today, with what the public page says of the home."""
    code.valid_from = work.today
    code.valid_to = work.today + timedelta(days=work.thresholds.integer("verify.code_days"))
    code.house_id, code.forced = house.id, forced
    firm = work.session.get(Enterprise, row.enterprise_id) if row.enterprise_id else None
    code.public = {
        "address": address,
        "layout": house.layout,
        "mode": row.mode.label,
        "area": f"{row.leased_area or house.build_area:.2f}",
        "firm": (firm.short_name or firm.name) if firm else "",
        "card_no": row.card_no,
    }
    take_step(work, code, CODE, "reopen" if forced else "take_effect", act="verification.code")


def end_code(work: Work, code: VerificationCode, reason: CodeEnd, on_day: date | None = None) -> bool:
    """End a valid code; its listing goes off the shelf. Returns whether it was valid."""
    step = "cancel" if reason is CodeEnd.WITHDRAWN else "invalidate"
    if code.state not in CODE.open_to(step):
        return False
    code.end_reason, code.ended_on, code.ended_at = reason, on_day or work.today, work.now
    take_step(work, code, CODE, step, act="verification.code", reason=reason.label)
    if code.shelf in ON_SHELF:
        days = work.thresholds.integer("verify.takedown_workdays")
        code.take_down_by = calendar().add_working_days(work.today, days)
        move_shelf(work, code, "take_off", f"核验码失效：{reason.label}")
    ENDED.happened(work, code)
    return True


def move_shelf(work: Work, code: VerificationCode, step: str, reason: str, reference: str = "") -> None:
    """Take a step of the shelf and keep it with its reason."""
    before = code.shelf
    take_step(work, code, SHELF, step, field="shelf", named="上架状态", act="verification.shelf", reason=reason[:60])
    if code.shelf is not before:
        work.add(
            ShelfEvent(
                code_id=code.id,
                at=work.now,
                before=before,
                after=code.shelf,
                reason=reason,
                reference=reference,
                account_id=work.caller.account_id,
                unit_id=work.caller.unit_id,
            )
        )


def running_codes(work: Work, house_id: UUID) -> list[VerificationCode]:
    """Lock and return the valid codes of a house."""
    return list(work.held(_RUNNING, id=house_id).all())


def end_codes_of_part(work: Work, house_id: UUID, parts: tuple[str, ...], on_day: date | None = None) -> int:
    """End the codes of every part that a filing touches."""
    return sum(
        end_code(work, code, CodeEnd.FILED, on_day)
        for code in running_codes(work, house_id)
        if parts_meet((code.part_key or WHOLE,), parts)
    )


@on(DECIDED)
def filing_ends_codes(work: Work, decided: Decided) -> None:
    """A lease that is filed ends the codes of its part (3.3)."""
    if decided.filing is not None:
        end_codes_of_part(work, decided.filing.house_id, tuple(decided.filing.part_keys.split(",")))
