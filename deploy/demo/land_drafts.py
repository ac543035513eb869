"""Projects of the demo that are not in force yet: drafts, under review, returned, by the people of their companies."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from deploy.demo.kept import written
from deploy.demo.stories import caller_named, left_out
from deploy.demo.tables import lines_of
from models.access import Role
from models.parcels import Parcel, ParcelProjectLink
from models.records import Revision
from services.engine.callers import SYSTEM
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Begun, Decide, OneRevision, Save, Submit
from services.engine.door import Door
from services.engine.kinds import KINDS
from services.engine.registry import action
from services.engine.work import Work

_PROPERTIES = [{"property_type": "HOUSING", "sets": "420"}, {"property_type": "PARKING", "sets": "450"}]


@dataclass(frozen=True)
class TieProject:
    project_id: UUID
    parcel_nos: tuple[str, ...]


@action("demo.tie_project", "关联演示项目与地块", roles={Role.SYSTEM}, event="DATA.UPDATE")
def tie_project(work: Work, order: TieProject) -> None:
    """Note on the links of parcels which project was begun from them."""
    parcels = select(Parcel.id).where(col(Parcel.parcel_no).in_(order.parcel_nos))
    for link in work.rows(ParcelProjectLink, col(ParcelProjectLink.parcel_id).in_(parcels)):
        link.made_project_id = order.project_id
        work.add(link)


def load_drafts(door: Door) -> int:
    """Projects that are not in force yet, once; one that is refused is left out."""
    made = 0
    for cells, values in door.look(SYSTEM, _drafts):
        numbers = cells["parcels"].split(";")
        if door.look(caller_named(door, cells["drafter"]), _waits(numbers)):
            with left_out(cells["name"]):
                _one(door, cells, values, numbers)
                made += 1
    return made


def _drafts(work: Work) -> list[tuple[dict[str, str], dict[str, str]]]:
    """The lines of the table, and of each the form as far as it is filled in."""
    fields = [one.name for one in KINDS["project"].fields]
    return [(cells, written(fields, cells, places)) for _, cells, places in lines_of(work, "project_drafts", {})]


def _one(door: Door, cells: dict[str, str], values: dict[str, str], numbers: list[str]) -> None:
    drafter, submitter = (caller_named(door, cells[name]) for name in ("drafter", "submitter"))
    verbs = acts("project")
    begun: Begun = door.perform(verbs.begin, drafter, Begin(values=values))
    door.perform(verbs.save, drafter, Save(begun.revision_id, begun.version, values, {"properties": _PROPERTIES}))
    door.perform(tie_project, SYSTEM, TieProject(begun.record_id, tuple(numbers)))
    if cells["becomes"] == "DRAFT":
        return
    version = door.look(submitter, _version(begun.revision_id))
    door.perform(verbs.submit, submitter, Submit(begun.revision_id, version, _REASONS))
    if cells["becomes"] == "RETURNED":
        reviewer = caller_named(door, cells["reviewer"])
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
        links = work.rows(work.visible(ParcelProjectLink), col(ParcelProjectLink.parcel_id).in_(ids))
        return bool(links) and all(link.made_project_id is None for link in links)

    return read


def _version(revision_id: UUID) -> Callable[[Work], int]:
    return lambda work: work.get(Revision, revision_id).version
