"""The 32 rules of the old bulk check, word for word as its data set reads them (decision 2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from models.identity import age_on, id_check_character
from models.normal import normal_cert_no, parse_cert
from models.places_data import districts_of_road
from services.legacy.rows import LegacyContract, LegacyHouse
from services.tenancy.predicates import crowded

REFERENCE_DAY = date(2026, 6, 30)
INTERVAL_DAYS = 7
LONGEST_YEARS = 20
PER_ROOM = 2
PER_PERSON = 5
LARGEST_AREA = 1000
#: The old check knew title numbers of the new form up to this year.
LAST_TITLE_YEAR = 2029

_BEDROOM = "卧室"
_PUBLIC = "租用公有住房"
_OWNER = "权利人"


@dataclass(frozen=True, slots=True)
class HouseFacts:
    """A house and what the whole file says of it."""

    house: LegacyHouse
    cert_shared: bool
    address_shared: bool


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """A contract, its house, and what the contracts judged before it leave behind."""

    contract: LegacyContract
    house: LegacyHouse | None
    house_verdict: str
    number_seen: bool
    overlaps: bool
    cancelled_lately: bool


HOUSE_CHECKS: dict[str, Callable[[HouseFacts], bool]] = {}
CONTRACT_CHECKS: dict[str, Callable[[ContractFacts], bool]] = {}


def _house(code: str) -> Callable[[Callable[[HouseFacts], bool]], Callable[[HouseFacts], bool]]:
    return lambda check: HOUSE_CHECKS.setdefault(code, check)


def _contract(code: str) -> Callable[[Callable[[ContractFacts], bool]], Callable[[ContractFacts], bool]]:
    return lambda check: CONTRACT_CHECKS.setdefault(code, check)


def id_is_sound(number: str) -> bool:
    """Eighteen characters as printed, a real birthday and the check character; regions were never looked at."""
    return (
        len(number) == 18
        and number.isascii()
        and number[:17].isdigit()
        and _birthday(number) is not None
        and id_check_character(number[:17]) == number[17]
    )


def _birthday(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


# ------------------------------------------------------------------ houses


@_house("CERT_FORMAT")
def title_number_has_no_known_form(facts: HouseFacts) -> bool:
    text = facts.house.cert_no
    cert = parse_cert(text)
    as_typed = text.replace("（", "(").replace("）", ")")
    if cert is None or cert.sign == "市" or normal_cert_no(text) != as_typed:
        return True
    if facts.house.kind == _PUBLIC:
        return cert.form != "public"
    return cert.form == "public" or (cert.form == "new" and (cert.year or 0) > LAST_TITLE_YEAR)


@_house("CERT_DUP")
def title_number_stands_on_several_houses(facts: HouseFacts) -> bool:
    return facts.cert_shared


@_house("AREA")
def area_is_impossible(facts: HouseFacts) -> bool:
    house = facts.house
    return not 0 < house.floor_area <= LARGEST_AREA or house.inner_area > house.floor_area


@_house("USE")
def use_is_not_residential(facts: HouseFacts) -> bool:
    return facts.house.use != "居住"


@_house("OWNER_ID")
def an_owners_number_is_unsound(facts: HouseFacts) -> bool:
    return not all(id_is_sound(owner.id_no) for owner in facts.house.owners)


@_house("SEIZED")
def house_is_seized(facts: HouseFacts) -> bool:
    return facts.house.limit_status == "查封"


@_house("RESTRICTED")
def house_has_a_note_of_dispute_or_presale(facts: HouseFacts) -> bool:
    return facts.house.limit_status in ("异议登记", "预告登记")


@_house("ADDRESS_REGION")
def road_is_not_in_the_district(facts: HouseFacts) -> bool:
    return facts.house.district_code not in districts_of_road(facts.house.road)


@_house("SHARE_SUM")
def shares_do_not_make_a_whole(facts: HouseFacts) -> bool:
    return sum(owner.share for owner in facts.house.owners) != 100


@_house("FLOOR")
def floor_is_above_the_roof(facts: HouseFacts) -> bool:
    return facts.house.floor > facts.house.floors


@_house("ADDRESS_DUP")
def address_stands_twice(facts: HouseFacts) -> bool:
    return facts.address_shared


@_house("DANGEROUS")
def house_is_illegal_or_dangerous(facts: HouseFacts) -> bool:
    return facts.house.safety_status != "正常"


@_house("REG_DATE")
def registration_lies_in_the_future(facts: HouseFacts) -> bool:
    return facts.house.registered_on > REFERENCE_DAY


# ------------------------------------------------------------------ contracts


@_contract("HOUSE_NOT_FOUND")
def house_is_unknown(facts: ContractFacts) -> bool:
    return facts.house is None


@_contract("HOUSE_FAIL")
def house_failed(facts: ContractFacts) -> bool:
    return facts.house_verdict == "fail"


@_contract("HOUSE_MANUAL")
def house_needs_a_look(facts: ContractFacts) -> bool:
    return facts.house_verdict == "manual"


@_contract("LESSOR_NOT_OWNER")
def landlord_may_not_let(facts: ContractFacts) -> bool:
    if facts.house is None:
        return False
    if facts.contract.lessor_role != _OWNER:
        return not facts.contract.authorised
    return not set(facts.contract.lessor_id.split("+")) <= {owner.id_no for owner in facts.house.owners}


@_contract("COOWNER_MISSING")
def a_co_owner_is_missing(facts: ContractFacts) -> bool:
    if facts.house is None or facts.contract.lessor_role != _OWNER or landlord_may_not_let(facts):
        return False
    return facts.contract.lessor_id.count("+") + 1 < len(facts.house.owners)


@_contract("TERM_ORDER")
def term_ends_before_it_starts(facts: ContractFacts) -> bool:
    return facts.contract.end < facts.contract.start


@_contract("TERM_OVER_20Y")
def term_is_over_the_legal_limit(facts: ContractFacts) -> bool:
    start, end = facts.contract.start, facts.contract.end
    if end < start or start.year + LONGEST_YEARS > date.max.year:
        return False
    # The old check capped every day at 28, not only those its month lacks.
    return end >= date(start.year + LONGEST_YEARS, start.month, min(start.day, 28))


@_contract("OVERLAP")
def part_is_let_already(facts: ContractFacts) -> bool:
    return facts.overlaps


@_contract("LESSEE_ID")
def a_tenants_number_is_unsound(facts: ContractFacts) -> bool:
    return not all(id_is_sound(number) for number in facts.contract.lessees)


@_contract("LESSEE_MINOR")
def all_tenants_are_minors(facts: ContractFacts) -> bool:
    if a_tenants_number_is_unsound(facts):
        return False
    birthdays = [_birthday(number) for number in facts.contract.lessees]
    return all(day is not None and age_on(day, facts.contract.signed_on) < 18 for day in birthdays)


@_contract("RENT")
def rent_is_not_positive(facts: ContractFacts) -> bool:
    return facts.contract.rent <= 0


@_contract("ROOM_NOT_FOUND")
def room_is_unknown(facts: ContractFacts) -> bool:
    return facts.contract.by_room and facts.house is not None and facts.contract.room not in facts.house.rooms


@_contract("MIN_UNIT")
def room_is_not_made_to_live_in(facts: ContractFacts) -> bool:
    if not facts.contract.by_room or facts.house is None or facts.contract.room not in facts.house.rooms:
        return False
    return facts.house.rooms[facts.contract.room][0] != _BEDROOM


def _living_areas(facts: ContractFacts) -> list[float] | None:
    """The areas of the let bedrooms; nothing when what is let is none."""
    if facts.house is None or room_is_unknown(facts) or room_is_not_made_to_live_in(facts):
        return None
    if facts.contract.by_room:
        return [facts.house.rooms[facts.contract.room][1]]
    return [area for kind, area in facts.house.rooms.values() if kind == _BEDROOM]


@_contract("ROOM_PERSONS")
def rooms_are_overfull(facts: ContractFacts) -> bool:
    areas = _living_areas(facts)
    return areas is not None and not facts.contract.family and crowded(facts.contract.occupants, len(areas), PER_ROOM)


@_contract("PER_CAPITA")
def space_is_too_small(facts: ContractFacts) -> bool:
    areas, occupants = _living_areas(facts), facts.contract.occupants
    if areas is None:
        return False
    return occupants < 1 or sum(areas) / occupants < PER_PERSON


@_contract("SAME_PERSON")
def landlord_is_a_tenant(facts: ContractFacts) -> bool:
    # The whole field is compared: joint landlords of whom one is the tenant were never found.
    return facts.contract.lessor_id in facts.contract.lessees


@_contract("SIGN_BEFORE_REG")
def owner_signed_before_he_was_registered(facts: ContractFacts) -> bool:
    contract, house = facts.contract, facts.house
    return house is not None and contract.lessor_role == _OWNER and contract.signed_on < house.registered_on


@_contract("NO_DUP")
def number_was_used_before(facts: ContractFacts) -> bool:
    return facts.number_seen


@_contract("INTERVAL")
def same_tenants_come_back_at_once(facts: ContractFacts) -> bool:
    return facts.house is not None and facts.cancelled_lately
