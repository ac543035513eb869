"""Commands of the host's operator: accept a restored database, help a locked-out administrator."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col, select

from models.access import ACCOUNT, Account, OldPassword, Role, login_key
from models.rights import AccessChange, AccessList
from models.sealed import Sealed
from services.access import newest_access_list
from services.access.access_list_book import Seen
from services.access.accounts import roles_held
from services.access.acl import change
from services.access.passwords import ONE_TIME_HOURS, one_time_password
from services.access.scopes import ADMINISTRATORS
from services.access.session_ends import end_sessions
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.refusals import Conflict, NotFound
from services.engine.registry import action
from services.engine.steps import take_step
from services.engine.work import Work


@action("access.accept_restored", "确认恢复后的访问控制清单", roles={Role.SYSTEM}, event="ACL.CHANGE")
def accept_restored(work: Work, version: int) -> Seen:
    """Accept an older database that was restored on purpose and whose version is named; logged, with an alarm."""
    newest = work.session.exec(select(AccessList).order_by(col(AccessList.version).desc()).limit(1)).first()
    if newest is None or newest.version != version:
        raise Conflict(f"数据库中最新的清单版本是{newest.version if newest else 0}，与所填版本不一致")
    head = work.session.exec(select(AccessChange.digest).where(AccessChange.seq == newest.seq)).one()
    if json.loads(newest.body)["head"] != head:
        raise Conflict("清单与变更记录不一致，不能确认")
    known = newest_access_list.recall(work.session.connection().engine)
    work.trail.tell(
        "ACL.CHANGE",
        "access.accept_restored",
        kind="access_list",
        object_id=str(newest.version),
        digest=newest.digest,
        detail={"seen": known.version if known else 0},
    )
    raise_alarm(
        work, "ACL.RESTORED", "访问控制清单恢复到较早的版本，请核对其后的变更", kind="list", key=str(newest.version)
    )
    return Seen(newest.version, newest.digest, newest.seq, head)


def accept(door: Door, version: int) -> None:
    """Begin again from a restored list: what was seen before is forgotten, on purpose and by name."""
    newest_access_list.write(door.database.engine, door.perform(accept_restored, SYSTEM, version))


@dataclass(frozen=True)
class OneTime:
    """A password made outside the transaction, with its record; hashing is slow."""

    password: str = field(repr=False)
    record: str = field(repr=False)


@dataclass(frozen=True)
class HandedOut:
    """A one-time password shown at the host, for an administrator who cannot open a page."""

    login: str
    password: str = field(repr=False)
    until: datetime


def make_one_time(gathering: Gathering, order: object) -> OneTime:
    password = one_time_password()
    return OneTime(password, gathering.sealer.hash_password(password))


@action("access.help_administrator", "恢复管理员账号", roles={Role.SYSTEM}, gather=make_one_time, event="ACL.CHANGE")
def help_administrator(work: Work, login: str, made: OneTime) -> HandedOut:
    """A new one-time password for an administrator who is locked, unused for too long or the last of his kind."""
    account = work.session.exec(select(Account).where(Account.login_key == login_key(login))).first()
    if account is None or not roles_held(work, account.id) & ADMINISTRATORS:
        raise NotFound("没有这个管理员账号")
    change(work, "account", account.id, "access.help_administrator")
    take_step(work, account, ACCOUNT, "bring_back", log=False)
    account.last_seen_at = None
    if account.link_digest is None:
        work.add(OldPassword(account_id=account.id, password=Sealed.of(account.password.plain), set_at=work.at))
    account.password, account.password_changed_at = Sealed.of(made.record), work.at
    account.one_time_until, account.link_digest = work.at + timedelta(hours=ONE_TIME_HOURS), None
    account.failures, account.first_failure_at, account.locked_until = 0, None, None
    work.add(account)
    end_sessions(work, account.id, "PASSWORD")
    work.trail.tell("AUTH.PWD", "access.help_administrator", about=account)
    raise_alarm(work, "ACL.ADMIN_RESET", "一名管理员的账号在主机上被恢复，请本人核实", about=account)
    return HandedOut(account.login, made.password, account.one_time_until)
