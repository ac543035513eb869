"""Kinds for tests of the engine: one that uses all a kind may declare, one without review, one by month, and a pact."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import registry
from sqlmodel import col, select

from models.access import AUTHORITY, HEAD_OFFICE, Role
from models.codes import Code
from models.columns import (
    area,
    code,
    day,
    held_key,
    integer,
    long_text,
    loose_ref,
    money,
    number,
    percent,
    sealed,
    text,
)
from models.records import ChildRow, InForce, InForceState, Pact
from models.sealed import Sealed
from services.engine.door import Gathering
from services.engine.findings import Finding, Rule, Severity
from services.engine.kinds import (
    DISTRICT,
    Child,
    Dependant,
    Effects,
    Facts,
    Given,
    Kind,
    Look,
    Makers,
    Need,
    Owner,
    Prefill,
    Proposal,
    Slot,
    Ties,
    Values,
)
from services.engine.periodic import Monthly
from services.engine.refusals import NotFound
from services.engine.work import Work
from services.ports.answers import Answer, AnswerState, hit, miss, silent


class _Apart(InForce, registry=registry()):
    """Tables that no migration knows."""


class _ApartLine(ChildRow, registry=_Apart._sa_registry):
    """Their lists."""


class _ApartPact(Pact, registry=_Apart._sa_registry):
    """Their pacts."""


class Where(Code):
    PUDONG = "310115", "浦东新区"
    XUHUI = "310104", "徐汇区"


class Site(_Apart, table=True):
    """A building site: uses all a kind may declare."""

    __tablename__ = "made_site"

    name: str = text("名称", max=60)
    contract_no: str | None = text("合同编号", None, max=40)
    where: Where = code(Where, "所在区")
    price: Decimal | None = money("价款", None)
    land: Decimal | None = area("面积", None)
    green: Decimal | None = percent("绿地率", None)
    depth: Decimal | None = number("深度", None, unit="米", negative=True)
    floors: int | None = integer("层数", None)
    begun_on: date | None = day("开工日期", None)
    keeper: Sealed | None = sealed("联系人", None, mask="name")
    phone: Sealed | None = sealed("电话", None, mask="phone")
    made_site_id: UUID | None = loose_ref("相邻工地", None)
    note: str = long_text("备注", "")


class SiteLine(_ApartLine, table=True):
    """A part of a site."""

    __tablename__ = "made_site_line"

    part_no: str = text("编号", max=20)
    part_area: Decimal | None = area("面积", None)
    remark: str = text("说明", "", max=200)


class Sign(_Apart, table=True):
    """A sign on a site: no review, needs its site."""

    __tablename__ = "made_sign"

    words: str = text("字样", max=60)
    site_id: UUID = loose_ref("工地")


class Month(_Apart, table=True):
    """A report by month."""

    __tablename__ = "made_month"
    site_id: UUID = loose_ref("工地")
    period: str = text("月份", max=7)
    period_key: str | None = held_key("月份", "site_id", "period", max=45)
    done: Decimal = percent("进度")


class Deal(_ApartPact, table=True):
    """Something two sides agree on."""

    __tablename__ = "made_deal"

    about: str = text("事项", max=40)


# ------------------------------------------------------------------ the world around


@dataclass
class Outside:
    """What the source and the outside system answer, and what the kind's hooks were told; set by a test."""

    given: Answer[Given] | None = None
    seized: Answer[bool] = field(default_factory=lambda: hit("测试系统", False))
    asked: int = 0
    effective: list[int] = field(default_factory=list)
    voided: list[str] = field(default_factory=list)
    relaxed: bool = False
    frozen: str = ""

    def gives(self, values: Mapping[str, Any], **children: Any) -> None:
        said = Given(values, children, "土地系统", datetime(2027, 2, 1, tzinfo=UTC))
        self.given = hit("土地系统", said, said.at)

    def is_silent(self) -> None:
        self.given = silent("土地系统", "超时")

    def has_nothing(self, note: str = "") -> None:
        self.given = Answer(AnswerState.MISS, "土地系统", note=note) if note else miss("土地系统")


OUTSIDE = Outside()


def _source(gathering: Gathering, key: str, owner: Owner) -> Answer[Given]:
    assert OUTSIDE.given is not None
    return OUTSIDE.given


def _ask(gathering: Gathering, site: Proposal) -> Mapping[str, Answer[Any]]:
    OUTSIDE.asked += 1
    return {"seized": OUTSIDE.seized}


def _look(work: Work, site: Proposal) -> Mapping[str, Any]:
    named = select(Site.record_no).where(Site.name == (site["name"] or ""), Site.id != site.record_id)
    return {"namesake": work.session.exec(named).first()}


def _of_head(work: Work, about: UUID | None) -> Owner:
    if work.caller.enterprise_id is None and not work.caller.roles & AUTHORITY:
        raise NotFound
    return Owner(head_company_id=work.caller.enterprise_id)


