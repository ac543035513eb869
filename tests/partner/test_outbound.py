"""Our end towards partners: believed addresses and replies only, one envelope a message, retries, dead letters (H63, H64)."""

import json
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from integrations.wire.exchange.client import ExchangeClient
from integrations.wire.outbound import Outbound, Outside
from models.access import Role, ScopeKind
from models.alarms import Alarm
from models.engine import Notice, Outgoing, OutgoingState
from models.partners import Partner, PartnerExchange
from models.sealed import Sealed
from services.engine.callers import Caller, Scope
from services.engine.listings import ListRows
from services.engine.orders import Decide
from services.engine.outbox import resend, send_waiting
from services.engine.work import Work
from services.partners.exchanges import LOG, Outcome, open_exchange
from services.partners.line_test import test_line
from services.partners.outgoing import pass_on, passing_on
from services.partners.registry import (
    MaintainPartner,
    ProposePartner,
    confirm_change,
    maintain_partner,
    propose_partner,
)
from services.partners.wire_fields import WireModel
from services.ports.exchange import EXCHANGE, PartnerMessage, PeerKey
from tests.partner import independent
from tests.partner.independent import IndependentClient, KeyPair
from tests.partner.rig import ID_NO, PERSON, Rig
from tests.world import outside, provider

KEEPER = Caller("keeper", (Scope(Role.SYS_ADMIN, ScopeKind.CITY),), account_id=uuid4())
CONFIRMER = Caller("confirmer", (Scope(Role.SEC_ADMIN, ScopeKind.CITY),), account_id=uuid4())
CITY = Caller("city", (Scope(Role.CITY_CENTER, ScopeKind.CITY),), account_id=uuid4())
run_line = test_line
test_line = None  # type: ignore[assignment]

_seen: list[tuple[str, dict[str, Any]]] = []
passing_on(
    "test_outbound",
    "bill",
    path="/bills",
    label="测试账单",
    row=18,
    message=WireModel,
    afterwards=lambda work, message: _seen.append((f"after {message.state}", {})),
    answered=lambda work, message, data: _seen.append(("answered", data)),
)


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Peer:
    """A partner's server made of the independent client's parts; `spoil` changes its reply."""

    rig: Rig
    client: IndependentClient
    url: str = ""
    received: list[Received] = field(default_factory=list)
    spoil: Callable[["Reply"], None] = lambda reply: None
    data: dict[str, Any] = field(default_factory=lambda: {"accepted": True})


@dataclass
class Reply:
    """What will be sent, before it is signed and after."""

    status: int = 200
    body: bytes = b""
    nonce: str = ""
    kid: str = ""
    keys: KeyPair | None = None
    at_ms: int = 0
    media: str = "application/json"
    after: Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]] = lambda headers, body: (headers, body)
    raw: Callable[[BaseHTTPRequestHandler], None] | None = None


@contextmanager
def peer(rig: Rig, **more: Any) -> Iterator[Peer]:
    import time

    made: list[Peer] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_POST(self) -> None:
            here = made[0]
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent = {name.lower(): value for name, value in self.headers.items()}
            here.received.append(Received(self.path, sent, body))
            told = json.dumps({"code": "0", "msg": "ok", "data": here.data}, ensure_ascii=False).encode()
            reply = Reply(
                body=told,
                nonce=sent["x-nonce"],
                kid=here.client.sign_kid,
                keys=here.client.sign_keys,
                at_ms=int(time.time() * 1000),
            )
            here.spoil(reply)
            if reply.raw is not None:
                reply.raw(self)
                return
            digest = independent.sm3(reply.body).hex()
            lines = ["SM2-SM3-V1-RESP", str(reply.status), here.client.app_id, sent["x-app-id"], reply.kid]
            lines += [str(reply.at_ms), reply.nonce, "their-request-1", reply.media, "none", digest]
            assert reply.keys is not None
            headers = {
                "X-Sign-Alg": "SM2-SM3-V1",
                "X-Key-Id": reply.kid,
                "X-Timestamp": str(reply.at_ms),
                "X-Request-Nonce": reply.nonce,
                "X-Request-Id": "their-request-1",
                "X-Body-Enc": "none",
                "X-Content-SM3": digest,
                "X-Signature": reply.keys.sign_b64("\n".join(lines).encode()),
                "Content-Type": reply.media,
            }
            headers, out = reply.after(headers, reply.body)
            self.send_response(reply.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(out)))
            self.end_headers()
            self.wfile.write(out)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/partner"
    client = rig.partner(f"peer-{secrets.token_hex(4)}", base_url=url)
    made.append(Peer(rig, client, url, **more))
    # A fresh line: breakers of earlier tests do not count.
    rig.door.house.systems = rig.door.systems.having(
        EXCHANGE, ExchangeClient(provider(), "shfg-rental-test", outside(), connect=1.0, total=2.0)
    )
    try:
        yield made[0]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def queue(rig: Rig, to: IndependentClient, key: str, body: dict[str, Any] | None = None) -> Outgoing:
    def put(work: Work) -> Outgoing:
        about = work.add(Notice(subject=key, body=Sealed.of_json({}), object_kind="test"))
        row = work.session.exec(select(Partner).where(Partner.app_id == to.app_id)).one()
        return pass_on(work, row, "test_outbound", "bill", business_key=key, about=about, body=body or {"no": key})

    message: Outgoing = rig.world.act(put)
    return message


