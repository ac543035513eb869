"""The matrix leaves as a workbook whose digest is the signed one, told to the audit (D07)."""

import json
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlmodel import col, select

from models.audit import AuditEvent
from services.access.matrix import matrix, matrix_digest
from services.access.matrix_export import export_matrix
from services.engine.refusals import NotAllowed
from tests.world import World


@pytest.mark.proves("D07", "D06")
@pytest.mark.parametrize("login", ["anquan01", "shenji01"])
def test_the_matrix_is_handed_out_whole(world: World, login: str) -> None:
    file = world.door.perform(export_matrix, world.caller(login), None)
    (sheet,) = load_workbook(BytesIO(file.content), read_only=True).worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == len(matrix()) + 1
    assert rows[0][1] == "岗位"
    assert file.digest == matrix_digest()
    newest = select(AuditEvent.body).where(AuditEvent.event == "AUDIT.EXPORT").order_by(col(AuditEvent.seq).desc())
    told = json.loads(world.read(lambda work: work.session.exec(newest.limit(1)).one()))
    assert (told["act"], told["det"]["matrix_sm3"]) == ("access.export_matrix", matrix_digest())


@pytest.mark.proves("D24")
def test_it_is_not_the_system_administrators(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.door.perform(export_matrix, world.caller("xitong01"), None)
