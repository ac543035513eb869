"""The printed sales plan: clean with code and digest only in force, else with a watermark; a price for every unit (row 76)."""

import asyncio
from datetime import date
from uuid import UUID

import pytest

from models.documents import IssuedDocument, PaperKind, PaperState
from models.records import Revision
from models.sealing import sm3_hex
from printing.sales_plan import SalesPlanSheet, render
from services.documents.forms import thaw
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide, Void
from services.public_check.answers import PublicAnswer, Standing, lines, verdict
from services.public_check.reader import open_reader
from services.records.record_paper import StoredPaper, printed_record, record_pdf
from tests.land import Land
from tests.sales import REASONS, selling

pytestmark = pytest.mark.row(76)


def test_a_draft_prints_with_a_watermark_and_a_plan_in_force_clean(land: Land) -> None:
    found = selling(land)
    version = found.filled(found.building("1#"))
    door, company = land.market.world.door, land.market.caller("binjiang01")
    draft = door.ask(printed_record, company, version)
    assert draft.issue.preview.word == "未生效（草稿）"
    assert len(draft.units) == 6
    found.desk.submit(version, REASONS)
    assert door.ask(printed_record, company, version).issue.preview.word == "未生效（待审核）"
    found.desk.approve(version, "pdshen01", "shishen01")
    clean = issued_page(land, version)
    digest = land.market.row(Revision, version).digest
    assert clean.issue.preview is None
    assert clean.issue.digest == digest
    assert clean.issue.number.startswith("XSFA-310115-2027-")
    assert [level for level, *_ in clean.opinions] == ["区级审核", "市级审核"]
    assert dict(clean.prices)["备案均价"] == "100,000.00 元/㎡"
    assert render(clean) == render(clean)


def test_the_paper_tells_of_each_level_the_approval_that_stands(land: Land) -> None:
    found = selling(land)
    version = found.filled(found.building("1#"))
    found.desk.submit(version, REASONS)
    found.desk.approve(version, "pdshen01")
    back = acts("sales_plan").step_back
    assert back is not None
    found.desk.perform(back, "shishen01", Decide(version, found.desk.view(version).version, "请核对均价"))
    land.market.world.stand_at(2027, 4, 9)
    found.desk.approve(version, "pdshen01", "shishen01")
    assert [(one[0], one[3]) for one in issued_page(land, version).opinions] == [
        ("区级审核", "2027-04-09"),
        ("市级审核", "2027-04-09"),
    ]


def papers(land: Land, version: UUID) -> list[IssuedDocument]:
    """The papers of the plan of a version, the first first."""
    record = land.market.row(Revision, version).record_id
    own = IssuedDocument.object_id == record, IssuedDocument.kind == PaperKind.SALES_PLAN
    return list(land.market.world.read(lambda work: work.rows(IssuedDocument, *own, by=IssuedDocument.issued_at)))


async def looked_up(land: Land, token_digest: str) -> PublicAnswer | None:
    """What the public check reads of a paper."""
    reader = open_reader(land.market.world.door.database, lambda *_: None)
    await reader.start()
    try:
        return await reader.find(token_digest)
    finally:
        await reader.stop()


def issued_page(land: Land, version: UUID) -> SalesPlanSheet:
    """What is frozen of the paper of a version in force."""
    stored = land.market.world.door.ask(printed_record, land.market.caller("shishen01"), version)
    assert isinstance(stored, StoredPaper)
    page = land.market.world.read(lambda work: thaw(work.session.get_one(IssuedDocument, stored.id).page)[1])
    assert isinstance(page, SalesPlanSheet)
    return page


def test_the_paper_of_a_plan_in_force_is_stored_once_and_its_code_opens_the_public_check(land: Land) -> None:
    found = selling(land)
    version = found.filled(found.building("1#"))
    found.desk.submit(version, REASONS)
    found.desk.approve(version, "pdshen01", "shishen01")
    door, company = land.market.world.door, land.market.caller("binjiang01")
    first = record_pdf(door, company, version)
    land.market.world.stand_at(2027, 4, 9)
    assert record_pdf(door, land.market.caller("pdshen01"), version) == first
    (paper,) = papers(land, version)
    assert paper.digest == sm3_hex(first)
    check = issued_page(land, version).issue.check_url
    token = check.rpartition("/c/")[2]
    assert paper.token_digest == land.market.world.read(lambda work: work.sealer.token_digest(token))
    answer = asyncio.run(looked_up(land, paper.token_digest))
    assert answer is not None
    shown = dict(lines(answer))
    assert shown["文书名称"] == "商品房销售方案"
    assert shown["文件摘要"] == sm3_hex(first)
    assert verdict(answer, date(2027, 4, 9)).standing is Standing.VALID


def test_the_paper_of_a_voided_plan_is_known_as_replaced(land: Land) -> None:
    found = selling(land)
    version = found.filled(found.building("1#"))
    found.desk.submit(version, REASONS)
    found.desk.approve(version, "pdshen01", "shishen01")
    record = land.market.row(Revision, version).record_id
    found.desk.perform(acts("sales_plan").void, "pdshen01", Void(record, "方案填报有误"))
    assert [one.state for one in papers(land, version)] == [PaperState.REPLACED]
