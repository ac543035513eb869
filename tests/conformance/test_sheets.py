"""What every kind gets from its declaration: list, template, paper, schema, export (rows 51-62)."""

from io import BytesIO

import openpyxl
import pytest

from services.catalogue.subjects import subject_of
from services.engine.kind_listing import list_of
from services.engine.kinds import kind_named
from services.engine.listings import ListRows
from services.engine.refusals import NotFound
from services.imports.listings import template
from services.records.api import ReadRecord, read_record, schema_of
from services.records.record_paper import record_pdf
from services.records.sheet_columns import columns_of
from tests.conformance.kinds_tried import NAMES, every_kind
from tests.conformance.story import Story
from tests.conformance.test_round_trip import exported_and_brought_again
from tests.market import Market
from tests.report import Report


@every_kind
@pytest.mark.row(51, 56, 58)
def test_its_record_is_listed_printed_given_to_programs_and_exported(standing: Market, name: str) -> None:
    story = Story.of(standing, name).effective()
    _printed_for_readers_only(story)
    _given_to_programs(story)
    exported_and_brought_again(story)
    _listed_with_its_update(story.update())


def _listed_with_its_update(story: Story) -> None:
    number = story.row().record_no
    page = story.ask(list_of(story.kind).query, story.submitter, ListRows({"record_no": number}))
    line = next(line for line in page.lines if line.id == story.record_id)
    assert (line.version_no, line.way[:2]) == (1, (story.revision_id, 2))
    assert set(vars(line)) >= set(story.kind.look.grid)
    theirs = story.ask(list_of(story.kind).query, story.stranger, ListRows({"record_no": number}))
    assert story.record_id not in {line.id for line in theirs.lines}


def _printed_for_readers_only(story: Story) -> None:
    door = story.market.world.door
    assert record_pdf(door, story.submitter, story.revision_id).startswith(b"%PDF")
    with pytest.raises(NotFound):
        record_pdf(door, story.stranger, story.revision_id)


def _given_to_programs(story: Story) -> None:
    name = story.kind.name
    text = str(story.ask(schema_of, story.submitter, name))
    assert all(field.name in text and field.label in text for field in story.kind.fields)
    assert story.ask(read_record, story.submitter, ReadRecord(name, story.record_id))
    with pytest.raises(NotFound):
        story.ask(read_record, story.stranger, ReadRecord(name, story.record_id))


def test_a_template_asks_for_every_field(standing: Market) -> None:
    report = Report()
    for name in NAMES:
        with report.of(name):
            story = Story.of(standing, name)
            content = story.ask(template, story.drafter, f"records.{name}")
            book = openpyxl.load_workbook(BytesIO(content))
            heads = [cell.value for cell in book.worksheets[0][1]]
            assert [one.label for one in columns_of(story.kind.fields)] == heads[2:]
    report.none(least=len(NAMES))


def test_the_data_catalogue_knows_what_a_kind_is_kept_for(standing: Market) -> None:
    report = Report()
    for name in NAMES:
        with report.of(name):
            kind = kind_named(name)
            for table in (kind.table, *(child.table for child in kind.children)):
                assert kind.label in subject_of(str(table.__tablename__)).label
    report.none(least=len(NAMES))