def state(rig: Rig, message: Outgoing) -> Outgoing:
    found: Outgoing = rig.world.read(
        lambda work: work.session.exec(select(Outgoing).where(Outgoing.id == message.id)).one()
    )
    return found


def lines(rig: Rig, message: Outgoing) -> list[PartnerExchange]:
    rows = (
        select(PartnerExchange).where(PartnerExchange.outgoing_id == message.id).order_by(col(PartnerExchange.attempt))
    )
    return list(rig.world.read(lambda work: work.session.exec(rows).all()))


def drain(rig: Rig) -> None:
    while send_waiting(rig.door):
        pass


@pytest.mark.proves("M2", "P-g")
def test_a_message_reaches_its_partner_sealed_and_signed_and_both_proofs_are_kept(rig: Rig) -> None:
    _seen.clear()
    with peer(rig, data={"accepted": True, "bill_no": "B1"}) as there:
        body = {"no": "B1", "tenant": {"name": PERSON, "id_no": ID_NO}}
        message = queue(rig, there.client, f"B1-{secrets.token_hex(3)}", body)
        drain(rig)
        (got,) = there.received
    assert (got.path, got.headers["x-audience"], got.headers["x-app-id"]) == (
        "/partner/bills",
        there.client.app_id,
        "shfg-rental-test",
    )
    assert got.headers["x-idempotency-key"] == message.request_id
    assert PERSON.encode() not in got.body
    opened = independent.unseal(there.client.enc_keys, json.loads(got.body), "shfg-rental-test", there.client.app_id)
    assert json.loads(opened) == body
    canonical = "\n".join(
        [
            "SM2-SM3-V1",
            "POST",
            there.client.app_id,
            "/partner/bills",
            "",
            *(got.headers[f"x-{name}"] for name in ("app-id", "key-id", "timestamp", "nonce", "idempotency-key")),
            "application/json",
            "sm4-env-v1",
            independent.sm3(got.body).hex(),
        ]
    )
    public = rig.server().signing[got.headers["x-key-id"]]
    assert independent.verify(public, canonical.encode(), got.headers["x-signature"])
    sent = state(rig, message)
    assert (sent.state, sent.receipt) == (OutgoingState.SENT, "their-request-1")
    assert [told for told in _seen if told[0] != "x"] == [
        ("answered", {"accepted": True, "bill_no": "B1"}),
        ("after SENT", {}),
    ]
    (line,) = lines(rig, message)
    assert (line.direction, line.code, line.attempt, line.row_no) == ("OUT", "0", 1, 18)
    assert line.receipt is not None
    receipt = line.receipt.json()
    assert receipt["request"]["canonical"] == canonical
    assert independent.verify(
        there.client.sign_keys.public, receipt["reply"]["canonical"].encode(), receipt["reply"]["signature"]
    )
    assert line.payload is not None
    assert line.payload.json()["tenant"] == {"name": "张*", "id_no": "1****************X"}


def test_a_resend_keeps_envelope_and_key_and_has_a_new_nonce(rig: Rig) -> None:
    with peer(rig) as there:
        there.spoil = lambda reply: setattr(reply, "status", 503)
        message = queue(rig, there.client, f"R-{secrets.token_hex(3)}")
        for minutes in (0, 1, 5, 30):
            rig.world.let_pass(minutes=minutes)
            drain(rig)
        assert state(rig, message).state is OutgoingState.DEAD
        assert len(there.received) == 4
        assert len({got.body for got in there.received}) == 1
        assert {got.headers["x-idempotency-key"] for got in there.received} == {message.request_id}
        assert len({got.headers["x-nonce"] for got in there.received}) == 4
        assert [line.attempt for line in lines(rig, message)] == [1, 2, 3, 4]
        assert lines(rig, message)[0].detail == "对方答复503"
        alarms = rig.world.read(lambda work: work.session.exec(select(Alarm)).all())
        assert there.client.app_id in {alarm.object_key for alarm in alarms if alarm.alarm_code == "PARTNER.DEAD"}
        detail = rig.door.ask(open_exchange, CITY, lines(rig, message)[-1].id)
        assert detail.resend == message.id
        assert len(detail.attempts) == 4
        there.spoil = lambda reply: None
        rig.door.perform(resend, CITY, message.id)
        drain(rig)
        assert state(rig, message).state is OutgoingState.SENT
        assert len({got.body for got in there.received}) == 1
    found = rig.door.ask(LOG.query, CITY, ListRows({"partner": there.client.app_id, "outcome": "FAILED"}))
    assert (found.total, {line.direction for line in found.lines}) == (4, {"OUT"})


