"""Records in force as if they had been reviewed long ago, for the demo and for tests that begin where they stand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from deploy.demo.tables import DATA, Known, cells_of, lines_of, under, values_of
from models.columns import new_id
from models.records import Revision, RevisionState, RevisionStep, SourceMode, StepVerdict
from models.sealed import Sealed
from services.engine.cycle_effect import follow_effect
from services.engine.cycle_lock import digest_of
from services.engine.held_keys import hold_keys
from services.engine.kinds import KINDS, Owner
from services.engine.numbering import number_later
from services.engine.proposals import Form, columns_of, form_of, title_of
from services.engine.work import Work


def load_kept(work: Work, kind_name: str, known: Mapping[str, Any]) -> Known:
    """Put the records of `data/kept/KIND.csv` in force, with the lines of `KIND.LIST.csv`; returns the lines by key.

    `owner.NAME` are columns of the owner and `row.NAME` columns that no form asks for; `{id}` is the record's own.
    """
    kind = KINDS[kind_name]
    lists = {child.name: list(_lines_of_list(f"kept/{kind_name}.{child.name}")) for child in kind.children}
    made: Known = {}
    for line, cells, places in lines_of(work, f"kept/{kind_name}", known):
        made[cells["key"]] = line
        places["id"] = getattr(known.get(cells["key"]), "id", None) or new_id()
        owner = values_of(kind.table, under("owner.", cells), places)
        at = cells.get("at")
        line.row = put_kept(
            work,
            kind_name,
            written([one.name for one in kind.fields], cells, places),
            Owner(**{"district_code": "", **owner}),
            children={
                name: [written(line, line, places) for of, line in lines if of == cells["key"]]
                for name, lines in lists.items()
            },
            at=datetime.fromisoformat(at.format_map(places)) if at else None,
            record_id=places["id"],
            more=values_of(kind.table, under("row.", cells), places),
        )
    return made


def _lines_of_list(name: str) -> Iterator[tuple[str, dict[str, str]]]:
    if (DATA / f"{name}.csv").exists():
        for line in cells_of(name):
            yield line.pop("of"), line


def written(fields: Iterable[str], cells: Mapping[str, str], places: Mapping[str, Any]) -> dict[str, str]:
    """The filled fields of a form as they are typed."""
    return {name: cells[name].format_map(places) for name in fields if cells.get(name)}


def put_kept(
    work: Work,
    kind_name: str,
    values: Mapping[str, Any],
    owner: Owner,
    *,
    children: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    at: datetime | None = None,
    record_id: UUID | None = None,
    more: Mapping[str, Any] | None = None,
    follows: bool = True,
) -> Any:
    """A record in force of a kind from raw values and lists, with its version and step; its kind's own hook has run.

    `more` are columns that no form asks for. A month that a later one repeats needs no hook of its own: `follows` is False.
    """
    kind = KINDS[kind_name]
    form: Form = form_of(kind, {"values": dict(values), "children": dict(children or {}), "files": {}})
    row_id, revision_id, moment = record_id or new_id(), new_id(), at or work.now
    row = kind.table(
        id=row_id,
        record_no=f"~{revision_id.hex[:30]}",
        revision_id=revision_id,
        effective_from=moment,
        **owner.keys,
        **columns_of(kind.table, form.values),
        **(more or {}),
    )
    work.add(row)
    for child in kind.children:
        for place, line in enumerate(form.children.get(child.name, ()), 1):
            work.add(child.table(record_id=row_id, place=place, **columns_of(child.table, line)))
    revision = Revision(
        id=revision_id,
        kind=kind.name,
        record_id=row_id,
        state=RevisionState.EFFECTIVE,
        title=Sealed.of_json(
            kind.look.titled(work, owner, form.values) if kind.look.titled is not None else title_of(kind, form.values)
        ),
        source_mode=SourceMode.SYSTEM,
        **owner.keys,
        payload=Sealed.of_json(form.payload),
        digest=digest_of(form.payload),
        submitted_at=moment,
        reviewed_at=moment,
        effective_from=moment,
    )
    work.add(revision)
    if follows:
        work.session.flush()
        follow_effect(work, kind, row, revision)
    else:
        hold_keys(work, row)
    work.add(RevisionStep(revision_id=revision.id, level="", verdict=StepVerdict.APPROVED, at=moment))

    def take(number: str) -> None:
        row.record_no = revision.record_no = number

    number_later(work, kind.prefix, owner.district_code or "310000", work.today, take)
    return row
