"""A month of direct payment: tenants sign, firms bill, the fund pays and decides, everybody misbehaves, the worker is killed.

The product runs as its real processes; fund and firms are simulators of this process that talk to it over HTTP. Business
time is moved by the clock of demo and tests, a day a step; which contract does what on which day follows from the seed.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from threading import Thread

import httpx
from sqlalchemy import func
from sqlmodel import col, select

from deploy.demo.direct_pay import load_direct_pay
from deploy.demo.firms import load_firms
from deploy.demo.partners import load_partners
from deploy.demo.pilot_leases import FIRMS as PILOT
from deploy.demo.pilot_leases import load_pilot
from deploy.partners import introduced, product_end
from integrations.provident_fund.simulator import Bill as FundBill
from integrations.provident_fund.simulator import ProvidentFundSimulator, Tenancy
from integrations.rental_company.simulator import RentalCompanySimulator
from integrations.wire.exchange_simulator import ExchangeSimulator, Mischief
from models.engine import ClockShift, Outgoing, OutgoingState
from models.enterprise import Enterprise, ServiceState
from models.tenancy import LeaseFiling
from models.tenancy_codes import CancelReason
from services.access.access_list_signature import sign_pending
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI, system_now
from services.engine.outbox import resend
from services.engine.work import Work
from services.tenancy.endings import end_filing
from tests.partner.cluster import Cluster
from tests.partner.leases import Lease, let_flats
from tests.world import World

MONTH, NEXT = "2026-11", "2026-12"
_FIRST, _LAST = date(2026, 11, 1), date(2026, 11, 30)
#: Seconds in which every process of the product has followed a shift of the clock, with some to spare.
_FOLLOWED = 9.0
_FIRMS = {"qy-huyu": "91310115MA1K000016", "qy-tuju": "91310000MA1F000035", "qy-jiangpan": "91310106MAXF40002A"}
#: Whose messages the drill is about; what the demo tells others is none of its business.
SYSTEMS = ("provident_fund", "rental_company")
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Plan:
    """How big the drill is; `days` are those of the month on which anything happens."""

    contracts: int
    kills: int
    seed: int
    days: tuple[int, ...] = tuple(range(1, 31))
    #: Houses of the base library that are loaded; 0 for all.
    houses: int = 0
    #: Seconds the processes are left alone at the end of a day.
    rest: float = 2.0


@dataclass
class Course:
    """What happens to one lease, and when; a day of 0 means never."""

    lease: Lease
    firm: str
    sign_on: int
    bill_on: int
    wrong_name: bool
    too_dear: bool
    billed_twice: bool
    reversed_on: int
    again_on: int
    tenant_ends_on: int
    firm_ends_on: int
    decided_twice: bool
    cancelled_on: int
    mandate: str = ""
    tenant_ended: bool = False
    bills: list[str] = field(default_factory=list)


@dataclass
class Month:
    """One run of the drill."""

    world: World
    cluster: Cluster
    plan: Plan
    courses: list[Course] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    resent: int = 0
    #: When the business clock was shifted, and how far.
    shifts: list[tuple[float, timedelta]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shifts.append((time.monotonic(), self.world.door.clock.shift))
        self.chance = Random(self.plan.seed)
        partners = self.world.simulators.partners
        fund = partners["gjj-center"]
        assert isinstance(fund, ProvidentFundSimulator)
        self.fund = fund
        self.firms: dict[str, RentalCompanySimulator] = {}
        for app_id in _FIRMS:
            firm = partners[app_id]
            assert isinstance(firm, RentalCompanySimulator)
            self.firms[app_id] = firm
        for one in self.everybody:
            one.clock = self.now
            one.mischief = Mischief(Random(self.chance.random()), twice=0.15, deaf=0.15, forged=0.05, shuffled=True)
        self.fund.chance = Random(self.plan.seed + 1)
        self.connect()

    @property
    def uscc_of(self) -> dict[str, str]:
        """The firms by app id."""
        return dict(_FIRMS)

    @property
    def everybody(self) -> list[ExchangeSimulator]:
        return [self.fund, *self.firms.values()]

    # The month.

    def run(self) -> None:
        """Every day of it, then until nobody has anything left to send."""
        for day in self.plan.days:
            self.stand_at(day)
            if day == self.plan.days[len(self.plan.days) // 2]:
                self.two_hours_down(self.firms["qy-tuju"])
            self.order_faults()
            for act in (self.sign, self.bill, self.pay, self.change_minds, self.end, self.decide, self.cancel):
                act(day)
            self.deliver(kill=self.kills_today(day))
            time.sleep(self.plan.rest)
        self.settle()

    def sign(self, day: int) -> None:
        for course in self.courses:
            if course.sign_on <= day and not course.mandate:
                lease, uscc = course.lease, _FIRMS[course.firm]
                name = "冒名人" if course.wrong_name else lease.tenant
                course.mandate = self.fund.sign(
                    Tenancy(
                        lease.filing_no,
                        lease.contract_no,
                        uscc,
                        name,
                        lease.id_no,
                        lease.month_rent,
                        MONTH,
                        f"{lease.end:%Y-%m}",
                        self.firms[course.firm].title,
                        PILOT[uscc],
                    )
                ).number

    def bill(self, day: int) -> None:
        """Firms bill the mandates they were told of; a refused bill is put right, a day or more later."""
        for app_id, firm in self.firms.items():
            made = []
            for course in self.courses:
                if course.firm != app_id or day < course.bill_on or course.mandate not in firm.mandates:
                    continue
                start, rent = max(course.lease.start, _FIRST), rent_of(course.lease)
                known = [firm.bills[number] for number in course.bills]
                if not known:
                    made.append(firm.bill(course.mandate, start, _LAST, rent + (100 if course.too_dear else 0)))
                elif (all(bill.accepted is False for bill in known) and len(known) == 1) or (
                    course.billed_twice and known[-1].accepted and len(known) == 1
                ):
                    made.append(firm.bill(course.mandate, start, _LAST, rent))
                else:
                    continue
                course.bills.append(made[-1].number)
            self.chance.shuffle(made)
            firm.send_bills(made)

    def pay(self, day: int) -> None:
        self.fund.pay()

    def change_minds(self, day: int) -> None:
        """Payments that come back, and second attempts that work."""
        for course in self.courses:
            for bill in self.fund_bills(course):
                if course.reversed_on and day >= course.reversed_on and bill.outcome == "SUCCESS" and bill.told == 1:
                    self.fund.reverse(bill)
                elif course.again_on and day >= course.again_on and bill.outcome == "FAIL" and bill.told == 1:
                    self.fund.try_again(bill)

    def end(self, day: int) -> None:
        """Tenants and firms end mandates from the next month on."""
        for course in self.courses:
            if course.tenant_ends_on and day >= course.tenant_ends_on and course.mandate:
                mandate = self.fund.mandates[course.mandate]
                if mandate.accepted:
                    course.tenant_ends_on, course.tenant_ended = 0, True
                    self.fund.end(mandate, NEXT)
            if course.firm_ends_on and day >= course.firm_ends_on:
                firm = self.firms[course.firm]
                if course.mandate in firm.mandates:
                    course.firm_ends_on = 0
                    firm.ask_to_end(course.mandate, NEXT, "ARREARS", since=_FIRST)

    def decide(self, day: int) -> None:
        for request in self.fund.requests.values():
            course = next(one for one in self.courses if one.mandate == request.said.entrust_no)
            if not request.told:
                self.fund.decide(request, "APPROVED" if self.chance.random() < 0.7 else "REJECTED")
            elif course.decided_twice and request.told == 1:
                self.fund.decide(request, "REJECTED" if request.decision == "APPROVED" else "APPROVED")

    def cancel(self, day: int) -> None:
        """Some leases are given up at a counter: their filings end, and the fund is told."""
        for course in self.courses:
            if course.cancelled_on and day >= course.cancelled_on:
                course.cancelled_on = 0
                self.world.act(lambda work, course=course: _cancel(work, course.lease))  # type: ignore[misc]

    # Lines, faults, time.

    def connect(self) -> None:
        """Everybody calls a web process of his own choice."""
        for one in self.world.simulators.partners.values():
            one.connect(product_end(self.world.door.house, self.chance.choice(self.cluster.webs).url))

    def deliver(self, *, kill: int = 0) -> None:
        """All partners send at once; the worker dies while they do."""
        self.connect()
        senders = [Thread(target=one.deliver) for one in self.everybody]
        for sender in senders:
            sender.start()
        for _ in range(kill):
            time.sleep(self.chance.random() * self.plan.rest)
            self.cluster.kill_worker()
        for sender in senders:
            sender.join()

    def kills_today(self, day: int) -> int:
        """The kills spread over the days, later rather than sooner."""
        place, days = self.plan.days.index(day), len(self.plan.days)
        return self.plan.kills * (place + 1) // days - self.plan.kills * place // days

    def order_faults(self) -> None:
        """A few of the next answers go wrong in one way or another."""
        for one in self.everybody:
            for fault in ("half", "badsig", "badnonce", "error", "badjson", "slow:700"):
                if self.chance.random() < 0.15:
                    times = self.chance.randrange(1, 4)
                    self.faults[fault.partition(":")[0]] += times
                    self.fault(one, fault=fault, times=times)

    def two_hours_down(self, partner: ExchangeSimulator) -> None:
        """Nothing is taken while business time passes every retry; then those on duty send again what was given up."""
        self.faults["down"] += 1
        self.fault(partner, fault="down")
        self.deliver()
        for minutes in (2, 6, 31, 81):
            self.let_pass(minutes=minutes)
            time.sleep(9)
        self.heal()
        self.send_again()

    def fault(self, partner: ExchangeSimulator, **order: object) -> None:
        url = self.world.simulators.partner_url(partner.keys.app_id)
        httpx.post(f"{url}/sim/faults", json=order).raise_for_status()

    def heal(self) -> None:
        for one in self.everybody:
            url = self.world.simulators.partner_url(one.keys.app_id)
            httpx.delete(f"{url}/sim/faults").raise_for_status()

    def send_again(self) -> None:
        dead = select(Outgoing.id).where(Outgoing.state == OutgoingState.DEAD)
        for message_id in self.world.read(lambda work: work.session.exec(dead).all()):
            self.world.door.perform(resend, self.world.caller("shi01"), message_id)
            self.resent += 1

    def settle(self) -> None:
        """Everybody behaves at last; over when nothing waits on either side and nothing new is caused by it."""
        for one in self.everybody:
            one.mischief = Mischief()
        self.heal()
        quiet = 0
        # What a partner cannot read is sent for ever; then there is nothing to wait for.
        while quiet < 2 and not any(one.misfits for one in self.everybody):
            self.bill(99)
            self.pay(99)
            self.change_minds(99)
            self.end(99)
            self.decide(99)
            self.deliver()
            self.send_again()
            # Only to what waits for a later try: a slow worker would have the nights of days to do, and send nothing.
            if not self.unsent(due=True):
                self.let_pass(minutes=31)
            time.sleep(1.5)
            quiet = 0 if self.waiting() else quiet + 1

    def waiting(self) -> int:
        """Messages not settled, on either side."""
        return self.unsent() + sum(len(one.waiting) for one in self.everybody)

    def unsent(self, *, due: bool = False) -> int:
        """Messages of the product that are not settled; `due` are those that wait for no later try."""
        unsent = (
            select(func.count())
            .select_from(Outgoing)
            .where(Outgoing.state != OutgoingState.SENT, col(Outgoing.system).in_(SYSTEMS))
        )
        if due:
            unsent = unsent.where(Outgoing.state != OutgoingState.DEAD, col(Outgoing.next_at) <= self.now())
        return int(self.world.read(lambda work: work.session.exec(unsent).one()))

    def now(self) -> datetime:
        """The partners' clock: nobody's runs ahead of the product's, whose processes follow a shift some seconds late."""
        behind = time.monotonic() - _FOLLOWED
        known = [shift for since, shift in self.shifts if since <= behind]
        return system_now() + (known[-1] if known else self.shifts[0][1])

    def stand_at(self, day: int) -> None:
        """Nine in the morning of a day of the month, for everybody."""
        target = datetime(2026, 11, day, 9, 0, tzinfo=SHANGHAI)
        self.shift(max(target - system_now(), self.world.door.clock.shift))

    def let_pass(self, **span: float) -> None:
        self.shift(self.world.door.clock.shift + timedelta(**span))

    def shift(self, shift: timedelta) -> None:
        """The product's processes look every few seconds."""
        self.world.door.clock.shift = shift
        self.shifts.append((time.monotonic(), shift))

        def write(work: Work) -> None:
            row = work.session.exec(select(ClockShift).where(ClockShift.name == "business")).first()
            row = row or ClockShift(name="business")
            row.seconds = int(shift.total_seconds())
            work.add(row)

        self.world.act(write)

    def fund_bills(self, course: Course) -> list[FundBill]:
        keys = [f"{course.mandate}:{number}" for number in course.bills]
        return [self.fund.bills[key] for key in keys if key in self.fund.bills]


