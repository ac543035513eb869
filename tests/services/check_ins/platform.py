"""A district's platform at work, for tests: people move into rooms of a project, change rooms and leave."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlmodel import col, select

from models.access import Role, ScopeKind
from models.engine import Outgoing
from models.partners import PartnerKind
from models.pushes import CheckIn, MoveOut, StayDifference
from models.rooms import CentralProject, CentralRoom
from models.tenancy import FilingPart, LeaseFiling
from services.check_ins.arrivals import report_check_in
from services.check_ins.move_outs import report_move_out
from services.check_ins.occupied import report_occupied
from services.check_ins.orders import (
    CheckInAnswer,
    MoveOutAnswer,
    OccupiedAnswer,
    OccupiedRoom,
    ReportCheckIn,
    ReportMoveOut,
    ReportOccupied,
)
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.jobs import run_job
from services.partners.registry import ProposePartner, enrol
from services.tenancy.predicates import last_day
from tests.services.tenancy.counter import Person, party, somebody
from tests.world import World, in_order

APP, DISTRICT = "district-310115", "310115"
#: 沪寓公寓: runs both projects, its key valid, its practitioner's card in force.
OPERATOR, KEY, CARD = "91310115MA1K000016", "E-1-VALID-1", "沪租赁2024000104"
MARKET, BUILDERS = "XM3101150001", "XM3101120003"
_SERIAL = count(1)


def caller_of(app_id: str = APP, district: str = DISTRICT) -> Caller:
    """A platform as the exchange lets it act."""
    scope = Scope(Role.PARTNER, ScopeKind.ORGANISATION, app_id)
    return Caller(app_id, (scope,), unit_name="区级长租公寓平台", district_code=district)


@dataclass
class Platform:
    """The platform of 浦东新区, and the rooms of its project that are still free."""

    world: World
    rooms: list[str] = field(default_factory=lambda: [f"{1 + n // 12:02d}{1 + n % 12:02d}" for n in range(48)])

    @property
    def today(self) -> date:
        return self.world.door.clock.today()

    def register(self) -> None:
        order = ProposePartner(
            APP, "浦东新区长租公寓平台", PartnerKind.DISTRICT, scopes="checkins", district_code=DISTRICT
        )
        self.world.act(lambda work: enrol(work, order, ()) and None)

    def free_room(self) -> str:
        return self.rooms.pop(0)

    def lease(self, *tenants: Person, **changes: Any) -> dict[str, Any]:
        """The tenants' part of a stay, their cards checked at the door."""
        lease: dict[str, Any] = {
            "lessees": [party(person, card_read=True) for person in tenants or (somebody(),)],
            "operator_mobile": "13800001234",
            "card_no": CARD,
            "rent": "3200",
            "deposit": "3200",
            "deposit_return_days": "7",
            "deposit_deduct_rule": "欠付租金、损坏设施的，据实扣减",
            "fees": [{"item": "WATER", "by": "LESSEE"}],
        }
        return lease | changes

    def stay(self, room_no: str = "", *tenants: Person, **changes: Any) -> ReportCheckIn:
        """A check-in of today for a year; what `changes` does not know of the message changes the lease."""
        its = {key: changes.pop(key) for key in tuple(changes) if key in ReportCheckIn.__dataclass_fields__}
        today = self.today
        told: dict[str, Any] = {
            "checkin_no": f"RZ{next(_SERIAL):06d}",
            "operator_uscc": OPERATOR,
            "key_serial": KEY,
            "project_no": MARKET,
            "room_no": room_no or self.free_room(),
            "start": today,
            "end": last_day(today, 12),
            "checked_in_at": self.world.door.clock.now(),
            "lease": self.lease(*tenants, **changes),
            "signed_text": "5e" * 32,
        }
        return ReportCheckIn(**{**told, **its})

    def report(self, stay: ReportCheckIn, caller: Caller | None = None) -> CheckInAnswer:
        return self.world.door.perform(report_check_in, caller or caller_of(), stay)

    def move_in(self, room_no: str = "", *tenants: Person, **changes: Any) -> tuple[ReportCheckIn, CheckInAnswer]:
        """A check-in and what it was answered."""
        stay = self.stay(room_no, *tenants, **changes)
        return stay, self.report(stay)

    def running_out(self, days: int = 20, *, room_no: str = "", months: int = 24, **changes: Any) -> LeaseFiling:
        """A filing whose validity ends in so many days, or ended so many days ago, while its lease goes on."""
        _, answer = self.move_in(room_no, end=last_day(self.today, months), **changes)
        assert answer.filing_no, answer
        until = self.today + timedelta(days=days)
        made, dates = self.filing(answer.filing_no), {"valid_to": until, "valid_from": until - timedelta(days=300)}
        self.world.rewrite(LeaseFiling, col(LeaseFiling.id) == made.id, **dates)
        self.world.rewrite(FilingPart, col(FilingPart.filing_id) == made.id, **dates)
        return self.filing(answer.filing_no)

    def leave(self, stay: ReportCheckIn, caller: Caller | None = None, **changes: Any) -> MoveOutAnswer:
        order: dict[str, Any] = {
            "checkout_no": f"TZ{next(_SERIAL):06d}",
            "checkin_no": stay.checkin_no,
            "operator_uscc": stay.operator_uscc,
            "project_no": stay.project_no,
            "room_no": stay.room_no,
            "left_on": self.today,
        }
        return self.world.door.perform(report_move_out, caller or caller_of(), ReportMoveOut(**{**order, **changes}))

    def occupied(self, *rooms: OccupiedRoom, **changes: Any) -> OccupiedAnswer:
        order = {"project_no": MARKET, "operator_uscc": OPERATOR, "as_of": self.today, "rooms": rooms, **changes}
        return self.world.door.perform(report_occupied, caller_of(), ReportOccupied(**order))

    def all_occupied(self, *without: str) -> list[OccupiedRoom]:
        """Every room that has an active filing, told as lived in."""
        kept = [row for row in self.rows(CheckIn) if row.state == "FILED" and row.project_no == MARKET]
        return [
            OccupiedRoom(room_no=row.room_no, checkin_no=row.checkin_no, persons=row.persons)
            for row in kept
            if row.room_no not in without
        ]

    def run(self, job: str) -> None:
        assert run_job(self.world.door, job)

    def rows(self, table: Any, *where: Any) -> list[Any]:
        return list(
            self.world.read(lambda work: work.session.exec(select(table).where(*where).order_by(in_order(table))).all())
        )

    def kept(self, stay: ReportCheckIn) -> CheckIn:
        found: CheckIn = self.rows(CheckIn, CheckIn.checkin_no == stay.checkin_no, CheckIn.attempt == stay.attempt)[0]
        return found

    def move_outs(self, stay: ReportCheckIn) -> list[MoveOut]:
        return self.rows(MoveOut, MoveOut.checkin_no == stay.checkin_no)

    def filing(self, number: str) -> LeaseFiling:
        found: LeaseFiling = self.rows(LeaseFiling, LeaseFiling.filing_no == number)[0]
        return found

    def room(self, room_no: str, project_no: str = MARKET) -> CentralRoom:
        def read(work: Any) -> CentralRoom:
            project = work.session.exec(select(CentralProject).where(CentralProject.project_no == project_no)).one()
            statement = select(CentralRoom).where(CentralRoom.project_id == project.id, CentralRoom.room_no == room_no)
            found: CentralRoom = work.session.exec(statement).one()
            return found

        found: CentralRoom = self.world.door.look(SYSTEM, read)
        return found

    def differences(self, state: str = "OPEN") -> list[StayDifference]:
        return [row for row in self.rows(StayDifference) if row.state == state]

    def messages(self) -> list[dict[str, Any]]:
        rows: Sequence[Outgoing] = self.rows(Outgoing, Outgoing.system == "district_platform")
        return [row.payload.json()["body"] for row in sorted(rows, key=lambda row: row.next_at)]


def codes(answer: CheckInAnswer | MoveOutAnswer) -> set[str]:
    return {reason.code for reason in answer.reasons if reason.severity != "WARN"}


def hints(answer: CheckInAnswer) -> set[str]:
    return {reason.code for reason in answer.reasons if reason.severity == "WARN"}


def at(moment: datetime, **span: float) -> datetime:
    return moment + timedelta(**span)
