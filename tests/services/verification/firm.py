"""Firms and a platform that have homes verified, for tests."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, pairwise
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import select

from deploy.demo.firms import load_firms
from models.access import Role, ScopeKind
from models.enterprise import Enterprise
from models.house import RoomKind
from models.partners import PartnerKind
from models.tenancy_codes import LeaseMode
from models.verification import ListingVerification, VerificationCode
from services.engine.callers import SYSTEM, Caller, Scope
from services.engine.jobs import run_job
from services.partners.registry import ProposePartner, enrol
from services.verification.mandates import record_mandate
from services.verification.orders import OfCode, PlannedRoom, RecordMandate, VerifyHome
from services.verification.submission import Submitted, Verified, check_verification, submit_verification
from tests.services.tenancy.counter import Counter, Flat, fixtures
from tests.world import World

#: 沪寓公寓 lets, 安居经纪 brokers, 途居运营 operates, 江畔寓所 is suspended, 找房 and 安居网络 publish.
RENTAL, BROKER, OPERATOR, SUSPENDED = (
    "91310115MA1K000016",
    "91310104MA7A000029",
    "91310000MA1F000035",
    "91310106MAXF40002A",
)
PLATFORM, OTHER_PLATFORM = "91310115MA1P00005W", "91310104MA1P000062"
PHONE = "13800001234"
_SERIAL = count(1)


@dataclass
class Firms:
    """The firms before the door. Tests that share a world share its `counter` too: each flat is let once."""

    counter: Counter
    ids: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world.door.perform(load_firms, SYSTEM, None)
        self.ids = self.world.read(
            lambda work: {firm.uscc: firm.id for firm in work.session.exec(select(Enterprise)).all()}
        )

    @property
    def world(self) -> World:
        return self.counter.world

    @property
    def today(self) -> date:
        return self.world.door.clock.today()

    def caller(self, uscc: str = RENTAL) -> Caller:
        """A user of a firm."""
        firm = self.ids[uscc]
        scope = Scope(Role.ENTERPRISE_USER, ScopeKind.ORGANISATION, str(firm))
        return Caller("企业", (scope,), account_id=uuid4(), enterprise_id=firm)

    def system(self, app_id: str, uscc: str) -> Caller:
        """The system of a firm, as the exchange lets it act."""
        scope = Scope(Role.PARTNER, ScopeKind.ORGANISATION, app_id)
        return Caller(app_id, (scope,), enterprise_id=self.ids[uscc])

    def register(self, app_id: str, kind: PartnerKind, uscc: str, scopes: str) -> None:
        order = ProposePartner(app_id, app_id, kind, scopes=scopes, enterprise_id=self.ids[uscc])
        self.world.act(lambda work: enrol(work, order, ()) and None)

    def flat(self) -> Flat:
        """A home whose bedrooms no half square metre makes alike."""
        while True:
            flat = self.counter.free_flat()
            areas = sorted(room.usable_area for room in plan_of_flat(flat))
            if all(after - before > Decimal("1.6") for before, after in pairwise(areas)) and areas[0] >= 6:
                return flat

    def fixture(self, name: str) -> Flat:
        return fixtures()[name]

    def mandate(self, flat: Flat, uscc: str = RENTAL, *, days: int = 300) -> str:
        """A mandate of the owner to a firm; its number."""
        number = f"WT{next(_SERIAL):05d}"
        order = RecordMandate(
            number,
            None,
            flat.cert_no,
            flat.owners[0].id_no,
            self.today,
            self.today,
            self.today + timedelta(days=days),
        )
        self.world.door.perform(record_mandate, self.caller(uscc), order)
        return number

    def home(self, flat: Flat, uscc: str = RENTAL, **changes: Any) -> VerifyHome:
        """A request for a whole flat; with `room_no` for a room of it, its bedrooms as the plan."""
        values: dict[str, Any] = {
            "cert_no": flat.cert_no,
            "owner_name": flat.owners[0].name,
            "owner_id": flat.owners[0].id_no,
            "owner_phone": PHONE,
            "rent": Decimal("5000"),
            "area": Decimal(flat.line["floor_area"]),
            "coowner_consent": len(flat.owners) > 1,
        }
        if "mandate_no" not in changes:
            values["mandate_no"] = self.mandate(flat, uscc)
        if changes.get("room_no"):
            values |= {"mode": LeaseMode.ROOM, "plan": plan_of_flat(flat)}
        return VerifyHome(**values | changes)

    def submit(self, home: VerifyHome, uscc: str = RENTAL) -> Submitted:
        return self.world.door.perform(submit_verification, self.caller(uscc), home)

    def check(self, given: Submitted, uscc: str = RENTAL) -> Verified:
        return self.world.door.perform(check_verification, self.caller(uscc), given.id)

    def verify(self, home: VerifyHome, uscc: str = RENTAL) -> Verified:
        """Hand in a request and have it judged at once."""
        return self.check(self.submit(home, uscc), uscc)

    def run(self, job: str) -> None:
        run_job(self.world.door, job)

    def code(self, code_no: str) -> VerificationCode:
        wanted = select(VerificationCode).where(VerificationCode.code_no == code_no)
        row: VerificationCode = self.world.read(lambda work: work.session.exec(wanted).one())
        return row

    def request(self, row_id: UUID) -> ListingVerification:
        wanted = select(ListingVerification).where(ListingVerification.id == row_id)
        row: ListingVerification = self.world.read(lambda work: work.session.exec(wanted).one())
        return row

    def of(self, code_no: str, **more: Any) -> OfCode:
        return OfCode(code_no, **more)


def plan_of_flat(flat: Flat, *, persons: int = 1, **areas: str) -> tuple[PlannedRoom, ...]:
    """The bedrooms of a flat as its room plan; `areas` are those that differ, by `room_` and the label."""
    rooms = (room.split(":")[:3] for room in flat.line["rooms"].split(";"))
    return tuple(
        PlannedRoom(label, RoomKind.BEDROOM, Decimal(areas.get(f"room_{label}", area)), persons)
        for label, kind, area in rooms
        if kind == "卧室"
    )


def split_room(flat: Flat, area: str = "8.00", label: str = "N1") -> PlannedRoom:
    """A room cut from the hall of a flat."""
    hall = next(room.split(":")[0] for room in flat.line["rooms"].split(";") if ":客厅:" in room)
    return PlannedRoom(label, RoomKind.SPLIT_N1, Decimal(area), 1, hall)
