"""Stepwise judgement of a request: its sender, its novelty, its message, its effect (security.md 4.3)."""

import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from integrations.wire.exchange import profile
from integrations.wire.exchange.answers import SignedReply, failure, sealed_to, sign_reply, success
from integrations.wire.exchange.envelopes import message_id, open_envelope
from integrations.wire.exchange.profile import CLEAR, ENVELOPED, Head, ProfileError
from integrations.wire.exchange.relay import ROOT, Relay
from integrations.wire.exchange.senders import Senders
from integrations.wire.exchange.throttle import Strangers
from integrations.wire.strict_json import BadJson, loads_strict
from models.dialect import clock_offset
from models.partners import KeyUse
from models.sealing import CryptoError, sm3_hex
from services.engine.callers import Caller
from services.engine.clock import MOST_OFFSET, system_now
from services.engine.door import Door
from services.engine.refusals import Conflict, Malformed, NotAllowed, NotFound, Refusal, Rejected, TooMany, Unavailable
from services.engine.registry import Action
from services.partners.message_masks import masked_body
from services.partners.once import Asked, KeyReused, MessageReused, Repeated
from services.partners.outgoing import findings_of
from services.partners.partner_cache import SYSTEMS, Believed
from services.partners.request_log import REPLAYED, STALE, TOO_MANY, Arrival, Keeper, Line, clock_ms, exchange_row
from services.partners.wire_fields import personal_fields
from services.ports.exchange import PeerKey

log = logging.getLogger("shenfang.exchange")
#: How often the access list is looked at for one request while it is being changed.
_LOOKS = 4
#: How often this host's clock is compared with the database host's, in seconds.
_CLOCK_LOOK = 30.0
#: Controls, zero-width characters, bidi controls, line separators, private use, non-characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ue000-\uf8ff\U000e0000-\U000e01ef\U000f0000-\U0010ffff]"
)
_EVENTS = {"E1006": "API.SIGFAIL", "E1007": "API.SIGFAIL", "E1008": "API.REPLAY"}


FindRelay = Callable[[str, str], Relay[Any, Any, Any] | None]
#: Sees each request with the reply to it; the sandbox shows them.
Watch = Callable[["Judged", ProfileError | None, SignedReply], object]


def new_request_id() -> str:
    return f"req-{secrets.token_hex(12)}"


@dataclass(frozen=True)
class Request:
    """A request as it came in, its body read to the end."""

    method: str
    path: bytes
    query: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes
    address: str
    started: float = field(default_factory=monotonic)


@dataclass
class Judged:
    """Facts known of a request so far; the log is written from it."""

    request: Request
    request_id: str
    app_id: str = ""
    nonce: str = ""
    head: Head = field(init=False)
    relay: Relay[Any, Any, Any] | None = None
    partner: Believed | None = None
    signed_by: PeerKey = field(init=False)
    seal_to: PeerKey | None = None
    path: str = ""
    query: str = ""
    canonical: bytes = b""
    proven: bool = False
    message_id: str = ""
    message: Any = None
    shown: Any = None
    business_key: str = ""
    data: dict[str, Any] | None = None
    replayed: bool = False


