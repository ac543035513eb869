"""An export that is brought in again changes nothing, and neither does the sheet of each list."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.imports import ImportedLine
from models.practitioner_codes import SessionState
from models.privacy import ExportMedia
from models.records import Revision
from services.engine.listings import Line
from services.imports.commit_run import commit_session
from services.imports.jobs import work_through
from services.imports.lines import row_of
from services.imports.listings import view_session
from services.imports.uploads import UploadTable, upload_table
from services.privacy.export_download import DownloadExport, download_export
from services.privacy.export_files import make_waiting
from services.privacy.exports import RequestExport, request_export
from services.records.list_sheets import LinesRead, ListSheet, ReadLines, list_sheet, read_lines
from services.records.sheet_checks import UNCHANGED
from services.records.sheet_kinds import table_of
from tests.conformance.kinds_tried import whole_story
from tests.conformance.story import Story
from tests.market import Market


def brought(story: Story, table: str, content: bytes) -> UUID:
    """A table uploaded, read, and committed as far as it is good."""
    order = UploadTable(table, "表格.xlsx", content)
    session: UUID = story.perform(upload_table, story.drafter, order).id
    work_through(story.market.world.door, lambda: True)
    view: Line = story.ask(view_session, story.drafter, session)
    assert (view.state, view.refusal, view.bad) == (SessionState.READY, "", 0), told(story, session)
    story.perform(commit_session, story.drafter, session)
    work_through(story.market.world.door, lambda: True)
    return session


def told(story: Story, session: UUID) -> list[list[tuple[str, str, str]]]:
    """What was found in each row."""
    wanted = select(ImportedLine).where(ImportedLine.session_id == session).order_by(ImportedLine.sheet_row)  # type: ignore[arg-type]
    found: list[Any] = story.market.world.read(lambda work: work.session.exec(wanted).all())
    return [[(one.column, one.code, one.message) for one in row_of(line).findings] for line in found]


def versions(story: Story) -> int:
    wanted = select(Revision.id).where(Revision.record_id == story.record_id)
    return len(story.market.world.read(lambda work: work.session.exec(wanted).all()))


def exported_and_brought_again(story: Story) -> None:
    """Export the record in force to both kinds of file, and bring each in: nothing may change."""
    before, row = versions(story), story.row()
    for media in (ExportMedia.XLSX, ExportMedia.CSV):
        order = RequestExport(table_of(story.kind), {"record_no": row.record_no}, media.value, "核对后再导入")
        asked = story.perform(request_export, story.drafter, order)
        make_waiting(story.market.world.door)
        content = story.ask(download_export, story.drafter, DownloadExport(asked.id)).content
        session = brought(story, table_of(story.kind), content)
        assert [UNCHANGED in {code for _, code, _ in row} for row in told(story, session)] == [True]
    assert versions(story) == before
    assert story.row().version == row.version


@whole_story
@pytest.mark.row(51, 56, 58)
def test_the_sheet_of_a_list_read_again_says_the_same(standing: Market, name: str) -> None:
    story = Story.of(standing, name).begin().fill()
    before = story.view().children
    for child in story.kind.children:
        content = story.ask(list_sheet, story.drafter, ListSheet(story.revision_id, child.name))
        if not story.sample.children.get(child.name):
            continue
        order = ReadLines(name, child.name, content, story.revision_id)
        read: LinesRead = story.ask(read_lines, story.drafter, order)
        assert read.findings == ()
        assert list(read.lines) == [{key: value for key, value in line.items() if value} for line in before[child.name]]
