"""Orders and answers of a district's platform about stays, in our words (row 14)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from models.push_codes import MoveOutState, StayState
from services.broker_pushes.orders import Reason, digest_of
from services.engine.listings import Line
from services.partners.wire_fields import NO_BLANKS, CreditCode, Day

Number = Annotated[str, Field(min_length=1, max_length=64)]
#: Where a number is introduced; what was taken in before under one with blanks can still be named.
NewNumber = Annotated[Number, NO_BLANKS]
Room = Annotated[str, Field(min_length=1, max_length=40)]
Project = Annotated[str, Field(min_length=1, max_length=40)]


@dataclass(frozen=True)
class ReportCheckIn:
    """A check-in. `lease` holds tenants, residents, rent and deposit as typed into a lease form.

    `previous_checkin_no` is set for a change of rooms inside the project; `signed_text` is the SM3 of the text both
    sides signed; `attempt` counts the tries under this number.
    """

    checkin_no: str
    operator_uscc: str
    key_serial: str
    project_no: str
    room_no: str
    start: date
    end: date
    checked_in_at: datetime
    lease: dict[str, Any] = field(default_factory=dict)
    bed: str = ""
    previous_checkin_no: str = ""
    signed_text: str = ""
    attempt: int = 1

    @property
    def fingerprint(self) -> str:
        told = [self.checkin_no, self.operator_uscc, self.key_serial, self.project_no, self.room_no, self.bed]
        told += [str(self.start), str(self.end), self.checked_in_at.isoformat(), self.previous_checkin_no]
        return digest_of([*told, self.signed_text, self.attempt, self.lease])


@dataclass(frozen=True)
class CheckInAnswer:
    """Result of a check-in; the validity is that of the filing, if any."""

    checkin_no: str
    attempt: int
    state: StayState
    filing_no: str = ""
    contract_no: str = ""
    case_no: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class ReportMoveOut:
    """A move-out, which cancels the filing."""

    checkout_no: Annotated[NewNumber, Field(title="退租编号", description="平台内不重复")]
    checkin_no: Annotated[Number, Field(title="入住编号")]
    operator_uscc: Annotated[CreditCode, Field(title="运营方统一社会信用代码")]
    project_no: Annotated[Project, Field(title="项目编号")]
    room_no: Annotated[Room, Field(title="房号")]
    left_on: Annotated[Day, Field(title="退租日期")]

    @property
    def fingerprint(self) -> str:
        return digest_of(
            [self.checkout_no, self.checkin_no, self.operator_uscc, self.project_no, self.room_no, str(self.left_on)]
        )


@dataclass(frozen=True)
class MoveOutAnswer:
    """`cancel_no` is the number of the cancellation notice, when a filing was cancelled."""

    checkout_no: str
    state: MoveOutState
    filing_no: str = ""
    cancel_no: str = ""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OccupiedRoom:
    """An occupied room or bed."""

    room_no: Annotated[Room, Field(title="房号")]
    bed: Annotated[str, Field(title="床位", max_length=20)] = ""
    checkin_no: Annotated[str, Field(title="入住编号", max_length=64)] = ""
    persons: Annotated[int, Field(title="居住人数", ge=1, le=50)]


@dataclass(frozen=True)
class ReportOccupied:
    """The occupied rooms of a project on a day."""

    project_no: Annotated[Project, Field(title="项目编号")]
    operator_uscc: Annotated[CreditCode, Field(title="运营方统一社会信用代码", description="应为该项目的运营方")]
    as_of: Annotated[Day, Field(title="在住日期", description="同一日再次报送以后一次为准")]
    rooms: Annotated[tuple[OccupiedRoom, ...], Field(title="在住房间", max_length=5000)]


@dataclass(frozen=True)
class OccupiedAnswer:
    """Numbers of reported rooms and of filings active on that day, and their differences."""

    project_no: str
    as_of: date
    occupied: int
    filed: int
    differences: tuple[Line, ...] = ()
