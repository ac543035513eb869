"""The rules of a registration of a sublet (U03 to U05 and our own): facts in, findings out."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from models.house import HouseCategory, RestrictionKind
from services.engine.findings import Severity
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.thresholds import Thresholds
from services.tenancy.predicates import parts_meet

POLICY_HOUSING = frozenset({HouseCategory.AFFORDABLE, HouseCategory.PUBLIC_RENTAL, HouseCategory.LOW_RENT})


@dataclass(frozen=True)
class UnitFacts:
    """A registration and what the system knows of its person and house."""

    thresholds: Thresholds
    today: date
    parts: tuple[str, ...]
    rooms: frozenset[str]
    head_from: date
    head_to: date
    consent: bool
    category: HouseCategory
    restrictions: frozenset[RestrictionKind]
    #: Parts of the house that this person, and other persons, registered and let on.
    own: frozenset[str]
    others: frozenset[str]
    firm_uscc: str


@rule("IS_FIRM", "转租人仍以个人身份经营", Severity.REFUSE, "该人员已登记市场主体，请以企业身份办理，不再登记个人转租")
def lets_as_a_person(facts: UnitFacts) -> Iterator[Fault]:
    if facts.firm_uscc:
        yield Fault("id_no", found=facts.firm_uscc)


@rule("HEAD_DATES", "上手租约起止日期正确", Severity.CORRECT, "上手租约的止租日期早于起租日期，请核对")
def head_lease_ends_after_its_start(facts: UnitFacts) -> Iterator[Fault]:
    if facts.head_to < facts.head_from:
        yield Fault("head_to", found=facts.head_to.isoformat())


@rule("HEAD_OVER", "上手租约尚未到期", Severity.REFUSE, "上手租约已经到期，不能登记转租")
def head_lease_still_runs(facts: UnitFacts) -> Iterator[Fault]:
    if facts.head_to < facts.today:
        yield Fault("head_to", found=facts.head_to.isoformat())


@rule("PART", "转租部位存在", Severity.CORRECT, "请填写整套，或该房屋登记的房间号")
def part_belongs_to_the_house(facts: UnitFacts) -> Iterator[Fault]:
    missing = [part for part in facts.parts if part != "*" and facts.rooms and part not in facts.rooms]
    if not facts.parts or missing or ("*" in facts.parts and len(facts.parts) > 1):
        yield Fault("part", found="、".join(missing))


@rule(
    "U03",
    "原出租人同意转租",
    Severity.REFUSE,
    "请上传原出租人同意转租的材料",
    basis="上海市居住房屋租赁管理办法第十七条",
    bring="原出租人同意转租的书面材料、原租赁合同",
)
def head_lessor_consents(facts: UnitFacts) -> Iterator[Fault]:
    if not facts.consent:
        yield Fault("consent")


@rule("U04", "他人没有登记同一部位", Severity.INTERCEPT, "该房屋已由他人登记转租，待核实后再计入")
def nobody_else_lets_it_on(facts: UnitFacts) -> Iterator[Fault]:
    if _meet(facts.parts, facts.others):
        yield Fault("house_code")


@rule("U05", "房屋可以转租", Severity.REFUSE, "保障性住房不得转租、出借", basis="上海市住房租赁条例第三十六条")
def house_may_be_sublet(facts: UnitFacts) -> Iterator[Fault]:
    if facts.category in POLICY_HOUSING or RestrictionKind.POLICY in facts.restrictions:
        yield Fault("house_code")


@rule("DUP_UNIT", "本人没有登记同一部位", Severity.REFUSE, "本人已登记该房屋（部位），无需重复登记")
def registered_once(facts: UnitFacts) -> Iterator[Fault]:
    if _meet(facts.parts, facts.own):
        yield Fault("house_code")


def _meet(parts: Collection[str], known: Collection[str]) -> bool:
    return bool(known) and parts_meet(parts, known)


RULES = rules_in(vars())
