"""V: whether a home may get a code, and whether it may be shown under it (leasing 4.9).

The house itself and its rooms are judged by the rules of filing; O01 to O05 look at the room plan that is handed in.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.house import RoomKind
from models.normal import half_width, normal
from models.tenancy_codes import LeaseMode
from models.verification_codes import WITH_MANDATE, CodeState, PenaltyKind, RequesterKind, ShelfState
from models.working_days import months_later
from services.engine.findings import Finding, Rule, Severity
from services.engine.rule_declaration import Catalogue, Fault, rule
from services.engine.switches import switch_each
from services.ports.answers import Holder
from services.tenancy.filing_facts import KnownRoom
from services.tenancy.predicates import WHOLE, cramped, crowded, number_of, parts_meet
from services.tenancy.rules.catalogue import BY_CODE, PRECHECK_RULES
from services.tenancy.rules.held_parts import holding_during
from services.tenancy.rules.house import registered
from services.tenancy.rules.parties import MISMATCH
from services.tenancy.rules.words import CATALOGUE as TENANCY
from services.verification import thresholds  # noqa: F401  (declares its parameters)
from services.verification.facts import PenaltyFacts, PublishFacts, VerificationFacts
from services.verification.orders import PlannedRoom

#: Changes with every change of what a rule decides.
RULE_SET = "SH-HY-2026.1"

CATALOGUE = Catalogue(Path(__file__).with_name("rules.toml"), known=TENANCY)
own = CATALOGUE.rule

#: V01: the house, as the rules of filing judge it; H16 so that a code is of a house we know, F07 for suspended firms.
HOUSE_CODES = ("H01", "H02", "H03", "H04", "H05", "H06", "H07", "H08", "H09", "H16", "H17", "F07")


def _of_filing(code: str) -> Rule[VerificationFacts]:
    """A rule of filing over the house facts of a verification."""
    made: Rule[Any] = BY_CODE[code]

    def check(facts: VerificationFacts) -> Iterator[Finding]:
        for finding in made.check(facts.filing):
            # Without the papers of a conversion there is nothing a review could look at.
            refused = code == "H04" and finding.severity is Severity.REFUSE
            if code == "H16" and registered(facts.filing).value is None:
                # H01 has spoken, or will when its source answers.
                continue
            yield replace(finding, forceable=False) if refused else finding

    return replace(made, check=check)


def _owner_as_registered(code: str) -> Rule[VerificationFacts]:
    """H02 or H09, where also the owner's name must be the registered one: the police are not asked."""
    made = _of_filing(code)

    def check(facts: VerificationFacts) -> Iterator[Finding]:
        found = list(made.check(facts))
        yield from found
        if not found and _another_name(facts, public=code == "H09"):
            yield Finding(code, made.message, "owner_name", made.severity, MISMATCH, forceable=made.forceable)

    return replace(made, check=check)


def _another_name(facts: VerificationFacts, *, public: bool) -> bool:
    tenancy, title = facts.filing.tenancy.value, facts.filing.title.value
    holders: tuple[Holder, ...] = ()
    if public:
        holders = (tenancy.holder,) if tenancy else ()
    elif title:
        holders = title.holders
    number = number_of(facts.order.owner_id)
    names = {normal("name", holder.name) for holder in holders if number_of(holder.id_no) == number}
    return bool(names) and normal("name", facts.order.owner_name) not in names


# The request


@own("V13", Severity.REFUSE)
def requester_asks_seldom_enough(facts: VerificationFacts) -> Iterator[Fault]:
    if facts.asked_today >= facts.thresholds.integer("verify.requests_a_day"):
        yield Fault("cert_no")


@own("ROOM_NEEDED", Severity.CORRECT)
def flat_is_named(facts: VerificationFacts) -> Iterator[Fault]:
    if facts.several_flats:
        yield Fault("flat_room")


@own("V02", Severity.REFUSE, forceable=True)
def part_is_not_filed(facts: VerificationFacts) -> Iterator[Fault]:
    parts = (facts.order.part_key or WHOLE,)
    for filing in holding_during(facts.filing):
        if parts_meet(filing.parts, parts):
            yield Fault("room_no" if parts != (WHOLE,) else "cert_no", evidence={"filing_no": filing.filing_no})
            return


@own("V03", Severity.REFUSE)
def operated_house_is_verified_by_its_operator(facts: VerificationFacts) -> Iterator[Fault]:
    mine = {facts.requester.number, facts.requester.principal_no}
    if facts.operators and not facts.operators & mine:
        yield Fault("cert_no")


