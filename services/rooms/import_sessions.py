"""The table of rooms as a kind that can be brought in: its rows become lines of an application for each project (row 33)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.columns import new_id
from models.dialect import bulk_insert
from models.imports import ImportSession
from models.rooms import (
    EDITED_APPLY,
    ROOM_APPLY,
    ROOM_LINE,
    ApplyKind,
    CentralProject,
    CentralRoomState,
    LineKind,
    LineState,
    RoomApply,
    RoomApplyLine,
)
from models.sealed import Sealed
from models.sealed_rows import seal_rows
from services.engine.door import Gathering
from services.engine.refusals import Conflict
from services.engine.steps import take_step
from services.engine.work import Work
from services.imports.kinds import Asking, Importable, importable
from services.imports.sheets import Checks, ImportedRow, Level, Verdict
from services.rooms.applications import lines_of_apply, new_apply
from services.rooms.import_columns import LABELS, SHEET, STATES, checks_of
from services.rooms.judged_lines import limits_of
from services.rooms.registry import FromHouse

_LINES: Any = RoomApplyLine.__table__  # type: ignore[attr-defined]
_CONTENT = ("floor", "layout", "build_area", "usable_area", "max_persons", "beds", "list_rent", "managed", "title_ref")


def _checks(asking: Asking) -> Checks:
    return checks_of(FromHouse(asking), asking.today, asking.firm, asking.look(limits_of))


def _prepare(gathering: Gathering, rows: Sequence[ImportedRow], archive: bytes | None) -> None:
    return None


def _file(work: Work, session: ImportSession, rows: Sequence[ImportedRow], ready: None) -> Sequence[UUID | None]:
    """Put rows into the intake application of their project, which the firm then confirms."""
    applies: dict[str, RoomApply] = {}
    made: list[dict[str, Any]] = []
    filed: list[UUID | None] = []
    for row in rows:
        number = row.values[LABELS["project_no"]]
        apply = applies.get(number) or _apply(work, session, number, row)
        if apply is None or row.verdict is Verdict.REJECT:
            filed.append(None)
            continue
        applies[number] = apply
        apply.last_line += 1
        made.append(_line(apply, row.values))
        filed.append(made[-1]["id"])
    # Written past the ORM, because there may be five thousand.
    work.then(lambda: bulk_insert(work.session, _LINES, seal_rows(work.sealer, _LINES, made)))
    return filed


def _apply(work: Work, session: ImportSession, number: str, row: ImportedRow) -> RoomApply | None:
    """The application of this session for a project, begun with its first rows."""
    project = work.session.exec(select(CentralProject).where(CentralProject.project_no == number)).first()
    if project is None or project.enterprise_id != session.enterprise_id:
        row.find(LABELS["project_no"], Level.ERROR, "PROJECT_OTHER_FIRM", "贵企业不再是这个项目的运营主体")
        return None
    mine = select(RoomApply).where(RoomApply.session_id == session.id, RoomApply.project_id == project.id)
    known: RoomApply | None = work.held(mine.order_by(col(RoomApply.created_at).desc())).first()
    if known is not None and known.state in EDITED_APPLY:
        work.add(known)
        return known
    return new_apply(work, project, ApplyKind.INTAKE, session_id=session.id)


def _line(apply: RoomApply, values: Mapping[str, str]) -> dict[str, Any]:
    content = {name: values[LABELS[name]] for name in _CONTENT}
    note = values[LABELS["note"]]
    return {
        "id": new_id(),
        "apply_id": apply.id,
        "line_no": apply.last_line,
        "kind": LineKind.ADD,
        "state": LineState.DRAFT,
        "room_id": None,
        "building": values[LABELS["building"]],
        "room_no": values[LABELS["room_no"]],
        "field": "",
        "before": "",
        "after": "",
        "content": {**content, "state": STATES.get(values[LABELS["state"]], CentralRoomState.FREE).value},
        "paper": "",
        "reason": None,
        "note": Sealed.of_json(note) if note else None,
        "codes": "",
        "found": "",
        "review_codes": "",
        "library": None,
        "opinion": None,
        "decided_at": None,
    }


def _undo(work: Work, session_id: UUID) -> None:
    """Withdraw the applications of a session; `Conflict` once one has been handed in."""
    rows = select(RoomApply).where(RoomApply.session_id == session_id)
    for apply in work.held(rows.order_by(col(RoomApply.id))).all():
        if apply.state not in EDITED_APPLY:
            raise Conflict(f"申请{apply.apply_no}已提交，不能撤销；请在该申请上撤回")
        take_step(work, apply, ROOM_APPLY, "withdraw")
        for line in lines_of_apply(work, apply.id):
            take_step(work, line, ROOM_LINE, "withdraw", log=False)


ROOMS = importable(
    Importable(
        name="rooms",
        sheet=SHEET,
        checks=_checks,
        prepare=_prepare,
        file=_file,
        undo=_undo,
        title="房号",
        advice=(
            "一次最多5000行；一行一间，房号按文本填写，保留开头的0；导入后在“房源申请”中确认并提交，区局审核通过后入库。",
        ),
    )
)
