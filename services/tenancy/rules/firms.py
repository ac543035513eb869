"""F04-F07, F17, F19: the firm behind a deal, its card and its right to file (leasing 4.7)."""

from collections.abc import Iterator
from datetime import date

from models.enterprise import KeyState, RecordState, ServiceState
from models.house import HouseCategory
from models.practitioner_codes import CardState
from models.tenancy_codes import ApplicantSide, DealKind, LessorCapacity, PartyKind
from services.engine.findings import Severity
from services.engine.rule_declaration import Fault, rule
from services.tenancy.filing_facts import CardFacts, FilingFacts, FirmFacts
from services.tenancy.rules import basis

_BY_OPERATOR = frozenset({HouseCategory.PUBLIC_RENTAL, HouseCategory.LOW_RENT})


@rule(
    "F04",
    "机构成交由机构办理",
    Severity.ROUTE,
    source="表单",
    message="通过经纪机构或企业成交的，由该机构办理",
    basis=basis.ordinance("二十九"),
    where="成交的经纪机构或住房租赁企业",
)
def firms_file_their_own_deals(facts: FilingFacts) -> Iterator[Fault]:
    form = facts.form
    expected = {DealKind.BROKER: ApplicantSide.BROKERAGE, DealKind.ENTERPRISE: ApplicantSide.ENTERPRISE}.get(form.deal)
    if expected is not None and form.applicant is not expected:
        yield Fault("applicant", found=f"{form.deal.label}，申请方为{form.applicant.label}")


def _deal_firm(facts: FilingFacts) -> tuple[bool, str, FirmFacts | None]:
    """Return whether the deal needs a firm, the firm's field, and its recorded facts."""
    if facts.form.deal is DealKind.BROKER:
        return True, "broker_uscc", facts.broker
    if facts.form.deal is DealKind.ENTERPRISE:
        return True, "enterprise_uscc", facts.enterprise
    return False, "", None


@rule(
    "F05",
    "从业信息卡有效",
    Severity.CORRECT,
    source="从业信息卡",
    message="请填写有效的从业信息卡编号",
    basis=basis.ordinance("二十四"),
    bring="签约从业人员的从业信息卡",
    where="经纪机构或住房租赁企业",
)
def practitioner_card_was_in_force(facts: FilingFacts) -> Iterator[Fault]:
    needed, _, firm = _deal_firm(facts)
    if not needed:
        return
    if not facts.form.card_no.strip():
        yield Fault("card_no", found="未填写")
    elif facts.card is None:
        yield Fault("card_no", found="未查询到该信息卡")
    elif not _in_force(facts.card, facts.form.signed_on or facts.today):
        yield Fault("card_no", found="签约日该信息卡不在有效期内")
    elif firm is not None and facts.card.firm_uscc != firm.uscc:
        yield Fault("card_no", found="信息卡不属于该机构")


def _in_force(card: CardFacts, on: date) -> bool:
    """A card cancelled later was good on the day of signing; a suspended one is not, for its day is not recorded."""
    if card.state in (CardState.PASSED, CardState.SUSPENDED) or card.active_from is None or card.active_from > on:
        return False
    if card.cancelled_on is None:
        return card.state is CardState.ACTIVE
    return card.cancelled_on > on


@rule(
    "F06",
    "企业已备案且密钥有效",
    Severity.REFUSE,
    source="企业备案",
    message="企业未备案或密钥失效，不能办理",
    basis=basis.platform("六"),
    bring="企业备案证书、有效的法人一证通",
    where="企业备案所在区房屋管理局",
)
def firm_is_recorded_with_a_valid_key(facts: FilingFacts) -> Iterator[Fault]:
    needed, field, firm = _deal_firm(facts)
    if not needed:
        return
    if firm is None:
        yield Fault(field, found="未查询到企业备案")
        return
    # A change under way leaves the record in force.
    if firm.record_state not in (RecordState.RECORDED, RecordState.CHANGED):
        yield Fault(field, found=f"备案状态：{firm.record_state.label}")
    if not firm.scope_ok:
        yield Fault(field, found="经营范围不含住房租赁或房地产经纪")
    if KeyState.VALID not in firm.keys:
        yield Fault(field, found="没有有效密钥")


@rule(
    "F07",
    "企业网签服务正常",
    Severity.REFUSE,
    source="企业备案",
    message="该企业网签服务已暂停",
    basis=basis.together(basis.ordinance("五十五"), basis.platform("十二")),
    where="企业备案所在区房屋管理局",
)
def firm_is_not_suspended(facts: FilingFacts) -> Iterator[Fault]:
    for field, firm in (("broker_uscc", facts.broker), ("enterprise_uscc", facts.enterprise)):
        if firm is not None and firm.service_state is ServiceState.SUSPENDED:
            yield Fault(field, found=firm.service_state.label)


@rule(
    "F17",
    "调用方有权办理该房源",
    Severity.REFUSE,
    source="接口调用方",
    message="无权办理该房源",
    basis=basis.PRACTICE,
)
def caller_may_file_this_house(facts: FilingFacts) -> Iterator[Fault]:
    caller = facts.caller_enterprise
    if not caller:
        return
    if facts.project is not None:
        allowed = caller == facts.project.operator_uscc
    elif facts.house is not None and facts.house.operator_uscc:
        allowed = caller == facts.house.operator_uscc
    else:
        allowed = caller in {facts.form.broker_uscc, facts.form.enterprise_uscc}
    if not allowed:
        yield Fault("house.house_code")


@rule(
    "F19",
    "公租房和廉租房由运营机构办理",
    Severity.ROUTE,
    source="表单、房屋基础库",
    message="该类住房由运营机构或住房保障机构办理备案",
    basis=basis.filing_2019("十一"),
    where="运营机构或区住房保障机构",
)
def public_rental_is_filed_by_its_operator(facts: FilingFacts) -> Iterator[Fault]:
    form = facts.form
    categories = {form.house.category} | ({facts.house.category} if facts.house is not None else set())
    operated = (form.applicant is ApplicantSide.ENTERPRISE or form.lessor_capacity is LessorCapacity.OPERATOR) and all(
        lessor.kind is PartyKind.ORG for lessor in form.lessors
    )
    if categories & _BY_OPERATOR and not operated:
        yield Fault("house.category", found=min(categories & _BY_OPERATOR).label)
