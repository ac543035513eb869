"""Sessions of citizens: begun by a ticket of the city portal, found by a cookie, short, without an account (row 3)."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlmodel import col

from models.access import Role, ScopeKind
from models.citizens import CitizenSession
from models.labels import Label
from models.sealed import Sealed
from services.access.factors import spend
from services.engine.callers import Caller, Scope
from services.engine.door import Gathering
from services.engine.refusals import NotSignedIn, Unavailable
from services.engine.registry import action, query
from services.engine.work import Work
from services.ports.citizens import CITIZEN_PORTAL, CitizenIdentity, Ticket, TicketRefused
from services.tenancy.predicates import number_of

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=2)
#: A session is written at most so often.
_TOUCH = timedelta(seconds=60)
_AGAIN = "登录没有成功，请重新登录"
#: How far the portal's clock may be ahead of ours.
_AHEAD = timedelta(seconds=5)


@dataclass(frozen=True)
class Citizen:
    """A signed-in person, as the portal verified the identity."""

    name: str
    id_type: str
    id_no: str
    mobile: str = ""
    #: Digest of the session, for the audit.
    session: str = ""


def citizen_caller(address: str, citizen: Citizen | None = None) -> Caller:
    """Return the caller of citizens' pages; its acts are those of this package, which narrow every row to the person."""
    return Caller(
        name="citizen",
        scopes=(Scope(Role.SYSTEM, ScopeKind.CITY),),
        session=citizen.session if citizen else "",
        address=address,
        clearance=Label.INTERNAL,
    )


def new_state() -> str:
    """Return the secret that binds a sign-in to the browser that began it."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Enter:
    """A browser that comes back from the portal; `state` is what it was sent there with, `kept` what it kept meanwhile."""

    ticket: str = field(repr=False)
    state: str
    kept: str = field(repr=False)


@dataclass(frozen=True)
class Entered:
    """A new session; the token is the cookie."""

    token: str = field(repr=False)
    name: str


def _redeem(gathering: Gathering, order: Enter) -> tuple[Ticket, CitizenIdentity]:
    portal = gathering.systems.find(CITIZEN_PORTAL)
    if portal is None:
        raise Unavailable("暂未接入一网通办，请到区住房租赁服务中心或街镇社区事务受理服务中心办理")
    try:
        ticket = portal.read(order.ticket, gathering.house.crypto.verify_peer)
    except TicketRefused as refused:
        gathering.door.tell(
            gathering.caller, "AUTH.FAIL", "citizens.enter", result="deny", reason=refused.reason, severity=4
        )
        raise NotSignedIn(_AGAIN) from None
    if not order.kept or not secrets.compare_digest(ticket.state, order.kept) or order.state != order.kept:
        raise NotSignedIn(_AGAIN)
    answer = portal.redeem(order.ticket)
    if answer.silent:
        raise Unavailable("一网通办暂时没有应答，请稍后重新登录")
    if answer.value is None:
        raise NotSignedIn("登录凭据已使用或者实名等级不够，请在一网通办完成实名认证后重新登录")
    return ticket, answer.value


@action("citizens.enter", "市民登录", roles={Role.SYSTEM}, gather=_redeem, event="")
def enter(work: Work, order: Enter, redeemed: tuple[Ticket, CitizenIdentity]) -> Entered:
    """Begin a session for the person of a ticket; a ticket counts once, by whichever process."""
    ticket, person = redeemed
    issued, expires = (datetime.fromtimestamp(one, UTC) for one in (ticket.issued, ticket.expires))
    if issued > work.at + _AHEAD or expires <= work.at or not spend(work, "ticket", ticket.number, expires):
        raise NotSignedIn(_AGAIN)
    token = secrets.token_urlsafe(32)
    row = CitizenSession(
        digest=work.sealer.session_digest(token),
        name=Sealed.of(person.name),
        id_type=person.id_type,
        id_no=Sealed.of(number_of(person.id_no)),
        mobile=Sealed.of(person.mobile) if person.mobile else None,
        started_at=work.at,
        seen_at=work.at,
    )
    work.add(row)
    work.trail.tell("AUTH.LOGIN", "citizens.enter", about=row)
    return Entered(token, person.name)


@dataclass(frozen=True)
class Found:
    """A session that runs, and whether its activity has to be written."""

    citizen: Citizen
    stale: bool


@query("citizens.session", "市民会话", roles={Role.SYSTEM})
def find_session(work: Work, token: str) -> Found | None:
    """Return the citizen of a cookie, or none when the session is over."""
    row = work.first(
        work.visible(CitizenSession),
        CitizenSession.digest == work.sealer.session_digest(token),
        col(CitizenSession.ended_at).is_(None),
        col(CitizenSession.seen_at) > work.at - IDLE,
        col(CitizenSession.started_at) > work.at - ABSOLUTE,
    )
    if row is None:
        return None
    mobile = row.mobile.plain if row.mobile else ""
    citizen = Citizen(row.name.plain, row.id_type, row.id_no.plain, mobile, row.digest)
    return Found(citizen, work.at - row.seen_at > _TOUCH)


@action("citizens.touch", "延续市民会话", roles={Role.SYSTEM}, event="")
def touch_session(work: Work, digest: str) -> None:
    """Note the activity of a session."""
    row = work.first(CitizenSession, CitizenSession.digest == digest, col(CitizenSession.ended_at).is_(None))
    if row is not None:
        row.seen_at = work.at
        work.add(row)


@action("citizens.leave", "市民退出", roles={Role.SYSTEM}, event="")
def leave(work: Work, digest: str) -> None:
    """End a session."""
    row = work.first(CitizenSession, CitizenSession.digest == digest, col(CitizenSession.ended_at).is_(None))
    if row is not None:
        row.ended_at = work.at
        work.add(row)
        work.trail.tell("AUTH.LOGOUT", "citizens.leave", about=row)
