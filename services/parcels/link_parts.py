"""Shared parts of both kinds of links: sides, history, notifications, and offers that end without an answer."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.access import HEAD_OFFICE, PROJECT_OFFICE, Role
from models.companies import HeadCompany, Managed
from models.land_codes import LinkSide, LinkVerb
from models.parcels import Parcel, ParcelHeadLink, ParcelLinkStep, ParcelProjectLink
from models.records import PACT, PactState
from models.sealed import Sealed
from services.alerts.alert_states import settle_alert
from services.engine import pacts
from services.engine.notices import notify
from services.engine.refusals import NotAllowed
from services.engine.steps import take_step
from services.engine.words import some_words
from services.engine.work import Work
from services.parcels.companies import company_name
from services.parcels.holdings import LINKS, Link, links_of, wrong

HANDLERS = frozenset({Role.DIST_HANDLER, Role.CITY_HANDLER})
MOST_WORDS = 500
UNANSWERED = "PAR-08"
_ANSWERS = {
    LinkVerb.CONFIRMED: "已确认",
    LinkVerb.CROSSED: "已确认",
    LinkVerb.DECLINED: "被拒绝",
    LinkVerb.CANCELLED: "已撤回",
    LinkVerb.RELEASED: "已解除",
}
_WIDEST = Decimal(10) ** 12


def side_of(work: Work) -> LinkSide:
    """The side the caller speaks for."""
    if work.caller.has(*HANDLERS):
        return LinkSide.AUTHORITY
    if work.caller.has(*HEAD_OFFICE):
        return LinkSide.HEAD
    if work.caller.has(*PROJECT_OFFICE):
        return LinkSide.PROJECT
    raise NotAllowed("您的岗位不能办理地块关联")


def link_in_hand(work: Work, table: type[Link], link_id: UUID) -> Link:
    """Lock and return a visible link after its parcel, so that all orders lock in one order."""
    seen = work.get(table, link_id)
    work.held(select(Parcel).where(Parcel.id == seen.parcel_id)).first()
    return work.hold(table, link_id)


def offer(work: Work, link: Link, side: LinkSide, verb: LinkVerb, words: str) -> Link:
    """A first word, waiting for the other side until its day."""
    said = said_of(words)
    within = work.thresholds.over(link.district_code).integer("parcels.offer_expire_days")
    pacts.offer(work, link, str(side), within=within, reason=said)
    note(work, link, verb, side, said)
    return link


def confirm(work: Work, link: Link, verb: LinkVerb = LinkVerb.CONFIRMED) -> None:
    """The other side's yes."""
    pacts.confirm(work, link, str(side_of(work)))
    _answered(work, link, verb)


def decline(work: Work, link: Link, words: str) -> None:
    """The other side's no, with why."""
    pacts.decline(work, link, str(side_of(work)), said_of(words))
    _over(work, link, LinkVerb.DECLINED, words)


def cancel(work: Work, link: Link, words: str) -> None:
    """The first side takes its word back before it is answered."""
    pacts.cancel(work, link, str(side_of(work)), reason=said_of(words))
    _over(work, link, LinkVerb.CANCELLED, words)


def release(work: Work, link: Link, words: str) -> None:
    """End what was confirmed, with why."""
    pacts.release(work, link, said_of(words))
    _over(work, link, LinkVerb.RELEASED, words)


def end_by_itself(work: Work, link: Link, verb: LinkVerb) -> None:
    """End an offer without an answer: its parcel or company is gone, or its day is over."""
    if link.state is PactState.OFFERED:
        take_step(work, link, PACT, "expire")
    link.open_key, link.ended_at = None, work.now
    work.add(link)
    note(work, link, verb, LinkSide.AUTHORITY)


def note(work: Work, link: Link, verb: LinkVerb, side: LinkSide, words: str = "") -> None:
    """Return a line of the time line both sides read."""
    work.add(
        ParcelLinkStep(
            link_id=link.id,
            parcel_id=link.parcel_id,
            verb=verb,
            side=side,
            by_account=work.caller.account_id,
            by_unit=work.caller.unit_id,
            at=work.now,
            words=Sealed.of_json(words) if words else None,
        )
    )


