"""H: the house may be let, and by this landlord (leasing 4.4)."""

from collections.abc import Callable, Iterable, Iterator, Set
from datetime import date
from decimal import Decimal
from typing import TypeVar

from models.house import HouseCategory, IntakeState, ProofKind, RestrictionKind
from models.normal import half_width, normal, without_blanks
from models.tenancy_codes import Channel, FilingWay, LessorCapacity, PartyKind
from services.engine.findings import Severity
from services.engine.rule_declaration import Fault, unanswered
from services.ports.answers import Answer, AnswerState, Holder, PublicTenancy, Title
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.predicates import number_of, residential
from services.tenancy.rules.parties import MISMATCH
from services.tenancy.rules.words import rule

_POLICY_HOUSING = frozenset({HouseCategory.AFFORDABLE, HouseCategory.PUBLIC_RENTAL, HouseCategory.LOW_RENT})
_COUNTER_ONLY = frozenset({ProofKind.B1, ProofKind.B2})
_COUNTERS = frozenset({Channel.STREET, Channel.DCOUNTER})
_ONLINE = frozenset({Channel.YWTB, Channel.SSB})


def registered(facts: FilingFacts) -> Answer[Title]:
    """Return the answer of the register responsible for the house, by its category."""
    tenancy = facts.tenancy
    if tenancy.state is AnswerState.SKIPPED:
        return facts.title
    title = tenancy.value.title if tenancy.value is not None else None
    return Answer(tenancy.state, tenancy.source, title, tenancy.at, tenancy.milliseconds, tenancy.note)


def in_force(since: date | None, until: date | None, today: date) -> bool:
    return (since is None or since <= today) and (until is None or until >= today)


def _holders(title: Title, today: date) -> list[Holder]:
    return [holder for holder in title.holders if in_force(holder.since, holder.until, today)]


Value = TypeVar("Value")


def answered(
    source: Callable[[FilingFacts], Answer[Value]], field: str
) -> Callable[[Callable[[FilingFacts, Value], Iterator[Fault]]], Callable[[FilingFacts], Iterator[Fault]]]:
    """Judge by what a source answered: its silence leaves the case waiting, and where it has nothing there is no fault."""

    def made(holds: Callable[[FilingFacts, Value], Iterator[Fault]]) -> Callable[[FilingFacts], Iterator[Fault]]:
        def check(facts: FilingFacts) -> Iterator[Fault]:
            answer = source(facts)
            if answer.silent:
                yield unanswered(answer, field)
            elif answer.value is not None:
                yield from holds(facts, answer.value)

        return check

    return made


def _title(facts: FilingFacts) -> Answer[Title]:
    return facts.title


def _tenancy(facts: FilingFacts) -> Answer[PublicTenancy]:
    return facts.tenancy


@rule("H01", Severity.INTERCEPT, forceable=True)
def title_number_exists(facts: FilingFacts) -> Iterator[Fault]:
    answer = registered(facts)
    if answer.silent:
        yield unanswered(answer, "house.cert_no")
    elif answer.missed:
        yield Fault("house.cert_no", found=facts.form.house.cert_no)
    elif answer.value is not None and answer.value.ended_on is not None and answer.value.ended_on <= facts.today:
        yield Fault("house.cert_no", found="该权属证明已注销", message="该权属证明已注销，请提供现行有效的权属证明")


@rule("H02", Severity.INTERCEPT, forceable=True)
@answered(_title, "lessors")
def landlord_is_a_registered_holder(facts: FilingFacts, title: Title) -> Iterator[Fault]:
    holders = _named(_holders(title, facts.today))
    mandated = {number_of(number) for number in title.mandates if number}
    # A chain on paper counts only where a clerk has seen the originals.
    seen = (
        facts.counter
        and facts.form.house.mandate_chain
        and facts.form.lessor_capacity not in (LessorCapacity.OWNER, LessorCapacity.PUBLIC_TENANT)
    )
    if not facts.form.lessors:
        yield Fault("lessors", found="未填写出租人")
    for place, lessor in enumerate(facts.form.lessors):
        number = number_of(lessor.id_no)
        if not seen and number not in mandated and not _is_named(holders, number, lessor.name):
            yield Fault(f"lessors.{place}.id_no", found=MISMATCH)


def _named(holders: Iterable[Holder]) -> dict[str, str]:
    """The holders' names by their numbers."""
    return {number_of(one.id_no): normal("name", one.name) for one in holders if one.id_no}


