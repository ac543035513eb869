"""Handbooks compiled from what is in force, kept as versions, written to, put aside, verified (rows 77 to 79)."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pypdf
import pytest
from sqlalchemy import event
from sqlmodel import col

from deploy.demo.kept import put_kept
from integrations.virus_scan.client import ClamdScanner
from models.alerts import Alert
from models.documents import Attachment, FileState
from models.handbooks import ArchiveState, ArchiveTrigger, Handbook, HandbookArchive, HandbookCause
from models.projects import Project
from models.records import Revision
from models.sealing import CryptoError
from services.engine.cycle import acts
from services.engine.cycle_orders import Decide, Void
from services.engine.jobs import run_job
from services.engine.kinds import Owner
from services.engine.refusals import Conflict, NotFound, Rejected, Unavailable
from services.handbook.archives import ArchiveHandbook, archive_handbook, open_archive, verify_archive, voided_since
from services.handbook.chapters import TEXTS
from services.handbook.paper import handbook_pdf
from services.handbook.versions import CompareHandbook, HandbookView, compare_handbook, compile_handbook, open_handbook
from services.ports.crypto import Crypto, Signature
from services.ports.systems import VIRUS_SCANNER
from tests.files_made import rezipped
from tests.land import Land
from tests.printing.reading import text_of
from tests.scanner import running_scanner
from tests.services.planning.test_row_63 import VALUES
from tests.services.projects.desk import Desk

PERMIT = "land_planning_permit"
WHY = "阶段检查需要"
VERIFIER = Path(__file__).resolve().parents[3] / "deploy" / "standalone" / "verify_evidence.py"


class NoSigner:
    """A signing service that does not answer."""

    def sign(self, key: str, data: bytes) -> Signature:
        raise CryptoError("UNAVAILABLE", retryable=True)


def versions(land: Land, project: UUID) -> list[Handbook]:
    def read(work: Any) -> list[Handbook]:
        return list(work.rows(Handbook, Handbook.project_id == project, by=col(Handbook.compiled_at)))

    found: list[Handbook] = land.market.world.read(read)
    return found


def archives(land: Land, project: UUID) -> list[HandbookArchive]:
    def read(work: Any) -> list[HandbookArchive]:
        wanted = HandbookArchive.project_id == project
        return list(work.rows(HandbookArchive, wanted, by=col(HandbookArchive.archived_at)))

    found: list[HandbookArchive] = land.market.world.read(read)
    return found


def compiled(desk: Desk, project: UUID) -> HandbookView:
    made = desk.perform(compile_handbook, "binjiang_admin", project)
    seen: HandbookView = desk.ask(open_handbook, "binjiang01", made)
    return seen


def night(land: Land, *day: int, job: str = "handbook.compile") -> None:
    if day:
        land.market.world.stand_at(*day)
    run_job(land.market.world.door, job)


@pytest.fixture
def desk(land: Land) -> Desk:
    return Desk(land, PERMIT)


@pytest.fixture
def texts(land: Land) -> Desk:
    return Desk(land, TEXTS)


def permit(desk: Desk, project: UUID, number: int) -> UUID:
    values = {**VALUES, "permit_no": f"地字第3101152026YG{number:07d}号"}
    return UUID(
        str(desk.effective(project, values, reasons={"PLN-02": "发证机关未上平台", "PLN-04": "按证书"}).record_id)
    )


@pytest.mark.row(77)
def test_a_project_without_records_has_a_handbook_that_says_what_is_missing(desk: Desk, land: Land) -> None:
    view = compiled(desk, land.project("P-1"))
    assert (view.label, view.cause, view.latest, view.stale) == ("1.0", "自动汇编", True, False)
    chapters = {one.no: one for one in view.chapters}
    assert chapters[1].records >= 2
    assert chapters[6].records == 0
    assert "用地规划许可证" in [label for _, label in chapters[6].missing]
    assert chapters[6].filled == 0 < chapters[6].wanted
    assert not chapters[5].missing, "records nobody needs are not missing"


@pytest.mark.row(77)
def test_equal_input_has_equal_content_and_a_change_makes_one_version(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    first = compiled(desk, project)
    with pytest.raises(Conflict, match="内容没有变化，现行版为1"):
        desk.perform(compile_handbook, "binjiang_admin", project)
    permit(desk, project, 7001)
    assert desk.ask(open_handbook, "binjiang01", first.id).stale
    second = compiled(desk, project)
    assert (second.label, [one.no for one in second.chapters if one.changed]) == ("1.1", [6])
    assert not desk.ask(open_handbook, "binjiang01", first.id).latest
    told = desk.ask(compare_handbook, "pdshen01", CompareHandbook(second.id, 6))
    assert {one.label: one.now for one in told}["证书编号"] == "地字第3101152026YG0007001号"
    assert {one.before for one in told} == {""}


@pytest.mark.row(77)
def test_the_pdf_has_chapters_outline_page_numbers_and_rare_characters(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    land.market.world.act(lambda work: _renamed(work, project, "㛃䶮苑“测试”"))
    view = compiled(desk, project)
    caller = land.market.caller("binjiang01")
    content = handbook_pdf(land.market.world.door, caller, view.id)
    assert content == handbook_pdf(land.market.world.door, caller, view.id)
    text = text_of(content)
    assert "㛃䶮苑" in text
    assert "本阶段未填报" in text
    reader = pypdf.PdfReader(io.BytesIO(content))
    outline = [str(one.title) for one in reader.outline if not isinstance(one, list)]
    assert outline[0] == "封面"
    assert [title.split()[0] for title in outline[1:]] == [str(no) for no in range(1, 16)]
    assert f"共{len(reader.pages)}页" in text


def _renamed(work: Any, project: UUID, name: str) -> None:
    row = work.session.get_one(Project, project)
    row.name = name
    work.add(row)


@pytest.mark.row(77)
def test_another_company_does_not_see_the_handbook(desk: Desk, land: Land) -> None:
    view = compiled(desk, land.project("P-1"))
    for login in ("xincheng_admin", "xhshen01"):
        with pytest.raises(NotFound):
            desk.ask(open_handbook, login, view.id)
    with pytest.raises(NotFound):
        desk.perform(compile_handbook, "xincheng_admin", view.project_id)


@pytest.mark.row(78)
def test_the_night_adds_at_most_a_version_a_day_and_none_without_a_change(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    night(land, 2027, 3, 2)
    night(land, 2027, 3, 3)
    assert [one.version_label for one in versions(land, project)] == ["1.0"]
    record = permit(desk, project, 7002)
    night(land)
    assert [one.cause for one in versions(land, project)] == [HandbookCause.COMPILED, HandbookCause.CHANGED]
    desk.perform(acts(PERMIT).void, "pdshen01", Void(record, "证书已被发证机关撤销"))
    night(land)
    assert len(versions(land, project)) == 2, "of a second change on one day the next night makes a version"
    night(land, 2027, 3, 4)
    assert [one.version_label for one in versions(land, project)] == ["1.0", "1.1", "1.2"]


@pytest.mark.row(78)
def test_two_changes_that_cancel_each_other_out_make_no_version(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    compiled(desk, project)
    record = permit(desk, project, 7003)
    desk.perform(acts(PERMIT).void, "pdshen01", Void(record, "证书已被发证机关撤销"))
    night(land, 2027, 3, 2)
    assert [one.version_label for one in versions(land, project)] == ["1.0"]


@pytest.mark.row(78)
def test_texts_are_reviewed_and_make_a_main_version(desk: Desk, texts: Desk, land: Land) -> None:
    project = land.project("P-1")
    compiled(desk, project)
    begun = texts.begin(project, {"introduction": "本项目分两期建设。"})
    assert len(versions(land, project)) == 1
    texts.submit(begun.revision_id)
    texts.approve(begun.revision_id)
    newest = versions(land, project)[-1]
    assert (newest.version_label, newest.cause, newest.latest) == ("2.0", HandbookCause.WRITTEN, True)
    pdf = handbook_pdf(land.market.world.door, land.market.caller("pdshen01"), newest.id)
    assert "本项目分两期建设" in text_of(pdf)


@pytest.mark.row(78)
def test_texts_that_say_nothing_are_refused(texts: Desk, land: Land) -> None:
    begun = texts.begin(land.project("P-1"), {})
    with pytest.raises(Rejected):
        texts.submit(begun.revision_id)


@pytest.mark.row(78)
def test_a_draft_is_told_of_a_change_of_the_handbook_and_goes_on_when_saved_anew(
    desk: Desk, texts: Desk, land: Land
) -> None:
    project = land.project("P-1")
    begun = texts.begin(project, {"introduction": "本项目分两期建设。"})
    land.market.world.stand_at(2027, 3, 2)
    compiled(desk, project)
    with pytest.raises(Rejected) as no:
        texts.submit(begun.revision_id)
    assert [one.code for one in no.value.findings] == ["HBK-06"]
    land.market.world.stand_at(2027, 3, 3)
    texts.save(begun.revision_id, {"introduction": "本项目分两期建设，一期已取得规划许可。"})
    texts.submit(begun.revision_id)


@pytest.mark.row(78)
def test_returned_texts_change_nothing_and_are_approved_after_their_source_was_voided(
    desk: Desk, texts: Desk, land: Land
) -> None:
    project = land.project("P-1")
    record = permit(desk, project, 7004)
    begun = texts.begin(project, {"introduction": "已取得用地规划许可。"})
    texts.submit(begun.revision_id)
    row = land.market.row(Revision, begun.revision_id)
    texts.perform(acts(TEXTS).send_back, "pdshen01", Decide(begun.revision_id, row.version, "请写明许可证编号"))
    assert versions(land, project) == []
    texts.submit(begun.revision_id)
    desk.perform(acts(PERMIT).void, "pdshen01", Void(record, "证书已被发证机关撤销"))
    texts.approve(begun.revision_id)
    view = desk.ask(open_handbook, "pdshen01", versions(land, project)[-1].id)
    assert {one.no: one.records for one in view.chapters}[6] == 0


def archived(desk: Desk, project: UUID) -> UUID:
    made: UUID = desk.perform(archive_handbook, "binjiang_admin", ArchiveHandbook(project, WHY))
    return made


@pytest.mark.row(79)
def test_an_archive_is_a_signed_package_and_one_without_a_change_says_so(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    with pytest.raises(Conflict, match="还没有手册"):
        archived(desk, project)
    compiled(desk, project)
    first, second = archived(desk, project), archived(desk, project)
    rows = {row.id: row for row in archives(land, project)}
    assert (rows[first].unchanged, rows[second].unchanged) == (False, True)
    assert rows[first].content_digest == rows[second].content_digest
    assert rows[first].archive_no
    door, caller = land.market.world.door, land.market.caller("binjiang01")
    with zipfile.ZipFile(io.BytesIO(open_archive(door, caller, first).content)) as package:
        assert set(package.namelist()) == {"handbook.pdf", "handbook.json", "manifest.json"}
        signed = json.loads(package.read("manifest.json"))
        assert json.loads(signed["text"])["content"] == rows[first].content_digest
        assert door.house.crypto.verify(signed["kid"], signed["text"].encode(), signed["sig"])
    for login in ("xincheng_admin", "xhshen01"):
        with pytest.raises(NotFound):
            open_archive(door, land.market.caller(login), first)


@pytest.mark.row(79)
def test_the_stand_alone_verifier_proves_an_archive_and_finds_a_changed_one(
    desk: Desk, land: Land, tmp_path: Path
) -> None:
    project = land.project("P-1")
    compiled(desk, project)
    content = open_archive(land.market.world.door, land.market.caller("pdshen01"), archived(desk, project)).content
    whole, changed = tmp_path / "whole.zip", tmp_path / "changed.zip"
    whole.write_bytes(content)
    changed.write_bytes(rezipped(content, {"handbook.json": b"{}"}))
    proven, refuted = (
        subprocess.run([sys.executable, str(VERIFIER), str(one)], capture_output=True, text=True, check=False)
        for one in (whole, changed)
    )
    assert (proven.returncode, "的内容与归档时一致" in proven.stdout) == (0, True)
    assert refuted.returncode == 1


@pytest.mark.row(77)
def test_a_record_that_changes_while_a_handbook_is_compiled_begins_it_anew(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    land.market.world.stand_at(2027, 3, 2)
    permit(desk, project, 7009)
    land.market.world.stand_at(2027, 3, 1)
    with pytest.raises(Conflict, match="汇编时有记录变化"):
        desk.perform(compile_handbook, "binjiang_admin", project)
    land.market.world.stand_at(2027, 3, 3)
    assert compiled(desk, project).label == "1.0"


@pytest.mark.row(77)
def test_pictures_that_are_free_of_viruses_are_drawn_as_thumbnails(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    permit(desk, project, 7010)
    view = compiled(desk, project)
    for state, count in ((FileState.UNSCANNED, 0), (FileState.CLEAN, 1)):
        land.market.world.act(partial(_scanned, state=state))
        content = handbook_pdf(land.market.world.door, land.market.caller("binjiang01"), view.id)
        assert sum(len(page.images) for page in pypdf.PdfReader(io.BytesIO(content)).pages) == count


@pytest.mark.row(77)
def test_chosen_chapters_are_printed_alone_and_say_that_they_are_a_part(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    permit(desk, project, 7011)
    view = compiled(desk, project)
    door, caller = land.market.world.door, land.market.caller("binjiang01")
    text = text_of(handbook_pdf(door, caller, view.id, [2, 6]))
    assert "节选" in text
    assert ("第6章" in text, "第2章" in text, "第1章" in text, "第14章" in text) == (True, True, False, False)
    whole = text_of(handbook_pdf(door, caller, view.id))
    assert ("第1章" in whole, "节选" in whole) == (True, False)
    with pytest.raises(Rejected, match="没有这样的章节"):
        handbook_pdf(door, caller, view.id, [16])


@pytest.mark.row(79)
def test_an_archive_waits_until_its_files_are_checked_for_viruses(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    permit(desk, project, 7012)
    compiled(desk, project)
    land.market.world.act(partial(_scanned, state=FileState.UNSCANNED))
    with running_scanner() as simulator, scanning(land, simulator.address):
        with pytest.raises(Conflict, match="正在查毒"):
            archived(desk, project)
        night(land, 2027, 3, 2, job="handbook.archive")
        assert archives(land, project) == []
    land.market.world.act(partial(_scanned, state=FileState.CLEAN))
    night(land, 2027, 3, 3, job="handbook.archive")
    assert len(archives(land, project)) == 1


@pytest.mark.row(79)
def test_a_full_storage_says_what_to_do_keeps_what_was_and_the_next_night_archives(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    compiled(desk, project)
    first = archived(desk, project)
    with full_storage(land):
        with pytest.raises(Unavailable, match="存储空间已满，本次操作没有保存"):
            archived(desk, project)
        with pytest.raises(Unavailable, match="存储空间已满"):
            night(land, 2027, 4, 1, job="handbook.archive")
    assert [row.id for row in archives(land, project)] == [first]
    assert desk.perform(verify_archive, "binjiang_admin", first) is ArchiveState.INTACT
    night(land, job="handbook.archive")
    assert [row.trigger for row in archives(land, project)] == [ArchiveTrigger.MANUAL, ArchiveTrigger.PERIODIC]


@contextmanager
def scanning(land: Land, address: str) -> Iterator[None]:
    """Let the house have a virus scanner."""
    house = land.market.world.door.house
    before = house.systems
    house.systems = before.having(VIRUS_SCANNER, ClamdScanner(address))
    try:
        yield
    finally:
        house.systems = before


@contextmanager
def full_storage(land: Land) -> Iterator[None]:
    """Let SQLite take no further page, as on a full disk."""
    engine = land.market.world.door.database.engine

    def bounded(connection: Any, *_: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()

    def unbounded(connection: Any, *_: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1073741823").fetchall()

    event.listen(engine, "checkout", bounded)
    try:
        yield
    finally:
        event.remove(engine, "checkout", bounded)
        event.listen(engine, "checkout", unbounded)


def _scanned(work: Any, state: FileState) -> None:
    for row in work.rows(Attachment):
        row.state = state
        work.add(row)


@pytest.mark.row(77)
def test_three_hundred_planned_buildings_are_listed(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    land.market.world.act(lambda work: many_buildings(work, project))
    view = compiled(desk, project)
    text = text_of(handbook_pdf(land.market.world.door, land.market.caller("binjiang01"), view.id))
    assert "规划建筑物" in text
    assert "共300行" in text
    assert "300#" in text


def many_buildings(work: Any, project: UUID) -> None:
    row = work.session.get_one(Project, project)
    values = {
        "permit_no": "建字第3101152026GG0007001号",
        "builder": "上海申浦滨江置业有限公司",
        "builder_uscc": "91310115MAYPA0014U",
        "project_name": row.name,
        "location": "花木街道",
        "scale_text": "三百幢",
        "issuer": "上海市浦东新区规划和自然资源局",
        "issued_on": "2027-02-01",
        "gfa_total": "300000.00",
        "gfa_above": "300000.00",
        "gfa_below": "0.00",
    }
    buildings = [
        {
            "building_no": f"{number}#",
            "use": "HOUSING",
            "floors_above": "5",
            "floors_below": "0",
            "gfa_total": "1000.00",
        }
        for number in range(1, 301)
    ]
    put_kept(work, "engineering_planning_permit", values, Owner.of(row), children={"buildings": buildings})


@pytest.mark.row(77)
def test_the_night_finds_nothing_wrong_with_a_handbook(desk: Desk, land: Land) -> None:
    view = compiled(desk, land.project("P-1"))
    night(land, job="integrity.files")
    assert desk.ask(open_handbook, "pdshen01", view.id).label == "1.0"


@pytest.mark.row(79)
def test_a_byte_changed_in_storage_is_found(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    compiled(desk, project)
    archive = archived(desk, project)
    assert desk.perform(verify_archive, "pdshen01", archive) is ArchiveState.INTACT
    land.market.world.act(lambda work: _damaged(work, archive))
    assert desk.perform(verify_archive, "pdshen01", archive) is ArchiveState.ALTERED
    with pytest.raises(Unavailable, match="归档包与归档时不一致"):
        open_archive(land.market.world.door, land.market.caller("pdshen01"), archive)
    night(land, job="handbook.watch")
    assert raised(land, archive, "HBK-04")


def _damaged(work: Any, archive: UUID) -> None:
    row = work.session.get_one(HandbookArchive, archive)
    content = bytearray(row.package)
    content[-40] ^= 1
    row.package = bytes(content)
    work.add(row)


def raised(land: Land, subject: UUID, rule: str) -> list[Alert]:
    wanted: Callable[[Any], list[Alert]] = lambda work: list(  # noqa: E731
        work.rows(Alert, Alert.subject_id == subject, Alert.rule_code == rule, col(Alert.open_key).is_not(None))
    )
    found: list[Alert] = land.market.world.read(wanted)
    return found


@pytest.mark.row(79)
def test_handbooks_are_put_aside_at_each_stage_and_quarter(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    night(land, 2027, 3, 2)
    for _ in range(2):
        night(land, job="handbook.archive")
    permit(desk, project, 7005)
    night(land, 2027, 3, 3)
    night(land, job="handbook.archive")
    night(land, 2027, 3, 31, job="handbook.archive")
    night(land, 2027, 4, 1, job="handbook.archive")
    night(land, 2027, 4, 2, job="handbook.archive")
    told = [(row.trigger, row.unchanged, row.stage.value) for row in archives(land, project)]
    assert told == [
        (ArchiveTrigger.STAGE, False, "LAND"),
        (ArchiveTrigger.STAGE, False, "PLANNING"),
        (ArchiveTrigger.PERIODIC, True, "PLANNING"),
    ]


@pytest.mark.row(79)
def test_a_stage_that_goes_back_is_put_aside_again(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    record = permit(desk, project, 7006)
    night(land, 2027, 3, 2)
    night(land, job="handbook.archive")
    desk.perform(acts(PERMIT).void, "pdshen01", Void(record, "证书已被发证机关撤销"))
    night(land, 2027, 3, 3)
    night(land, job="handbook.archive")
    assert [row.stage.value for row in archives(land, project)] == ["PLANNING", "LAND"]
    (planning, _) = archives(land, project)
    assert [one[:7] for one in desk.ask(voided_since, "pdshen01", planning.id)] == ["用地规划许可证"]


@pytest.mark.row(79)
def test_an_open_draft_does_not_hold_up_an_archive(desk: Desk, texts: Desk, land: Land) -> None:
    project = land.project("P-1")
    compiled(desk, project)
    texts.begin(project, {"introduction": "草稿"})
    archive = archived(desk, project)
    content = open_archive(land.market.world.door, land.market.caller("pdshen01"), archive).content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert "草稿" not in package.read("handbook.json").decode()


@pytest.mark.row(79)
def test_a_signing_service_that_is_down_leaves_no_archive(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    compiled(desk, project)
    house = land.market.world.door.house
    signing = house.crypto
    house.crypto = cast(Crypto, NoSigner())
    with pytest.raises(Unavailable):
        archived(desk, project)
    house.crypto = signing
    assert archives(land, project) == []
    archived(desk, project)


@pytest.mark.row(77)
def test_a_project_without_a_handbook_and_texts_that_are_old_are_alerts(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    night(land, 2027, 3, 4, job="handbook.watch")
    assert not raised(land, project, "HBK-03")
    night(land, 2027, 3, 10, job="handbook.watch")
    assert raised(land, project, "HBK-03")
    night(land, 2027, 3, 11)
    night(land, job="handbook.watch")
    assert not raised(land, project, "HBK-03")
    assert not raised(land, project, "HBK-02")
    night(land, 2027, 6, 30, job="handbook.watch")
    assert raised(land, project, "HBK-02")


@pytest.mark.row(77)
def test_what_a_past_stage_lacks_is_an_alert_that_becomes_grave(desk: Desk, land: Land) -> None:
    project = land.project("P-1")
    permit(desk, project, 7008)
    night(land, 2027, 3, 2)
    night(land, job="handbook.archive")
    night(land, job="handbook.watch")
    (alert,) = raised(land, project, "HBK-01")
    assert (alert.grade.value, alert.key) == ("BLUE", "LAND")
    night(land, 2027, 5, 10, job="handbook.watch")
    (alert,) = raised(land, project, "HBK-01")
    assert alert.grade.value == "RED"
