"""What every kind gets from its declaration: list, template, paper, schema, export (rows 51-62)."""

from io import BytesIO

import openpyxl

from services.catalogue.subjects import subject_of
from services.engine.kinds import kind_named
from services.imports.listings import template
from services.records.sheet_columns import columns_of
from tests.conformance.kinds_tried import NAMES
from tests.conformance.story import Story
from tests.market import Market
from tests.report import Report


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
