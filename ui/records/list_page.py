"""The list of a kind: what is in force and what is on its way, narrowed and sorted on the server, with what can be begun."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from nicegui import ui as web

from models.access import MARKET
from models.codes import Toned
from models.places_data import districts_by_code
from models.records import InForceState, RevisionState
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, RecordLine, RecordPage, Records
from services.engine.field_types.field import Field
from services.engine.kinds import KINDS, Kind, may_draft
from services.engine.record_filters import NEW, REFUSED, filter_fields, grid_fields, sortable
from ui.records.picker import Picker, seek
from ui.records.record_page import open_record
from ui.records.workbooks import offer_workbooks
from ui.shell.call import call
from ui.shell.dialogs import answer_buttons, answer_of, question
from ui.shell.fields import Field as Control
from ui.shell.grid import Column, Filter, Grid, View
from ui.shell.modules import GROUPS, Module
from ui.shell.place import Place

#: So many filters stand above a list at once; the others come when they are asked for.
_AT_ONCE = 5
STATES = {
    InForceState.EFFECTIVE.value: "生效",
    NEW: "尚未生效",
    REFUSED: "不予通过",
    InForceState.VOIDED.value: "作废",
}
OPEN_STATES = {
    state.value: state.label for state in (RevisionState.DRAFT, RevisionState.SUBMITTED, RevisionState.RETURNED)
}


@dataclass(frozen=True)
class ListLine:
    """A record as the grid shows it: its cells by field, and what is on its way as a badge."""

    line: RecordLine

    @property
    def id(self) -> UUID:
        return self.line.record_id

    @property
    def state(self) -> str:
        line = self.line
        if line.in_force is not None:
            return line.in_force.label
        return Toned(REFUSED_LABEL, "bad") if line.open_state is RevisionState.REJECTED else Toned(STATES[NEW])

    @property
    def badge(self) -> str:
        """Return what is on its way, such as 更新审核中 v3."""
        line = self.line
        if line.open_state is None or line.open_state is RevisionState.REJECTED:
            return ""
        first = line.in_force is None
        words = {
            RevisionState.DRAFT: "草稿" if first else "更新草稿",
            RevisionState.SUBMITTED: "审核中" if first else "更新审核中",
            RevisionState.RETURNED: "退回修改" if first else "更新被退回",
        }
        return Toned(f"{words.get(line.open_state, line.open_state.label)} v{line.open_no}", line.open_state.tone)

    def __getattr__(self, name: str) -> Any:
        if name in {"record_no", "title", "version_no", "effective_from"}:
            return getattr(self.line, name)
        return self.line.cells.get(name)


REFUSED_LABEL = STATES[REFUSED]


def filters_of(kind: Kind) -> tuple[Filter, ...]:
    """The filters above a kind's grid: its own, the district for who sees several, then state and what is on its way."""
    own: list[Filter] = []
    for field in filter_fields(kind):
        if field.name in kind.look.filters:
            own.extend(_filters(field))
    if not any("district" in one.key for one in own):
        own.append(Filter("district_code", "所属区", options=districts_by_code(), width=170))
    first = [Filter("text", "查找", width=200), Filter("in_force", "状态", options=STATES, width=140)]
    first.append(Filter("open_state", "在途", options=OPEN_STATES, width=140))
    room = _AT_ONCE - len(first)
    return (*first, *own[:room], *(replace(one, more=True) for one in own[room:]))


def _filters(field: Field) -> list[Filter]:
    return [] if field.personal else _ASKED[field.asked](field)


def _choice(field: Field) -> list[Filter]:
    width = field.filter_width or 70 + 13 * max(8, len(field.label) + 5)
    return [Filter(field.name, field.label, options=field.options(), width=width)]


def _days(field: Field) -> list[Filter]:
    return [
        Filter(f"{field.name}-from", f"{field.label}自", day=True, width=130 + 13 * len(field.label)),
        Filter(f"{field.name}-to", "至", day=True, width=120),
    ]


def _bounds(field: Field) -> list[Filter]:
    return [
        Filter(f"{field.name}-from", f"{field.head}自", width=110 + 13 * len(field.head)),
        Filter(f"{field.name}-to", "至", width=110),
    ]