@own("V04", Severity.CORRECT)
def requester_has_a_mandate(facts: VerificationFacts) -> Iterator[Fault]:
    if facts.requester.kind not in WITH_MANDATE:
        return
    mandate = facts.mandate
    fits = (
        mandate is not None
        and mandate.firm_uscc == facts.requester.number
        and mandate.valid_from <= facts.today <= mandate.valid_to
        and mandate.of_this_house is not False
    )
    if not fits:
        yield Fault("mandate_no")


@own("V05", Severity.CORRECT)
def owners_phone_is_correct(facts: VerificationFacts) -> Iterator[Fault]:
    if facts.requester.kind is not RequesterKind.RENTAL_ENTERPRISE:
        return
    phone = normal("phone", facts.order.owner_phone)
    if not phone:
        yield Fault("owner_phone")
    elif facts.owner_phones and phone not in facts.owner_phones:
        yield Fault("owner_phone", message="权利人联系方式与登记的不一致，请核对后填写", found=MISMATCH)


def is_barred(penalties: tuple[PenaltyFacts, ...], facts: VerificationFacts | PublishFacts) -> bool:
    """Return whether so many penalties, or a shut-down, keep the publisher from publishing on the day."""
    since = months_later(facts.today, -12 * facts.thresholds.integer("verify.penalty_years"))
    recent = [one for one in penalties if one.kind is PenaltyKind.PENALTY and since <= one.on_day <= facts.today]
    shut = any(
        one.kind is PenaltyKind.SHUT and one.on_day <= facts.today and (one.until is None or one.until >= facts.today)
        for one in penalties
    )
    return shut or len(recent) >= facts.thresholds.integer("verify.penalties")


@own("V11", Severity.REFUSE)
def publisher_is_not_barred(facts: VerificationFacts | PublishFacts) -> Iterator[Fault]:
    if is_barred(facts.penalties, facts):
        yield Fault("requester")


@own("V12", Severity.CORRECT)
def platform_names_its_publisher(facts: VerificationFacts) -> Iterator[Fault]:
    if facts.requester.kind is not RequesterKind.INFO_PLATFORM:
        return
    publisher = facts.order.publisher
    wanted = {"姓名或名称": publisher.name, "地址": publisher.address, "联系方式": publisher.contact}
    if facts.publisher_kind is not RequesterKind.OWNER:
        wanted |= {"备案证书编号": publisher.record_no, "从业信息卡编号": facts.order.card_no}
    if missing := [label for label, text in wanted.items() if not text.strip()]:
        yield Fault("publisher", message=f"请补充发布者信息：{'、'.join(missing)}")


@own("EARLY", Severity.REFUSE)
def own_code_runs_out_soon(facts: VerificationFacts) -> Iterator[Fault]:
    days = facts.thresholds.integer("verify.renew_days")
    if facts.own_until is not None and facts.own_until - facts.today > timedelta(days=days):
        yield Fault("cert_no", message=f"该房源已有您取得的有效核验码，请在到期前{days}日内再次核验")


# The room plan

_TO_LET = frozenset({RoomKind.BEDROOM, RoomKind.SPLIT_N1})
_LIVED_IN = _TO_LET | {RoomKind.HALL}


def _by_room(facts: VerificationFacts) -> bool:
    return facts.order.mode is not LeaseMode.WHOLE


def _registered_rooms(facts: VerificationFacts) -> dict[str, KnownRoom]:
    """The rooms as our library knows them, or as the register does."""
    house = facts.filing.house
    if house is not None and house.rooms:
        return {room.label: room for room in house.rooms}
    title = registered(facts.filing).value
    return {
        room.label: KnownRoom(room.label, RoomKind.of(room.kind), room.usable_area, room.as_designed)
        for room in (title.rooms if title else ())
    }


def _of_plan(code: str) -> Callable[[Callable[[VerificationFacts], Iterator[Fault]]], Rule[VerificationFacts]]:
    """Make a rule with the words of an O rule of filing, over the room plan of a request by room."""
    words = BY_CODE[code]

    def made(holds: Callable[[VerificationFacts], Iterator[Fault]]) -> Rule[VerificationFacts]:
        def check(facts: VerificationFacts) -> Iterator[Fault]:
            if _by_room(facts):
                yield from holds(facts)

        return rule(
            code,
            words.label,
            Severity.REFUSE,
            words.message,
            source="拆间信息",
            basis=words.basis,
            bring=words.bring,
            where=words.where,
        )(check)

    return made


