"""Records on paper and as JSON: number and version everywhere, masked, a watermark on what is not in force, rights kept."""

import io
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader
from sqlmodel import select

from models.audit import AuditEvent
from services.engine.cycle import acts
from services.engine.cycle_orders import StartUpdate
from services.engine.kinds import KINDS, kind_named
from services.engine.proposals import read_form
from services.engine.refusals import NotFound, Rejected
from services.records.api import ReadRecord, filters_of, read_record, schema_of
from services.records.record_paper import lines_of_child, printed_record, record_pdf
from services.records.version_view import ReadVersion
from tests.land import PARCEL_LISTS, parcel_form
from tests.services.records.desk import MAKER, RIVAL, Desk, a_name

HOUSES = [{"building_no": f"{number}号楼", "gfa": "1200.5", "floors": "18"} for number in range(1, 61)]


def pages_of(desk: Desk, revision_id: Any, login: str = MAKER) -> list[str]:
    content = record_pdf(desk.market.world.door, desk.who(login), revision_id)
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.row(51, 58)
def test_every_page_says_which_record_and_which_version(desk: Desk) -> None:
    estate = desk.effective({"houses": HOUSES}, name="滨江花园", keeper="欧阳锦程", land="1200.5", note="两行\n说明")
    pages = pages_of(desk, estate.revision_id)
    assert len(pages) > 1
    assert all(estate.record_no in page and "第1版" in page for page in pages)
    whole = "".join(pages)
    assert "滨江花园" in whole
    assert "1,200.50" in whole
    assert "60号楼" in whole
    assert "欧**程" in whole
    assert "欧阳锦程" not in whole
    assert "草稿" not in whole
    told = select(AuditEvent.act).where(AuditEvent.act == "records.print")
    assert desk.read(lambda work: work.session.exec(told).first())


@pytest.mark.row(51, 58)
def test_what_is_not_in_force_says_so_across_the_page(desk: Desk) -> None:
    begun = desk.begun(land="不是数字", issued_on="")
    sheet = desk.ask(printed_record, begun.revision_id)
    assert sheet.issue.preview.word == "草稿"
    fields = dict(field for section in sheet.sections for field in section.fields)
    assert fields["土地面积"] == "不是数字"
    assert [section.head for section in sheet.sections] == ["基本情况", "规模", "办理"]
    assert "草稿" in pages_of(desk, begun.revision_id)[0]
    estate = desk.effective()
    update = desk.do(acts("made_estate").update, StartUpdate(estate.id, "面积有变化了"))
    desk.submit(update.revision_id)
    assert desk.ask(printed_record, update.revision_id, "pdshen01").issue.preview.word == "待审核"
    desk.approve(update.revision_id)
    assert desk.ask(printed_record, estate.revision_id).issue.preview.word == "历史版本"
    assert desk.ask(printed_record, update.revision_id).issue.preview is None


def test_a_competitor_prints_and_reads_nothing(desk: Desk) -> None:
    estate = desk.effective()
    for login in (RIVAL, "xhshen01", "binjiang01"):
        with pytest.raises(NotFound):
            desk.ask(printed_record, estate.revision_id, login)
        with pytest.raises(NotFound):
            desk.ask(read_record, ReadRecord("made_estate", estate.id), login)
        assert desk.page(login, text=estate.name).total == 0
    with pytest.raises(NotFound):
        desk.ask(read_record, ReadRecord("made_estate", uuid4()))
    with pytest.raises(NotFound):
        desk.ask(read_record, ReadRecord("nothing", estate.id))
    with pytest.raises(NotFound):
        desk.ask(schema_of, "nothing")


@pytest.mark.row(51, 58)
def test_the_schema_is_what_a_record_answers(desk: Desk) -> None:
    neighbour = desk.effective()
    estate = desk.effective(
        {"houses": HOUSES[:2]},
        land="1200.5",
        sets="12",
        sold=True,
        issued_on="2026-03-01",
        keeper="欧阳锦程",
        made_estate_id=str(neighbour.id),
    )
    schema = desk.ask(schema_of, "made_estate")
    fields = schema["properties"]["values"]["properties"]
    assert (fields["land"]["title"], fields["land"]["x-unit"], fields["land"]["type"]) == ("土地面积", "㎡", "string")
    assert (fields["ring"]["enum"], fields["ring"]["x-labels"][0]) == (["INNER", "MIDDLE", "OUTER"], "内环内")
    assert schema["properties"]["values"]["required"] == ["name", "ring"]
    assert schema["properties"]["children"]["properties"]["houses"]["x-key"] == ["building_no"]
    answer = desk.ask(read_record, ReadRecord("made_estate", estate.id))
    assert set(answer["values"]) == set(fields)
    values = answer["values"]
    assert (values["land"], values["sets"], values["sold"], values["issued_on"]) == ("1200.50", 12, True, "2026-03-01")
    assert (values["keeper"], values["made_estate_id"]) == ("欧**程", str(neighbour.id))
    assert (answer["shown"]["ring"], answer["shown"]["made_estate_id"]) == ("内环内", neighbour.name)
    assert [line["building_no"] for line in answer["children"]["houses"]] == ["1号楼", "2号楼"]
    assert (answer["record_no"], answer["version_no"], answer["in_force"]) == (estate.record_no, 1, "EFFECTIVE")
    assert "欧阳锦程" not in str(answer)


def test_a_list_is_asked_for_by_words_of_an_address(desk: Desk) -> None:
    word = a_name("接口")
    desk.load(
        [
            {"name": f"{word}0", "issued_on": date(2026, 1, 1), "sets": 1},
            {"name": f"{word}1", "issued_on": date(2026, 6, 1), "sets": 2},
        ]
    )

    def names(**criteria: str) -> list[str]:
        filters = filters_of(KINDS["made_estate"], criteria)
        return [line.title for line in desk.page(text=word, filters=filters, sort="-sets").lines]

    assert names() == [f"{word}1", f"{word}0"]
    assert names(issued_on="2026-02-01..") == [f"{word}1"]
    assert names(ring="INNER|OUTER", sets="..1") == [f"{word}0"]
    assert names(permit_no="a..b|c") == []
    with pytest.raises(Rejected):
        names(nothing="1")


@pytest.mark.row(56)
def test_days_of_a_list_are_printed_unbroken() -> None:
    kind = kind_named("parcel")
    lines = lines_of_child(kind, ReadVersion(kind, read_form(kind, parcel_form(), PARCEL_LISTS), {}), "instalments")
    days = {place for place, label in enumerate(lines.columns) if label.endswith("日期")}
    assert days
    assert days <= set(lines.numbers)