def prepared(world: World, plan: Plan) -> Callable[[Cluster], Month]:
    """Firms in the pilot with their accounts, leases, partners; then the drill over a cluster on the same database."""
    world.door.clock.shift = datetime(2026, 11, 1, 9, 0, tzinfo=SHANGHAI) - system_now()
    # The firms and the leases of the pilot; the rest of the demo would cost each night that passes.
    for load in (load_firms, load_pilot, load_direct_pay):
        world.door.perform(load, SYSTEM, None)
    # One firm of the demo is suspended and would get no mandates.
    world.rewrite(
        Enterprise, col(Enterprise.service_state) == ServiceState.SUSPENDED, service_state=ServiceState.NORMAL
    )
    leases = world.act(lambda work: _leases(work, plan))
    world.door.perform(load_partners, SYSTEM, introduced(world.simulators))
    sign_pending(world.door)
    chance = Random(plan.seed)
    courses = [_course(chance, app_id, lease) for app_id, lease in leases]

    def over(cluster: Cluster) -> Month:
        month = Month(world, cluster, plan)
        month.courses = courses
        return month

    return over


def rent_of(lease: Lease) -> Decimal:
    """The rent for the month by the firm's own reckoning: the days it was let, of the days it has."""
    days = (_LAST - max(lease.start, _FIRST)).days + 1
    return (lease.month_rent * days / 30).quantize(_CENT, ROUND_HALF_UP)


