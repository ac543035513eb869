"""Answers of outside systems about rows that take effect at once, gathered before any transaction (row 51)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from models.records import Revision
from services.engine.cycle_drafts import copied_lines
from services.engine.cycle_judgement import Answers, proposal_of
from services.engine.door import Gathering
from services.engine.kinds import Kind, Owner, Proposal
from services.engine.proposals import raw_row, read_form
from services.engine.work import Work
from services.imports.kinds import RowToFile
from services.ports.answers import AnswerState
from services.records.sheet_beside import beside_of
from services.records.sheet_checks import known_records
from services.records.sheet_columns import KEY
from services.records.sheet_files import record_columns


@dataclass(frozen=True)
class ToFile:
    """Rows with what was answered about each, by its number in the sheet."""

    rows: Sequence[RowToFile]
    answers: Mapping[int, Answers] = field(default_factory=dict)


def take_effect_at_once(kind: Kind) -> bool:
    return not kind.review


def with_answers(kind: Kind, gathering: Gathering, rows: Sequence[RowToFile]) -> ToFile:
    """Ask about each row in turn; once a source is silent the rest is not waited for, and stays a draft."""
    if not take_effect_at_once(kind) or kind.facts.ask is None:
        return ToFile(rows)
    proposals: Mapping[int, Proposal] = gathering.look(lambda work: _proposals(work, kind, rows))
    answers: dict[int, Answers] = {}
    silent: Answers | None = None
    for row in rows:
        answers[row.sheet_row] = silent or kind.facts.ask(gathering, proposals[row.sheet_row])
        if any(one.state is AnswerState.SILENT for one in answers[row.sheet_row].values()):
            silent = answers[row.sheet_row]
    return ToFile(rows, answers)


def _proposals(work: Work, kind: Kind, rows: Sequence[RowToFile]) -> dict[int, Proposal]:
    known = known_records(work, kind, (row.values.get(KEY, "") for row in rows))
    proposals = {}
    for row in rows:
        beside, before = beside_of(row.values), known.get(row.values.get(KEY, ""))
        values: dict[str, Any] = {} if before is None else raw_row(before.row)
        lists: dict[str, Any] = {} if before is None else copied_lines(work, kind, before.row.id)
        values |= {
            one.field.name: row.values.get(one.head) or None
            for one in record_columns(kind)
            if one.head not in beside.lacks
        }
        form = read_form(kind, values, {**lists, **(beside.lists or {})})
        version = Revision(kind=kind.name, record_id=uuid4() if before is None else before.row.id)
        proposals[row.sheet_row] = proposal_of(work, kind, version, form, Owner(), {})
    return proposals
