"""A paper or filing changed past the product is not vouched for to anybody (H65)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from models.documents import PaperState
from models.integrity import IntegrityFault
from models.row_mac import RowTampered
from models.tenancy import LeaseFiling
from models.tenancy_codes import FilingState
from services.engine.callers import SYSTEM
from tests.services.documents.papers import Filed, end_filing, token_of
from tests.ui_public.scans import visitor
from tests.ui_public.test_check import headline, notice_of
from tests.world import World


def write_past(world: World, table: str, row_id: Any, **values: Any) -> None:
    tampered = SQLModel.metadata.tables[table]
    with world.door.database.engine.begin() as connection:
        connection.execute(tampered.update().where(tampered.c.id == row_id).values(**values))


@pytest.mark.proves("H65", "M6")
async def test_a_cancelled_filing_made_valid_by_sql_is_not_shown_as_valid(world: World) -> None:
    today = world.door.clock.today()
    unit = world.caller("huamu01").unit_id
    paper = notice_of(world, Filed(unit_id=unit, valid_from=today, valid_to=today + timedelta(90)))
    token = token_of(world, paper)
    filings = select(LeaseFiling).where(LeaseFiling.id == paper.filing_id)
    end_filing(world, world.read(lambda work: work.session.exec(filings).one()), FilingState.CANCELLED)
    write_past(world, "lease_filing", paper.filing_id, state=FilingState.ACTIVE, ended_on=None)
    async with visitor(world) as phone:
        page = (await phone.get(f"/c/{token}")).text
    assert headline(page) == "核查中"
    assert paper.number not in page


@pytest.mark.proves("H65")
@pytest.mark.parametrize("values", [{"number": "310115202700000099"}, {"state": PaperState.REPLACED}, {"public": {}}])
async def test_a_changed_paper_is_not_vouched_for(world: World, values: dict[str, Any]) -> None:
    paper = notice_of(world)
    token = token_of(world, paper)
    write_past(world, "issued_document", paper.id, **values)
    async with visitor(world) as phone:
        page = (await phone.get(f"/c/{token}")).text
    assert headline(page) == "核查中"
    world.door.lock(SYSTEM, RowTampered("issued_document", paper.id))
    faults = select(IntegrityFault.id).where(IntegrityFault.row_id == paper.id)
    assert len(world.read(lambda work: work.session.exec(faults).all())) == 1