def _leases(work: Work, plan: Plan) -> list[tuple[str, Lease]]:
    firms = {
        app_id: work.session.exec(select(Enterprise).where(Enterprise.uscc == uscc)).one()
        for app_id, uscc in _FIRMS.items()
    }
    apps = {firm.id: app_id for app_id, firm in firms.items()}
    late = plan.contracts // 5
    many = list(firms.values())
    long_let = let_flats(work, many, plan.contracts - late, date(2026, 3, 1), date(2027, 8, 31), plan.seed)
    work.session.flush()
    new = let_flats(work, many, late, date(2026, 11, 9), date(2027, 11, 8), plan.seed, first=len(long_let))
    return [(apps[lease.enterprise_id], lease) for lease in (*long_let, *new)]


def _course(chance: Random, firm: str, lease: Lease) -> Course:
    def sometimes(share: float, day: int) -> int:
        return day if chance.random() < share else 0

    first = max(1, lease.start.day if lease.start >= _FIRST else 1)
    sign_on = first + chance.randrange(5)
    return Course(
        lease=lease,
        firm=firm,
        sign_on=sign_on,
        bill_on=sign_on + 2 + chance.randrange(5),
        wrong_name=chance.random() < 0.04,
        too_dear=chance.random() < 0.06,
        billed_twice=chance.random() < 0.06,
        reversed_on=sometimes(0.08, 20),
        again_on=sometimes(0.5, 22),
        tenant_ends_on=sometimes(0.06, 21),
        firm_ends_on=sometimes(0.08, 19),
        decided_twice=chance.random() < 0.3,
        cancelled_on=sometimes(0.05, 25),
    )


def _cancel(work: Work, lease: Lease) -> None:
    filing = work.session.exec(select(LeaseFiling).where(col(LeaseFiling.filing_no) == lease.filing_no)).one()
    end_filing(work, filing, "cancel", CancelReason.EARLY_BOTH, work.today)
