"""A row changed past the product is left to those who look into it, and keeps no job from the others (rows 41, 44; H65)."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

import pypdf
import pytest

from models.engine import Notice
from models.enterprise import RecordState, ServiceState
from models.integrity import IntegrityFault
from models.practitioner_codes import ApplyState, CardState
from models.practitioners import CardApply, InfoCard, Portrait, Practitioner
from models.privacy import ExportState
from services.engine.jobs import JOBS, run_job
from services.engine.listings import ListRows
from services.engine.refusals import Conflict
from services.practitioners.card_files import DownloadCards, card_picture, download_cards
from services.practitioners.nightly import recheck_now
from services.practitioners.photos import see_portrait
from services.privacy.export_download import DownloadExport, download_export
from services.privacy.exports import EXPORTS, RequestExport, request_export
from tests.services.practitioners.desks.people import Desks, somebody
from tests.ui_public.test_tampered import write_past

pytestmark = pytest.mark.proves("H65")


class Past:
    """Changes rows by SQL and puts them back when the test is over."""

    def __init__(self, desks: Desks) -> None:
        self.desks, self.before = desks, list[tuple[str, UUID, str, Any]]()

    def change(self, table: Any, row_id: UUID | None, column: str, value: Any) -> None:
        assert row_id is not None
        (row,) = self.desks.rows(table, table.id == row_id)
        self.before.append((table.__tablename__, row_id, column, getattr(row, column)))
        write_past(self.desks.world, table.__tablename__, row_id, **{column: value})

    def undo(self) -> None:
        for table, row_id, column, value in self.before:
            write_past(self.desks.world, table, row_id, **{column: value})


@pytest.fixture
def past(desks: Desks) -> Iterator[Past]:
    past = Past(desks)
    yield past
    past.undo()


def _state(desks: Desks, card_id: UUID) -> str:
    """The card's state by its column alone: the row itself may be one that nobody reads."""
    table = InfoCard.__table__  # type: ignore[attr-defined]
    found = table.select().with_only_columns(table.c.state).where(table.c.id == card_id)
    return str(desks.world.read(lambda work: work.session.connection().execute(found).scalar_one()))


@pytest.mark.row(41)
def test_the_other_cards_lapse_and_follow_their_firm(desks: Desks, past: Past) -> None:
    changed, other, waiting, late = desks.active(), desks.active(), desks.passed(), desks.passed()
    past.change(InfoCard, changed, "duty", "站长")
    past.change(InfoCard, waiting, "duty", "站长")
    desks.move_firm(service_state=ServiceState.SUSPENDED)
    JOBS["practitioners.follow_firms"].run(desks.world.door)
    assert [_state(desks, one) for one in (changed, other)] == [CardState.ACTIVE, CardState.SUSPENDED]
    desks.days_later(31)
    JOBS["practitioners.lapse"].run(desks.world.door)
    assert [_state(desks, one) for one in (waiting, late)] == [CardState.PASSED, CardState.LAPSED]


@pytest.mark.row(41)
def test_a_firm_that_ended_is_told_once_though_a_card_of_it_was_changed(desks: Desks, past: Past) -> None:
    changed, other = desks.active(), desks.active()
    holder = desks.card(other).practitioner_id
    past.change(InfoCard, changed, "duty", "站长")
    past.change(Practitioner, holder, "store", "别处")
    desks.move_firm(record_state=RecordState.CANCELLED)
    for _ in range(3):
        JOBS["practitioners.follow_firms"].run(desks.world.door)
    assert [_state(desks, one) for one in (changed, other)] == [CardState.ACTIVE, CardState.CANCELLED]
    assert len(desks.rows(Notice, Notice.subject == "企业备案已注销，信息卡已注销")) == 1


@pytest.mark.row(44)
def test_the_others_are_checked_by_day_and_by_night(desks: Desks, past: Past) -> None:
    card, other = desks.active(), desks.active()
    listed = somebody("夜间命中")
    hit = desks.active(listed)
    desks.world.fault("blacklist", "error")
    changed, waits = desks.handed_in(), desks.handed_in()
    desks.world.heal()
    past.change(CardApply, changed, "apply_no", "SQ0")
    past.change(InfoCard, card, "duty", "站长")
    desks.list_number(listed.id_no)
    desks.days_later(1)
    JOBS["practitioners.check"].run(desks.world.door)
    assert desks.kept(waits).state is ApplyState.INSPECTING
    recheck_now(desks.world.door)
    assert desks.card(other).checked_on == desks.today
    assert _state(desks, hit) == CardState.SUSPENDED


@pytest.mark.row(42)
def test_a_photo_that_was_changed_keeps_nobody_else_from_his_card(desks: Desks, past: Past) -> None:
    changed, other = desks.active(somebody("换照")), desks.active(somebody("照常"))
    past.change(Portrait, desks.card(changed).portrait_id, "content", b"broken")
    both = desks.act(download_cards, DownloadCards("single", (changed, other)))
    alone = desks.act(download_cards, DownloadCards("single", (changed,)))
    people = desks.act(request_export, RequestExport("practitioners", {}, "csv", "核对人员名册"))
    assert run_job(desks.world.door, "exports.make")
    content = desks.ask(download_export, DownloadExport(both.id)).content
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)
    assert desks.card(other).card_no in text
    assert f"{desks.card(changed).card_no}：照片无法读取" in text
    states = {line.id: line.state for line in desks.ask(EXPORTS.query, ListRows()).lines}
    assert (states[alone.id], states[people.id]) == (ExportState.FAILED, ExportState.READY)


@pytest.mark.row(40)
def test_a_photo_that_was_changed_is_locked_when_somebody_looks(desks: Desks, past: Past) -> None:
    portrait_id = desks.card(desks.active()).portrait_id
    assert portrait_id is not None
    past.change(Portrait, portrait_id, "content", b"broken")
    with pytest.raises(Conflict, match="完整性校验未通过"):
        desks.ask(see_portrait, portrait_id, desks.inspector)
    faults = desks.rows(IntegrityFault, IntegrityFault.row_id == portrait_id)
    assert [one.table_name for one in faults] == ["portrait"]


@pytest.mark.row(47)
def test_a_card_whose_photo_was_changed_has_no_picture(desks: Desks, past: Past) -> None:
    card = desks.card(desks.active())
    assert desks.world.read(lambda work: card_picture(work, card))
    past.change(Portrait, card.portrait_id, "content", b"broken")
    assert desks.world.read(lambda work: card_picture(work, card)) == b""