def _is_named(holders: dict[str, str], number: str, name: str) -> bool:
    """Return whether a number is a holder's, and the name the one registered with it; a form may still lack the name."""
    return number in holders and (not name or not holders[number] or holders[number] == normal("name", name))


@rule("H03", Severity.INTERCEPT, forceable=True)
@answered(_title, "house.co_owner_consent")
def co_owners_let_or_consent(facts: FilingFacts, title: Title) -> Iterator[Fault]:
    if facts.form.house.co_owner_consent:
        return
    holders = {number_of(holder.id_no) for holder in _holders(title, facts.today)}
    lessors = {number_of(lessor.id_no) for lessor in facts.form.lessors}
    # Where no holder lets, H02 has spoken, or all of them gave a mandate.
    if holders & lessors and not holders <= lessors:
        yield Fault("house.co_owner_consent", found="登记为共有")


@rule("H04", Severity.REFUSE, forceable=True)
@answered(registered, "house.cert_no")
def use_is_residential(facts: FilingFacts, title: Title) -> Iterator[Fault]:
    if residential(title.design_use) or title.conversion_approved:
        return
    # The library takes a project's rooms only with its approved conversion.
    if facts.project is not None and facts.project.room_in_library:
        return
    severity = Severity.INTERCEPT if facts.form.house.conversion_papers else Severity.REFUSE
    yield Fault("house.cert_no", found=f"登记用途：{title.design_use}", severity=severity)


def _restrictions(title: Title | None, kinds: Set[RestrictionKind], today: date) -> Iterator[Fault]:
    found = {
        RestrictionKind.of(restriction.kind)
        for restriction in (title.restrictions if title else ())
        if in_force(restriction.since, restriction.until, today)
    }
    for kind in sorted(found & kinds):
        yield Fault("house.cert_no", found=f"限制类型：{kind.label}", evidence={"kind": kind.value})


#: What the registers may have noted against a house, by the rule that stops a filing for it.
_NOTED = {
    "H05": (Severity.REFUSE, {RestrictionKind.ILLEGAL}),
    "H06": (Severity.REFUSE, {RestrictionKind.DANGER}),
    "H07": (Severity.INTERCEPT, {RestrictionKind.SEIZURE, RestrictionKind.DISPUTE, RestrictionKind.OTHER}),
    "H08": (Severity.INTERCEPT, {RestrictionKind.EXPROPRIATION}),
    "H17": (Severity.INTERCEPT, {RestrictionKind.GROUP_LETTING}),
}


def _is_free_of(kinds: Set[RestrictionKind]) -> Callable[[FilingFacts], Iterator[Fault]]:
    @answered(registered, "house.cert_no")
    def house_is_free_of_the_restriction(facts: FilingFacts, title: Title) -> Iterator[Fault]:
        return _restrictions(title, kinds, facts.today)

    return house_is_free_of_the_restriction


for _code, (_severity, _kinds) in _NOTED.items():
    rule(_code, _severity, forceable=_severity is Severity.INTERCEPT)(_is_free_of(_kinds))


@rule("H09", Severity.INTERCEPT, forceable=True)
@answered(_tenancy, "house.cert_no")
def public_landlord_holds_a_valid_certificate(facts: FilingFacts, tenancy: PublicTenancy) -> Iterator[Fault]:
    if not tenancy.valid:
        yield Fault("house.cert_no", found="凭证已失效")
    lessors = [number_of(lessor.id_no) for lessor in facts.form.lessors]
    holder = number_of(tenancy.holder.id_no)
    # Co-residents who sign as landlords say yes with that; they do not replace the holder.
    allowed = _named([tenancy.holder, *tenancy.residents])
    if holder not in lessors:
        yield Fault("lessors", found=MISMATCH)
    for place, lessor in enumerate(facts.form.lessors):
        if holder in lessors and not _is_named(allowed, lessors[place], lessor.name):
            yield Fault(f"lessors.{place}.id_no", found=MISMATCH)


