"""Links of users to streets: made, changed, ended by administrators, and made with a grant of the role (row 50)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import select

from models.access import Account, AccountRole, AccountState, Role
from models.streets import LINK, LinkDuty, LinkState, StreetLink, state_on
from services.access.accounts import MOVED
from services.access.grants import GIVEN
from services.engine.events import on
from services.engine.findings import Finding
from services.engine.notices import notify
from services.engine.orders import OneRow, Reasoned
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.registry import Step, action
from services.engine.steps import begin_in, take_step
from services.engine.words import enough_words
from services.engine.work import Work
from services.streets.link_rules import Administrator, Span, faults_of
from services.streets.registry import ADMINISTRATORS, account_of, spans_of, street_names


@dataclass(frozen=True)
class LinkUser:
    """A user by login, and the street with duty and days; the last day is included, none is for good."""

    login: str
    street_code: str
    duty: LinkDuty
    valid_from: date
    valid_to: date | None = None
    main: bool = False


def reach_of(work: Work) -> Administrator:
    """Return how far the caller reaches as an administrator of links."""
    if work.caller.has(Role.CITY_CENTER, Role.SYSTEM):
        return Administrator()
    districts = [scope.code for scope in work.caller.scope_of(Role.DISTRICT_BUREAU)]
    if not districts:
        raise NotAllowed("您的岗位不能关联街镇用户")
    return Administrator(districts[0])


@action("streets.link", "关联街镇用户", roles=ADMINISTRATORS, event="ACL.CHANGE")
def link_user(work: Work, order: LinkUser) -> UUID:
    """Link a user to a street; menus and data follow at the user's next request."""
    account = account_of(work, order.login.strip())
    if account is None:
        raise NotFound("没有这个用户，请核对登录名")
    if account.state is not AccountState.ACTIVE:
        raise Rejected("该用户已停用，请先启用", [Finding("USER_DISABLED", "该用户已停用", "login")])
    link = new_link(work, account, order)
    notify(
        work,
        "街镇关联已变更",
        f"已为您关联{street_name(work, link.street_code)}（{link.duty.label}）。",
        about=link,
        to_account=account.id,
    )
    return link.id


def new_link(work: Work, account: Account, order: LinkUser, *, session_id: UUID | None = None) -> StreetLink:
    """Keep a link that fits the others of its user, or refuse with every reason."""
    place = street_names(work).find("", order.street_code, "", order.valid_from).place
    if place is None:
        raise Rejected("没有这个街镇", [Finding("STREET_NOT_FOUND", "没有这个街镇，请重新选择", "street_code")])
    # Links of one user are made one after another, so that two main ones cannot come in at once.
    work.held(select(Account).where(Account.id == account.id)).one()
    span = Span(place.code, order.main, order.valid_from, order.valid_to)
    if findings := list(faults_of(span, spans_of(work, account.id), reach_of(work))):
        raise Rejected("；".join(one.message for one in findings), findings)
    return _keep(work, account.id, order, place.code, session_id=session_id)


def _keep(work: Work, account_id: UUID, order: LinkUser, street: str, *, session_id: UUID | None = None) -> StreetLink:
    link = StreetLink(
        account_id=account_id,
        district_code=street[:6],
        street_code=street,
        duty=order.duty,
        main=order.main,
        valid_from=order.valid_from,
        valid_to=order.valid_to,
        granted_by=work.caller.account_id,
        session_id=session_id,
    )
    begin_in(link, state_on(work.today, link.valid_from, link.valid_to))
    work.add(link)
    detail = {"street": street, "duty": str(link.duty), "main": str(link.main)}
    work.trail.tell("ACL.CHANGE", "streets.link", about=link, detail=detail)
    return link


@dataclass(frozen=True)
class ChangeLink:
    """A new last day, duty or main mark of a link; days before stay as they were."""

    id: UUID
    duty: LinkDuty
    valid_to: date | None
    main: bool
    reason: str
    version: int = 0


