"""The walk's part for tables brought in: a firm's own sessions and rows, and nobody else's."""

from typing import Any
from uuid import uuid4

from models.access import Role
from models.imports import ImportedLine, ImportSession
from models.practitioner_codes import RowState, SessionState
from models.sealed import Sealed
from services.engine.work import Work

_FIRM = (Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN)


def _session(city: Any, caller: Any, row: Any) -> bool:
    own = caller.enterprise_id is not None and row.enterprise_id == caller.enterprise_id
    return bool(caller.has(Role.SYSTEM)) or (bool(caller.has(*_FIRM)) and own)


def _line(city: Any, caller: Any, row: Any) -> bool:
    return any(_session(city, caller, one) for one in city.where(ImportSession, "id", row.session_id))


ORACLE: dict[Any, Any] = {ImportSession: _session, ImportedLine: _line}

ORDERS: dict[str, Any] = {}

_TRIED = "firms' only, tried as another firm in tests/services/imports/test_foreign.py"
_SYSTEM = "the system's own"
UNFOREIGN: dict[str, str] = {
    "imports.match": _TRIED,
    "imports.upload_corrections": _TRIED,
    "imports.fix": _TRIED,
    "imports.reasons": _TRIED,
    "imports.mend_all": _TRIED,
    "imports.commit": _TRIED,
    "imports.pause": _TRIED,
    "imports.cancel": _TRIED,
    "imports.undo": _TRIED,
    "imports.session": _TRIED,
    "imports.heads": _TRIED,
    "imports.line": _TRIED,
    "imports.error_workbook": _TRIED,
    "imports.keep_lines": _SYSTEM,
    "imports.read_done": _SYSTEM,
    "imports.refuse": _SYSTEM,
    "imports.give_up": _SYSTEM,
    "imports.ask_heads": _SYSTEM,
    "imports.take_corrections": _SYSTEM,
    "imports.commit_part": _SYSTEM,
}


def furnish(city: Any) -> None:
    """Two sessions with a row each in both firms."""
    city.counter.world.act(lambda work: _furnish(work, city))


def _furnish(work: Work, city: Any) -> None:
    for place, firm in enumerate(city.firms):
        for number in (1, 2):
            session = ImportSession(
                kind="practitioners",
                session_no=f"PLWALK{place}{number}",
                account_id=uuid4(),
                enterprise_id=firm,
                file_name=Sealed.of_json("人员.xlsx"),
                digest="",
                state=SessionState.READY,
            )
            work.add(session)
            work.add(
                ImportedLine(
                    session_id=session.id,
                    sheet_row=2,
                    content=Sealed.of_json({"cells": {}, "values": {}, "findings": [], "beside": {}}),
                    verdict="import",
                    state=RowState.GOOD,
                )
            )
