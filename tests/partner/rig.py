"""The partner API over real HTTP on one database, with endpoints of the tests' own, and partners who know only the profile."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from sqlmodel import select

import integrations.endpoints  # noqa: F401
from integrations.wire.exchange.answers import SignedReply
from integrations.wire.exchange.profile import ProfileError
from integrations.wire.exchange.receiver import PartnerApi
from integrations.wire.exchange.relay import Relay, relay_at
from integrations.wire.exchange.request_judgement import Judged
from models.access import Role
from models.audit import AuditEvent
from models.engine import Notice
from models.partners import KeyUse, Partner, PartnerExchange, PartnerKey, PartnerKind
from models.sealed import Sealed
from services.engine.door import Door
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.registry import Action, Query
from services.engine.work import Work
from services.partners.registry import EnrolKey, ProposePartner, enrol
from services.partners.wire_fields import IdNumber, Money, PersonName, WireModel
from tests.partner.independent import IndependentClient, Replied, Server, Signed
from tests.ready import start
from tests.world import in_order, key_folder, provider, running_world

APP, OTHER = "gjj-test", "qy-other"
SCOPES = "test.notes,test.asks"
PERSON, ID_NO = "张三", "11010519491231002X"


# Endpoints of the tests' own


class Holder(WireModel):
    name: PersonName
    id_no: IdNumber


class NoteMessage(WireModel):
    no: str
    amount: Money | None = None
    holder: Holder | None = None
    fate: str = ""


class AskMessage(WireModel):
    no: str


@dataclass(frozen=True)
class Note:
    no: str
    fate: str


def _take(work: Work, order: Note) -> dict[str, Any]:
    if order.fate == "reject":
        raise Rejected("该单据已办结")
    if order.fate == "conflict":
        raise Conflict("该单据正在办理")
    if order.fate == "foreign":
        raise NotFound
    if order.fate == "denied":
        raise NotAllowed("无权办理")
    if order.fate == "break":
        raise ZeroDivisionError(PERSON)
    if order.fate == "no":
        return {"accepted": False, "reasons": [{"code": "G01", "message": "委托不存在"}]}
    work.add(Notice(subject=order.no, body=Sealed.of_json({"from": work.caller.name}), object_kind="test"))
    return {"accepted": True, "no": order.no}


def _asked(work: Work, order: str) -> dict[str, Any]:
    rows = work.session.exec(select(Notice).where(Notice.subject == order, Notice.object_kind == "test")).all()
    return {"no": order, "count": len(rows)}


TAKE: Action[Note, dict[str, Any]] = Action("test.take_note", "测试单据", frozenset({Role.PARTNER}), _take)
ASK: Query[str, dict[str, Any]] = Query("test.ask_note", "测试查询", frozenset({Role.PARTNER}), _asked)


def _relay(path: str, message: type[WireModel], act: Any, order: Any, **more: Any) -> Relay[Any, Any, Any]:
    return Relay(
        path=f"/test/{path}",
        label="测试单据",
        row=17,
        message=message,
        act=act,
        order=order,
        reply=dict,
        answer=AskMessage,
        business_key=lambda message: message.no,
        **more,
    )


def _relays() -> dict[tuple[str, str], Relay[Any, Any, Any]]:
    note, ask = lambda message: Note(message.no, message.fate), lambda message: message.no
    made = [
        _relay("notes", NoteMessage, TAKE, note),
        _relay("plain", NoteMessage, TAKE, note, scope="test.notes", encrypted=False),
        _relay("asks", AskMessage, ASK, ask),
        _relay("secret", AskMessage, ASK, ask, scope="other.scope"),
    ]
    return {(one.method, f"/api/v1{one.path}"): one for one in made}


TESTED = _relays()


def find(method: str, path: str) -> Relay[Any, Any, Any] | None:
    return TESTED.get((method, path)) or relay_at(method, path)


# Serving


@dataclass
class Node:
    """One process's partner API on an address of its own."""

    url: str
    stop: Callable[[], None]


def documented(judged: Judged, problem: ProfileError | None, reply: SignedReply) -> None:
    """Hold every good answer against its field table."""
    if problem is None and judged.relay is not None and not judged.relay.path.startswith(("/test/", "/bench/")):
        judged.relay.answer.model_validate_json(json.dumps(judged.data))


