"""The papers of a case in one press: every copy counted, its receiver kept, one document printed (issue 19)."""

import io
from uuid import uuid4

import pypdf
import pytest
from sqlmodel import select

from models.documents import PaperKind, PrintLog
from services.documents.paper_sets import HandoutLine, PrintSet, handed_out, print_set, set_pdf
from services.documents.print_log import Requester
from services.engine.refusals import NotFound, Rejected
from tests.services.documents.papers import stored
from tests.services.documents.test_print_log import printed, ready
from tests.world import World

WANG = Requester("王小明", "出租人")


def test_one_press_hands_out_the_set_and_keeps_who_got_it(world: World) -> None:
    clerk = world.caller("huamu01")
    notice, result = ready(world, clerk), ready(world, clerk, PaperKind.QUERY_RESULT)
    done = world.door.perform(print_set, clerk, PrintSet((notice.id, result.id), WANG))
    assert [(one.copy_no, one.reprint) for one in done.prints] == [(1, 0), (1, 0)]
    lines = world.door.ask(handed_out, clerk, (notice.id, result.id))
    assert {(one.title, one.receiver, one.copy_no, one.clerk) for one in lines} == {
        (paper.title, "王小明／出租人", 1, clerk.name) for paper in (notice, result)
    }
    assert all(one.version.startswith(str(notice.issued_on)) for one in lines)
    pages = pypdf.PdfReader(io.BytesIO(set_pdf(world.door, clerk, done.set_id))).pages
    texts = [page.extract_text() for page in pages]
    assert "文书发放清单" in texts[0]
    assert "王小明／出租人" in texts[0]
    assert any(notice.number in text for text in texts[1:])
    assert any(result.number in text for text in texts[1:])


def test_a_set_is_printed_whole_or_not_at_all(world: World) -> None:
    clerk = world.caller("huamu01")
    notice, result = ready(world, clerk), ready(world, clerk, PaperKind.QUERY_RESULT)
    printed(world, clerk, result.id)
    with pytest.raises(Rejected, match="用途"):
        world.door.perform(print_set, clerk, PrintSet((notice.id, result.id), WANG))
    assert stored(world, notice.id).copies == 0
    done = world.door.perform(print_set, clerk, PrintSet((notice.id, result.id), WANG, "原件遗失"))
    assert [one.reprint for one in done.prints] == [0, 1]
    with pytest.raises(Rejected, match="领取人"):
        world.door.perform(print_set, clerk, PrintSet((notice.id,), Requester(" ")))


def test_a_foreign_set_or_paper_is_not_there(world: World) -> None:
    clerk, other = world.caller("huamu01"), world.caller("xuhui01")
    notice = ready(world, clerk)
    done = world.door.perform(print_set, clerk, PrintSet((notice.id,), WANG))
    with pytest.raises(NotFound):
        world.door.perform(print_set, other, PrintSet((notice.id,), WANG))
    nothing: tuple[HandoutLine, ...] = world.door.ask(handed_out, other, (notice.id,))
    assert nothing == ()
    for set_id in (done.set_id, uuid4()):
        with pytest.raises(NotFound):
            set_pdf(world.door, other, set_id)
    kept = select(PrintLog.set_id).where(PrintLog.document_id == notice.id)
    assert world.read(lambda work: work.session.exec(kept).all()) == [done.set_id]
