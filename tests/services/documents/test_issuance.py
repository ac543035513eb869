"""A paper is frozen in the transaction that decides and drawn once after it."""

import io
from base64 import b64decode
from datetime import date, timedelta
from uuid import UUID

import pypdf
import pytest
from sqlmodel import col, select

from models.audit import AuditEvent
from models.documents import IssuedDocument, PaperKind, PaperState
from models.sealing import CryptoError, sm3_hex
from services.documents.forms import FORMS, freeze, preview, thaw
from services.documents.issuance import public_answer
from services.documents.rendition import render_paper, render_waiting
from services.documents.stored_papers import open_paper, paper_bytes
from services.engine.callers import SYSTEM
from services.engine.refusals import Conflict, Rejected, Unavailable
from services.engine.registry import Action
from services.engine.work import Work
from services.ports.crypto import Signature
from tests.services.documents.papers import OFFICE, Filed, Issued, file, issue, notice, query_result, stored, token_of
from tests.world import World, sealer


class NoSigner:
    """A signing service that does not answer."""

    def sign(self, key: str, data: bytes) -> Signature:
        raise CryptoError("UNAVAILABLE", retryable=True)


def text_of(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "".join(page.extract_text() for page in pages)


def events(world: World, object_id: object) -> list[AuditEvent]:
    with world.door.database.read() as session:
        rows = session.exec(
            select(AuditEvent).where(AuditEvent.object_id == str(object_id)).order_by(col(AuditEvent.seq))
        )
        return list(rows.all())


def test_the_same_bytes_come_back_for_ever(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = issue(world, clerk, Issued(file(world, Filed(unit_id=clerk.unit_id))))
    first = open_paper(world.door, clerk, paper.id)
    world.let_pass(days=40)
    again = open_paper(world.door, world.caller("huamu02"), paper.id)
    world.let_pass(days=-40)
    assert first.content is not None
    assert first.content == again.content
    assert first.digest == sm3_hex(first.content) == stored(world, paper.id).digest


def test_what_is_stored_shows_neither_the_paper_nor_its_code(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = issue(world, clerk, Issued(file(world, Filed(unit_id=clerk.unit_id))))
    open_paper(world.door, clerk, paper.id)
    row, token = stored(world, paper.id), token_of(world, paper)
    assert row.content is not None
    assert row.content[:4] == b"SHF1"
    assert row.token_digest == sealer().token_digest(token)
    assert token not in row.page.token
    assert "欧阳娜娜" not in row.page.token


def test_the_paper_carries_its_content_and_its_digest_is_signed(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = issue(world, clerk, Issued(file(world, Filed(unit_id=clerk.unit_id))))
    content = open_paper(world.door, clerk, paper.id).content or b""
    row = stored(world, paper.id)
    assert "欧阳娜娜" in text_of(content)
    assert b64decode(row.signature)[0] == 0x30
    assert row.signature_key.startswith("sig.doc.")


def test_a_second_rendering_changes_nothing(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = issue(world, clerk, Issued(file(world, Filed(unit_id=clerk.unit_id))))
    world.door.perform(render_paper, clerk, paper.id)
    before = stored(world, paper.id)
    world.door.perform(render_paper, clerk, paper.id)
    after = stored(world, paper.id)
    assert (after.content, after.signature, after.version) == (before.content, before.signature, before.version)


def test_who_comes_second_with_bytes_finds_the_first_ones_kept(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = issue(world, clerk, Issued(file(world, Filed(unit_id=clerk.unit_id))))
    assert render_paper.gather is not None

    def overtaken(gathering: object, paper_id: UUID) -> object:
        rendered = render_paper.gather(gathering, paper_id)  # type: ignore[misc]
        world.door.perform(render_paper, SYSTEM, paper_id)
        return rendered

    slow: Action[UUID, None] = Action("test.slow", "慢", OFFICE, render_paper.handler, gather=overtaken)
    world.door.perform(slow, clerk, paper.id)
    assert stored(world, paper.id).updated_by is None
    assert len([event for event in events(world, paper.id) if event.act == "papers.render"]) == 1


def test_a_crash_after_issue_loses_nothing(world: World) -> None:
    clerk = world.caller("huamu01")
    render_waiting(world.door)
    filing = file(world, Filed(unit_id=clerk.unit_id))
    papers = [issue(world, clerk, Issued(filing, number=f"N{count}")) for count in range(3)]
    with pytest.raises(Conflict):
        world.door.ask(paper_bytes, clerk, papers[0].id)
    assert render_waiting(world.door) == 3
    assert all(stored(world, paper.id).content for paper in papers)
    assert render_waiting(world.door) == 0


def test_a_paper_that_cannot_be_drawn_does_not_hold_up_the_others(world: World) -> None:
    clerk = world.caller("huamu01")
    filing = file(world, Filed(unit_id=clerk.unit_id))
    good = issue(world, clerk, Issued(filing))
    bad = issue(world, clerk, Issued(filing, tenant="张\U0003fffd"))
    with pytest.raises(Rejected, match="U\\+3FFFD"):
        world.door.perform(render_paper, clerk, bad.id)
    render_waiting(world.door)
    assert stored(world, good.id).content is not None
    assert stored(world, bad.id).content is None


def test_without_the_signing_service_a_paper_waits_and_is_made_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = world.caller("huamu01")
    paper = issue(world, clerk, Issued(file(world, Filed(unit_id=clerk.unit_id))))
    with monkeypatch.context() as away:
        away.setattr(world.door.house, "crypto", NoSigner())
        with pytest.raises(Unavailable, match="签名服务"):
            open_paper(world.door, clerk, paper.id)
        assert render_waiting(world.door) == 0
    render_waiting(world.door)
    assert open_paper(world.door, clerk, paper.id).content


def test_a_changed_file_is_refused_and_raises_the_alarm(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = issue(world, clerk, Issued(file(world, Filed(unit_id=clerk.unit_id))))
    open_paper(world.door, clerk, paper.id)
    change(world, paper, lambda row: setattr(row, "content", row.content[:-1] + bytes([row.content[-1] ^ 1])))
    with pytest.raises(Unavailable):
        open_paper(world.door, clerk, paper.id)
    told = events(world, paper.id)[-1]
    assert (told.event, told.severity) == ("INTEGRITY.FAIL", 1)


def test_a_digest_that_was_changed_is_noticed_too(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = issue(world, clerk, Issued(file(world, Filed(unit_id=clerk.unit_id))))
    open_paper(world.door, clerk, paper.id)
    change(world, paper, lambda row: setattr(row, "digest", "0" * 64))
    assert world.door.ask(paper_bytes, clerk, paper.id).content is None


def test_every_reading_is_in_the_audit(world: World) -> None:
    clerk = world.caller("huamu01")
    paper = issue(world, clerk, Issued(file(world, Filed(unit_id=clerk.unit_id))))
    open_paper(world.door, clerk, paper.id)
    told = [event.event for event in events(world, paper.id)]
    assert told == ["DATA.CREATE", "DATA.CREATE", "FILE.DOWNLOAD"]


def test_a_new_version_replaces_the_old_one_and_leaves_its_bytes(world: World) -> None:
    clerk = world.caller("huamu01")
    filing = file(world, Filed(unit_id=clerk.unit_id))
    old = issue(world, clerk, Issued(filing))
    bytes_before = open_paper(world.door, clerk, old.id).content
    issue(world, clerk, Issued(filing, replaces=old.id))
    row = stored(world, old.id)
    assert row.state is PaperState.REPLACED
    assert row.public["replaced_on"] == world.door.clock.today().isoformat()
    assert open_paper(world.door, clerk, old.id).content == bytes_before


def test_a_code_is_never_given_twice_and_names_the_kind(world: World) -> None:
    clerk = world.caller("huamu01")
    filing = file(world, Filed(unit_id=clerk.unit_id))
    first, second = (issue(world, clerk, Issued(filing)) for _ in range(2))
    asked = issue(world, clerk, Issued(filing, kind=PaperKind.QUERY_RESULT, page=query_result()))
    assert first.token_digest != second.token_digest
    assert sealer().check_qr(token_of(world, first)) == "fn"
    assert sealer().check_qr(token_of(world, asked)) == "qr"


def test_a_preview_is_watermarked_and_never_stored(world: World) -> None:
    before = count(world)
    shown = preview(notice(), clerk="李敏", at=world.door.clock.now())
    assert "李敏" in text_of(shown)
    assert "不作为凭证" in text_of(shown)
    assert count(world) == before


@pytest.mark.parametrize("page", [notice(), query_result()])
def test_page_data_is_thawed_as_it_was_frozen(page: object) -> None:
    assert thaw(freeze(page))[1] == page


def test_every_form_has_a_name_of_its_own() -> None:
    assert len({form.page for form in FORMS.values()}) == len(FORMS)
    assert all(name.endswith(form.page.__name__) for name, form in FORMS.items())


def test_the_public_answer_holds_no_name_and_no_number() -> None:
    told = public_answer(
        unit="花木街道社区事务受理服务中心",
        parties=[("出租人", "王小明"), ("承租人", "欧阳娜娜")],
        address="上海市浦东新区牡丹路1弄2号3室",
        part="301室（间）",
        valid_from=date(2026, 7, 1),
        valid_to=date(2026, 7, 1) + timedelta(days=364),
    )
    assert told["parties"] == [["出租人", "王**"], ["承租人", "欧**"]]
    assert told["address"] == "上海市浦东新区***"
    assert told["part"] == "部分房间"
    assert told["valid_to"] == "2027-06-30"


def change(world: World, paper: IssuedDocument, alter: object) -> None:
    """What somebody with the database in his hands could do."""

    def write(work: Work, order: None) -> None:
        row = work.session.exec(select(IssuedDocument).where(IssuedDocument.id == paper.id)).one()
        alter(row)  # type: ignore[operator]
        work.add(row)

    world.door.perform(Action("test.change", "改动", OFFICE, write, event=""), SYSTEM)


def count(world: World) -> int:
    with world.door.database.read() as session:
        return len(session.exec(select(IssuedDocument.id)).all())