@_of_plan("O01")
def rooms_are_as_designed(facts: VerificationFacts) -> Iterator[Fault]:
    order, known = facts.order, _registered_rooms(facts)
    if not order.room_no or not order.plan:
        yield Fault("plan", message="按间出租请填写房间号和整套房屋的拆间信息")
        return
    labels = [room.label for room in order.plan]
    if order.room_no not in labels and not _plan_changed(facts):
        yield Fault("room_no", found=f"房间{order.room_no}不在拆间信息内")
    for label in sorted({label for label in labels if labels.count(label) > 1}):
        yield Fault("plan", found=f"房间{label}重复填写")
    tolerance = facts.thresholds.decimal("house.area_tolerance")
    for room in order.plan:
        design = known.get(room.label)
        if room.kind is RoomKind.HALL:
            yield Fault("plan", found=f"房间{room.label}：客厅")
        elif room.kind is RoomKind.BEDROOM and known and not _as_designed(room, design, tolerance):
            yield Fault("plan", found=f"房间{room.label}")
    total = sum((room.usable_area for room in order.plan), Decimal(0))
    house = facts.filing.house
    if house is not None and total > house.build_area:
        yield Fault("plan", found=f"各房间面积合计{total:.2f}㎡，大于房屋面积")


def _as_designed(room: PlannedRoom, design: KnownRoom | None, tolerance: Decimal) -> bool:
    return (
        design is not None
        and design.kind is room.kind
        and design.as_designed
        and abs(design.usable_area - room.usable_area) <= tolerance
    )


@_of_plan("O02")
def service_rooms_are_not_let(facts: VerificationFacts) -> Iterator[Fault]:
    for room in facts.order.plan:
        if room.kind not in _LIVED_IN:
            yield Fault("plan", found=f"房间{room.label}：{room.kind.label}")


@_of_plan("O03")
def rooms_hold_no_more_than_allowed(facts: VerificationFacts) -> Iterator[Fault]:
    per_room = facts.thresholds.integer("occupancy.room_max_persons")
    for room in facts.order.plan:
        if crowded(room.persons, 1, per_room):
            yield Fault("plan", found=f"房间{room.label}居住{room.persons}人")


@_of_plan("O04")
def everybody_has_enough_space(facts: VerificationFacts) -> Iterator[Fault]:
    least = facts.thresholds.decimal("occupancy.min_usable_area")
    # The room that is let; its neighbours are judged when they are.
    for room in facts.order.plan:
        if (
            room.label == facts.order.room_no
            and room.kind in _TO_LET
            and cramped(room.usable_area, max(1, room.persons), least)
        ):
            yield Fault("plan", found=f"房间{room.label}居住{room.persons}人，使用面积{room.usable_area:.2f}㎡")


@_of_plan("O05")
def split_hall_keeps_its_conditions(facts: VerificationFacts) -> Iterator[Fault]:
    split = [room for room in facts.order.plan if room.kind is RoomKind.SPLIT_N1]
    if not split:
        return
    if facts.requester.kind is not RequesterKind.RENTAL_ENTERPRISE:
        yield Fault("plan", found="不是住房租赁企业出租")
    if len(split) > 1:
        yield Fault("plan", found=f"客厅隔间{len(split)}间")
    least, known = facts.thresholds.decimal("split.hall_min_usable_area"), _registered_rooms(facts)
    for room in split:
        hall = known.get(room.hall)
        if hall is None or hall.kind is not RoomKind.HALL:
            yield Fault("plan", found=f"隔间{room.label}没有写明所在的客厅")
        elif hall.usable_area < least:
            yield Fault("plan", found=f"客厅使用面积{hall.usable_area:.2f}㎡")
        elif room.usable_area > hall.usable_area:
            yield Fault("plan", found=f"隔间{room.label}大于所在的客厅")
    if not facts.order.n1_declared:
        yield Fault("n1_declared", found="未声明隔断材料和采光通风符合要求")


PLAN_RULES = (
    rooms_are_as_designed,
    service_rooms_are_not_let,
    rooms_hold_no_more_than_allowed,
    everybody_has_enough_space,
    split_hall_keeps_its_conditions,
)


@own("V06", Severity.REFUSE)
def room_plan_may_be_let(facts: VerificationFacts) -> Iterator[Fault]:
    if any(True for one in PLAN_RULES for _ in one.check(facts)):
        yield Fault("plan")


@own("V07", Severity.REFUSE)
def room_plan_is_the_locked_one(facts: VerificationFacts) -> Iterator[Fault]:
    if _by_room(facts) and _plan_changed(facts):
        yield Fault("plan")


