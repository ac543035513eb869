"""What every kind gets from its declaration: list, template, paper, schema (rows 51-62)."""

from io import BytesIO

import openpyxl
import pytest

import services.everything  # noqa: F401
from services.catalogue.subjects import subject_of
from services.engine.cycle_orders import Records
from services.engine.kinds import KINDS
from services.engine.refusals import NotFound
from services.imports.listings import template
from services.records.api import ListRecords, ReadRecord, list_records, read_record, schema_of
from services.records.record_paper import record_pdf
from services.records.sheet_files import record_columns
from tests.conformance.story import Story
from tests.market import Market

every_kind = pytest.mark.parametrize("name", [*KINDS, "sales_office"])


@every_kind
def test_its_list_shows_what_is_in_force_and_what_is_on_its_way(standing: Market, name: str) -> None:
    story = Story.of(standing, name).effective().update()
    number = story.row().record_no
    page = story.ask(story.acts.page, story.submitter, Records(filters={"record_no": number}))
    line = next(line for line in page.lines if line.record_id == story.record_id)
    assert (line.version_no, line.open_revision, line.open_no) == (1, story.revision_id, 2)
    assert set(line.cells) >= set(story.kind.look.grid)
    theirs = story.ask(story.acts.page, story.stranger, Records(filters={"record_no": number}))
    assert story.record_id not in {line.record_id for line in theirs.lines}


@every_kind
def test_its_template_asks_for_every_field(standing: Market, name: str) -> None:
    story = Story.of(standing, name)
    content = story.ask(template, story.drafter, f"records.{name}")
    book = openpyxl.load_workbook(BytesIO(content))
    heads = [cell.value for cell in book.worksheets[0][1]]
    assert [one.head for one in record_columns(story.kind)] == heads[2:]


@every_kind
def test_it_is_printed_for_who_sees_it_and_for_nobody_else(standing: Market, name: str) -> None:
    story = Story.of(standing, name).effective()
    content = record_pdf(standing.world.door, story.submitter, story.revision_id)
    assert content.startswith(b"%PDF")
    with pytest.raises(NotFound):
        record_pdf(standing.world.door, story.stranger, story.revision_id)


@every_kind
def test_its_schema_and_its_records_are_given_to_programs(standing: Market, name: str) -> None:
    story = Story.of(standing, name).effective()
    schema = story.ask(schema_of, story.submitter, name)
    text = str(schema)
    assert all(field.name in text and field.label in text for field in story.kind.fields)
    number = story.row().record_no
    found = story.ask(list_records, story.submitter, ListRecords(name, {"record_no": number}))
    assert number in {line.record_no for line in found.lines}
    assert story.ask(read_record, story.submitter, ReadRecord(name, story.record_id))
    with pytest.raises(NotFound):
        story.ask(read_record, story.stranger, ReadRecord(name, story.record_id))


@every_kind
def test_the_data_catalogue_knows_what_it_is_kept_for(standing: Market, name: str) -> None:
    story = Story.of(standing, name)
    for table in (story.kind.table, *(child.table for child in story.kind.children)):
        assert story.kind.label in subject_of(str(table.__tablename__)).label