def test_a_partner_looked_after_or_stopped_gets_nothing_and_loses_nothing(rig: Rig) -> None:
    with peer(rig) as there:
        row = rig.row(there.client.app_id)
        rig.door.perform(maintain_partner, KEEPER, MaintainPartner(row.id, True, "对方升级"))
        message = queue(rig, there.client, f"M-{secrets.token_hex(3)}")
        for _ in range(5):
            rig.world.let_pass(hours=1)
            send_waiting(rig.door)
        assert there.received == []
        assert (state(rig, message).state, state(rig, message).attempts) == (OutgoingState.WAITING, 0)
        rig.door.perform(maintain_partner, KEEPER, MaintainPartner(row.id, False))
        rig.world.let_pass(minutes=1)
        drain(rig)
        assert state(rig, message).state is OutgoingState.SENT


@pytest.mark.row(19)
def test_what_waits_for_a_firm_that_moved_is_sent_to_its_new_address(rig: Rig) -> None:
    with peer(rig) as old, peer(rig) as new:
        row = rig.row(old.client.app_id)
        message = queue(rig, old.client, f"N-{secrets.token_hex(3)}")
        old.spoil = lambda reply: setattr(reply, "status", 503)
        drain(rig)
        assert (len(old.received), state(rig, message).state) == (1, OutgoingState.WAITING)
        moved = ProposePartner(row.app_id, row.label, row.kind, new.url, row.networks, row.scopes, partner_id=row.id)
        change_id = rig.door.perform(propose_partner, KEEPER, moved)
        new.client.sign_kid, new.client.sign_keys = old.client.sign_kid, old.client.sign_keys
        new.client.app_id = old.client.app_id
        rig.world.let_pass(minutes=1, seconds=5)
        drain(rig)
        assert len(old.received) == 2, "nothing changes before the second hand"
        rig.door.perform(confirm_change, CONFIRMER, Decide(change_id, True))
        rig.world.let_pass(minutes=5, seconds=5)
        drain(rig)
        assert (len(old.received), len(new.received)) == (2, 1)
        assert state(rig, message).state is OutgoingState.SENT
    # The same message in the same envelope, wherever it went.
    assert {got.body for got in old.received} == {got.body for got in new.received}


@pytest.mark.proves("H63", "H71")
def test_an_address_changed_by_sql_is_not_called(rig: Rig) -> None:
    with peer(rig) as there, peer(rig) as thief:
        row = rig.row(there.client.app_id)
        message = queue(rig, there.client, f"S-{secrets.token_hex(3)}")
        table: sa.Table = Partner.__table__  # type: ignore[attr-defined]
        with rig.door.database.engine.begin() as connection:
            connection.execute(sa.update(table).where(table.c.id == row.id).values(base_url=thief.url))
        other = queue(rig, thief.client, f"S-{secrets.token_hex(3)}")
        drain(rig)
        # Nothing is sent to him, and others do not wait for it.
        assert (len(there.received), len(thief.received)) == (0, 1)
        assert state(rig, other).state is OutgoingState.SENT
        alarms = rig.world.read(lambda work: work.session.exec(select(Alarm)).all())
        assert str(row.id) in {alarm.object_key for alarm in alarms if alarm.alarm_code == "ACL.TAMPER"}
        with rig.door.database.engine.begin() as connection:
            connection.execute(sa.update(table).where(table.c.id == row.id).values(base_url=there.url))
        rig.world.let_pass(minutes=1)
        drain(rig)
        assert state(rig, message).state is OutgoingState.SENT


# Replies


def _send(rig: Rig, there: Peer) -> tuple[str, int]:
    exchange = rig.door.systems.at(EXCHANGE)
    assert exchange is not None
    answer = exchange.send(
        PartnerMessage(
            there.client.app_id,
            there.url,
            "/bills",
            json.dumps({"no": "1"}),
            "outbound-key-1",
            (PeerKey(there.client.sign_kid, there.client.sign_keys.public),),
            encrypted=False,
        )
    )
    return answer.error, answer.milliseconds


def _drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    gone = threading.Event()
    try:
        for _ in range(200):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            gone.wait(0.05)
    except OSError:
        return


