"""A partner's end of the signed exchange: takes our messages, sends its own, and misbehaves on demand (security 4).

Tests hold both ends to the handbook by a partner written from it alone (`tests/partner/independent.py`).
"""

import json
import secrets
import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers

from integrations.wire.contract import BEIJING
from integrations.wire.exchange.answers import json_bytes
from integrations.wire.exchange.profile import (
    ALGORITHM,
    CLEAR,
    ENVELOPED,
    JSON,
    WINDOW_MS,
    Head,
    ProfileError,
    ReplyHead,
    new_head,
    read_head,
    read_reply_head,
    request_headers,
    request_text,
)
from integrations.wire.outbound import trusted
from integrations.wire.simulator import ContentFault, Simulator
from integrations.wire.strict_json import BadJson, loads_strict
from models.sealing import CryptoError, sm3_hex
from services.engine.clock import system_now
from services.partners.request_log import clock_ms

API = "/api/v1"
_KEPT = 60


Said = TypeVar("Said", bound=BaseModel)


class Keys(Protocol):
    """Operations of a partner with its two key pairs."""

    app_id: str
    sig_kid: str
    enc_kid: str

    @property
    def sig_public(self) -> str: ...

    @property
    def enc_public(self) -> str: ...

    def sign(self, message: bytes) -> str: ...

    def verify_peer(self, public_key: str, data: bytes, sig_b64: str) -> bool: ...

    def seal(self, public_key: str, kid: str, receiver: str, mid: str, plain: bytes) -> str: ...

    def open(self, text: str, sender: str) -> bytes: ...


@dataclass(frozen=True)
class Product:
    """The authority's end as published to a partner: address, environment id, public keys by kid."""

    url: str
    audience: str
    signing_key: Callable[[str], str]
    encryption_key: Callable[[], tuple[str, str]]


@dataclass(frozen=True)
class Exchanged:
    """An exchange as this partner saw it; `plain` and `answer` are the contents of the envelopes."""

    at: datetime
    direction: str
    path: str
    canonical: str
    headers: dict[str, str]
    body: str
    plain: str
    status: int
    answer: str
    note: str


@dataclass(frozen=True)
class Answered:
    """The authority's answer to a message of this partner; `code` is "0" or an error code, empty without an answer."""

    status: int
    code: str
    data: dict[str, Any] = field(default_factory=dict)
    replayed: bool = False
    message: str = ""

    @property
    def settled(self) -> bool:
        """Return whether a repetition is pointless: the message was accepted, or refused for good."""
        return self.code == "0" or (400 <= self.status < 500 and self.code not in {"E1005", "E1008", "E1010", "E1011"})


@dataclass
class Waiting:
    """A message of this partner that is not settled; every attempt sends the same envelope under the same key."""

    path: str
    plain: bytes
    key: str
    mid: str
    envelope: str = ""
    attempts: int = 0


@dataclass
class Mischief:
    """Sending faults of this partner; shares between 0 and 1, drawn by `chance`.

    `twice` sends a message again at once, `deaf` loses the answer and sends later again, `forged` signs wrongly first,
    `shuffled` sends waiting messages in any order.
    """

    chance: Random = field(default_factory=Random)
    twice: float = 0.0
    deaf: float = 0.0
    forged: float = 0.0
    shuffled: bool = False