def serve(
    door: Door, *, strangers_per_second: int = 100_000, enter: Any = None, watch: Any = documented
) -> tuple[Node, PartnerApi]:
    """Serve it from a thread of this process; an answer of another form than the handbook's is an error of ours."""
    more = {"watch": watch} | ({"enter": enter} if enter is not None else {})
    api = PartnerApi(door, strangers_per_second=strangers_per_second, find=find, **more)
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(api.before(_nothing), log_level="critical", access_log=False, lifespan="off")
    )
    thread = threading.Thread(target=server.run, args=([held],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)

    def stop() -> None:
        server.should_exit = True
        thread.join()
        api.close()
        held.close()

    return Node(f"http://127.0.0.1:{held.getsockname()[1]}", stop), api


async def _nothing(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b"not the partner API"})


@dataclass
class Rig:
    """A door, its partner API, and partners by app id."""

    door: Door
    url: str
    api: PartnerApi
    world: Any
    clients: dict[str, IndependentClient] = field(default_factory=dict)
    line: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False, timeout=30))

    def server(self) -> Server:
        signing = {info.kid: info.public for info in provider().keys("sig") if info.family == "sig.api"}
        return Server("shfg-rental-test", signing, provider().active_kid("enc.api"), provider().public_key("enc.api"))

    def partner(
        self,
        app_id: str,
        *,
        scopes: str = SCOPES,
        networks: str = "",
        kind: PartnerKind = PartnerKind.FUND,
        base_url: str = "",
    ) -> IndependentClient:
        """A registered partner with fresh keys."""
        client = IndependentClient(app_id, self.server())
        keys = (
            EnrolKey(client.sign_kid, KeyUse.SIGN, client.sign_keys.public),
            EnrolKey(client.enc_kid, KeyUse.ENC, client.enc_keys.public),
        )
        order = ProposePartner(app_id, f"测试对接方{app_id}", kind, base_url=base_url, networks=networks, scopes=scopes)
        self.world.act(lambda work: enrol(work, order, keys))
        self.clients[app_id] = client
        return client

    @property
    def fund(self) -> IndependentClient:
        return self.clients[APP]

    def send(self, signed: Signed, client: IndependentClient | None = None, url: str = "") -> Replied:
        return (client or self.fund).send(url or self.url, signed, client=self.line)

    def note(self, no: str, *, client: IndependentClient | None = None, key: str | None = "", **more: Any) -> Replied:
        """A note sent honestly; with `key` None the header is left out."""
        chosen = client or self.fund
        message = {"no": no, **more.pop("message", {})}
        key = key if key != "" else f"{no}-key-0001"
        return self.send(chosen.request("/api/v1/test/notes", message, key=key, **more), chosen)

    def effects(self, no: str) -> int:
        """How often a note had its effect."""

        def count(work: Work) -> int:
            return len(
                work.session.exec(select(Notice).where(Notice.subject == no, Notice.object_kind == "test")).all()
            )

        return int(self.world.read(count))

    def log(self, request_id: str) -> list[PartnerExchange]:
        rows = select(PartnerExchange).where(PartnerExchange.request_id == request_id)
        return list(self.world.read(lambda work: work.session.exec(rows).all()))

    def events(self, request_id: str) -> list[AuditEvent]:
        rows = select(AuditEvent).where(AuditEvent.request_id == request_id).order_by(in_order(AuditEvent))
        found = self.world.read(lambda work: work.session.exec(rows).all())
        return [event for event in found if event.event.startswith("API.")]

    def row(self, app_id: str) -> Partner:
        return self.world.read(lambda work: work.session.exec(select(Partner).where(Partner.app_id == app_id)).one())  # type: ignore[no-any-return]

    def key_row(self, kid: str) -> PartnerKey:
        return self.world.read(lambda work: work.session.exec(select(PartnerKey).where(PartnerKey.kid == kid)).one())  # type: ignore[no-any-return]


@contextmanager
def running_rig(url: str) -> Iterator[Rig]:
    """The partner API on a database, with two partners: the fund, and a firm's system with other rights."""
    with running_world(url, houses=False) as world:
        node, api = serve(world.door)
        rig = Rig(world.door, node.url, api, world)
        try:
            rig.partner(APP)
            rig.partner(OTHER, scopes="test.asks", kind=PartnerKind.ASSOCIATION)
            yield rig
        finally:
            rig.line.close()
            node.stop()


# A second process


@contextmanager
def other_node(database_url: str) -> Iterator[str]:
    """The same partner API in a process of its own, on the same database and keys."""
    process = start("-m", "tests.partner.node", database_url, str(key_folder()), talks=True)
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield json.loads(process.stdout.readline())["url"]
    finally:
        process.stdin.close()
        process.wait(timeout=30)
        process.stdout.close()
