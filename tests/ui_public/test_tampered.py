"""A paper or filing changed past the product is not vouched for to anybody (H65)."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, select

from models.documents import PaperState
from models.integrity import IntegrityFault
from models.row_mac import RowTampered
from models.tenancy import LeaseFiling
from models.tenancy_codes import FilingState
from services.engine.callers import SYSTEM
from services.public_check.reader import open_reader
from tests.services.documents.papers import Filed, end_filing, token_of
from tests.ui.people import until
from tests.ui_public.scans import visitor
from tests.ui_public.test_check import headline, notice_of
from tests.world import World


def write_past(world: World, table: str, row_id: Any, **values: Any) -> None:
    tampered = SQLModel.metadata.tables[table]
    with world.door.database.engine.begin() as connection:
        connection.execute(tampered.update().where(tampered.c.id == row_id).values(**values))


def write_unknown(world: World, table: str, row_id: Any, column: str, value: str = "X") -> str:
    """Give a code a value that is none of ours; gives what stood there."""
    bare = sa.table(table, sa.column("id", sa.Uuid), sa.column(column, sa.String))
    # Two transactions: on SQLite one that has read may not write any more when a lock was written meanwhile.
    with world.door.database.engine.connect() as connection:
        before: str = connection.execute(sa.select(bare.c[column]).where(bare.c.id == row_id)).scalar_one()
    with world.door.database.engine.begin() as connection:
        connection.execute(bare.update().where(bare.c.id == row_id).values({column: value}))
    return before


#: Nested deeper than anybody reads.
DEEP = "[" * 2_500 + "]" * 2_500


def write_strange(
    world: World, table: str, row_id: Any, column: str, value: str | None, elsewhere: str = ""
) -> str | None:
    """Put text into a column of any kind, as SQLite lets one; `elsewhere` is as near as another engine comes to it.

    Gives what stood there, as text.
    """
    sqlite = world.door.database.sqlite
    kept = sa.table(table, sa.column("id", sa.Uuid), sa.column(column))
    kind = sa.Text() if sqlite else SQLModel.metadata.tables[table].c[column].type
    put = sa.cast(sa.bindparam("put", value if sqlite else elsewhere or value, type_=sa.Text), kind)
    asked = sa.select(sa.cast(kept.c[column], sa.Text)).where(kept.c.id == row_id)
    with world.door.database.engine.connect() as connection:
        before: str | None = connection.execute(asked).scalar_one()
    with world.door.database.engine.begin() as connection:
        connection.execute(kept.update().where(kept.c.id == row_id).values({kept.c[column]: put}))
    return before


def is_locked(world: World, row_id: Any) -> bool:
    """Whether a row is locked now; the public check has that done beside its answer."""
    faults = select(IntegrityFault.id).where(IntegrityFault.row_id == row_id)
    return bool(world.read(lambda work: work.session.exec(faults).all()))


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


@pytest.mark.proves("H65")
@pytest.mark.parametrize(
    ("table", "column"), [("issued_document", "state"), ("issued_document", "kind"), ("lease_filing", "state")]
)
async def test_a_code_that_is_none_of_ours_is_a_changed_paper(world: World, table: str, column: str) -> None:
    paper = notice_of(world)
    token = token_of(world, paper)
    row_id = paper.id if table == "issued_document" else paper.filing_id
    before = write_unknown(world, table, row_id, column)
    told: list[tuple[str, Any]] = []
    reader = open_reader(world.door.database, lambda *row: told.append(row))
    await reader.start()
    found = await reader.find(paper.token_digest or "")
    await reader.stop()
    async with visitor(world) as phone:
        answer = await phone.get(f"/c/{token}")
    assert await until(lambda: is_locked(world, row_id))
    write_unknown(world, table, row_id, column, before)
    assert found is not None
    assert (found.sound, told) == (False, [(table, row_id)])
    assert (answer.status_code, headline(answer.text)) == (200, "核查中")


@pytest.mark.proves("H65")
@pytest.mark.parametrize(
    ("table", "column", "value", "elsewhere"),
    [
        ("issued_document", "issued_on", "2027-13-45", "infinity"),
        ("issued_document", "issued_on", "", "-infinity"),
        ("issued_document", "public", "{坏", DEEP),
        ("issued_document", "public", DEEP, '"文字"'),
        ("issued_document", "public", "", "[1]"),
        ("lease_filing", "valid_to", "昨天", "infinity"),
        ("lease_filing", "ended_on", "0", "infinity"),
    ],
)
async def test_a_value_that_is_none_of_its_column_s_is_a_changed_paper(
    world: World, table: str, column: str, value: str, elsewhere: str
) -> None:
    paper = notice_of(world)
    token = token_of(world, paper)
    row_id = paper.id if table == "issued_document" else paper.filing_id
    before = write_strange(world, table, row_id, column, value, elsewhere)
    async with visitor(world) as phone:
        answer = await phone.get(f"/c/{token}")
        upload = await phone.post(f"/c/{token}", files={"file": ("a.pdf", b"%PDF-1.7")})
    locked = await until(lambda: is_locked(world, row_id))
    write_strange(world, table, row_id, column, before)
    assert locked
    assert (answer.status_code, headline(answer.text)) == (200, "核查中")
    assert (upload.status_code, headline(upload.text)) == (200, "核查中")
    assert paper.number not in answer.text


@pytest.mark.proves("H65")
async def test_bytes_that_are_no_text_are_a_changed_paper(world: World) -> None:
    """PostgreSQL keeps none; there another title stands for them."""
    paper = notice_of(world)
    token, sound = token_of(world, paper), token_of(world, notice_of(world))
    with world.door.database.engine.begin() as connection:
        title = sa.text("CAST(x'e4bde4' AS TEXT)" if world.door.database.sqlite else "'别的'")
        papers = sa.table("issued_document", sa.column("id", sa.Uuid), sa.column("title"))
        connection.execute(papers.update().where(papers.c.id == paper.id).values(title=title))
    async with visitor(world) as phone:
        answer = await phone.get(f"/c/{token}")
        other = await phone.get(f"/c/{sound}")
    assert (answer.status_code, headline(answer.text)) == (200, "核查中")
    assert await until(lambda: is_locked(world, paper.id))
    write_past(world, "issued_document", paper.id, title=paper.title)
    assert headline(other.text) == "有效"