class ExchangeSimulator(Simulator):
    """A partner with keys of its own. Subclasses say what they answer below which path and what they send."""

    def __init__(self, name: str, title: str, keys: Keys, *, latency_ms: int = 0) -> None:
        super().__init__(name, title, latency_ms=latency_ms)
        self.title, self.keys, self.mischief = title, keys, Mischief()
        self.exchanges: deque[Exchanged] = deque(maxlen=_KEPT)
        self.waiting: list[Waiting] = []
        self.refused: list[tuple[Waiting, Answered]] = []
        #: Messages of the authority's that had another form than the handbook says.
        self.misfits: list[str] = []
        #: This partner's business clock; drills move it.
        self.clock: Callable[[], datetime] = self.now
        #: How often a message of the authority's came in, and how often it did anything, by its idempotency key.
        self.arrivals: Counter[str] = Counter()
        self.effects: Counter[str] = Counter()
        self.lock = threading.RLock()
        self._answers: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
        self._given: dict[str, tuple[str, dict[str, Any]]] = {}
        self._nonces: dict[str, int] = {}
        self._product: Product | None = None
        self._line = httpx.Client(timeout=20, trust_env=False, verify=trusted(), limits=httpx.Limits(max_connections=8))
        self.receives("/ping", lambda _: {"app_id": self.keys.app_id})
        self._add_door()

    def connect(self, product: Product) -> None:
        """Set the authority's address and public keys."""
        self._product = product

    def receives(self, path: str, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Take messages below a path of ours; `answer` is called once per message, repeats get what was answered."""
        self._answers[path] = answer

    def takes(self, path: str, model: type[Said], answer: Callable[[Said], dict[str, Any]]) -> None:
        """Answer messages on a path that must have the form of the handbook."""

        def checked(told: dict[str, Any]) -> dict[str, Any]:
            try:
                message = model.model_validate_json(json.dumps(told))
            except ValidationError as problem:
                self.misfits.append(f"{path}: {problem.errors(include_input=False, include_url=False)}")
                raise ProfileError("E1017") from None
            return answer(message)

        self.receives(path, checked)

    @property
    def here(self) -> datetime:
        """The business clock of this partner in Beijing time."""
        return self.clock().astimezone(BEIJING)

    @property
    def moment(self) -> str:
        """The moment of the business clock, as messages carry it."""
        return self.here.isoformat(timespec="seconds")

    def gestures(self) -> dict[str, Callable[[], str]]:
        """Return the actions of this partner's buttons by Chinese name; each returns a sentence about its result."""
        return {}

    def live(self) -> None:
        """Called every few seconds in demo and sandbox: what this partner does by itself."""
        self.deliver()

    # What this partner sends.

    def post(self, path: str, body: Mapping[str, Any], key: str) -> None:
        """Put a message where `deliver` finds it; `key` is its idempotency key, 8 to 64 of `A-Za-z0-9_-`."""
        plain = json_bytes(body)
        with self.lock:
            self.waiting.append(Waiting(path, plain, key, str(uuid4())))

    def deliver(self) -> int:
        """Send what waits, as `mischief` has it; returns how many messages are settled now."""
        with self.lock:
            taken, self.waiting = self.waiting, []
        if self.mischief.shuffled:
            self.mischief.chance.shuffle(taken)
        kept = [message for message in taken if not self._settle(message)]
        with self.lock:
            self.waiting = kept + self.waiting
        return len(taken) - len(kept)

    def ask(self, path: str, body: Mapping[str, Any], *, key: str = "") -> Answered:
        """Send a message and return the answer; a question has no idempotency key."""
        plain = json_bytes(body)
        return self.send(Waiting(path, plain, key, str(uuid4())))

    def send(self, message: Waiting, *, forged: bool = False) -> Answered:
        """Make one attempt: seal once, sign, check signature, nonce and time of the answer, and open it."""
        product = self._known()
        message.attempts += 1
        if not message.envelope:
            kid, public = product.encryption_key()
            message.envelope = self.keys.seal(public, kid, product.audience, message.mid, message.plain)
        body, path = message.envelope.encode(), urlsplit(product.url).path + API + message.path
        own = {"audience": product.audience, "app_id": self.keys.app_id, "key_id": self.keys.sig_kid}
        head = new_head(body, **own, key=message.key)
        canonical = request_text(head, "POST", path, "").decode()
        head = replace(head, signature=self.keys.sign((canonical + ("\n" if forged else "")).encode()))
        headers = request_headers(head)
        try:
            reply = self._line.post(product.url + API + message.path, content=body, headers=headers)
            answered, note = self._read(reply, head.nonce, product)
        except httpx.HTTPError as problem:
            answered, note = Answered(0, ""), f"没有应答：{type(problem).__name__}"
        self._keep("OUT", path, canonical, headers, body, message.plain, answered.status, answered.data, note)
        return answered

    def _settle(self, message: Waiting) -> bool:
        mischief = self.mischief
        if mischief.chance.random() < mischief.forged:
            self.send(message, forged=True)
        answered = self.send(message)
        if mischief.chance.random() < mischief.twice:
            self.send(message)
        if mischief.chance.random() < mischief.deaf:
            return False
        if answered.settled and answered.code != "0":
            with self.lock:
                self.refused.append((message, answered))
        if answered.code == "0":
            self.was_answered(message, answered)
        return answered.settled

    def was_answered(self, message: Waiting, answered: Answered) -> None:
        """Called when a waiting message of this partner was accepted."""

    def _read(self, reply: httpx.Response, nonce: str, product: Product) -> tuple[Answered, str]:
        try:
            head, signature = read_reply_head(reply.headers.raw, reply.status_code, product.audience, self.keys.app_id)
        except ValueError:
            return Answered(reply.status_code, ""), "应答的签名不对"
        public = product.signing_key(head.key_id)
        if not public or not self.keys.verify_peer(public, head.text(), signature):
            return Answered(reply.status_code, ""), "应答的签名不对"
        if head.request_nonce != nonce:
            return Answered(reply.status_code, ""), "应答回显的随机数不是本次请求的"
        raw = reply.content
        if head.body_enc == ENVELOPED:
            raw = self.keys.open(raw.decode(), product.audience)
        said = json.loads(raw)
        replayed = reply.headers.get("X-Idempotent-Replay") == "true"
        return (
            Answered(reply.status_code, said.get("code", ""), said.get("data") or {}, replayed, said.get("msg", "")),
            "重复请求，取回原应答" if replayed else "",
        )

    # What this partner receives.

    def _add_door(self) -> None:
        @self.app.post("/{rest:path}")
        async def receive(request: Request, fault: ContentFault) -> Response:
            body = await request.body()
            path = request.scope["raw_path"].decode("ascii", "replace")
            own = "/" + request.path_params["rest"]
            return await run_in_threadpool(self._receive, path, own, request.headers, body, fault)

    def _receive(self, path: str, own: str, headers: Headers, body: bytes, fault: str) -> Response:
        if self._product is None:
            return Response("not connected", 503, media_type="text/plain")
        canonical, plain, sealed = "", b"", False
        try:
            if fault == "busy":
                raise ProfileError("E1020")
            head = read_head(headers.raw)
            canonical = request_text(head, "POST", path, "").decode()
            self._believe(head, canonical, body)
            sealed = head.body_enc == ENVELOPED
            plain = self._opened(head, body) if sealed else body
            status, said = 200, {"code": "0", "msg": "ok", "data": self._once(own, head.idempotency_key, plain)}
            note = ""
        except ProfileError as refused:
            status, sealed, note = refused.status, False, f"拒收：{refused.code}"
            said = {"code": refused.code, "msg": "refused", "request_id": ""}
        self._keep("IN", path, canonical, headers, body, plain, status, said, note or fault)
        return self._reply(status, said, headers, sealed=sealed, fault=fault)

    def _believe(self, head: Head, canonical: str, body: bytes) -> None:
        product = self._known()
        if head.algorithm != ALGORITHM or head.audience != self.keys.app_id:
            raise ProfileError("E1002")
        public = product.signing_key(head.key_id)
        if head.app_id != product.audience or not public:
            raise ProfileError("E1004")
        if abs(_now_ms() - int(head.timestamp)) > WINDOW_MS:
            raise ProfileError("E1005")
        if head.content_sm3 != sm3_hex(body):
            raise ProfileError("E1007")
        if not self.keys.verify_peer(public, canonical.encode(), head.signature):
            raise ProfileError("E1006")
        with self.lock:
            old = _now_ms() - 3 * WINDOW_MS
            self._nonces = {nonce: at for nonce, at in self._nonces.items() if at > old}
            if self._nonces.setdefault(head.nonce, int(head.timestamp)) != int(head.timestamp):
                raise ProfileError("E1008")

    def _opened(self, head: Head, body: bytes) -> bytes:
        try:
            return self.keys.open(body.decode(), head.app_id)
        except (CryptoError, UnicodeDecodeError):
            raise ProfileError("E1013") from None

    def _once(self, own: str, key: str, plain: bytes) -> dict[str, Any]:
        """Return the answer to a message; a repetition gets the first one, another text under its key is refused."""
        answer = self._answers.get(own)
        if answer is None:
            raise ProfileError("E1018")
        try:
            told = loads_strict(plain or b"{}")
        except BadJson:
            raise ProfileError("E1017") from None
        if not isinstance(told, dict):
            raise ProfileError("E1017")
        with self.lock:
            self.arrivals[key] += 1
            mark = sm3_hex(own.encode() + b"\n" + plain)
            if key and key in self._given:
                first, given = self._given[key]
                if first != mark:
                    raise ProfileError("E1012")
                return given
            data = answer(told)
            self.effects[key] += 1
            self._given[key] = (mark, data)
            return data

    def _reply(self, status: int, said: Mapping[str, Any], asked: Headers, *, sealed: bool, fault: str) -> Response:
        product, raw = self._known(), json_bytes(said)
        if sealed:
            kid, public = product.encryption_key()
            raw = self.keys.seal(public, kid, product.audience, str(uuid4()), raw).encode()
        head = ReplyHead(
            status=status,
            audience=self.keys.app_id,
            app_id=asked.get("x-app-id", ""),
            key_id=self.keys.sig_kid,
            timestamp=str(_now_ms()),
            request_nonce=secrets.token_hex(16) if fault == "badnonce" else asked.get("x-nonce", ""),
            request_id=f"{self.keys.app_id}-{secrets.token_hex(6)}",
            media_type=JSON,
            body_enc=ENVELOPED if sealed else CLEAR,
            content_sm3=sm3_hex(raw),
        )
        signature = self.keys.sign(head.text() + (b"\n" if fault == "badsig" else b""))
        return Response(raw, status, head.headers(signature), media_type=JSON)

    def _known(self) -> Product:
        if self._product is None:
            raise ProfileError("E1020")
        return self._product

    def _keep(
        self,
        direction: str,
        path: str,
        canonical: str,
        headers: Mapping[str, str],
        body: bytes,
        plain: bytes,
        status: int,
        answer: Mapping[str, Any],
        note: str,
    ) -> None:
        text = json.dumps(answer, ensure_ascii=False, indent=1)
        told = {name: value for name, value in headers.items() if name.lower().startswith(("x-", "content-type"))}
        shown = body.decode(errors="replace"), plain.decode(errors="replace")
        with self.lock:
            self.exchanges.append(Exchanged(self.now(), direction, path, canonical, told, *shown, status, text, note))


def key_of(number: str) -> str:
    """An idempotency key from a number: 8 to 64 letters, digits, `-` and `_`."""
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in number)[-64:].rjust(8, "0")


def _now_ms() -> int:
    return clock_ms(system_now())
