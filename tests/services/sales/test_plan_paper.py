"""The printed sales plan: clean with code and digest only in force, else with a watermark; a price for every unit (row 76)."""

import pytest

from models.records import Revision
from printing.sales_plan import render
from services.records.record_paper import printed_record, record_pdf
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
    clean = door.ask(printed_record, land.market.caller("shishen01"), version)
    digest = land.market.row(Revision, version).digest
    assert clean.issue.preview is None
    assert clean.issue.digest == digest
    assert digest in clean.issue.check_url
    assert clean.issue.number.startswith("XSFA-310115-2027-")
    assert [level for level, *_ in clean.opinions] == ["区级审核", "市级审核"]
    assert dict(clean.prices)["备案均价"] == "100,000.00 元/㎡"
    assert render(clean) == render(clean)
    assert record_pdf(door, company, version).startswith(b"%PDF")
