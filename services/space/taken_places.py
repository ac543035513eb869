"""Plate and ring of a red line in force taken into its project and its parcel, each as a new version (rows 55, 58, 80)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.parcels import Parcel
from models.projects import Project
from models.records import InForceState, Revision
from models.red_lines import RedLine
from services.engine.cycle import acts
from services.engine.cycle_orders import Begun, Save, StartUpdate
from services.engine.kinds import Kind
from services.engine.proposals import form_of
from services.engine.refusals import Conflict, NotAllowed, NotFound
from services.engine.registry import action, query
from services.engine.work import Work
from services.parcels.parcel import PARCEL
from services.projects.project import PROJECT
from services.space.red_line import RED_LINE

_REASON = "按已入库的红线更新板块和环线"
_KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (PROJECT, PARCEL)}


@dataclass(frozen=True)
class OtherPlace:
    """A record that states another plate or ring than its red line lies in; `may` where the caller may update it."""

    kind: str
    label: str
    stated: str
    found: str
    may: bool


@query("red_line.other_places", "板块和环线与红线不一致的记录", roles=set(RED_LINE.makers.offices.readers))
def other_places(work: Work, red_line_id: UUID) -> tuple[OtherPlace, ...]:
    """Return the project and the parcel of a red line in force where they state another plate or ring."""
    return tuple(
        OtherPlace(
            kind.name,
            kind.label,
            f"{row.plate}、{row.ring.label}",
            "、".join(str(getattr(value, "label", value)) for value in change.values()),
            work.caller.has(*kind.makers.draft),
        )
        for kind, row, change in _others(work, _red_line(work, red_line_id))
    )


@dataclass(frozen=True)
class TakePlace:
    """A red line in force, and the kind of the record that is to state its plate and ring."""

    red_line_id: UUID
    kind: str


@action("red_line.take_place", "按红线更新板块和环线", roles=set(PROJECT.makers.draft | PARCEL.makers.draft), event="")
def take_place(work: Work, order: TakePlace) -> Begun:
    """Begin a new version of the project or the parcel that states plate and ring of the red line; its review follows."""
    found = _others(work, _red_line(work, order.red_line_id))
    kind, row, change = next((one for one in found if one[0].name == order.kind), (None, None, None))
    if kind is None or row is None or change is None:
        raise Conflict("板块和环线与红线一致，不必更新")
    if not work.caller.has(*kind.makers.draft):
        raise NotAllowed(f"请由填报{kind.label}的单位更新")
    begun = acts(kind.name).update(work, StartUpdate(row.id, _REASON))
    form = form_of(kind, work.get(Revision, begun.revision_id).payload.json())
    values = {**form.raw, **{name: str(getattr(value, "value", value)) for name, value in change.items()}}
    saved = acts(kind.name).save(work, Save(begun.revision_id, begun.version, values, form.raw_children, form.files))
    return Begun(begun.record_id, begun.revision_id, saved.version)


def _red_line(work: Work, red_line_id: UUID) -> RedLine:
    row: RedLine | None = work.first(
        work.visible(RedLine), RedLine.id == red_line_id, RedLine.in_force == InForceState.EFFECTIVE
    )
    if row is None:
        raise NotFound
    return row


def _others(work: Work, line: RedLine) -> Iterator[tuple[Kind, Any, dict[str, Any]]]:
    for kind, table, record_id in (
        (PROJECT, Project, line.project_id),
        (PARCEL, Parcel, line.parcel_id),
    ):
        row = work.first(work.visible(table), table.id == record_id, table.in_force == InForceState.EFFECTIVE)
        change = {
            name: value
            for name, value in (("plate", line.plate), ("ring", line.ring))
            if value is not None and row is not None and value != getattr(row, name)
        }
        if row is not None and change:
            yield kind, row, change