def _plan_changed(facts: VerificationFacts) -> bool:
    if facts.locked is None or not facts.order.plan:
        return False
    return not same_plan(facts.locked, facts.order.plan, facts.thresholds.decimal("split.plan_tolerance"))


def same_plan(locked: tuple[PlannedRoom, ...], plan: tuple[PlannedRoom, ...], tolerance: Decimal) -> bool:
    """Return whether two plans have the same rooms: number, kind, capacity, and area within the tolerance.

    Labels are compared only as far as areas tell rooms apart: two alike may be named the other way round.
    """
    groups = [_areas(one) for one in (locked, plan)]
    if {key: len(areas) for key, areas in groups[0].items()} != {key: len(areas) for key, areas in groups[1].items()}:
        return False
    return all(
        abs(before - after) <= tolerance
        for key, areas in groups[0].items()
        for before, after in zip(areas, groups[1][key], strict=True)
    )


def _areas(plan: tuple[PlannedRoom, ...]) -> dict[tuple[RoomKind, int], list[Decimal]]:
    areas: dict[tuple[RoomKind, int], list[Decimal]] = defaultdict(list)
    for room in sorted(plan, key=lambda room: room.usable_area):
        areas[room.kind, room.persons].append(room.usable_area)
    return areas


# Publication


@own("V10", Severity.CORRECT)
def listing_without_a_code_names_its_type(facts: PublishFacts) -> Iterator[Fault]:
    if facts.uncoded and facts.home_type is None:
        yield Fault("home_type")


@own("V08", Severity.REFUSE)
def code_is_valid(facts: PublishFacts) -> Iterator[Fault]:
    running = facts.state is CodeState.VALID and facts.valid_to is not None and facts.valid_to >= facts.today
    if not running and not facts.uncoded:
        yield Fault("code_no")


@own("FORCED_OFF", Severity.REFUSE)
def listing_is_not_forced_off(facts: PublishFacts) -> Iterator[Fault]:
    if facts.shelf is ShelfState.FORCED_OFF:
        yield Fault("code_no")


@own("V14", Severity.CORRECT)
def public_address_hides_the_room(facts: PublishFacts) -> Iterator[Fault]:
    room = [token for token in _tokens(facts.room) if any(sign.isdigit() for sign in token)][-1:]
    if room and room[0] in _tokens(facts.address_public):
        yield Fault("address_public")


def _tokens(text: str) -> list[str]:
    return re.findall(r"[0-9A-Z]+", half_width(text).upper())


@own("V09", Severity.WARN)
def listing_says_what_was_verified(facts: PublishFacts) -> Iterator[Fault]:
    pairs = (("rent", facts.rent, facts.verified_rent), ("area", facts.area, facts.verified_area))
    for field, told, verified in pairs:
        if told is not None and verified is not None and told != verified:
            yield Fault(field, severity=Severity.REFUSE if facts.differences else Severity.WARN)
            return


#: Where one of these fails, nothing else is answered.
FIRST_RULES: tuple[Rule[Any], ...] = (requester_asks_seldom_enough, flat_is_named)
VERIFY_RULES: tuple[Rule[Any], ...] = (
    *(_owner_as_registered(code) if code in ("H02", "H09") else _of_filing(code) for code in HOUSE_CODES),
    part_is_not_filed,
    operated_house_is_verified_by_its_operator,
    requester_has_a_mandate,
    owners_phone_is_correct,
    publisher_is_not_barred,
    platform_names_its_publisher,
    *PLAN_RULES,
    room_plan_may_be_let,
    room_plan_is_the_locked_one,
)
#: Asked only of a request that would pass: a second code would add nothing.
LAST_RULES: tuple[Rule[Any], ...] = (own_code_runs_out_soon,)
PRECHECKS: tuple[Rule[Any], ...] = tuple(
    _owner_as_registered(one.code) if one.code in ("H02", "H09") else _of_filing(one.code) for one in PRECHECK_RULES
)
PUBLISH_RULES: tuple[Rule[Any], ...] = (
    listing_without_a_code_names_its_type,
    code_is_valid,
    listing_is_not_forced_off,
    publisher_is_not_barred,
    public_address_hides_the_room,
    listing_says_what_was_verified,
)
BY_RULE: dict[str, Rule[Any]] = {
    one.code: one for one in (*FIRST_RULES, *VERIFY_RULES, *LAST_RULES, *PRECHECKS, *PUBLISH_RULES)
}
switch_each(one for code, one in BY_RULE.items() if code.startswith("V") and code not in ("V02", "V08"))
