"""H: the house may be let, and by this landlord (leasing 4.4)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from models.house import HouseCategory, IntakeState, ProofKind, RestrictionKind
from models.normal import half_width, without_blanks
from models.tenancy_codes import Channel, FilingWay, LessorCapacity, PartyKind
from services.engine.findings import Severity
from services.engine.rule_declaration import Fault, rule, unanswered
from services.ports.answers import Holder, Title
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.predicates import number_of, residential
from services.tenancy.rules import basis
from services.tenancy.rules.parties import MISMATCH
from services.tenancy.rules.restrictions import (
    house_is_not_dangerous,
    house_is_not_frozen_for_expropriation,
    house_is_not_illegal,
    house_is_not_seized,
    house_is_not_under_rectification,
    in_force,
    registered,
    restrictions,
)

_COUNTER = "区住房租赁服务中心或街镇社区事务受理服务中心"
_POLICY_HOUSING = frozenset({HouseCategory.AFFORDABLE, HouseCategory.PUBLIC_RENTAL, HouseCategory.LOW_RENT})
_COUNTER_ONLY = frozenset({ProofKind.B1, ProofKind.B2})
_COUNTERS = frozenset({Channel.STREET, Channel.DCOUNTER})


def _holders(title: Title, today: date) -> list[Holder]:
    return [holder for holder in title.holders if in_force(holder.since, holder.until, today)]


@rule(
    "H01",
    "权属证明真实存在",
    Severity.INTERCEPT,
    source="不动产登记",
    message="未查到该权属证明，请核对证号；如登记信息有误，可申请强制核验",
    basis=basis.LISTING_RULES,
    bring="权属证明原件、权利人有效身份证件",
    where=_COUNTER,
    forceable=True,
)
def title_number_exists(facts: FilingFacts) -> Iterator[Fault]:
    answer = registered(facts)
    if answer.silent:
        yield unanswered(answer, "house.cert_no")
    elif answer.missed:
        yield Fault("house.cert_no", found=facts.form.house.cert_no)
    elif answer.value is not None and answer.value.ended_on is not None and answer.value.ended_on <= facts.today:
        yield Fault("house.cert_no", found="该权属证明已注销", message="该权属证明已注销，请提供现行有效的权属证明")


@rule(
    "H02",
    "出租人是登记的权利人",
    Severity.INTERCEPT,
    source="不动产登记",
    message="出租人与登记的权利人不一致",
    basis=basis.LISTING_RULES,
    bring="权属证明原件；非权利人出租的，另带权利人的授权或委托经营材料",
    where=_COUNTER,
    forceable=True,
)
def landlord_is_a_registered_holder(facts: FilingFacts) -> Iterator[Fault]:
    answer = facts.title
    if answer.silent:
        yield unanswered(answer, "lessors")
    if answer.value is None:
        return
    holders = {number_of(holder.id_no) for holder in _holders(answer.value, facts.today) if holder.id_no}
    mandated = {number_of(number) for number in answer.value.mandates if number}
    # A chain on paper counts only where a clerk has seen the originals.
    seen = (
        facts.counter
        and facts.form.house.mandate_chain
        and facts.form.lessor_capacity not in (LessorCapacity.OWNER, LessorCapacity.PUBLIC_TENANT)
    )
    if not facts.form.lessors:
        yield Fault("lessors", found="未填写出租人")
    for place, lessor in enumerate(facts.form.lessors):
        if not seen and number_of(lessor.id_no) not in holders | mandated:
            yield Fault(f"lessors.{place}.id_no", found=MISMATCH)


@rule(
    "H03",
    "共有人均为出租人或已同意",
    Severity.INTERCEPT,
    source="不动产登记",
    message="该房屋为共有，请补充其他共有人同意出租的材料",
    basis=basis.PRACTICE,
    bring="其他共有人同意出租的书面材料及其身份证件",
    where=_COUNTER,
    forceable=True,
)
def co_owners_let_or_consent(facts: FilingFacts) -> Iterator[Fault]:
    answer = facts.title
    if answer.silent:
        yield unanswered(answer, "house.co_owner_consent")
    if answer.value is None or facts.form.house.co_owner_consent:
        return
    holders = {number_of(holder.id_no) for holder in _holders(answer.value, facts.today)}
    lessors = {number_of(lessor.id_no) for lessor in facts.form.lessors}
    # Where no holder lets, H02 has spoken, or all of them gave a mandate.
    if holders & lessors and not holders <= lessors:
        yield Fault("house.co_owner_consent", found="登记为共有")


@rule(
    "H04",
    "登记用途为居住",
    Severity.REFUSE,
    source="不动产登记",
    message="该房屋登记用途不是居住，暂不能办理",
    basis=basis.together(basis.ordinance("十五"), basis.letting("八")),
    bring="改建为租赁住房的批准文件",
    where=_COUNTER,
    forceable=True,
)
def use_is_residential(facts: FilingFacts) -> Iterator[Fault]:
    answer = registered(facts)
    if answer.silent:
        yield unanswered(answer, "house.cert_no")
    title = answer.value
    if title is None or residential(title.design_use) or title.conversion_approved:
        return
    # The library takes a project's rooms only with its approved conversion.
    if facts.project is not None and facts.project.room_in_library:
        return
    severity = Severity.INTERCEPT if facts.form.house.conversion_papers else Severity.REFUSE
    yield Fault("house.cert_no", found=f"登记用途：{title.design_use}", severity=severity)


@rule(
    "H09",
    "公房凭证有效且出租人为承租人",
    Severity.INTERCEPT,
    source="公房系统",
    message="公房凭证信息不一致",
    basis=basis.LISTING_RULES,
    bring="租用居住公房凭证原件、承租人有效身份证件",
    where=_COUNTER,
    forceable=True,
)
def public_landlord_holds_a_valid_certificate(facts: FilingFacts) -> Iterator[Fault]:
    answer = facts.tenancy
    if answer.silent:
        yield unanswered(answer, "house.cert_no")
    tenancy = answer.value
    if tenancy is None:
        return
    if not tenancy.valid:
        yield Fault("house.cert_no", found="凭证已失效")
    lessors = [number_of(lessor.id_no) for lessor in facts.form.lessors]
    holder = number_of(tenancy.holder.id_no)
    # Co-residents who sign as landlords say yes with that; they do not replace the holder.
    allowed = {holder} | {number_of(resident.id_no) for resident in tenancy.residents}
    if holder not in lessors:
        yield Fault("lessors", found=MISMATCH)
    for place, number in enumerate(lessors):
        if holder in lessors and number not in allowed:
            yield Fault(f"lessors.{place}.id_no", found=MISMATCH)


@rule(
    "H10",
    "公有住房允许转租且同住人同意",
    Severity.INTERCEPT,
    source="公房系统",
    message="公有住房出租需补充同意材料",
    basis=basis.letting("三十六"),
    bring="公房出租人（管理单位）同意转租的材料、本处同住成年人同意出租的书面材料",
    where=_COUNTER,
    forceable=True,
)
def public_house_may_be_sublet(facts: FilingFacts) -> Iterator[Fault]:
    answer = facts.tenancy
    if answer.silent:
        yield unanswered(answer, "house.public_consent")
    tenancy = answer.value
    if tenancy is None or facts.form.house.public_consent:
        return
    if not tenancy.sublet_allowed:
        yield Fault("house.public_consent", found="凭证未载明可以转租")
        return
    lessors = {number_of(lessor.id_no) for lessor in facts.form.lessors} | {number_of(tenancy.holder.id_no)}
    if any(number_of(resident.id_no) not in lessors for resident in tenancy.residents):
        yield Fault("house.public_consent", found="凭证另有同住人")


@rule(
    "H11",
    "安置房和宅基地房到窗口备案",
    Severity.ROUTE,
    source="表单",
    message="该类房屋请到区租赁中心或社区受理中心办理备案",
    basis=basis.filing_2019("九"),
    bring="住房证明、租赁合同、双方有效身份证件",
    where=_COUNTER,
)
def counter_only_proofs_come_to_a_counter(facts: FilingFacts) -> Iterator[Fault]:
    form = facts.form
    if form.house.proof_kind not in _COUNTER_ONLY:
        return
    if form.channel not in _COUNTERS:
        yield Fault("house.proof_kind", found=form.house.proof_kind.label)
    elif form.way is FilingWay.COMBINED:
        yield Fault("way", found=form.way.label, message="该类房屋不办理网签，请凭纸质合同选择“仅备案”办理")


@rule(
    "H12",
    "预售类证明附房屋交接书",
    Severity.CORRECT,
    source="表单",
    message="请补充房屋交接书",
    basis=basis.filing_2019("九"),
    bring="房屋交接书",
    where="原办理渠道",
)
def presale_proof_has_its_handover_paper(facts: FilingFacts) -> Iterator[Fault]:
    if facts.form.house.proof_kind in (ProofKind.A2, ProofKind.A3) and not facts.form.house.handover_paper:
        yield Fault("house.handover_paper", found="未提交房屋交接书")


@rule(
    "H13",
    "面积和室号与登记一致",
    Severity.INTERCEPT,
    source="不动产登记",
    message="房屋面积或室号与登记不一致",
    basis=basis.PRACTICE,
    bring="权属证明原件；登记有误的，另带更正登记材料",
    where=_COUNTER,
    forceable=True,
)
def area_and_room_agree_with_the_register(facts: FilingFacts) -> Iterator[Fault]:
    answer = registered(facts)
    if answer.silent:
        yield unanswered(answer, "house.build_area")
    title, house = answer.value, facts.form.house
    if title is None:
        return
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


@rule(
    "H14",
    "保障性住房未被转租",
    Severity.REFUSE,
    source="住房保障",
    message="保障性住房不得转租、出借",
    basis=basis.ordinance("三十六"),
    where="区住房保障机构",
)
def policy_housing_is_not_let_on(facts: FilingFacts) -> Iterator[Fault]:
    answer = registered(facts)
    if answer.silent:
        yield unanswered(answer, "house.category")
    yield from restrictions(answer.value, frozenset({RestrictionKind.POLICY}), facts.today)
    categories = {facts.form.house.category}
    if facts.house is not None:
        categories.add(facts.house.category)
    if answer.value is not None:
        categories.add(HouseCategory.of(answer.value.category))
    policy = categories & _POLICY_HOUSING
    # Its operator is a body; a person who lets it is the occupant.
    if policy and any(lessor.kind is PartyKind.PERSON for lessor in facts.form.lessors):
        yield Fault("house.category", found=f"房屋类别：{min(policy).label}")


@rule(
    "H15",
    "坐落在已知的区和街镇",
    Severity.CORRECT,
    source="行政区划",
    message="请选择正确的区和街镇",
    basis=basis.PRACTICE,
    where="原办理渠道",
)
def address_lies_in_a_known_street(facts: FilingFacts) -> Iterator[Fault]:
    house = facts.form.house
    if not house.address.strip():
        yield Fault("house.address", found="未填写坐落", message="请填写房屋坐落")
    if house.street_code not in facts.streets:
        yield Fault("house.street_code", found=house.street_code or "未选择街镇")
    elif not house.district_code or not house.street_code.startswith(house.district_code):
        yield Fault("house.district_code", found="街镇不属于所选的区")


@rule(
    "H16",
    "房屋基础信息已入库",
    Severity.ROUTE,
    source="房屋基础库",
    message="请先办理房屋基础信息入库",
    basis=basis.LISTING_RULES,
    bring="权属证明原件、权利人有效身份证件",
    where="区住房租赁服务中心",
)
def house_is_in_the_library(facts: FilingFacts) -> Iterator[Fault]:
    if facts.house is None:
        yield Fault("house.house_code", found="未入库")
    elif facts.house.intake is not IntakeState.IN:
        yield Fault("house.house_code", found=facts.house.intake.label)


@rule(
    "H18",
    "签约后产权没有变动",
    Severity.WARN,
    source="不动产登记",
    message="房屋产权近期有变动，请核对出租人",
    basis=basis.letting("十九"),
)
def owner_has_not_changed_since_the_contract(facts: FilingFacts) -> Iterator[Fault]:
    answer = registered(facts)
    if answer.silent:
        yield unanswered(answer, "lessors")
    title = answer.value
    if title is None or title.last_transfer_on is None:
        return
    stale = title.as_of is not None and title.as_of.date() < title.last_transfer_on
    if title.last_transfer_on > (facts.form.signed_on or facts.today) or stale:
        yield Fault("signed_on", evidence={"last_transfer_on": title.last_transfer_on.isoformat()})


HOUSE_RULES = (
    title_number_exists,
    landlord_is_a_registered_holder,
    co_owners_let_or_consent,
    use_is_residential,
    house_is_not_illegal,
    house_is_not_dangerous,
    house_is_not_seized,
    house_is_not_frozen_for_expropriation,
    public_landlord_holds_a_valid_certificate,
    public_house_may_be_sublet,
    counter_only_proofs_come_to_a_counter,
    presale_proof_has_its_handover_paper,
    area_and_room_agree_with_the_register,
    policy_housing_is_not_let_on,
    address_lies_in_a_known_street,
    house_is_in_the_library,
    house_is_not_under_rectification,
    owner_has_not_changed_since_the_contract,
)