class Judge:
    """Answers requests; safe to share between threads."""

    def __init__(self, door: Door, *, strangers_per_second: int, find: FindRelay, watch: Watch | None = None) -> None:
        self._door, self._find, self._watch = door, find, watch
        self._keeper = Keeper(door)
        self._strangers = Strangers(strangers_per_second)
        self._senders = Senders(door)
        self._under_way: set[tuple[str, str, str, str]] = set()
        self._clock_off, self._clock_seen = False, -_CLOCK_LOOK
        self._lock = Lock()

    def close(self) -> None:
        """Write what is still to be written."""
        self._keeper.close()

    def answer(self, request: Request, refused: str = "") -> SignedReply:
        """The signed reply to a request; `refused` is the code when it was not even read."""
        with self._keeper.under_way():
            return self._answered(request, refused)

    def _answered(self, request: Request, refused: str) -> SignedReply:
        judged = Judged(request, new_request_id())
        judged.app_id, judged.nonce = (profile.lone(request.headers, name) for name in ("x-app-id", "x-nonce"))
        try:
            if refused:
                raise ProfileError(refused)
            judged.data = self._judge(judged)
            problem = None
        except Exception as raised:
            problem = _problem(raised)
        reply = self._reply(judged, problem)
        if self._watch is not None:
            self._watch(judged, problem, reply)
        try:
            self._write(judged, problem, reply)
        except (Refusal, SQLAlchemyError, TimeoutError):
            # Everything is logged or nothing is answered; a repetition finds what was done.
            log.exception("an exchange could not be written down")
            return self._reply(judged, ProfileError("E1020"))
        return reply

    # The steps

    def _judge(self, judged: Judged) -> dict[str, Any]:
        request = judged.request
        if not self._strangers.may_try(request.address):
            raise ProfileError("E1010")
        if self._clock_is_off():
            raise ProfileError("E1020")
        try:
            self._read(judged)
            self._identify(judged)
        except ProfileError as problem:
            if problem.code != "E1020":
                self._strangers.failed(request.address)
            raise
        relay, plain = self._open(judged)
        self._understand(judged, relay, plain)
        return self._act(judged, relay, plain)

    def _clock_is_off(self) -> bool:
        """Return whether this host's time says nothing about a request's (D24); looked at every half minute."""
        if monotonic() - self._clock_seen >= _CLOCK_LOOK:
            self._clock_seen = monotonic()
            with self._door.database.read() as session:
                self._clock_off = clock_offset(session, system_now()) > MOST_OFFSET
        return self._clock_off

    def _read(self, judged: Judged) -> None:
        """Steps 1 and 2."""
        request = judged.request
        judged.relay = self._find(request.method, request.path.decode("latin-1"))
        keyed = judged.relay.changes if judged.relay is not None else None
        judged.head = head = profile.read_head(request.headers, keyed=keyed)
        if head.algorithm != profile.ALGORITHM or head.audience != self._door.house.environment_id:
            raise ProfileError("E1002")
        judged.path = profile.canonical_path(request.path)
        judged.query = profile.canonical_query(request.query)

    def _identify(self, judged: Judged) -> None:
        """Do steps 3 to 8 with the cached partner, and again when the access list changed meanwhile."""
        app_id = judged.head.app_id
        known = self._senders.known(app_id)
        for _ in range(_LOOKS):
            try:
                self._know(judged, known.partner)
                self._prove(judged)
            except ProfileError as problem:
                if problem.code == "E1020" or known.partner is None or not self._senders.changed(known):
                    raise
            else:
                if self._admit(judged, known.mark):
                    return
            known = self._senders.look(app_id)
        # The list changes faster than it can be looked at.
        raise ProfileError("E1020")

    def _know(self, judged: Judged, partner: Believed | None) -> None:
        """Step 3: the app, where it calls from, and its key."""
        head, at = judged.head, system_now()
        judged.partner, judged.proven = partner, False
        if partner is None or not partner.active:
            raise ProfileError("E1004")
        if partner.networks and not partner.networks.has(judged.request.address):
            raise ProfileError("E1009")
        key = next((one for one in partner.signing_keys(at) if one.kid == head.key_id), None)
        if key is None:
            raise ProfileError("E1004")
        judged.signed_by = key
        if abs(clock_ms(at) - int(head.timestamp)) > profile.WINDOW_MS:
            raise ProfileError("E1005")
        if sm3_hex(judged.request.body) != head.content_sm3:
            raise ProfileError("E1007")
        judged.canonical = profile.request_text(head, judged.request.method, judged.path, judged.query)
        judged.seal_to = partner.newest(KeyUse.ENC, at)

    def _prove(self, judged: Judged) -> None:
        """Step 6: the signature, with no transaction open."""
        key, signature = judged.signed_by.public_key, judged.head.signature
        try:
            judged.proven = self._door.house.crypto.verify_peer(key, judged.canonical, signature)
        except CryptoError as problem:
            # A published key in production is no partner's.
            raise ProfileError("E1020" if problem.retryable else "E1004") from None
        if not judged.proven:
            raise ProfileError("E1006")

    def _admit(self, judged: Judged, mark: int) -> bool:
        """Do steps 7 and 8; return False when the access list has changed since `mark`."""
        told = self._keeper.admit(Arrival(judged.app_id, judged.nonce, mark))
        if told == REPLAYED:
            raise ProfileError("E1008")
        if told == TOO_MANY:
            raise ProfileError("E1010")
        return told != STALE

    def _open(self, judged: Judged) -> tuple[Relay[Any, Any, Any], bytes]:
        """Do steps 9 and 10: find the endpoint, check the right to it, open the envelope."""
        head, relay, partner, body = judged.head, judged.relay, judged.partner, judged.request.body
        assert partner is not None
        if relay is None:
            known = judged.path.startswith(f"{ROOT}/")
            raise ProfileError("E1018", "" if known else f"接口版本不受支持，支持的版本：{ROOT.rpartition('/')[2]}")
        if relay.right and relay.right not in partner.scopes:
            raise ProfileError("E1009")
        if relay.sender is not None and partner.row.kind is not relay.sender:
            raise ProfileError("E1009")
        if head.media_type != profile.JSON:
            raise ProfileError("E1016")
        if relay.encrypted and head.body_enc != ENVELOPED:
            raise ProfileError("E1014")
        if relay.encrypted and judged.seal_to is None:
            raise ProfileError("E1004", "没有登记有效的加密公钥，无法加密应答")
        if head.body_enc == CLEAR:
            return relay, body
        try:
            text = body.decode("ascii")
            plain = open_envelope(self._door.house.crypto, text, partner.app_id, self._door.house.environment_id)
            judged.message_id = message_id(text)
        except CryptoError as problem:
            raise ProfileError("E1020" if problem.retryable else "E1013") from None
        except UnicodeDecodeError:
            raise ProfileError("E1013") from None
        return relay, plain

    def _understand(self, judged: Judged, relay: Relay[Any, Any, Any], plain: bytes) -> None:
        """Do step 11: parse the message strictly, with declared fields and visible characters only."""
        if judged.query:
            raise ProfileError("E1017", "此接口不接受查询参数")
        try:
            value = loads_strict(plain, profile.MAX_BODY)
            judged.message = relay.message.model_validate_json(plain)
        except BadJson as problem:
            raise ProfileError("E1015" if problem.fault in ("TOO_LARGE", "TOO_MANY") else "E1017", _JSON) from None
        except ValidationError as problem:
            raise ProfileError(
                "E1017", _named([_place(error) for error in problem.errors(include_input=False)])
            ) from None
        if unseen := _unseen(value, ""):
            raise ProfileError("E1017", _named([unseen]))
        judged.shown = masked_body(value, personal_fields(relay.message))
        judged.business_key = str(relay.business_key(judged.message))

    def _act(self, judged: Judged, relay: Relay[Any, Any, Any], plain: bytes) -> dict[str, Any]:
        """Steps 12 and 13."""
        partner, head = judged.partner, judged.head
        assert partner is not None
        caller = partner.caller(judged.request.address)
        order = relay.order(judged.message)
        if not isinstance(relay.act, Action):
            return relay.reply(self._door.ask(relay.act, caller, order, request_id=judged.request_id))
        key = (partner.app_id, relay.method, judged.path, head.idempotency_key)
        print_ = profile.fingerprint(relay.method, judged.path, judged.query, plain)
        asked = Asked(*key, print_, judged.message_id)
        with self._lock:
            if key in self._under_way:
                raise ProfileError("E1011")
            self._under_way.add(key)
        try:
            if relay.act.gather is not None:
                # Outside systems are not asked again for what was answered before.
                self._door.look(caller, asked.look)
            made: dict[str, Any] = {}

            def settle(result: Any) -> dict[str, Any]:
                made.update(relay.reply(result))
                return made

            self._door.perform(relay.act, caller, order, request_id=judged.request_id, beside=asked.beside(settle))
            return made
        except Repeated as repeated:
            judged.replayed = True
            return repeated.reply
        finally:
            with self._lock:
                self._under_way.discard(key)

    # Answering

    def _reply(self, judged: Judged, problem: ProfileError | None) -> SignedReply:
        if problem is None and judged.relay is not None:
            try:
                body, sealed = success(judged.data or {}), judged.relay.encrypted
                if sealed and judged.seal_to is not None:
                    body = sealed_to(self._door.house, judged.app_id, judged.seal_to, body)
                return self._signed(
                    judged, 200, body, {"X-Idempotent-Replay": "true"} if judged.replayed else {}, sealed
                )
            except CryptoError as away:
                # What was done is done; the repetition gets the reply that could not be made now.
                log.warning("a reply could not be made: %s", away.code)
                problem = ProfileError("E1020")
        problem = problem or ProfileError("E1099")
        more = {"Retry-After": "1"} if problem.code in ("E1010", "E1011", "E1020") else {}
        return self._signed(judged, problem.status, failure(problem, judged.request_id), more)

    def _signed(
        self, judged: Judged, status: int, body: bytes, more: dict[str, str], sealed: bool = False
    ) -> SignedReply:
        reply = sign_reply(
            self._door.house,
            status,
            body,
            app_id=judged.app_id,
            nonce=judged.nonce,
            request_id=judged.request_id,
            sealed=sealed,
            more=more,
        )
        if status == 200 and not reply.signature:
            raise CryptoError("UNAVAILABLE", retryable=True)
        return reply

    def _write(self, judged: Judged, problem: ProfileError | None, reply: SignedReply) -> None:
        """Log an event for the request, and an exchange row for a known partner; unknown senders are counted."""
        code = problem.code if problem else "0"
        request, partner = judged.request, judged.partner
        act = judged.path or request.path.decode("latin-1")[:60]
        spent = int((monotonic() - request.started) * 1000)
        detail: dict[str, Any] = {"app": judged.app_id, "code": code, "ms": spent}
        if partner is None or (code == "E1010" and not judged.proven):
            if count := self._strangers.to_tell(request.address):
                caller = Caller(name="partner:?", scopes=(), address=request.address)
                told = Line(caller, judged.request_id, "API.IN", act, "deny", code, {**detail, "times": count}, 4)
                self._keeper.tell(told)
            return
        head, relay = judged.head, judged.relay
        row = exchange_row(
            app_id=judged.app_id,
            system=SYSTEMS[partner.row.kind],
            operation=act.removeprefix("/api/v1"),
            label=relay.label if relay else "未知接口",
            row_no=relay.row if relay else 0,
            request_id=judged.request_id,
            idempotency_key=head.idempotency_key,
            business_key=judged.business_key,
            message_id=judged.message_id,
            milliseconds=spent,
            http_status=reply.status,
            code=code,
            findings=findings_of(judged.data or {}),
            replayed=judged.replayed,
            source=request.address,
            detail=problem.message if problem else "",
            body_digest=head.content_sm3,
            reply_digest=reply.headers.get("X-Content-SM3", ""),
        )
        receipt: dict[str, Any] = {"reply": reply.receipt()}
        if judged.proven:
            # An unverified signature proves nothing and is not kept.
            signed = {"body": request.body.decode("utf-8", "replace"), "signature": head.signature}
            receipt["request"] = {"canonical": judged.canonical.decode(), **signed}
        kinds = personal_fields(relay.message) if relay else {}
        sealed = {
            "payload": judged.shown,
            "reply": masked_body(judged.data, kinds) if judged.data is not None else None,
            "receipt": receipt,
        }
        result, severity = ("ok", 6) if problem is None else ("deny", 4)
        event = _EVENTS.get(code, "API.IN")
        caller = partner.caller(request.address)
        reason = "" if problem is None else code
        self._keeper.tell(Line(caller, judged.request_id, event, act, result, reason, detail, severity, row, sealed))