def tell(work: Work, link: Link, subject: str, body: str, *sides: LinkSide) -> None:
    """A message to the sides of a link."""
    if LinkSide.HEAD in sides:
        notify(work, subject, body, about=link, to_enterprise=link.head_company_id)
    if LinkSide.PROJECT in sides and isinstance(link, ParcelProjectLink):
        notify(work, subject, body, about=link, to_enterprise=link.project_company_id)
    if LinkSide.AUTHORITY in sides:
        notify(work, subject, body, about=link, to_district=link.district_code)


def sides_of(link: Any) -> tuple[LinkSide, LinkSide]:
    """Return the sides of a link, the one that gives the land first."""
    if isinstance(link, ParcelProjectLink):
        return LinkSide.HEAD, LinkSide.PROJECT
    return LinkSide.AUTHORITY, LinkSide.HEAD


def other_side(link: Any) -> LinkSide:
    """Return who has to answer."""
    first, second = sides_of(link)
    return second if link.offered_side == str(first) else first


def said_of(words: str) -> str:
    """Words that may be missing, not endless."""
    return some_words(words, "说明", most=MOST_WORDS)


def plain_number(number: Decimal, what: str, field: str, places: int) -> Decimal:
    """Return a typed number with at most `places` decimals; refuse anything else."""
    if number.is_finite() and abs(number) < _WIDEST and number == round(number, places):
        return number
    raise wrong("FMT", f"{what}请填写数字，最多保留{places}位小数", field)


def _over(work: Work, link: Link, verb: LinkVerb, words: str) -> None:
    link.open_key = None
    link.ended_at = link.ended_at or work.now
    work.add(link)
    _answered(work, link, verb, words.strip())


def _answered(work: Work, link: Link, verb: LinkVerb, words: str = "") -> None:
    """Note the answer, settle the alert about the waiting link, and tell the other side."""
    note(work, link, verb, side_of(work), words)
    settle_alert(work, UNANSWERED, link.id, "", "已答复")
    first, second = sides_of(link)
    what, company = "关联", link.head_company_id
    if isinstance(link, ParcelProjectLink):
        what, company = "指派", link.project_company_id
    parcel = work.session.get(Parcel, link.parcel_id)
    named = f"地块“{parcel.parcel_name}”与{company_name(work, company)}" if parcel else "地块"
    subject = f"地块{what}{_ANSWERS[verb]}"
    tell(work, link, subject, f"{named}：{subject}。", second if side_of(work) is first else first)


# ------------------------------------------------------------------ offers that end without an answer


def end_open_links(work: Work, parcel: Parcel) -> None:
    """Take back every open offer of a parcel that is no more."""
    said = f"地块“{parcel.parcel_name}”已作废，关联申请自动终止。"
    for table in LINKS:
        for link in links_of(work, table, parcel.id, PactState.OFFERED):
            _ended(work, link, LinkVerb.PARCEL_VOIDED, said, *sides_of(link))


def end_offers_of(work: Work, company: Managed) -> None:
    """Take back every open offer a company made or was made: it can be answered no more, and others wait for the land."""
    said = f"{company.name}已退出或作废，地块关联申请自动终止。"
    if isinstance(company, HeadCompany):
        for head in _offered(work, ParcelHeadLink, company):
            _ended(work, head, LinkVerb.COMPANY_GONE, said, LinkSide.AUTHORITY)
    for project in _offered(work, ParcelProjectLink, company):
        _ended(work, project, LinkVerb.COMPANY_GONE, said, *sides_of(project))


def _ended(work: Work, link: Link, verb: LinkVerb, said: str, *sides: LinkSide) -> None:
    end_by_itself(work, link, verb)
    tell(work, link, f"地块{'指派' if isinstance(link, ParcelProjectLink) else '关联'}已终止", said, *sides)


def _offered(work: Work, table: Any, company: Managed) -> Any:
    owner = table.head_company_id if isinstance(company, HeadCompany) else table.project_company_id
    offers = select(table).where(owner == company.id, table.state == PactState.OFFERED).order_by(col(table.id))
    return work.held(offers).all()
