"""What is still on its way in the demo: projects as drafts, under review and returned, by the people of their companies."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlmodel import col, select

from deploy.demo.land import project_values, rows
from models.access import Account, Role
from models.parcels import Parcel, ParcelProjectLink
from models.records import Revision
from services.access.sessions import caller_of
from services.engine.callers import SYSTEM, Caller
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Begun, Decide, OneRevision, Save, Submit
from services.engine.door import Door
from services.engine.refusals import Refusal
from services.engine.registry import action
from services.engine.work import Work

log = logging.getLogger("shenfang.demo")

#: Company of the table: who drafts, who hands in.
_PEOPLE = {
    "P-1": ("binjiang01", "binjiang_admin"),
    "P-2": ("xian01", "xian_admin"),
    "P-3": ("xincheng01", "xincheng_admin"),
    "P-4": ("lingang01", "lingang_admin"),
}
_REVIEWERS = {"310115": "pdshen01", "310104": "xhshen01"}
_PROPERTIES = [{"property_type": "HOUSING", "sets": "420"}, {"property_type": "PARKING", "sets": "450"}]


@dataclass(frozen=True)
class TieProject:
    project_id: UUID
    parcels: tuple[UUID, ...]


@action("demo.tie_project", "关联演示项目与地块", roles={Role.SYSTEM}, event="DATA.UPDATE")
def tie_project(work: Work, order: TieProject) -> None:
    """Note on the links of parcels which project was begun from them."""
    for link in work.session.exec(
        select(ParcelProjectLink).where(col(ParcelProjectLink.parcel_id).in_(order.parcels))
    ).all():
        link.made_project_id = order.project_id
        work.add(link)


def load_drafts(door: Door, folder: Path) -> int:
    """Projects that are not in force yet, once; one that is refused is left out, for a demo with a moved clock goes on."""
    made = 0
    parcels = {line["fixture_id"]: line["parcel_no"] for line in rows(folder / "parcels.csv")}
    for line in rows(folder / "developments.csv"):
        if line["state"] == "EFFECTIVE" or line["company"] not in _PEOPLE:
            continue
        numbers = [parcels[one].upper() for one in line["parcels"].split(";")]
        if not door.look(caller_named(door, _PEOPLE[line["company"]][0]), _waits(numbers)):
            continue
        try:
            _one(door, line, numbers)
            made += 1
        except Refusal as refusal:
            log.warning("a project of the demo stays a draft: %s", refusal.message)
    return made


def _one(door: Door, line: dict[str, str], numbers: list[str]) -> None:
    drafter, submitter = (caller_named(door, login) for login in _PEOPLE[line["company"]])
    verbs = acts("project")

    def read(work: Work) -> tuple[dict[str, str], list[UUID]]:
        found = work.session.exec(
            work.visible(Parcel).where(col(Parcel.parcel_no).in_(numbers)).order_by(col(Parcel.parcel_no))
        ).all()
        return project_values(work, line, list(found)), [one.id for one in found]

    values, ids = door.look(drafter, read)
    if line["state"] == "DRAFT":
        # As somebody leaves it in the evening: not all is filled in.
        for name in ("planned_delivery_on", "project_capital", "contact_phone"):
            values.pop(name)
    begun: Begun = door.perform(verbs.begin, drafter, Begin(values=values))
    door.perform(verbs.save, drafter, Save(begun.revision_id, begun.version, values, {"properties": _PROPERTIES}))
    door.perform(tie_project, SYSTEM, TieProject(begun.record_id, tuple(ids)))
    if line["state"] == "DRAFT":
        return
    version = door.look(submitter, _version(begun.revision_id))
    door.perform(verbs.submit, submitter, Submit(begun.revision_id, version, _REASONS))
    if line["state"] == "RETURNED":
        reviewer = caller_named(door, _REVIEWERS.get(values["district"], "pdshen01"))
        door.perform(verbs.take, reviewer, OneRevision(begun.revision_id))
        version = door.look(reviewer, _version(begun.revision_id))
        order = Decide(begun.revision_id, version, "总投资与土地款明细不一致，请核对后重新提交", ("total_investment",))
        door.perform(verbs.send_back, reviewer, order)


_REASONS = {
    "PRJ-01": "代码以发改部门赋码通知为准",
    "PRJ-03": "以规划部门批复的方案为准",
    "PRJ-04": "已与土地部门沟通延期事宜",
    "PRJ-11": "按实际支付进度填报",
}


def _waits(numbers: list[str]) -> Callable[[Work], bool]:
    """Return whether the parcels are assigned and no project was begun from them."""

    def read(work: Work) -> bool:
        ids = select(Parcel.id).where(col(Parcel.parcel_no).in_(numbers))
        links = work.session.exec(
            work.visible(ParcelProjectLink).where(col(ParcelProjectLink.parcel_id).in_(ids))
        ).all()
        return bool(links) and all(link.made_project_id is None for link in links)

    return read


def _version(revision_id: UUID) -> Callable[[Work], int]:
    return lambda work: work.get(Revision, revision_id).version


def caller_named(door: Door, login: str) -> Caller:
    """Return an of the demo's people, as if he had signed in."""
    with door.database.read() as session:
        account = session.exec(select(Account).where(Account.login == login)).one()
        return caller_of(session, account, "demo", "127.0.0.1", door.clock.today())