def _follow(work: Work, owner: Owner, values: Values) -> Owner:
    where = values.get("where")
    district = str(where) if where else owner.district_code
    return Owner(district, owner.head_company_id, owner.project_company_id, owner.project_id, OUTSIDE.relaxed)


def _price_is_not_high(site: Proposal) -> Iterator[Finding]:
    if (site["price"] or 0) > 1000:
        yield Finding("SITE-02", "价款偏高，请说明", "price", Severity.WARN)


def _land_is_positive(site: Proposal) -> Iterator[Finding]:
    if site["land"] is not None and site["land"] == 0:
        yield Finding("SITE-01", "面积应大于零", "land")


def _nothing_is_seized(site: Proposal) -> Iterator[Finding]:
    said = site.answers["seized"] if "seized" in site.answers else silent("测试系统")
    if not said.hit:
        yield Finding("SITE-03", "查封情况暂未核验", severity=Severity.PENDING)
    elif said.value:
        yield Finding("SITE-03", "该地块已被查封")


def _name_is_free(site: Proposal) -> Iterator[Finding]:
    if site.found.get("namesake"):
        yield Finding("SITE-04", f"名称已被{site.found['namesake']}使用", "name")


def _land_by_depth(site: Proposal) -> Iterator[Finding]:
    """A rule with a fault of its own: it breaks at a depth of nothing."""
    if site["land"] and site["depth"] is not None and site["land"] / site["depth"] > 10_000:
        yield Finding("SITE-05", "深度与面积不符", "depth")


def _signs_of(work: Work, row: Any) -> list[Dependant]:
    signs = select(Sign).where(Sign.site_id == row.id, Sign.in_force == InForceState.EFFECTIVE).order_by(col(Sign.id))
    return [Dependant("made_sign", sign.id, f"标牌{sign.words}") for sign in work.session.exec(signs).all()]


def _rule(code: str, severity: Severity, check: Any) -> Rule[Proposal]:
    return Rule(code, code, severity, check, "测试", code)


SITE = Kind(
    name="made_site",
    label="工地",
    row=0,
    prefix="MS",
    table=Site,
    makers=Makers(
        draft=HEAD_OFFICE | {Role.DIST_HANDLER, Role.DIST_REVIEWER},
        submit=HEAD_OFFICE | {Role.DIST_HANDLER, Role.DIST_REVIEWER},
        owner=_of_head,
        follow=_follow,
    ),
    look=Look("name", ("name", "where"), ("where",), menu="parcels", purpose="测试"),
    review=(DISTRICT,),
    children=(Child("parts", "分块", SiteLine, ("part_no",), most=500),),
    slots=(Slot("scan", "扫描件"),),
    rules=(
        _rule("SITE-01", Severity.REFUSE, _land_is_positive),
        _rule("SITE-02", Severity.WARN, _price_is_not_high),
        _rule("SITE-03", Severity.REFUSE, _nothing_is_seized),
        _rule("SITE-04", Severity.REFUSE, _name_is_free),
        _rule("SITE-05", Severity.WARN, _land_by_depth),
    ),
    facts=Facts(ask=_ask, look=_look, prefill=Prefill("合同编号", "contract_no", "土地系统", _source)),
    effects=Effects(
        on_effective=lambda work, row, revision: OUTSIDE.effective.append(revision.version_no),
        on_void=lambda work, row, revision: OUTSIDE.voided.append(row.record_no),
    ),
    ties=Ties(dependants=_signs_of, may_update=lambda work, row: OUTSIDE.frozen),
)


def _site_is_there(work: Work, owner: Owner, values: Values) -> bool:
    site = select(Site.id).where(Site.id == values.get("site_id"), Site.in_force == InForceState.EFFECTIVE)
    return work.session.exec(site).first() is not None


def _as_site(work: Work, owner: Owner, values: Values) -> Owner:
    return Owner(owner.district_code, owner.head_company_id, relaxed=OUTSIDE.relaxed)


SIGN = Kind(
    name="made_sign",
    label="标牌",
    row=0,
    prefix="MB",
    table=Sign,
    makers=Makers(HEAD_OFFICE, HEAD_OFFICE, lambda work, about: Owner("310115", work.caller.enterprise_id), _as_site),
    look=Look("words", ("words",), menu="parcels", purpose="测试"),
    review=(),
    ties=Ties(needs=(Need("made_site", "工地", _site_is_there),)),
)

MONTHLY = Monthly("site_id", carried=("done",))
MONTH = Kind(
    name="made_month",
    label="月报",
    row=0,
    prefix="MM",
    table=Month,
    makers=Makers(HEAD_OFFICE, HEAD_OFFICE, lambda work, about: Owner("310115", work.caller.enterprise_id)),
    look=Look("period", ("period",), menu="parcels", change="更正", purpose="测试"),
    review=(),
    period=MONTHLY,
)
MADE = (SITE, SIGN, MONTH)
