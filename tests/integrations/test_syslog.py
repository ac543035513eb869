"""Audit events at a syslog server: RFC 5424 over UDP and TCP, after the commit, and nobody waits for it."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from integrations.evidence_sink.syslog import SyslogForward, frame
from services.engine.callers import SYSTEM
from services.engine.refusals import Refusal
from services.engine.work import Work
from tests.services.engine.notes import Note, noting
from tests.world import World, running_world

BODY = (
    '{"act":"login","chain":"app","det":{},"dig":"","evt":"AUTH.LOGIN","ip":"10.1.2.3","obj_id":"","obj_t":"session",'
    '"org":"","prev":"","req":"r","res":"ok","role":"R","rsn":"","seq":7,"sev":6,"sid":"","ts":"2026-11-24T02:00:00.123Z",'
    '"uid":"u-1001","v":1}'
)


@contextmanager
def forwarding(world: World, url: str) -> Iterator[SyslogForward]:
    forward = world.door.house.forward = SyslogForward(url)
    try:
        yield forward
    finally:
        world.door.house.forward = None
        forward.stop()


def test_a_message_has_the_form_of_rfc_5424() -> None:
    head, _, text = frame(BODY).partition(b"\xef\xbb\xbf")
    assert text.decode() == BODY
    parts = head.decode().split(" ")
    # Facility 13 (log audit), severity 6.
    assert (parts[0], parts[1], parts[3], parts[5]) == ("<110>1", "2026-11-24T02:00:00.123Z", "shenfang", "AUTH.LOGIN")
    assert '[audit@32473 chain="app" seq="7"]' in head.decode()


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "udp://", "127.0.0.1:514"])
def test_an_address_that_is_none_is_refused_in_words(url: str) -> None:
    with pytest.raises(ValueError, match="SYSLOG_URL"):
        SyslogForward(url)


@pytest.mark.proves("D10")
def test_committed_events_arrive_by_udp_and_what_was_rolled_back_does_not(fresh_database_url: str) -> None:
    def refuse(work: Work) -> None:
        work.trail.tell("DATA.CREATE", "never")
        raise Refusal("不")

    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server,
        running_world(fresh_database_url, houses=False) as world,
    ):
        server.bind(("127.0.0.1", 0))
        server.settimeout(20)
        with forwarding(world, f"udp://127.0.0.1:{server.getsockname()[1]}"):
            with pytest.raises(Refusal):
                world.door.perform(noting(refuse), SYSTEM, Note(uuid4().hex))
            world.door.perform(noting(), SYSTEM, Note(uuid4().hex))
            acts = []
            while "test.note" not in acts:
                acts.append(json.loads(server.recv(65536).partition(b"\xef\xbb\xbf")[2])["act"])
        assert "never" not in acts


def test_messages_over_tcp_are_counted_and_come_after_the_server_does() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        forward = SyslogForward(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        forward([BODY, BODY])
        server.listen()
        server.settimeout(20)
        connection, _ = server.accept()
        with connection:
            connection.settimeout(20)
            received = b""
            while received.count(b'"v":1}') < 2:
                received += connection.recv(65536)
        forward.stop()
    size, _, rest = received.partition(b" ")
    assert rest[: int(size)] == frame(BODY)
    assert rest[int(size) :].startswith(size + b" <110>1")


def test_a_server_that_takes_nothing_makes_nobody_wait() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        forward = SyslogForward(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        for _ in range(11_000):
            forward([BODY])
        assert forward.dropped >= 900
        forward.stop(0.1)
