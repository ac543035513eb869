"""Materials on their way in and out: examined, sealed, scanned, kept apart, told to the audit (D17, H41, H42, H44)."""

import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from integrations.virus_scan.client import ClamdScanner
from integrations.virus_scan.simulator import TEST_VIRUS, VirusScannerSimulator
from models.alarms import Alarm
from models.audit import AuditEvent
from models.documents import Attachment, FileState
from services.documents.attachments import (
    KeepAttachment,
    KeptAttachment,
    OpenedAttachment,
    keep_attachment,
    open_attachment,
    scan_waiting,
)
from services.engine.refusals import Conflict, NotFound, Rejected
from services.ports.systems import VIRUS_SCANNER
from tests.files_made import file_id, jpeg, pdf, png, stream, xlsx
from tests.scanner import running_scanner
from tests.world import World

SCRIPT = pdf(b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")
INFECTED = pdf(objects=[stream(b"", TEST_VIRUS)])
NAME = "王小明的授权书.pdf"


@pytest.fixture
def scanner(world: World) -> Iterator[VirusScannerSimulator]:
    """A virus scanner beside the other systems."""
    before = world.door.systems
    with running_scanner() as simulator:
        world.door.house.systems = before.having(VIRUS_SCANNER, ClamdScanner(simulator.address, seconds=0.5))
        yield simulator
    world.door.house.systems = before


def keep(world: World, content: bytes, name: str = NAME, login: str = "huamu01") -> KeptAttachment:
    return world.door.perform(keep_attachment, world.caller(login), KeepAttachment("授权书", name, content))


def opened(world: World, kept: KeptAttachment, login: str = "huamu01") -> OpenedAttachment:
    return world.door.ask(open_attachment, world.caller(login), kept.id)


def row(world: World, attachment_id: UUID) -> Attachment:
    found: Attachment = world.read(
        lambda work: work.session.exec(select(Attachment).where(Attachment.id == attachment_id)).one()
    )
    return found


def told(world: World, attachment_id: UUID) -> list[str]:
    """The codes of what the audit tells of a file, in order."""
    events = select(AuditEvent.event).where(AuditEvent.object_id == str(attachment_id)).order_by(col(AuditEvent.seq))
    return [code for code in world.read(lambda work: work.session.exec(events).all()) if code.startswith("FILE.")]


def last_event(world: World) -> dict[str, Any]:
    newest = select(AuditEvent.body).order_by(col(AuditEvent.seq).desc()).limit(1)
    event: dict[str, Any] = json.loads(world.read(lambda work: work.session.exec(newest).one()))
    return event


@pytest.mark.proves("D17")
@pytest.mark.parametrize(
    ("content", "showable"), [(png(), True), (jpeg(), True), (pdf(), False)], ids=["png", "jpeg", "pdf"]
)
def test_a_clean_file_is_kept_sealed_and_comes_back_as_it_was(
    world: World, scanner: VirusScannerSimulator, content: bytes, showable: bool
) -> None:
    kept = keep(world, content)
    stored = row(world, kept.id)
    assert (stored.state, stored.scanner, stored.kept_apart) == (FileState.CLEAN, "ClamAV 1.4.3/27800/simulated", "")
    assert stored.content.startswith(b"SHF1")
    assert content[8:] not in stored.content
    back = opened(world, kept)
    assert (back.content, back.showable) == (content, showable)
    assert told(world, kept.id) == ["FILE.UPLOAD", "FILE.DOWNLOAD"]


@pytest.mark.proves("D17")
def test_without_a_scanner_a_file_is_a_download_only(world: World) -> None:
    kept = keep(world, png())
    assert (row(world, kept.id).state, opened(world, kept).showable) == (FileState.UNSCANNED, False)


@pytest.mark.proves("D17")
@pytest.mark.parametrize("fault", ["hang", "close", "error", "garbage"])
def test_a_silent_scanner_leaves_a_file_unscanned(world: World, scanner: VirusScannerSimulator, fault: str) -> None:
    scanner.fault = fault
    kept = keep(world, png())
    assert (row(world, kept.id).state, kept.usable, opened(world, kept).showable) == (FileState.UNSCANNED, True, False)


@pytest.mark.proves("D17")
def test_what_waited_is_scanned_when_the_scanner_answers_again(world: World) -> None:
    clean, infected, active = keep(world, png()), keep(world, INFECTED), keep(world, SCRIPT)
    assert scan_waiting(world.door) == 0
    before = world.door.systems
    with running_scanner() as simulator:
        world.door.house.systems = before.having(VIRUS_SCANNER, ClamdScanner(simulator.address))
        while scan_waiting(world.door):
            pass
    world.door.house.systems = before
    states = [row(world, one.id).state for one in (clean, infected, active)]
    assert states == [FileState.CLEAN, FileState.QUARANTINED, FileState.QUARANTINED]
    assert told(world, infected.id) == ["FILE.UPLOAD", "FILE.QUARANTINE"]
    with pytest.raises(Conflict):
        opened(world, infected)


@pytest.mark.proves("H44", "D17")
def test_an_active_pdf_is_quarantined_and_handed_out_as_a_download_h44(
    world: World, scanner: VirusScannerSimulator
) -> None:
    kept = keep(world, SCRIPT)
    stored = row(world, kept.id)
    assert (kept.usable, kept.note) == (True, "该文件含有打开时自动执行的动作、脚本，已隔离保存，只能下载查看")
    assert (stored.state, stored.kept_apart) == (FileState.QUARANTINED, "打开时自动执行的动作、脚本")
    assert told(world, kept.id) == ["FILE.UPLOAD", "FILE.QUARANTINE"]
    assert (opened(world, kept).content, opened(world, kept).showable) == (SCRIPT, False)


@pytest.mark.proves("D17")
def test_a_virus_is_kept_apart_told_to_those_on_duty_and_handed_to_nobody(
    world: World, scanner: VirusScannerSimulator
) -> None:
    kept = keep(world, INFECTED)
    assert (kept.usable, kept.note) == (False, "该文件含有病毒，已隔离，不作为材料；请更换文件")
    alarm = select(Alarm).where(Alarm.object_key == str(kept.id))
    assert world.read(lambda work: work.session.exec(alarm).one()).alarm_code == "FILE.INFECTED"
    assert told(world, kept.id) == ["FILE.UPLOAD", "FILE.QUARANTINE"]
    for login in ("huamu01", "shi01"):
        with pytest.raises(Conflict):
            opened(world, kept, login)


@pytest.mark.proves("H41", "H43", "D17")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ\x90\0" + b"\0" * 600, "FILE-KIND"),
        (b"<html><script>alert(1)</script></html>", "FILE-KIND"),
        (b"<svg onload='alert(1)'/>", "FILE-KIND"),
        (xlsx(), "FILE-KIND"),
        (png() + b"PK\x05\x06" + b"\0" * 18, "FILE-POLYGLOT"),
        (png()[:-20], "FILE-BROKEN"),
    ],
    ids=file_id,
)
def test_a_renamed_file_is_refused_and_the_audit_says_why_h41(
    world: World, caplog: pytest.LogCaptureFixture, content: bytes, code: str
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(Rejected) as refused:
        keep(world, content)
    event = last_event(world)
    assert (event["evt"], event["act"], event["rsn"]) == ("DATA.REFUSED", "attachments.keep", f"FileRefused {code}")
    for text in (refused.value.message, json.dumps(event, ensure_ascii=False), caplog.text):
        assert "王小明" not in text
        assert "alert" not in text


@pytest.mark.proves("H42")
@pytest.mark.parametrize(
    ("name", "kept_as"),
    [("../../etc/passwd", "passwd.png"), ("C:\\CON", "_CON.png"), ("a\r\nX: y\x00.exe", "aX y.exe.png")],
)
def test_a_hostile_name_never_becomes_a_path_h42(world: World, name: str, kept_as: str) -> None:
    kept = keep(world, png(), name)
    stored = row(world, kept.id)
    assert opened(world, kept).file_name == kept_as
    assert name not in f"{stored.id}{stored.category}{stored.digest}"
    assert stored.id.version == 7


@pytest.mark.proves("H17")
def test_a_file_of_another_office_is_not_there(world: World) -> None:
    kept = keep(world, png())
    with pytest.raises(NotFound):
        opened(world, kept, "longhua01")