_JSON = "报文不是规范的JSON"


#: What a partner reads of a refusal of ours.
_REFUSALS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (KeyReused, "E1012"),
    (NotAllowed, "E1009"),
    (NotFound, "E1018"),
    (TooMany, "E1010"),
    ((Unavailable, SQLAlchemyError, TimeoutError), "E1020"),
)


def _problem(raised: Exception) -> ProfileError:
    """Translate a refusal into the error sent to the partner; any other exception is our fault and stays internal."""
    if isinstance(raised, ProfileError):
        return raised
    if isinstance(raised, MessageReused):
        return ProfileError("E1012", "同一消息号（mid）用于另一请求，请重新装信封")
    if isinstance(raised, Malformed):
        return ProfileError("E1017", raised.message)
    if isinstance(raised, Conflict | Rejected):
        return ProfileError("E1019", raised.message)
    code = next((code for kinds, code in _REFUSALS if isinstance(raised, kinds)), "")
    if isinstance(raised, CryptoError) and raised.retryable:
        code = "E1020"
    if not code:
        log.error("a partner's request broke us", exc_info=raised)
    return ProfileError(code or "E1099")


def _place(error: Any) -> str:
    """Return the path of a field; an undeclared name is the sender's own text and is not repeated."""
    location = [str(part) for part in error["loc"]]
    return ".".join([*location[:-1], "（未声明的字段）"] if error["type"] == "extra_forbidden" else location)


def _named(fields: list[str]) -> str:
    return f"报文字段不符合要求：{'、'.join(dict.fromkeys(fields))}"[:400]


def _unseen(value: Any, where: str) -> str:
    """The first text with characters that print nothing, or nothing (H28)."""
    if isinstance(value, str):
        return where or "报文" if _INVISIBLE.search(value) else ""
    if isinstance(value, dict):
        inner = ((item, f"{where}.{name}" if where else name) for name, item in value.items())
    elif isinstance(value, list):
        inner = ((item, f"{where}.{place}") for place, item in enumerate(value))
    else:
        return ""
    return next((found for item, at in inner if (found := _unseen(item, at))), "")
