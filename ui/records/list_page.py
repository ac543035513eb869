"""The list of a kind: its listing, with what can be begun, opened and brought in."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from nicegui import ui as web

from models.access import KEEPERS, SPATIAL_OFFICE, Role
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin
from services.engine.kind_listing import list_of
from services.engine.kinds import KINDS, Kind, may_draft
from services.engine.listings import Line
from services.engine.past_lists import AS_OF
from ui.records.picker import Picker, seek
from ui.records.record_page import open_record
from ui.records.workbooks import ask_table
from ui.shell.call import call
from ui.shell.dialogs import answer_buttons, answer_of, question
from ui.shell.fields import Field as Control
from ui.shell.list_view import ListView
from ui.shell.modules import GROUPS, Module
from ui.shell.place import Place

#: Icons of the lists of kinds that stand in a menu.
_ICONS = {
    "group_company": "corporate_fare",
    "head_company": "business",
    "head_exit": "exit_to_app",
    "project_company": "store",
    "project_exit": "transfer_within_a_station",
    "parcel": "landscape",
    "project": "construction",
    "project_parcels": "grid_view",
    "project_investors": "paid",
    "project_builders": "engineering",
    "project_transfer": "swap_horiz",
    "relocation": "local_shipping",
    "unmanaged_report": "report",
}


async def begin_record(place: Place, kind: Kind, about: UUID | None = None) -> None:
    """A new draft, about what is chosen first where the kind asks for it; opened at once."""
    if kind.makers.about and about is None:
        about = await _ask_about(kind)
    done = (await call(acts(kind).begin, Begin(about=about))).or_end()
    await open_record(place, kind.name, done.record_id)


async def _ask_about(kind: Kind) -> UUID:
    target = KINDS.get(kind.makers.about)
    what = target.label if target is not None else "所属记录"
    found = await seek(kind.makers.about, "")
    if len(found) == 1:
        return found[0].id
    with question(f"新增{kind.label}：请选择{what}") as dialog:
        with web.element("div").classes("sf-enter"):
            picker = Picker(kind.makers.about, name=what)
            field = Control("about", what, picker, str, required=True)
            picker.mark("about")

        def agree() -> None:
            if picker.value:
                dialog.submit(UUID(str(picker.value)))
            else:
                field.mark(f"请选择{what}")

        answer_buttons(dialog, "新增", agree)
        field.focus()
    return await answer_of(dialog, UUID)


def list_module(kind: Kind) -> Module:
    """The list of a kind as a module of the menu group it names."""

    async def build(place: Place) -> None:
        drafts = may_draft(kind, place.caller)
        if drafts:
            place.command("新增", partial(begin_record, place, kind), icon="add", key="f2")

        async def open_line(line: Line) -> None:
            """Open a record; in a list as of a day, the version it had then."""
            then = line.way[0] if place.params.get(AS_OF) and line.way else None
            await open_record(place, kind.name, line.id, then)

        grid = ListView(place, list_of(kind), opens=open_line)
        if drafts:
            place.command("导入", partial(ask_table, place, kind), icon="upload_file")
        await grid.load()

    # A kind without a menu is reached from its project's page: the menu does not grow by a line for each kind.
    group = kind.look.menu if kind.look.menu in GROUPS else "projects"
    listing = list_of(kind).name
    return Module(
        list_key(kind),
        kind.label,
        _ICONS.get(kind.name, "list_alt"),
        group,
        (kind.makers.offices.readers & KEEPERS) | (_workers(kind) & SPATIAL_OFFICE),
        build,
        hidden=not kind.look.menu,
        order=kind.row,
        listing=listing,
    )


def _workers(kind: Kind) -> frozenset[Role]:
    """The roles that draft, submit or review a kind: an office of spatial data lists its own kinds alone."""
    reviewers = frozenset(role for level in kind.review for role in level.roles)
    return kind.makers.draft | kind.makers.submit | reviewers


def list_key(kind: Kind) -> str:
    return f"list-{kind.name}"


def list_modules(kinds: Mapping[str, Kind] = KINDS) -> tuple[Module, ...]:
    """A list for every kind that is registered, in the order of their rows."""
    return tuple(list_module(kind) for kind in sorted(kinds.values(), key=lambda kind: (kind.row, kind.name)))
