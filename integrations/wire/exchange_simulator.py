"""A partner's end of the signed exchange: takes our messages, sends its own, and misbehaves on demand (security 4).

It follows the handbook, not our code: what it signs and checks is written here from the profile alone.
"""

import json
import secrets
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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

from integrations.wire.contract import BEIJING
from integrations.wire.outbound import trusted
from integrations.wire.simulator import ContentFault, Simulator
from integrations.wire.strict_json import BadJson, loads_strict
from models.sealing import CryptoError, sm3_hex

ENVELOPE = "sm4-env-v1"
API = "/api/v1"
_KEPT = 60
_WINDOW_MS = 300_000
_JSON = "application/json"


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


class Refused(Exception):
    """A message of the authority's this partner does not take."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


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
                raise Refused(422, "E1017") from None
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
        plain = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
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
        plain = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        return self.send(Waiting(path, plain, key, str(uuid4())))

    def send(self, message: Waiting, *, forged: bool = False) -> Answered:
        """Make one attempt: seal once, sign, check signature, nonce and time of the answer, and open it."""
        product = self._known()
        message.attempts += 1
        if not message.envelope:
            kid, public = product.encryption_key()
            message.envelope = self.keys.seal(public, kid, product.audience, message.mid, message.plain)
        body = message.envelope.encode()
        path, nonce = urlsplit(product.url).path + API + message.path, secrets.token_hex(16)
        headers = {
            "Content-Type": _JSON,
            "X-Sign-Alg": "SM2-SM3-V1",
            "X-Audience": product.audience,
            "X-App-Id": self.keys.app_id,
            "X-Key-Id": self.keys.sig_kid,
            "X-Timestamp": str(_now_ms()),
            "X-Nonce": nonce,
            "X-Body-Enc": ENVELOPE,
            "X-Content-SM3": sm3_hex(body),
        }
        if message.key:
            headers["X-Idempotency-Key"] = message.key
        canonical = _request_string(path, headers, body)
        headers["X-Signature"] = self.keys.sign((canonical + ("\n" if forged else "")).encode())
        try:
            reply = self._line.post(product.url + API + message.path, content=body, headers=headers)
            answered, note = self._read(reply, nonce, product)
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
        told = reply.headers
        canonical = _reply_string(reply.status_code, product.audience, self.keys.app_id, told, reply.content)
        public = product.signing_key(told.get("X-Key-Id", ""))
        if not public or not self.keys.verify_peer(public, canonical.encode(), told.get("X-Signature", "")):
            return Answered(reply.status_code, ""), "应答的签名不对"
        if told.get("X-Request-Nonce", "") != nonce:
            return Answered(reply.status_code, ""), "应答回显的随机数不是本次请求的"
        raw = reply.content
        if told.get("X-Body-Enc") == ENVELOPE:
            raw = self.keys.open(raw.decode(), product.audience)
        said = json.loads(raw)
        replayed = told.get("X-Idempotent-Replay") == "true"
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
            headers = {name.lower(): value for name, value in request.headers.items()}
            return await run_in_threadpool(self._receive, path, own, headers, body, fault)

    def _receive(self, path: str, own: str, headers: dict[str, str], body: bytes, fault: str) -> Response:
        if self._product is None:
            return Response("not connected", 503, media_type="text/plain")
        canonical, plain = _request_string(path, headers, body), b""
        encrypted = headers.get("x-body-enc") == ENVELOPE
        try:
            if fault == "busy":
                raise Refused(503, "E1020")
            self._believe(headers, canonical, body)
            plain = self._opened(headers, body) if encrypted else body
            status, said = 200, {"code": "0", "msg": "ok", "data": self._once(own, headers, plain)}
            note = ""
        except Refused as refused:
            status, encrypted, note = refused.status, False, f"拒收：{refused.code}"
            said = {"code": refused.code, "msg": "refused", "request_id": ""}
        self._keep("IN", path, canonical, headers, body, plain, status, said, note or fault)
        return self._reply(status, said, headers, encrypted=encrypted, fault=fault)

    def _believe(self, headers: Mapping[str, str], canonical: str, body: bytes) -> None:
        product = self._known()
        if headers.get("x-sign-alg") != "SM2-SM3-V1" or headers.get("x-audience") != self.keys.app_id:
            raise Refused(400, "E1002")
        public = product.signing_key(headers.get("x-key-id", ""))
        if headers.get("x-app-id") != product.audience or not public:
            raise Refused(401, "E1004")
        stamp = headers.get("x-timestamp", "")
        if not stamp.isdigit() or abs(_now_ms() - int(stamp)) > _WINDOW_MS:
            raise Refused(401, "E1005")
        if headers.get("x-content-sm3") != sm3_hex(body):
            raise Refused(401, "E1007")
        if not self.keys.verify_peer(public, canonical.encode(), headers.get("x-signature", "")):
            raise Refused(401, "E1006")
        with self.lock:
            old = _now_ms() - 3 * _WINDOW_MS
            self._nonces = {nonce: at for nonce, at in self._nonces.items() if at > old}
            if self._nonces.setdefault(nonce := headers.get("x-nonce", ""), int(stamp)) != int(stamp) or not nonce:
                raise Refused(401, "E1008")

    def _opened(self, headers: Mapping[str, str], body: bytes) -> bytes:
        try:
            return self.keys.open(body.decode(), headers["x-app-id"])
        except (CryptoError, UnicodeDecodeError):
            raise Refused(400, "E1013") from None

    def _once(self, own: str, headers: Mapping[str, str], plain: bytes) -> dict[str, Any]:
        """Return the answer to a message; a repetition gets the first answer, another text under the same key is
        refused.
        """
        answer, key = self._answers.get(own), headers.get("x-idempotency-key", "")
        if answer is None:
            raise Refused(404, "E1018")
        try:
            told = loads_strict(plain or b"{}")
        except BadJson:
            raise Refused(422, "E1017") from None
        if not isinstance(told, dict):
            raise Refused(422, "E1017")
        with self.lock:
            self.arrivals[key] += 1
            mark = sm3_hex(own.encode() + b"\n" + plain)
            if key and key in self._given:
                first, given = self._given[key]
                if first != mark:
                    raise Refused(422, "E1012")
                return given
            data = answer(told)
            self.effects[key] += 1
            self._given[key] = (mark, data)
            return data

    def _reply(
        self, status: int, said: Mapping[str, Any], asked: Mapping[str, str], *, encrypted: bool, fault: str
    ) -> Response:
        product = self._known()
        raw = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        if encrypted:
            kid, public = product.encryption_key()
            raw = self.keys.seal(public, kid, product.audience, str(uuid4()), raw).encode()
        stamp, request_id = str(_now_ms()), f"{self.keys.app_id}-{secrets.token_hex(6)}"
        nonce = secrets.token_hex(16) if fault == "badnonce" else asked.get("x-nonce", "")
        headers = {
            "Content-Type": _JSON,
            "X-Sign-Alg": "SM2-SM3-V1",
            "X-Key-Id": self.keys.sig_kid,
            "X-Timestamp": stamp,
            "X-Request-Nonce": nonce,
            "X-Request-Id": request_id,
            "X-Body-Enc": ENVELOPE if encrypted else "none",
            "X-Content-SM3": sm3_hex(raw),
        }
        canonical = _reply_string(status, self.keys.app_id, asked.get("x-app-id", ""), headers, raw)
        headers["X-Signature"] = self.keys.sign((canonical + ("\n" if fault == "badsig" else "")).encode())
        return Response(raw, status, headers)

    def _known(self) -> Product:
        if self._product is None:
            raise Refused(503, "E1020")
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


def _request_string(path: str, headers: Mapping[str, str], body: bytes) -> str:
    """The 13 lines that a request is signed over; neither side asks with a query."""
    told = _lines(headers, "X-App-Id", "X-Key-Id", "X-Timestamp", "X-Nonce", "X-Idempotency-Key", "Content-Type")
    audience, coding = _lines(headers, "X-Audience", "X-Body-Enc")
    return "\n".join(("SM2-SM3-V1", "POST", audience, path, "", *told, coding, sm3_hex(body)))


def _reply_string(status: int, audience: str, app_id: str, headers: Mapping[str, str], body: bytes) -> str:
    """The 11 lines that a reply is signed over."""
    told = _lines(headers, "X-Key-Id", "X-Timestamp", "X-Request-Nonce", "X-Request-Id", "Content-Type", "X-Body-Enc")
    return "\n".join(("SM2-SM3-V1-RESP", str(status), audience, app_id, *told, sm3_hex(body)))


def _lines(headers: Mapping[str, str], *names: str) -> list[str]:
    """The values of headers in any case, of the media type without its parameters."""
    found = {name.lower(): value for name, value in headers.items()}
    found["content-type"] = found.get("content-type", "").partition(";")[0].strip().lower()
    return [found.get(name.lower(), "") for name in names]


def key_of(number: str) -> str:
    """An idempotency key from a number: 8 to 64 letters, digits, `-` and `_`."""
    return "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in number)[-64:].rjust(8, "0")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