def _part(field: Field) -> list[Filter]:
    return [Filter(field.name, field.label, width=90 + 13 * (len(field.label) + 4))]


def _nothing(field: Field) -> list[Filter]:
    return []


_ASKED: Mapping[str, Callable[[Field], list[Filter]]] = {
    "choice": _choice,
    "days": _days,
    "bounds": _bounds,
    "part": _part,
    "": _nothing,
}


def order_of(kind: Kind, view: View) -> Records:
    """Return what is asked of the server for a view of the grid."""
    wanted: dict[str, Any] = {"in_force": view.text("in_force"), "open_state": view.text("open_state")}
    for field in filter_fields(kind):
        if field.ranged:
            wanted[field.name] = (view.text(f"{field.name}-from"), view.text(f"{field.name}-to"))
        else:
            wanted[field.name] = view.text(field.name)
    filters = {name: value for name, value in wanted.items() if value not in ("", ("", ""))}
    return Records(view.text("text"), filters, view.sort, view.page, view.size)


def columns_of(kind: Kind) -> tuple[Column, ...]:
    """Number, the kind's own columns, state and badge."""
    can = sortable(kind)
    own = [
        Column(
            field.name,
            field.head,
            sortable=field.name in can,
            number=field.number,
            width=field.grid_width,
        )
        for field in grid_fields(kind)
        if field.name != "record_no"
    ]
    return (
        Column("record_no", "业务编号", sortable="record_no" in can, width=150),
        Column("state", "状态", width=78),
        Column("badge", "在途", width=112),
        *own,
        Column("effective_from", "生效时间", sortable=True, width=126),
    )


def _shown(found: RecordPage) -> tuple[int, list[ListLine]]:
    return found.total, [ListLine(line) for line in found.lines]


class ListPage:
    """A kind's list in front of one user."""

    def __init__(self, place: Place, kind: Kind) -> None:
        self.place, self.kind = place, kind
        self.chosen: ListLine | None = None
        if may_draft(kind, place.caller):
            place.command("新增", self.begin, icon="add", key="f2")
        self.opening = place.command("打开", self.open, icon="open_in_new", key="f8", needs="请先选择一条记录")
        place.command("刷新", lambda: self.grid.load(), icon="refresh", key="f3")
        self.grid = Grid(
            place,
            acts(kind).page,
            order=partial(order_of, kind),
            columns=columns_of(kind),
            filters=filters_of(kind),
            on_pick=self._pick,
            on_enter=self._enter,
            on_loaded=lambda found: self.opening.enable(False),
            page_of=_shown,
            label=kind.label,
            name=list_key(kind),
            empty=f"没有符合条件的{kind.label}",
        )
        offer_workbooks(place, kind, self.grid, partial(order_of, kind))

    def _pick(self, line: ListLine) -> None:
        self.chosen = line
        self.opening.enable()

    async def _enter(self, line: ListLine) -> None:
        self._pick(line)
        await self.open()

    async def open(self) -> None:
        if self.chosen is not None:
            await open_record(self.place, self.kind.name, self.chosen.id)

    async def begin(self) -> None:
        await begin_record(self.place, self.kind)


async def begin_record(place: Place, kind: Kind, about: UUID | None = None) -> None:
    """A new draft, about what is chosen first where the kind asks for it; opened at once."""
    if kind.makers.about and about is None:
        about = await _ask_about(kind)
        if about is None:
            return
    answer = await call(acts(kind).begin, Begin(about=about))
    if answer.ok:
        await open_record(place, kind.name, answer.value.record_id)


async def _ask_about(kind: Kind) -> UUID | None:
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
        await ListPage(place, kind).grid.load()

    group = kind.look.menu if kind.look.menu in GROUPS else "projects"
    return Module(list_key(kind), kind.label, "list_alt", group, frozenset(MARKET), build, order=kind.row)


def list_key(kind: Kind) -> str:
    return f"list-{kind.name}"


def list_modules(kinds: Mapping[str, Kind] = KINDS) -> tuple[Module, ...]:
    """A list for every kind that is registered, in the order of their rows."""
    return tuple(list_module(kind) for kind in sorted(kinds.values(), key=lambda kind: (kind.row, kind.name)))