@action("streets.change_link", "调整街镇关联", roles=ADMINISTRATORS, event="ACL.CHANGE")
def change_link(work: Work, order: ChangeLink) -> None:
    """Change what may change of a link: its end, its duty, whether it is the main one."""
    link = _open(work, order.id, order.version)
    reason = enough_words(order.reason, "调整原因")
    span = Span(link.street_code, order.main, link.valid_from, order.valid_to)
    if findings := list(faults_of(span, spans_of(work, link.account_id, but=link.id), reach_of(work))):
        raise Rejected("；".join(one.message for one in findings), findings)
    link.duty, link.main, link.valid_to = order.duty, order.main, order.valid_to
    work.add(link)
    work.trail.tell("ACL.CHANGE", "streets.change_link", about=link, reason=reason[:60])
    if state_on(work.today, link.valid_from, link.valid_to) is LinkState.ENDED:
        end_at_once(work, link, reason)


@action("streets.make_main", "设为主关联", roles=ADMINISTRATORS, event="ACL.CHANGE")
def make_main(work: Work, order: OneRow) -> None:
    """Make a link the main one; the user's other main links of its days lose the mark."""
    link = _open(work, order.id, order.version)
    if link.main:
        raise Conflict("已是主关联")
    span = Span(link.street_code, True, link.valid_from, link.valid_to)
    reach = reach_of(work)
    for other in work.rows(StreetLink, StreetLink.account_id == link.account_id, StreetLink.state != LinkState.ENDED):
        meets = span.meets(Span(other.street_code, other.main, other.valid_from, other.valid_to))
        if other.main and meets:
            if not reach.reaches(other.street_code):
                raise NotAllowed("该用户的主关联在其他区，请该区或市级管理员调整")
            other.main = False
            work.add(other)
    link.main = True
    work.add(link)
    work.trail.tell("ACL.CHANGE", "streets.make_main", about=link)


@action("streets.end_link", "解除街镇关联", roles=ADMINISTRATORS, step=Step(LINK, "end"), event="ACL.CHANGE")
def end_link(work: Work, order: Reasoned) -> None:
    """End a link at once; without another the user has no menus."""
    link = _open(work, order.id, order.version)
    end_at_once(work, link, enough_words(order.reason, "解除原因"))
    notify(
        work,
        "街镇关联已变更",
        f"您与{street_name(work, link.street_code)}的关联已解除。",
        about=link,
        to_account=link.account_id,
    )


def _open(work: Work, link_id: UUID, version: int) -> StreetLink:
    """Return a link of the caller's streets that has not ended."""
    link = work.hold(StreetLink, link_id)
    if not reach_of(work).reaches(link.street_code):
        raise NotFound
    if link.state is LinkState.ENDED:
        raise Conflict("该关联已结束")
    if version and version != link.version:
        raise Conflict("该关联已被他人修改，请刷新后重新办理")
    return link


def end_at_once(work: Work, link: StreetLink, reason: str) -> None:
    """End a link from this moment on."""
    take_step(work, link, LINK, "end", reason=reason[:60])
    link.ended_at, link.end_reason = work.now, reason[:200]
    work.add(link)


def street_name(work: Work, code: str) -> str:
    """Return the name of a street with its district."""
    place = street_names(work).street(code)
    return f"{place.district_name}{place.name}" if place else code


# With the grant of the role


def link_by_grant(work: Work, grant: AccountRole) -> StreetLink | None:
    """Link a user to the street of a grant, unless the user is linked to it; the first link is the main one."""
    span = Span(grant.scope_code, False, grant.valid_from, grant.valid_to)
    others = spans_of(work, grant.account_id)
    faults = {one.code for one in faults_of(span, others, Administrator())}
    if "DUP_LINK" in faults:
        return None
    main = not any(one.main and one.meets(span) for one in others)
    order = LinkUser("", grant.scope_code, LinkDuty.HANDLE, grant.valid_from, grant.valid_to, main)
    return _keep(work, grant.account_id, order, grant.scope_code)


@on(GIVEN)
def link_with_the_grant(work: Work, grant: AccountRole) -> None:
    """A street clerk begins with the street of the grant."""
    if grant.role is Role.STREET_CLERK:
        link_by_grant(work, grant)


@on(MOVED)
def end_links_of_the_moved(work: Work, account: Account) -> None:
    """An account that moves to another unit leaves its streets; the new district links it anew."""
    for link in work.rows(StreetLink, StreetLink.account_id == account.id, StreetLink.state != LinkState.ENDED):
        end_at_once(work, link, "调离原单位")