def _huge(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(1 << 30))
    handler.end_headers()


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    try:
        for _ in range(64):
            handler.wfile.write(b" " * 65_536)
    except OSError:
        return


def _redirect(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "http://127.0.0.1:1/")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def _changed(**values: Any) -> Callable[[Reply], None]:
    def change(reply: Reply) -> None:
        for name, value in values.items():
            setattr(reply, name, value)

    return change


def _later(seconds: int) -> Callable[[Reply], None]:
    return lambda reply: setattr(reply, "at_ms", reply.at_ms + seconds * 1000)


_SPOILT: dict[str, tuple[Callable[[Reply], None], str]] = {
    "bad signature": (_changed(keys=KeyPair(12345)), "签名验证未通过"),
    "unknown key": (_changed(kid="other-key-1"), "未登记或已失效"),
    "wrong nonce echo": (_changed(nonce="0" * 32), "随机数与请求不符"),
    "too old": (_later(-400), "时间超出"),
    "from tomorrow": (_later(400), "时间超出"),
    "html": (_changed(media="text/html", body=b"<html></html>"), "不是JSON"),
    "bad json": (_changed(body=b'{"code":"0"'), "不是有效的JSON"),
    "repeated key": (_changed(body=b'{"code":"0","code":"1"}'), "不是有效的JSON"),
    "no object": (_changed(body=b"[]"), "格式不符"),
    "other body": (_changed(after=lambda headers, body: (headers, body + b" ")), "摘要不一致"),
    "unsigned": (
        _changed(after=lambda headers, body: ({k: v for k, v in headers.items() if k != "X-Signature"}, body)),
        "没有按规范签名",
    ),
    "a gigabyte": (_changed(raw=_huge), "应答过大"),
    "endless": (_changed(raw=_endless), "应答过大"),
    "drip": (_changed(raw=_drip), "超时"),
    "redirect": (_changed(raw=_redirect), "不是JSON"),
    "refusal": (_changed(status=422, body=b'{"code":"E1017","msg":"x","request_id":"1"}'), "对方答复E1017"),
}


@pytest.mark.proves("H64")
@pytest.mark.parametrize("name", list(_SPOILT))
def test_a_reply_that_cannot_be_believed_is_none(rig: Rig, name: str) -> None:
    spoil, told = _SPOILT[name]
    with peer(rig) as there:
        there.spoil = spoil
        error, spent = _send(rig, there)
    assert told in error
    assert spent < 4000


def test_an_honest_reply_is_believed(rig: Rig) -> None:
    with peer(rig) as there:
        assert _send(rig, there)[0] == ""


@pytest.mark.proves("H64")
def test_a_partner_that_lets_us_wait_is_left_alone_for_a_while(rig: Rig) -> None:
    with peer(rig) as there:
        rig.door.house.systems = rig.door.systems.having(
            EXCHANGE, ExchangeClient(provider(), "shfg-rental-test", outside(), connect=0.2, total=0.3)
        )
        there.spoil = _changed(raw=_drip)
        told = [_send(rig, there)[0] for _ in range(7)]
    assert told[:5] == ["超时"] * 5
    assert told[5:] == ["对方持续无应答，暂停访问"] * 2


@pytest.mark.proves("H63")
def test_a_name_that_leads_inward_is_not_connected_to(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    inward = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 443))]
    with peer(rig) as there:
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: inward)
        line = ExchangeClient(provider(), "shfg-rental-test", Outside(Outbound()))
        rig.door.house.systems = rig.door.systems.having(EXCHANGE, line)
        there.url = "https://gjj.example.com/api"
        assert "不允许访问" in _send(rig, there)[0]


# Line test


def test_a_line_test_says_whether_both_sides_believe_each_other(rig: Rig) -> None:
    with peer(rig, data={"app_id": "x"}) as there:
        row = rig.row(there.client.app_id)
        told = rig.door.perform(run_line, KEEPER, row.id)
        assert (told.error, told.code) == ("", "0")
        assert there.received[0].path == "/partner/ping"
        assert "x-idempotency-key" not in there.received[0].headers
        there.spoil = _changed(nonce="0" * 32)
        assert "随机数" in rig.door.perform(run_line, CITY, row.id).error
    found = rig.door.ask(LOG.query, CITY, ListRows({"partner": there.client.app_id, "operation": "/ping"}))
    assert [line.outcome for line in found.lines] == [Outcome.FAILED, Outcome.DONE]


def test_a_partner_without_an_address_cannot_be_tested(rig: Rig) -> None:
    client = rig.partner(f"mute-{secrets.token_hex(3)}")
    told = rig.door.perform(run_line, KEEPER, rig.row(client.app_id).id)
    assert told.error == "对接方没有登记接口基址"
