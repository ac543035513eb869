"""The letter of SM2-SM3-V1: headers, the canonical texts that are signed, error codes (security.md 4.1, 4.2, 4.4, 4.6)."""

import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

from models.sealing import sm3_hex
from services.engine.clock import system_now
from services.partners.request_log import clock_ms

ALGORITHM = "SM2-SM3-V1"
CLEAR, ENVELOPED = "none", "sm4-env-v1"
JSON = "application/json"
WINDOW_MS = 300_000
MAX_BODY = 1 << 20
MAX_HEADERS = 16 << 10

#: Code to HTTP status and the message to the partner.
ERRORS: Mapping[str, tuple[int, str]] = {
    "E1001": (400, "请求头缺失、重复或格式不正确"),
    "E1002": (400, "签名算法或接收方标识不正确"),
    "E1003": (400, "路径或查询参数不是规范形式"),
    "E1004": (401, "应用或密钥未登记、已停用、已失效或不属于该应用"),
    "E1005": (401, "时间戳超出允许范围，请校准时钟"),
    "E1006": (401, "签名验证未通过"),
    "E1007": (401, "报文摘要不一致"),
    "E1008": (401, "随机数已使用过"),
    "E1009": (403, "没有此接口的权限，或来源地址不在登记范围内"),
    "E1010": (429, "请求过于频繁，请稍后再试"),
    "E1011": (409, "同一幂等键的请求正在处理，请稍后重试"),
    "E1012": (422, "该幂等键已用于其他内容"),
    "E1013": (400, "加密报文无法打开"),
    "E1014": (400, "此接口须使用加密报文"),
    "E1015": (413, "请求过大"),
    "E1016": (415, "媒体类型或编码不受支持"),
    "E1017": (422, "报文字段不符合要求"),
    "E1018": (404, "没有查到符合条件的记录"),
    "E1019": (409, "当前业务状态不允许此操作"),
    "E1020": (503, "服务暂时不可用，请稍后重试"),
    "E1099": (500, "系统内部错误，请联系对接负责人"),
}

_MEDIA = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}")
_PATH = re.compile(rb"(/[A-Za-z0-9._~-]+)+")
_BAD_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")

Pairs = Iterable[tuple[bytes, bytes]]


class ProfileError(Exception):
    """A refused request: its code, and the message that may be sent."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.status, told = ERRORS[code]
        self.message = message or told


@dataclass(frozen=True)
class Head:
    """The headers of a request, each checked for its form; nothing of it is believed yet."""

    algorithm: str
    audience: str
    app_id: str
    key_id: str
    timestamp: str
    nonce: str
    idempotency_key: str
    media_type: str
    body_enc: str
    content_sm3: str
    signature: str


_NAME, _APP, _KEY_ID = r"[\x21-\x7e]{1,64}", r"[a-z0-9-]{3,32}", r"[A-Za-z0-9._-]{1,64}"
_TIME, _NONCE, _ENC = r"[0-9]{13}", r"[0-9a-f]{32}", r"none|sm4-env-v1"
_DIGEST, _SIGNATURE = r"[0-9a-f]{64}", r"[\x21-\x7e]{1,400}"
#: Fields of a request's head, the headers that carry them and their form.
_SENT = {
    "algorithm": ("X-Sign-Alg", r"[\x21-\x7e]{1,40}"),
    "audience": ("X-Audience", _NAME),
    "app_id": ("X-App-Id", _APP),
    "key_id": ("X-Key-Id", _KEY_ID),
    "timestamp": ("X-Timestamp", _TIME),
    "nonce": ("X-Nonce", _NONCE),
    "idempotency_key": ("X-Idempotency-Key", r"[A-Za-z0-9_-]{8,64}"),
    "body_enc": ("X-Body-Enc", _ENC),
    "content_sm3": ("X-Content-SM3", _DIGEST),
    "signature": ("X-Signature", _SIGNATURE),
}
_PATTERNS = {header.lower(): re.compile(form) for header, form in _SENT.values()}
#: The end of a request's text, in its order.
_SIGNED = ("app_id", "key_id", "timestamp", "nonce", "idempotency_key", "media_type", "body_enc", "content_sm3")


def _collected(headers: Pairs, names: Collection[str]) -> dict[str, str]:
    """The headers of these names in small letters; `ValueError` for one that is repeated or not ASCII."""
    found: dict[str, str] = {}
    for key, raw in headers:
        name = key.decode("latin-1").lower()
        if name in names:
            if name in found or not raw.isascii():
                raise ValueError(name)
            found[name] = raw.decode("ascii")
    return found


def lone(headers: Pairs, name: str) -> str:
    """A header's value when it was sent exactly once and has its form, else nothing: what an error reply may echo."""
    found = [value for key, value in headers if key.lower() == name.encode()]
    text = found[0].decode("latin-1") if len(found) == 1 else ""
    return text if _PATTERNS[name].fullmatch(text) else ""


def read_head(headers: Pairs, *, keyed: bool | None = None) -> Head:
    """The headers, or E1001; `keyed` says whether an idempotency key must be there, may not, or (None) may."""
    pairs = list(headers)
    if sum(len(key) + len(value) + 4 for key, value in pairs) > MAX_HEADERS:
        raise ProfileError("E1001")
    try:
        found = _collected(pairs, {*_PATTERNS, "content-type", "content-encoding"})
    except ValueError:
        raise ProfileError("E1001") from None
    if found.get("content-encoding"):
        raise ProfileError("E1016")
    key = found.get("x-idempotency-key")
    if (key is None and keyed is True) or (key is not None and keyed is False):
        raise ProfileError("E1001")
    for name, pattern in _PATTERNS.items():
        if name not in found:
            if name != "x-idempotency-key":
                raise ProfileError("E1001")
        elif not pattern.fullmatch(found[name]):
            raise ProfileError("E1001")
    sent = {name: found.get(header.lower(), "") for name, (header, _) in _SENT.items()}
    return Head(**sent, media_type=media_type(found.get("content-type", "")))


