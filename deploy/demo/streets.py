"""Street users of the demo: one of two streets, one who only looks, one whose link was ended, and changed streets (row 50)."""

from datetime import date, timedelta
from typing import Any

from deploy.demo.offices import add_accounts, people_who_join
from deploy.demo.stories import caller_named
from models.access import Account, OrgUnit, Role
from models.streets import LinkDuty, StreetChangeKind, StreetLink
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.engine.orders import Reasoned
from services.engine.registry import action
from services.engine.work import Work
from services.streets.changes import AddChange, add_change
from services.streets.links import ChangeLink, LinkUser, change_link, end_link, link_user

_CITY, _BUREAU = "shi01", "pdju01"


@action("demo.street_users", "建立演示街镇用户", roles={Role.SYSTEM}, event="CFG.CHANGE")
def load_users(work: Work, order: None) -> int:
    """Add the accounts of street users that are missing."""
    units = {unit.unit_code: unit for unit in work.rows(OrgUnit)}
    return len(add_accounts(work, people_who_join("streets"), lambda person: units[person.office]))


def load_streets(door: Door) -> None:
    """Link the users, and keep two changes of streets: one in force, one to come."""
    if not door.perform(load_users, SYSTEM, None):
        return
    today, city, bureau = door.clock.today(), caller_named(door, _CITY), caller_named(door, _BUREAU)
    order = LinkUser("jiezhen01", "310115005", LinkDuty.REVIEW, today - timedelta(days=30), today + timedelta(days=335))
    door.perform(link_user, bureau, order)
    door.perform(
        link_user,
        city,
        LinkUser("jiezhen03", "310104012", LinkDuty.READ, today + timedelta(days=15), today + timedelta(days=380)),
    )
    looking = door.look(SYSTEM, lambda work: _link_of(work, "jiezhen03", "310115016"))
    door.perform(change_link, bureau, ChangeLink(looking.id, LinkDuty.READ, None, True, "挂职期间只查询"))
    left = door.look(SYSTEM, lambda work: _link_of(work, "jiezhen02", "310104016"))
    door.perform(end_link, city, Reasoned(left.id, "已调离街镇受理中心"))
    for old, name, new, into, kind, day in _CHANGES:
        door.perform(add_change, city, AddChange(old, name, kind, new, into, day(today)))


def _link_of(work: Work, login: str, street: str) -> StreetLink:
    account = work.only(Account, Account.login == login)
    return work.only(StreetLink, StreetLink.account_id == account.id, StreetLink.street_code == street)


_CHANGES: tuple[tuple[str, str, str, str, StreetChangeKind, Any], ...] = (
    ("310120991", "测试东林镇", "310120111", "青村镇", StreetChangeKind.MERGED, lambda today: date(2026, 4, 1)),
    ("310112993", "测试旧名街道", "310112108", "梅陇镇", StreetChangeKind.RENAMED, lambda today: date(2025, 12, 1)),
    (
        "310115142",
        "书院镇",
        "310115004",
        "潍坊新村街道",
        StreetChangeKind.MERGED,
        lambda today: today + timedelta(days=60),
    ),
)
