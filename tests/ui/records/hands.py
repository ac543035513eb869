"""What hands do at a record's page, and what stands in the database behind it."""

from typing import Any
from uuid import UUID

from nicegui.testing import User

from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Begun, Decide, OneRevision, RevisionView, Save, Submit
from services.records.attachments import AttachFile, attach_file
from tests.files_made import png
from tests.land import PARCEL_LISTS, parcel_form
from tests.ui.people import Crowd, page_of
from tests.ui.tenancy.hands import WAIT, key
from tests.world import World
from ui.records.child_table import ChildTable
from ui.shell.place import Place
from ui.shell.workspace import Workspace

MAKER, OTHER_MAKER, RIVAL = "shenpu01", "shenpu_admin", "jianghai01"
REVIEWER, SECOND = "pdshen01", "pdshen02"


def place_of(user: User) -> Place:
    workspace: Workspace = page_of(user).request.scope["state"]["workspace"]
    assert workspace.front is not None
    return workspace.front


async def open_record(crowd: Crowd, login: str, record_id: UUID, kind: str = "parcel", more: str = "") -> User:
    user = await crowd.open(login, f"/?open=record&kind={kind}&id={record_id}{more}")
    await user.should_see(marker="record-state", retries=WAIT)
    return user


def begin(world: World, login: str = MAKER, **values: Any) -> Begun:
    """A parcel begun at a desk."""
    begun: Begun = world.door.perform(acts("parcel").begin, world.caller(login), Begin(values=values))
    return begun


def whole(world: World, login: str = MAKER, **change: Any) -> Begun:
    """A parcel filled in with its lists and files, ready to be submitted."""
    begun = begin(world, login)
    caller = world.caller(login)
    files = {}
    for slot in ("contract", "drawing"):
        kept = world.door.perform(attach_file, caller, AttachFile(begun.revision_id, slot, f"{slot}.png", png(60, 40)))
        files[slot] = (kept.id,)
    order = Save(begun.revision_id, begun.version, parcel_form(**change), PARCEL_LISTS, files)
    saved = world.door.perform(acts("parcel").save, caller, order)
    return Begun(begun.record_id, begun.revision_id, saved.version)


def submitted(world: World, login: str = MAKER, **change: Any) -> Begun:
    begun = whole(world, login, **change)
    caller = world.caller(login)
    reasons = {one.code: "与合同约定一致" for one in world.door.ask(acts("parcel").trial, caller, begun.revision_id)}
    world.door.perform(acts("parcel").submit, caller, Submit(begun.revision_id, begun.version, reasons))
    return begun


def approved(world: World, login: str = MAKER, reviewer: str = REVIEWER, **change: Any) -> Begun:
    begun = submitted(world, login, **change)
    caller = world.caller(reviewer)
    world.door.perform(acts("parcel").take, caller, OneRevision(begun.revision_id))
    version = version_of(world, reviewer, begun.revision_id).version
    world.door.perform(acts("parcel").approve, caller, Decide(begun.revision_id, version))
    return begun


def version_of(world: World, login: str, revision_id: UUID, kind: str = "parcel") -> RevisionView:
    view: RevisionView = world.door.ask(acts(kind).revision, world.caller(login), revision_id)
    return view


def record_of(world: World, login: str, record_id: UUID, kind: str = "parcel") -> RevisionView:
    view: RevisionView = world.door.ask(acts(kind).record, world.caller(login), record_id)
    return view


def type_in(user: User, name: str, text: str) -> None:
    """Type over what stands in a field."""
    control: Any = user.find(marker=f"field-{name}").elements.pop()
    control.set_value(text)


def value_in(user: User, name: str) -> str:
    control: Any = user.find(marker=f"field-{name}").elements.pop()
    return str(control.value or "")


def table_of(user: User, name: str) -> ChildTable:
    table = user.find(marker=f"child-{name}").elements.pop()
    assert isinstance(table, ChildTable)
    return table


async def saved(user: User) -> None:
    """Press Ctrl+S and wait until it is told."""
    key(user, "ctrl+s")
    await user.should_see("已保存", retries=WAIT)
