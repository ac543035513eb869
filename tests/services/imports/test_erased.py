"""Files of a session go when it ends, its rows when nobody has touched it for ninety days (D22, D23)."""

import pytest
from sqlmodel import select

from models.imports import ImportedLine
from services.catalogue.retention import REGISTER
from services.engine.callers import SYSTEM
from services.operations.erasure import erase
from tests.people_made import person, table
from tests.services.imports.desk import Desk


@pytest.mark.proves("D23")
def test_rows_of_a_session_at_rest_are_erased_and_its_figures_stay(desk: Desk) -> None:
    place = next(number for number, rule in enumerate(REGISTER) if rule.table is ImportedLine)
    session_id = desk.read(table([person(1), person(2)]))
    desk.commit(session_id)
    assert desk.session(session_id).workbook is None
    desk.world.let_pass(days=89)
    assert desk.world.door.perform(erase, SYSTEM, place) == 0
    desk.world.let_pass(days=2)
    assert desk.world.door.perform(erase, SYSTEM, place) == 2
    assert desk.world.read(lambda work: work.session.exec(select(ImportedLine)).all()) == []
    assert desk.session(session_id).committed == 2
    assert len(desk.applies(session_id)) == 2
