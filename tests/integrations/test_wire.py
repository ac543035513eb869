"""The shared client against servers that misbehave in ways no simulator does."""

import gzip
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from integrations.police.client import PoliceClient
from integrations.wire.client import Timeout
from integrations.wire.contract import Coded
from services.ports.answers import Answer, AnswerState, PersonQuestion, SamePerson
from services.ports.systems import Systems
from tests.integrations.tables import CHEN
from tests.world import outside

Reply = tuple[int, dict[str, str], bytes]
JSON = {"Content-Type": "application/json"}


@contextmanager
def server(reply: Reply, *, drip: bool = False) -> Iterator[str]:
    """An address whose every answer is `reply`; `ECHO` in it becomes the request's number. Dripping never ends."""
    ended = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, headers, body = reply
            body = body.replace(b"ECHO", asked["lsh"].encode())
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(10**6 if drip else len(body)))
            self.end_headers()
            self.wfile.write(body)
            while drip and not ended.wait(0.05):
                self.wfile.write(b" ")

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                ended.set()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.server_address[1]}"
        finally:
            ended.set()
            listening.shutdown()
            thread.join()


def ask(url: str, timeout: Timeout | None = None) -> Answer[SamePerson]:
    client = PoliceClient(url, outside(), timeout or Timeout())
    try:
        return client.same_person(PersonQuestion(CHEN[0], "11", CHEN[1]))
    finally:
        client.close()


def said(**fields: object) -> bytes:
    return json.dumps({"lsh": "ECHO", "hcjg": "1", "kksj": "2026-03-01 08:30:00", **fields}).encode()


def test_added_fields_are_ignored_and_beijing_time_is_understood() -> None:
    with server((200, JSON, said(xinziduan={"a": [1]}))) as url:
        answer = ask(url)
    assert (answer.state, answer.value) == (AnswerState.HIT, SamePerson(True))
    assert answer.at is not None
    assert answer.at.isoformat() == "2026-03-01T00:30:00+00:00"


@pytest.mark.proves("H64")
@pytest.mark.parametrize(
    ("reply", "note"),
    [
        ((200, JSON, said(lsh="another-question")), "应答与所问不符"),
        ((200, JSON, said(hcjg="9")), "应答格式不符"),
        ((200, JSON, said(hcjg=1)), "应答格式不符"),
        ((200, JSON, said(kksj="今天")), "应答格式不符"),
        ((200, JSON, b"[]"), "应答格式不符"),
        ((200, JSON, b""), "应答不是有效的JSON"),
        ((200, JSON, b"\xff\xfe"), "应答不是有效的JSON"),
        ((200, JSON, b"[" * 100_000), "应答不是有效的JSON"),
        ((200, {}, said()), "应答不是JSON"),
        ((200, {"Content-Type": "text/plain"}, said()), "应答不是JSON"),
        ((200, {**JSON, "Content-Encoding": "gzip"}, gzip.compress(said())), "应答不是JSON"),
        ((302, {"Location": "http://127.0.0.1:1/"}, b""), "对方返回状态302"),
        ((204, JSON, b""), "对方返回状态204"),
        ((200, JSON, said() + b" " * (1 << 20)), "应答过大"),
    ],
)
def test_reply_that_cannot_be_used_is_silence(reply: Reply, note: str) -> None:
    with server(reply) as url:
        answer = ask(url)
    assert (answer.state, answer.value, answer.note) == (AnswerState.SILENT, None, note)


@pytest.mark.proves("H64")
def test_reply_that_drips_is_given_up() -> None:
    with server((200, JSON, said()), drip=True) as url:
        assert ask(url, Timeout(connect=0.3, read=0.3)).note == "超时"


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://", "ftp://127.0.0.1", "no address", "http://[::1"])
def test_address_that_cannot_be_reached_is_silence(url: str) -> None:
    assert ask(url).silent


def test_closed_client_is_silent(systems: Systems) -> None:
    client = PoliceClient("http://127.0.0.1:1", outside())
    client.close()
    assert client.same_person(PersonQuestion(CHEN[0], "11", CHEN[1])).silent


@pytest.mark.parametrize("status", [200, 500])
def test_no_log_line_names_a_person(caplog: pytest.LogCaptureFixture, status: int) -> None:
    # A program that runs in this process may have quieted the client's own loggers.
    for name in (None, "httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, name)
    with server((status, JSON, said(hcjg=f"{CHEN[0]}{CHEN[1]}"))) as url:
        answer = ask(url)
    assert caplog.records
    assert CHEN[1] not in caplog.text + answer.note
    assert CHEN[0] not in caplog.text + answer.note


def test_coded_texts_have_a_hash_which_python_3_11_needs_for_an_optional_one() -> None:
    assert hash(Coded({"1": "INNER"}))
