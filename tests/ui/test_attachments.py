"""Files over HTTP: what leaves runs nothing, what comes is counted, and no temporary file stays (H42, H44, H45)."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from nicegui import Client

from services.documents.attachments import KeepAttachment, keep_attachment
from services.files.inspection import LARGEST_RECORD as LARGEST
from tests.files_made import pdf, png
from tests.ui.people import Crowd, page_of
from tests.world import World

SCRIPT = pdf(b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")


def kept(world: World, content: bytes, name: str) -> UUID:
    order = KeepAttachment("协议", name, content)
    return world.door.perform(keep_attachment, world.caller("huamu01"), order).id


@pytest.mark.proves("H42", "H44", "D17")
@pytest.mark.parametrize("content", [SCRIPT, pdf(), png()], ids=["script", "pdf", "png"])
async def test_what_leaves_is_a_download_that_runs_nothing_h44(world: World, crowd: Crowd, content: bytes) -> None:
    attachment = kept(world, content, "../协议\r\n<script>.html")
    browser = await crowd.browser("huamu01")
    answer = await browser.get(f"/attachments/{attachment}")
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-disposition"].startswith('attachment; filename="scripthtml.')
    assert "filename*=UTF-8''%E5%8D%8F%E8%AE%AEscript.html." in answer.headers["content-disposition"]
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_file_of_others_and_one_that_is_not_there_look_alike(world: World, crowd: Crowd) -> None:
    attachment = kept(world, png(), "a.png")
    browser = await crowd.browser("longhua01")
    answers = [await browser.get(f"/attachments/{one}") for one in (attachment, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    assert (await browser.get("/attachments/..%2Fx")).status_code == 404


async def test_a_visitor_gets_no_file(world: World, visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get(f"/attachments/{kept(world, png(), 'a.png')}")).status_code == 401


def upload_address(client: Client) -> str:
    """Where an upload field of a page takes its files."""
    return next(str(one._props["url"]) for one in client.elements.values() if one.tag == "nicegui-upload")


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


HEAD = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
FORM = {"content-type": "multipart/form-data; boundary=x"}


@pytest.mark.proves("H45")
async def test_an_oversize_upload_without_length_is_cut_and_leaves_nothing_h45(crowd: Crowd, temp: Path) -> None:
    user = await crowd.open("huamu01", "/?open=probe-upload")
    address = upload_address(page_of(user))
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        yield HEAD
        for _ in range(1000):
            sent += 1
            yield b"%PDF-1.7" + b"0" * 99_992

    answer = await user.http_client.post(address, content=pieces(), headers=FORM)
    assert (answer.status_code, sent * 100_000 < LARGEST + 1_000_000) == (413, True)
    assert list(temp.iterdir()) == []


@pytest.mark.proves("H45")
async def test_ten_thousand_parts_are_refused_h45(crowd: Crowd, temp: Path) -> None:
    user = await crowd.open("huamu01", "/?open=probe-upload")
    body = b"".join(HEAD + b"x\r\n" for _ in range(10_000)) + b"--x--\r\n"
    answer = await user.http_client.post(upload_address(page_of(user)), content=body, headers=FORM)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text
    assert list(temp.iterdir()) == []
