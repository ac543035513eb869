"""Every print is counted; what comes after the first copies is 补打 and says what for (row 9)."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

import pypdf
import pytest
from sqlmodel import col, select

from models.audit import AuditEvent
from models.documents import IssuedDocument, PaperKind, PrintLog
from printing.reprint_slip import render
from services.documents.print_log import (
    Printed,
    PrintPaper,
    Requester,
    print_paper,
    reprint_count,
    reprint_slip,
)
from services.documents.stored_papers import open_paper
from services.engine.callers import Caller
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from tests.services.documents.papers import Filed, Issued, file, issue, query_result, stored
from tests.world import World


def ready(world: World, clerk: Caller, kind: PaperKind = PaperKind.FILING_NOTICE) -> IssuedDocument:
    page = query_result() if kind is PaperKind.QUERY_RESULT else None
    paper = issue(world, clerk, Issued(file(world, Filed(unit_id=clerk.unit_id)), kind=kind, page=page))
    open_paper(world.door, clerk, paper.id)
    return paper


def printed(world: World, clerk: Caller, paper_id: UUID, purpose: str = "") -> Printed:
    asker = Requester("王小明", "出租人")
    return world.door.perform(print_paper, clerk, PrintPaper(paper_id, "窗口一号机", purpose, asker))


def test_a_notice_has_a_copy_for_each_side_before_it_is_a_reprint(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = ready(world, clerk)
    copies = [printed(world, clerk, paper.id, "") for _ in range(2)]
    copies += [printed(world, clerk, paper.id, "原件遗失") for _ in range(2)]
    assert [(copy.copy_no, copy.reprint) for copy in copies] == [(1, 0), (2, 0), (3, 1), (4, 2)]
    assert stored(world, paper.id).copies == 4


def test_a_query_result_has_one_first_copy(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = ready(world, clerk, PaperKind.QUERY_RESULT)
    assert printed(world, clerk, paper.id).reprint == 0
    assert printed(world, clerk, paper.id, "补充材料").reprint == 1


def test_a_reprint_without_a_purpose_is_refused_and_not_counted(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = ready(world, clerk, PaperKind.QUERY_RESULT)
    printed(world, clerk, paper.id)
    with pytest.raises(Rejected, match="用途"):
        printed(world, clerk, paper.id, "  ")
    assert stored(world, paper.id).copies == 1


def test_prints_at_the_same_moment_are_all_counted(world: World) -> None:
    clerk = world.caller("huamu02")
    paper = ready(world, clerk)
    with ThreadPoolExecutor(6) as pool:
        copies = list(pool.map(lambda _: printed(world, clerk, paper.id, "原件遗失").copy_no, range(12)))
    assert sorted(copies) == list(range(1, 13))
    assert stored(world, paper.id).copies == 12


def test_printing_changes_no_byte(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = ready(world, clerk)
    before = open_paper(world.door, clerk, paper.id).content
    for _ in range(4):
        printed(world, clerk, paper.id, "原件遗失")
    assert open_paper(world.door, clerk, paper.id).content == before


def test_a_paper_is_not_printed_before_it_has_bytes(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = issue(world, clerk, Issued(file(world, Filed(unit_id=clerk.unit_id))))
    with pytest.raises(Conflict):
        printed(world, clerk, paper.id)


def test_somebody_elses_paper_is_not_printed(world: World) -> None:
    paper = ready(world, world.caller("huamu01"))
    with pytest.raises(NotFound):
        printed(world, world.caller("longhua01"), paper.id)
    assert stored(world, paper.id).copies == 0


def test_a_print_needs_a_person(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = ready(world, clerk)
    with pytest.raises(NotAllowed):
        printed(world, replace(clerk, account_id=None), paper.id)


def test_the_list_tells_who_printed_what_for(world: World) -> None:
    clerk, colleague = world.caller("huamu01"), world.caller("huamu02")
    paper = ready(world, clerk)
    for who, purpose in ((clerk, ""), (clerk, ""), (colleague, "原件遗失")):
        printed(world, who, paper.id, purpose)
    newest = select(PrintLog).where(PrintLog.document_id == paper.id).order_by(col(PrintLog.copy_no).desc())
    listed = world.read(lambda work: work.session.exec(newest).all())
    assert [(line.copy_no, reprint_count(paper.kind, line.copy_no), line.purpose) for line in listed] == [
        (3, 1, "原件遗失"),
        (2, 0, ""),
        (1, 0, ""),
    ]
    assert listed[0].account_id == colleague.account_id


def test_the_slip_of_a_reprint_names_count_purpose_and_asker(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = ready(world, clerk, PaperKind.QUERY_RESULT)
    first, second = printed(world, clerk, paper.id), printed(world, clerk, paper.id, "补充材料")
    slip = world.door.ask(reprint_slip, clerk, second.log_id)
    words = pypdf.PdfReader(io.BytesIO(render(slip))).pages[0].extract_text()
    assert all(word in words for word in ("第 1 次", "补充材料", "王小明", "李敏"))
    with pytest.raises(Conflict):
        world.door.ask(reprint_slip, clerk, first.log_id)


def test_more_than_twenty_prints_a_day_are_flagged(world: World) -> None:
    clerk = world.caller("pudong02")
    paper = ready(world, clerk)
    for _ in range(20):
        printed(world, clerk, paper.id, "原件遗失")
    assert flags(world, clerk) == []
    printed(world, clerk, paper.id, "原件遗失")
    assert flags(world, clerk) == [4]


def test_yesterdays_prints_do_not_count_today(world: World) -> None:
    clerk = world.caller("xuhui01")
    paper = ready(world, clerk)
    for _ in range(20):
        printed(world, clerk, paper.id, "原件遗失")
    world.let_pass(days=1)
    printed(world, clerk, paper.id, "原件遗失")
    world.let_pass(days=-1)
    assert flags(world, clerk) == []


def flags(world: World, clerk: Caller) -> list[int]:
    with world.door.database.read() as session:
        found = select(AuditEvent.severity).where(
            col(AuditEvent.act) == "papers.print.many", col(AuditEvent.account) == str(clerk.account_id)
        )
        return list(session.exec(found).all())