@rule("H10", Severity.INTERCEPT, forceable=True)
@answered(_tenancy, "house.public_consent")
def public_house_may_be_sublet(facts: FilingFacts, tenancy: PublicTenancy) -> Iterator[Fault]:
    if facts.form.house.public_consent:
        return
    # Online no clerk reads on the certificate who else lives there: the consent itself is the material.
    if facts.form.channel in _ONLINE:
        yield Fault("house.public_consent", found="未提交公房同住人同意书")
        return
    if not tenancy.sublet_allowed:
        yield Fault("house.public_consent", found="凭证未载明可以转租")
        return
    lessors = {number_of(lessor.id_no) for lessor in facts.form.lessors} | {number_of(tenancy.holder.id_no)}
    if any(number_of(resident.id_no) not in lessors for resident in tenancy.residents):
        yield Fault("house.public_consent", found="凭证另有同住人")


@rule("H11", Severity.ROUTE)
def counter_only_proofs_come_to_a_counter(facts: FilingFacts) -> Iterator[Fault]:
    form = facts.form
    if form.house.proof_kind not in _COUNTER_ONLY:
        return
    if form.channel not in _COUNTERS:
        yield Fault("house.proof_kind", found=form.house.proof_kind.label)
    elif form.way is FilingWay.COMBINED:
        yield Fault("way", found=form.way.label, message="该类房屋不办理网签，请凭纸质合同选择“仅备案”办理")


@rule("H12", Severity.CORRECT)
def presale_proof_has_its_handover_paper(facts: FilingFacts) -> Iterator[Fault]:
    if facts.form.house.proof_kind in (ProofKind.A2, ProofKind.A3) and not facts.form.house.handover_paper:
        yield Fault("house.handover_paper", found="未提交房屋交接书")


@rule("H13", Severity.INTERCEPT, forceable=True)
@answered(registered, "house.build_area")
def area_and_room_agree_with_the_register(facts: FilingFacts, title: Title) -> Iterator[Fault]:
    house = facts.form.house
    tolerance = facts.thresholds.decimal("house.area_tolerance")
    if house.build_area is not None and abs(house.build_area - title.build_area) > tolerance:
        yield Fault("house.build_area", found=f"登记面积{_two_places(title.build_area)}㎡")
    if house.room_no and _room(house.room_no) != _room(title.room_no):
        yield Fault("house.room_no", found=house.room_no)


def _room(text: str) -> str:
    # 0301 and 301 are different rooms; only the word for room is dropped.
    return half_width(without_blanks(text)).upper().removesuffix("室")


def _two_places(area: Decimal) -> str:
    return f"{area:,.2f}"


@rule("H14", Severity.REFUSE)
def policy_housing_is_not_let_on(facts: FilingFacts) -> Iterator[Fault]:
    answer = registered(facts)
    if answer.silent:
        yield unanswered(answer, "house.category")
    yield from _restrictions(answer.value, {RestrictionKind.POLICY}, facts.today)
    categories = {facts.form.house.category}
    if facts.house is not None:
        categories.add(facts.house.category)
    if answer.value is not None:
        categories.add(HouseCategory.of(answer.value.category))
    policy = categories & _POLICY_HOUSING
    # Its operator is a body; a person who lets it is the occupant.
    if policy and any(lessor.kind is PartyKind.PERSON for lessor in facts.form.lessors):
        yield Fault("house.category", found=f"房屋类别：{min(policy).label}")


@rule("H15", Severity.CORRECT)
def address_lies_in_a_known_street(facts: FilingFacts) -> Iterator[Fault]:
    house = facts.form.house
    if not house.address.strip():
        yield Fault("house.address", found="未填写坐落", message="请填写房屋坐落")
    if house.street_code not in facts.streets:
        yield Fault("house.street_code", found=house.street_code or "未选择街镇")
    elif not house.district_code or not house.street_code.startswith(house.district_code):
        yield Fault("house.district_code", found="街镇不属于所选的区")


@rule("H16", Severity.ROUTE)
def house_is_in_the_library(facts: FilingFacts) -> Iterator[Fault]:
    if facts.house is None:
        yield Fault("house.house_code", found="未入库")
    elif facts.house.intake is not IntakeState.IN:
        yield Fault("house.house_code", found=facts.house.intake.label)


@rule("H18", Severity.WARN)
@answered(registered, "lessors")
def owner_has_not_changed_since_the_contract(facts: FilingFacts, title: Title) -> Iterator[Fault]:
    if title.last_transfer_on is None:
        return
    stale = title.as_of is not None and title.as_of.date() < title.last_transfer_on
    if title.last_transfer_on > (facts.form.signed_on or facts.today) or stale:
        yield Fault("signed_on", evidence={"last_transfer_on": title.last_transfer_on.isoformat()})
