"""Another firm's session is not there, whatever is asked of it (H17)."""

from typing import Any
from uuid import uuid4

import pytest

from services.engine.listings import ListRows
from services.engine.refusals import NotFound
from services.imports.commit_run import (
    cancel_session,
    commit_session,
    pause_session,
    undo_session,
)
from services.imports.corrections import FixLine, fix_line
from services.imports.listings import (
    LINES,
    SESSIONS,
    error_workbook,
    heads_to_match,
    view_line,
    view_session,
)
from services.imports.repairs import MendAll, mend_all, reasons
from services.imports.uploads import MatchHeads, UploadCorrections, match_heads, upload_corrections
from tests.people_made import person, table
from tests.services.imports.desk import Desk

ACTS = [
    (match_heads, lambda id_: MatchHeads(id_, {"姓名": 0})),
    (upload_corrections, lambda id_: UploadCorrections(id_, b"PK\x03\x04")),
    (commit_session, lambda id_: id_),
    (pause_session, lambda id_: id_),
    (cancel_session, lambda id_: id_),
    (undo_session, lambda id_: id_),
    (mend_all, lambda id_: MendAll(id_, id_, "学历", "X", "本科")),
]
QUESTIONS = [
    (view_session, lambda id_: id_),
    (heads_to_match, lambda id_: id_),
    (error_workbook, lambda id_: id_),
    (reasons, lambda id_: id_),
]


@pytest.mark.proves("H17", "H22")
def test_another_firms_session_is_answered_like_one_that_is_not_there(desk: Desk) -> None:
    session_id = desk.read(table([person(1, 学历="?")]))
    line_id = desk.lines(session_id)[0].id
    tries: list[tuple[Any, Any, Any]] = [(desk.do, act, order) for act, order in ACTS]
    tries += [(desk.ask, question, order) for question, order in QUESTIONS]
    for how, what, order in tries:
        told = []
        for one in (session_id, uuid4()):
            with pytest.raises(NotFound) as refused:
                how(what, order(one), desk.other)
            told.append(refused.value.message)
        assert told[0] == told[1], what.name
    for how, what, given in (
        (desk.do, fix_line, lambda id_: FixLine(id_, {}, 0)),
        (desk.ask, view_line, lambda id_: id_),
    ):
        for one in (line_id, uuid4()):
            with pytest.raises(NotFound):
                how(what, given(one), desk.other)
    assert desk.ask(LINES.query, ListRows({"id": str(session_id)}), desk.other).total == 0
    assert desk.ask(SESSIONS.query, ListRows(), desk.other).total == 0
