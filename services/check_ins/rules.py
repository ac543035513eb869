"""J: what only a check-in or move-out can be wrong with; the lease is judged by the counter's rules (row 14).

The catalogue names no rule for an operator's key, a wrong clock or a room that is still lived in, so the codes are ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from services.engine.clock import shanghai_day
from services.engine.findings import Severity
from services.engine.rule_declaration import Catalogue, Fault
from services.engine.switches import switch_each
from services.engine.thresholds import Thresholds
from services.tenancy.rules.words import CATALOGUE as TENANCY

CATALOGUE = Catalogue(Path(__file__).with_name("rules.toml"), known=TENANCY)
rule = CATALOGUE.rule


@dataclass(frozen=True)
class StayFacts:
    """Facts of our own records about a check-in. `standing` is the result of an earlier valid attempt,
    `change_under_way` the number of another stay waiting to follow the one being left, `previous_stays` why the
    stay being left could not end on the day this one begins, `last_left_on` the day on which the newest cancelled
    filing of the room ended.
    """

    now: datetime
    thresholds: Thresholds
    checked_in_at: datetime
    in_district: bool = True
    key_valid: bool = True
    standing: str = ""
    room_taken: bool = False
    changes_room: bool = False
    previous_found: bool = True
    same_tenant: bool = True
    change_under_way: str = ""
    previous_stays: str = ""
    start: date = date.max
    last_left_on: date | None = None


@rule("J02", Severity.REFUSE)
def number_is_not_in_use(facts: StayFacts) -> Iterator[Fault]:
    if facts.standing:
        yield Fault("checkin_no", found=facts.standing)


@rule("J11", Severity.REFUSE)
def project_lies_in_the_platforms_district(facts: StayFacts) -> Iterator[Fault]:
    if not facts.in_district:
        yield Fault("project_no")


@rule("J12", Severity.REFUSE)
def operators_key_is_known_and_valid(facts: StayFacts) -> Iterator[Fault]:
    if not facts.key_valid:
        yield Fault("key_serial")


@rule("J13", Severity.CORRECT)
def nobody_moves_in_tomorrow(facts: StayFacts) -> Iterator[Fault]:
    # A platform's clock may go wrong by some minutes; no message is refused for that.
    ahead = timedelta(minutes=facts.thresholds.integer("check_ins.clock_minutes"))
    if facts.checked_in_at > facts.now + ahead:
        yield Fault("checked_in_at")


@rule("J14", Severity.WARN)
def check_in_is_told_in_time(facts: StayFacts) -> Iterator[Fault]:
    days = facts.thresholds.integer("check_ins.late_days")
    if days_late(facts.checked_in_at, facts.now) > days:
        yield Fault("checked_in_at", message=f"入住已超过{days}日，按补报处理")


@rule("J15", Severity.CORRECT)
def former_room_is_of_this_project(facts: StayFacts) -> Iterator[Fault]:
    if facts.changes_room and not facts.previous_found:
        yield Fault("previous_checkin_no")
    elif not facts.same_tenant:
        yield Fault("previous_checkin_no", message="换出的入住不是本次承租人的入住，请核对")
    elif facts.change_under_way:
        number = facts.change_under_way
        told = f"原入住的换房正在办理（入住编号 {number}），不再入住该房间的，请先报送该编号的退租，再报送本次入住"
        yield Fault("previous_checkin_no", found=number, message=told)
    elif facts.previous_stays:
        yield Fault("start", message=f"原入住不能在起租日期退租：{facts.previous_stays}")


@rule("J16", Severity.PENDING)
def former_tenant_has_left(facts: StayFacts) -> Iterator[Fault]:
    if facts.room_taken:
        yield Fault("room_no")


@rule("J17", Severity.CORRECT)
def stay_begins_after_the_former_one_ended(facts: StayFacts) -> Iterator[Fault]:
    if facts.last_left_on is not None and facts.start < facts.last_left_on:
        yield Fault("start", found=f"原住户{facts.last_left_on.isoformat()}退租")


@rule("J18", Severity.CORRECT)
def lease_begins_soon_after_moving_in(facts: StayFacts) -> Iterator[Fault]:
    days = facts.thresholds.integer("check_ins.start_ahead_days")
    if facts.start > shanghai_day(facts.checked_in_at) + timedelta(days=days):
        yield Fault(
            "start",
            found=facts.start.isoformat(),
            message=f"起租日期比入住日期晚{days}日以上，请核对起租日期或入住时间",
        )


STAY_RULES = CATALOGUE.rules()


def days_late(checked_in_at: datetime, now: datetime) -> int:
    """Return the days between moving in and today, in Shanghai."""
    return max(0, (shanghai_day(now) - shanghai_day(checked_in_at)).days)


switch_each(STAY_RULES)
