"""O: what is let is fit to live in, and not by too many (leasing 4.5)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from models.house import RoomKind
from models.rooms import ProjectKind
from models.tenancy_codes import FAMILY, DealKind, LeaseMode
from services.engine.findings import Severity
from services.engine.rule_declaration import Fault
from services.tenancy.filing_facts import FilingFacts, KnownRoom, OtherFiling
from services.tenancy.predicates import WHOLE, cramped, crowded, month_rent
from services.tenancy.rules.applicants import persons_living
from services.tenancy.rules.held_parts import holding_during
from services.tenancy.rules.words import rule

_NOT_TO_LIVE_IN = frozenset({RoomKind.KITCHEN, RoomKind.BATH, RoomKind.BALCONY, RoomKind.STORAGE, RoomKind.OTHER})
_HALLS = frozenset({RoomKind.HALL, RoomKind.SPLIT_N1})


def _plan(facts: FilingFacts) -> tuple[KnownRoom, ...]:
    """The rooms as our library knows them, or as the register does while the house is not in it."""
    if facts.house is not None and facts.house.rooms:
        return facts.house.rooms
    title = facts.title.value or (facts.tenancy.value.title if facts.tenancy.value else None)
    return tuple(
        KnownRoom(room.label, RoomKind.of(room.kind), room.usable_area, room.as_designed)
        for room in (title.rooms if title else ())
    )


@dataclass(frozen=True)
class _Let:
    """The let rooms that are in the plan, and the labels that are not."""

    known: tuple[KnownRoom, ...]
    unknown: tuple[str, ...]


def _let(facts: FilingFacts) -> _Let:
    plan = {room.label: room for room in _plan(facts)}
    form = facts.form
    if form.mode is LeaseMode.WHOLE:
        return _Let(tuple(plan.values()), ())
    # A bed is in a room of a project; its label is no room's.
    unknown = () if form.mode is LeaseMode.BED else tuple(label for label in form.rooms if label not in plan)
    return _Let(tuple(plan[label] for label in dict.fromkeys(form.rooms) if label in plan), unknown)


def _living(rooms: Sequence[KnownRoom], *, with_hall: bool) -> list[KnownRoom]:
    """Rooms designed to be lived in; the split hall counts where it is what is let."""
    return [
        room
        for room in rooms
        if (room.kind is RoomKind.BEDROOM and room.as_designed) or (with_hall and room.kind in _HALLS)
    ]


@rule("O01", Severity.REFUSE)
def let_rooms_are_as_designed(facts: FilingFacts) -> Iterator[Fault]:
    form = facts.form
    if form.mode in (LeaseMode.ROOM, LeaseMode.N1) and not form.rooms:
        yield Fault("rooms", found="未选择房间", message="请选择出租的房间", severity=Severity.CORRECT)
    let = _let(facts)
    if _plan(facts):
        for label in let.unknown:
            yield Fault("rooms", found=f"房间{label}不在登记的户型内")
    for room in let.known:
        hall_as_room = room.kind in _HALLS and form.mode is LeaseMode.ROOM
        if hall_as_room or (room.kind is RoomKind.BEDROOM and not room.as_designed):
            yield Fault("rooms", found=f"房间{room.label}")


@rule("O02", Severity.REFUSE)
def service_rooms_are_not_let(facts: FilingFacts) -> Iterator[Fault]:
    if facts.form.mode is LeaseMode.WHOLE:
        return
    for room in _let(facts).known:
        if room.kind in _NOT_TO_LIVE_IN:
            yield Fault("rooms", found=f"房间{room.label}：{room.kind.label}")


@rule("O03", Severity.REFUSE, forceable=True)
def rooms_hold_no_more_than_allowed(facts: FilingFacts) -> Iterator[Fault]:
    form, per_room = facts.form, facts.thresholds.integer("occupancy.room_max_persons")
    persons = persons_living(form)
    family = sum(resident.relation in FAMILY for resident in form.residents)
    capacity = _capacity(facts, per_room)
    over = capacity is not None and persons > capacity
    in_room = Counter(resident.room for resident in form.residents if resident.room)
    related = Counter(resident.room for resident in form.residents if resident.room and resident.relation in FAMILY)
    full = [label for label, count in sorted(in_room.items()) if crowded(count, 1, _per_room(facts, per_room))]
    if not over and not full:
        return
    strangers_fit = (not over or persons - family <= (capacity or 0)) and all(
        in_room[label] - related[label] <= _per_room(facts, per_room) for label in full
    )
    severity = Severity.INTERCEPT if form.family_proof or strangers_fit else Severity.REFUSE
    words = "" if per_room == 2 else f"每个房间居住不得超过{per_room}人，有法定赡养、抚养、扶养关系的请上传证明"
    yield Fault(
        "residents",
        found=f"居住{persons}人",
        message=words,
        severity=severity,
        evidence={"capacity": capacity, "rooms": full},
    )


def _per_room(facts: FilingFacts, per_room: int) -> int:
    return max(per_room, facts.project.max_persons) if facts.project is not None else per_room


def _capacity(facts: FilingFacts, per_room: int) -> int | None:
    """Return how many may live in what is let; nothing when its rooms are not known."""
    if facts.project is not None:
        return facts.project.max_persons
    form = facts.form
    if form.mode in (LeaseMode.ROOM, LeaseMode.N1, LeaseMode.BED):
        return per_room * max(1, len(set(form.rooms)))
    rooms = _living(_plan(facts), with_hall=False)
    return per_room * len(rooms) if _plan(facts) else None


@rule("O04", Severity.REFUSE)
def everybody_has_enough_space(facts: FilingFacts) -> Iterator[Fault]:
    area = _living_area(facts)
    persons = persons_living(facts.form)
    least = facts.thresholds.decimal("occupancy.min_usable_area")
    if area is not None and cramped(area, persons, least):
        yield Fault("residents", found=f"居住{persons}人，人均{area / persons:.2f}㎡", message=_too_small(least))


def _too_small(least: Decimal) -> str:
    return f"人均居住面积不足{least.normalize():f}平方米"


def _living_area(facts: FilingFacts) -> Decimal | None:
    let, hall = _let(facts), facts.form.mode is LeaseMode.N1
    rooms = _living(let.known, with_hall=hall)
    # Kitchens and rooms outside the plan are O01's and O02's; their space says nothing about living.
    if not rooms or (facts.form.mode is not LeaseMode.WHOLE and len(rooms) < len(set(facts.form.rooms))):
        return None
    return sum((room.usable_area for room in rooms), Decimal(0))


@rule("O05", Severity.REFUSE)
def split_hall_keeps_its_conditions(facts: FilingFacts) -> Iterator[Fault]:
    form = facts.form
    if form.mode is not LeaseMode.N1:
        return
    if form.deal is not DealKind.ENTERPRISE or facts.enterprise is None or not facts.enterprise.rental:
        yield Fault("deal", found="不是住房租赁企业出租")
    plan = _plan(facts)
    halls = [room for room in _let(facts).known if room.kind in _HALLS]
    if len(halls) != 1 or sum(room.kind is RoomKind.SPLIT_N1 for room in plan) > 1:
        yield Fault("rooms", found=f"客厅隔间{len(halls)}间")
    elif facts.form.rooms and _other_hall_is_let(facts, halls[0], plan):
        yield Fault("rooms", found="该房屋已有客厅隔间备案")
    least = facts.thresholds.decimal("split.hall_min_usable_area")
    for room in halls:
        area = _hall_area(room, plan)
        if area < least:
            yield Fault("rooms", found=f"客厅使用面积{area:.2f}㎡")
    for declared, field, words in (
        (form.n1_material_ok, "n1_material_ok", "未声明采用轻质不燃材料隔断"),
        (form.n1_daylight_ok, "n1_daylight_ok", "未声明采光通风符合要求"),
        (form.n1_verified, "n1_verified", "未经平台核验"),
    ):
        if not declared:
            yield Fault(field, found=words)


def _hall_area(room: KnownRoom, plan: Sequence[KnownRoom]) -> Decimal:
    # A recorded split has taken its part of the hall; the hall was both together.
    rest = [other.usable_area for other in plan if other.kind is RoomKind.HALL and other.label != room.label]
    return room.usable_area + max(rest, default=Decimal(0)) if room.kind is RoomKind.SPLIT_N1 else room.usable_area


def _other_hall_is_let(facts: FilingFacts, hall: KnownRoom, plan: Sequence[KnownRoom]) -> bool:
    others = {room.label for room in plan if room.kind in _HALLS and room.label != hall.label}
    return any(others & set(filing.parts) for filing in holding_during(facts))


@rule("O06", Severity.REFUSE)
def beds_are_let_only_in_recognised_projects(facts: FilingFacts) -> Iterator[Fault]:
    project = facts.project
    recognised = project is not None and project.kind is ProjectKind.BUILDER_HOME and project.room_in_library
    if facts.form.mode is LeaseMode.BED and not recognised:
        yield Fault("mode", found=facts.form.mode.label)


@rule("O07", Severity.REFUSE, forceable=True)
def house_holds_all_who_live_there(facts: FilingFacts) -> Iterator[Fault]:
    others = sum(filing.persons for filing in _neighbours(facts))
    if not others:
        return
    form = facts.form
    own = persons_living(form)
    strangers = own - sum(resident.relation in FAMILY for resident in form.residents)
    if facts.project is not None:
        if others + own > facts.project.max_persons:
            yield Fault("residents", found=f"本次居住{own}人")
        return
    rooms = _living(_plan(facts), with_hall=form.mode is LeaseMode.N1)
    rooms += [room for room in _plan(facts) if room.kind in _HALLS and room not in rooms and _hall_is_let(facts, room)]
    if not rooms:
        return
    area = sum((room.usable_area for room in rooms), Decimal(0))
    per_room = facts.thresholds.integer("occupancy.room_max_persons")
    least = facts.thresholds.decimal("occupancy.min_usable_area")
    if crowded(others + strangers, len(rooms), per_room) or cramped(area, others + own, least):
        yield Fault("residents", found=f"本次居住{own}人")


def _neighbours(facts: FilingFacts) -> list[OtherFiling]:
    """The filings whose people stay in the house beside the new ones; one that is to be replaced does not."""
    return [filing for filing in holding_during(facts) if filing.persons]


def _hall_is_let(facts: FilingFacts, hall: KnownRoom) -> bool:
    return any(hall.label in filing.parts and WHOLE not in filing.parts for filing in holding_during(facts))


@rule("O08", Severity.REFUSE)
def house_is_no_unit_dormitory(facts: FilingFacts) -> Iterator[Fault]:
    if facts.project is None and (facts.form.dormitory or "宿舍" in facts.form.purpose):
        yield Fault("purpose", found="单位集体宿舍")


@rule("O09", Severity.WARN)
def letting_is_below_the_concentrated_scale(facts: FilingFacts) -> Iterator[Fault]:
    project = facts.project
    if project is None:
        return
    persons = project.persons_in_building + persons_living(facts.form)
    if project.room_total >= facts.thresholds.integer("concentrated.rooms") or persons >= facts.thresholds.integer(
        "concentrated.persons"
    ):
        yield Fault("house.house_code", found=f"项目共{project.room_total}间，本楼居住{persons}人")


@rule("O10", Severity.REFUSE)
def beds_cost_no_more_than_the_suite(facts: FilingFacts) -> Iterator[Fault]:
    project, rent = facts.project, month_rent(facts.form)
    if facts.form.mode is not LeaseMode.BED or project is None or project.filed_month_price is None or rent is None:
        return
    total = rent + sum(project.other_bed_rents, Decimal(0))
    if total > project.filed_month_price:
        yield Fault("rent", found=f"该套备案月租金{project.filed_month_price:,.2f}元")