def media_type(text: str) -> str:
    """Lower case and without parameters; E1001 for what is no media type."""
    kind = text.partition(";")[0].strip().lower()
    if kind and not _MEDIA.fullmatch(kind):
        raise ProfileError("E1001")
    return kind


def canonical_path(raw: bytes) -> str:
    """The path exactly as sent, or E1003."""
    if not _PATH.fullmatch(raw) or any(part in (b".", b"..") for part in raw.split(b"/")):
        raise ProfileError("E1003")
    return raw.decode("ascii")


def canonical_query(raw: bytes) -> str:
    """Return the canonical spelling of a query, sorted by name; raise E1003 for ambiguous queries."""
    if not raw:
        return ""
    if b"+" in raw or b";" in raw or _BAD_PERCENT.search(raw) or not re.fullmatch(rb"[\x21-\x7e]+", raw):
        raise ProfileError("E1003")
    pairs: dict[str, str] = {}
    for part in raw.split(b"&"):
        name, _, value = part.partition(b"=")
        encoded = _encoded(name)
        if not encoded or encoded in pairs:
            raise ProfileError("E1003")
        pairs[encoded] = _encoded(value)
    return "&".join(f"{name}={pairs[name]}" for name in sorted(pairs))


def _encoded(raw: bytes) -> str:
    try:
        text = unquote_to_bytes(raw).decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise ProfileError("E1003") from None
    return quote(text, safe="-._~")


def new_head(body: bytes, *, audience: str, app_id: str, key_id: str, key: str = "", body_enc: str = ENVELOPED) -> Head:
    """The head of a request made now, not yet signed; `key` is its idempotency key, none for a question."""
    now, nonce = str(clock_ms(system_now())), secrets.token_hex(16)
    return Head(ALGORITHM, audience, app_id, key_id, now, nonce, key, JSON, body_enc, sm3_hex(body), "")


def request_text(head: Head, method: str, path: str, query: str) -> bytes:
    """Return the 13 lines that a request's signature covers."""
    signed = (getattr(head, name) for name in _SIGNED)
    return "\n".join((ALGORITHM, method, head.audience, path, query, *signed)).encode()


def request_headers(head: Head) -> dict[str, str]:
    """The headers a request is sent with."""
    named = {header: getattr(head, name) for name, (header, _) in _SENT.items() if getattr(head, name)}
    return {**named, "Content-Type": JSON}


_REPLIED = {
    "key_id": ("X-Key-Id", _KEY_ID),
    "timestamp": ("X-Timestamp", _TIME),
    "request_nonce": ("X-Request-Nonce", f"({_NONCE})?"),
    "request_id": ("X-Request-Id", _NAME),
    "body_enc": ("X-Body-Enc", _ENC),
    "content_sm3": ("X-Content-SM3", _DIGEST),
}
_REPLY_FORMS = {"x-sign-alg": ALGORITHM, "x-signature": _SIGNATURE} | {
    header.lower(): form for header, form in _REPLIED.values()
}
_REPLY_SIGNED = (
    *("audience", "app_id", "key_id", "timestamp", "request_nonce", "request_id", "media_type", "body_enc"),
    "content_sm3",
)


@dataclass(frozen=True)
class ReplyHead:
    """The signed head of a reply. `audience` is the answering side, `app_id` the asking app."""

    status: int
    audience: str
    app_id: str
    key_id: str
    timestamp: str
    request_nonce: str
    request_id: str
    media_type: str
    body_enc: str
    content_sm3: str

    def text(self) -> bytes:
        """Return the 11 lines that a reply's signature covers."""
        signed = (getattr(self, name) for name in _REPLY_SIGNED)
        return "\n".join((f"{ALGORITHM}-RESP", str(self.status), *signed)).encode()

    def headers(self, signature: str) -> dict[str, str]:
        """Return the headers of the reply; an empty signature is left out."""
        named = {"X-Sign-Alg": ALGORITHM, **{header: getattr(self, name) for name, (header, _) in _REPLIED.items()}}
        return {**named, "X-Signature": signature} if signature else named


def read_reply_head(headers: Pairs, status: int, audience: str, app_id: str) -> tuple[ReplyHead, str]:
    """Read the head of a reply and its signature; `ValueError` when a header is missing, repeated or malformed."""
    found = _collected(headers, {*_REPLY_FORMS, "content-type"})
    for name, form in _REPLY_FORMS.items():
        if not re.fullmatch(form, found.get(name, "\n")):
            raise ValueError(name)
    named = {name: found[header.lower()] for name, (header, _) in _REPLIED.items()}
    media = found.get("content-type", "").partition(";")[0].strip().lower()
    head = ReplyHead(status=status, audience=audience, app_id=app_id, media_type=media, **named)
    return head, found["x-signature"]


def fingerprint(method: str, path: str, query: str, plain: bytes) -> str:
    """Return the digest that distinguishes a repetition from another request under an idempotency key (4.7)."""
    return sm3_hex(f"{method}{path}{query}".encode() + plain)
