"""H05-H08 and H17: what the registers have noted against a house (leasing 4.4)."""

from collections.abc import Iterator
from datetime import date

from models.house import RestrictionKind
from services.engine.findings import Rule, Severity
from services.engine.rule_declaration import Fault, rule, unanswered
from services.ports.answers import Answer, AnswerState, Title
from services.tenancy.filing_facts import FilingFacts
from services.tenancy.rules import basis

_COUNTER = "区住房租赁服务中心或街镇社区事务受理服务中心"


def registered(facts: FilingFacts) -> Answer[Title]:
    """Return the answer of the register responsible for the house: public housing for public houses, else the
    property register.
    """
    tenancy = facts.tenancy
    if tenancy.state is AnswerState.SKIPPED:
        return facts.title
    title = tenancy.value.title if tenancy.value is not None else None
    return Answer(tenancy.state, tenancy.source, title, tenancy.at, tenancy.milliseconds, tenancy.note)


def in_force(since: date | None, until: date | None, today: date) -> bool:
    return (since is None or since <= today) and (until is None or until >= today)


def _restricted(
    code: str,
    label: str,
    kinds: frozenset[RestrictionKind],
    severity: Severity,
    *,
    message: str,
    law: str,
    source: str,
    bring: str,
    where: str,
    forceable: bool = False,
) -> Rule[FilingFacts]:
    @rule(
        code,
        label,
        severity,
        source=source,
        message=message,
        basis=law,
        bring=bring,
        where=where,
        forceable=forceable,
    )
    def house_is_free_of_the_restriction(facts: FilingFacts) -> Iterator[Fault]:
        answer = registered(facts)
        if answer.silent:
            yield unanswered(answer, "house.cert_no")
        yield from restrictions(answer.value, kinds, facts.today)

    return house_is_free_of_the_restriction


def restrictions(title: Title | None, kinds: frozenset[RestrictionKind], today: date) -> Iterator[Fault]:
    found = {
        RestrictionKind.of(restriction.kind)
        for restriction in (title.restrictions if title else ())
        if in_force(restriction.since, restriction.until, today)
    }
    for kind in sorted(found & kinds):
        yield Fault("house.cert_no", found=f"限制类型：{kind.label}", evidence={"kind": kind.value})


house_is_not_illegal = _restricted(
    "H05",
    "不属于违法建筑",
    frozenset({RestrictionKind.ILLEGAL}),
    Severity.REFUSE,
    message="该房屋存在违法建筑记载，不能出租",
    law=basis.together(basis.ordinance("十五"), basis.letting("八")),
    source="不动产登记",
    bring="违法建筑记载已注销的证明",
    where="不动产登记机构或城管执法部门",
)
house_is_not_dangerous = _restricted(
    "H06",
    "不属于危险房屋",
    frozenset({RestrictionKind.DANGER}),
    Severity.REFUSE,
    message="该房屋已被鉴定为危险房屋，不能出租",
    law=basis.letting("八"),
    source="房屋检测",
    bring="解除危险后的房屋检测报告",
    where="区房屋管理局",
)
house_is_not_seized = _restricted(
    "H07",
    "没有查封等权利限制",
    frozenset({RestrictionKind.SEIZURE, RestrictionKind.DISPUTE, RestrictionKind.OTHER}),
    Severity.INTERCEPT,
    message="该房屋存在权利限制，需人工核实",
    law=basis.LISTING_RULES,
    source="不动产登记",
    bring="有关机关出具的准许出租或者解除限制的材料",
    where=_COUNTER,
    forceable=True,
)
house_is_not_frozen_for_expropriation = _restricted(
    "H08",
    "不在征收冻结范围",
    frozenset({RestrictionKind.EXPROPRIATION}),
    Severity.INTERCEPT,
    message="该房屋在征收范围内，需人工核实",
    law=basis.PRACTICE,
    source="征收信息",
    bring="征收部门出具的情况说明",
    where=_COUNTER,
    forceable=True,
)
house_is_not_under_rectification = _restricted(
    "H17",
    "不在群租整治中",
    frozenset({RestrictionKind.GROUP_LETTING}),
    Severity.INTERCEPT,
    message="该房屋正在整治中，整改后可办理",
    law=basis.GROUP_LETTING,
    source="群租整治",
    bring="整改完成的确认材料",
    where=_COUNTER,
    forceable=True,
)
