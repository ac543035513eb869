"""A partner's client written from security.md 4 alone: own SM2 arithmetic, SM3 and SM4 of OpenSSL, nothing of the product.

It is kept plain so that it can be compared with the profile line by line.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
Point = tuple[int, int] | None


def add(one: Point, other: Point) -> Point:
    if one is None:
        return other
    if other is None:
        return one
    (x1, y1), (x2, y2) = one, other
    if x1 == x2:
        if (y1 + y2) % P == 0:
            return None
        slope = (3 * x1 * x1 + A) * pow(2 * y1, -1, P) % P
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, P) % P
    x3 = (slope * slope - x1 - x2) % P
    return x3, (slope * (x1 - x3) - y1) % P


def times(k: int, point: Point) -> Point:
    """Double and add from the highest bit on, as (X / Z^2, Y / Z^3): one division at the end, where `add` has one each time."""
    k %= N
    if point is None or not k:
        return None
    (px, py), (x, y), z = point, point, 1
    for bit in bin(k)[3:]:
        z2, y2 = z * z % P, y * y % P
        slope, part = 3 * (x - z2) * (x + z2) % P, 4 * x * y2 % P
        z = 2 * y * z % P
        x = (slope * slope - 2 * part) % P
        y = (slope * (part - x) - 8 * y2 * y2) % P
        if bit == "1":
            # Below N no multiple met here is the point or its opposite, so `away` is not zero.
            away, rise = (px * z * z - x) % P, (py * z * z * z - y) % P
            part, cube = x * away * away % P, away * away * away % P
            x = (rise * rise - cube - 2 * part) % P
            y = (rise * (part - x) - y * cube) % P
            z = z * away % P
    last = pow(z, -1, P)
    return x * last * last % P, y * last * last * last % P


def sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def number(value: int) -> bytes:
    return value.to_bytes(32, "big")


def der_integer(value: int) -> bytes:
    body = value.to_bytes(value.bit_length() // 8 + 1, "big")
    return b"\x02" + bytes([len(body)]) + body


def der_wrap(tag: int, body: bytes) -> bytes:
    size = bytes([len(body)]) if len(body) < 128 else b"\x81" + bytes([len(body)])
    return bytes([tag]) + size + body


def der_parts(data: bytes) -> list[tuple[int, bytes]]:
    """The members of a SEQUENCE; lengths below 256 only."""
    body = der_read(data, 0)[1]
    found, at = [], 0
    while at < len(body):
        tag, value, at = der_read(body, at)
        found.append((tag, value))
    return found


def der_read(data: bytes, at: int) -> tuple[int, bytes, int]:
    tag, size, start = data[at], data[at + 1], at + 2
    if size == 0x81:
        size, start = data[at + 2], at + 3
    return tag, data[start : start + size], start + size


@dataclass
class KeyPair:
    d: int

    @classmethod
    def fresh(cls) -> "KeyPair":
        return cls(secrets.randbelow(N - 2) + 1)

    @cached_property
    def point(self) -> tuple[int, int]:
        point = times(self.d, G)
        assert point is not None
        return point

    @property
    def public(self) -> str:
        x, y = self.point
        return f"04{x:064x}{y:064x}"

    def sign(self, message: bytes, k: int | None = None) -> tuple[int, int]:
        e = digest(self.point, message)
        while True:
            nonce = k or secrets.randbelow(N - 1) + 1
            point = times(nonce, G)
            assert point is not None
            r = (e + point[0]) % N
            s = pow(1 + self.d, -1, N) * (nonce - r * self.d) % N
            if r and s and (r + nonce) % N:
                return r, s

    def sign_b64(self, message: bytes) -> str:
        r, s = self.sign(message)
        return base64.b64encode(der_wrap(0x30, der_integer(r) + der_integer(s))).decode()

    def decrypt(self, sealed: bytes) -> bytes:
        (_, x), (_, y), (_, c3), (_, c2) = der_parts(sealed)
        shared = times(self.d, (int.from_bytes(x, "big"), int.from_bytes(y, "big")))
        assert shared is not None
        plain = bytes(a ^ b for a, b in zip(c2, stream(shared, len(c2)), strict=True))
        assert sm3(number(shared[0]) + plain + number(shared[1])) == c3
        return plain


def point_of(public: str) -> tuple[int, int]:
    return int(public[2:66], 16), int(public[66:], 16)


def digest(point: tuple[int, int], message: bytes) -> int:
    user = b"1234567812345678"
    z = sm3((len(user) * 8).to_bytes(2, "big") + user + b"".join(map(number, (A, B, *G, *point))))
    return int.from_bytes(sm3(z + message), "big")


def verify(public: str, message: bytes, signature: str) -> bool:
    (_, r_bytes), (_, s_bytes) = der_parts(base64.b64decode(signature))
    r, s = int.from_bytes(r_bytes, "big"), int.from_bytes(s_bytes, "big")
    point = point_of(public)
    t = (r + s) % N
    found = add(times(s, G), times(t, point))
    return found is not None and (digest(point, message) + found[0]) % N == r


def stream(shared: tuple[int, int], size: int) -> bytes:
    seed, made, count = number(shared[0]) + number(shared[1]), b"", 1
    while len(made) < size:
        made += sm3(seed + count.to_bytes(4, "big"))
        count += 1
    return made[:size]


def encrypt(public: str, plain: bytes) -> bytes:
    k = secrets.randbelow(N - 1) + 1
    c1, shared = times(k, G), times(k, point_of(public))
    assert c1 is not None
    assert shared is not None
    c2 = bytes(a ^ b for a, b in zip(plain, stream(shared, len(plain)), strict=True))
    c3 = sm3(number(shared[0]) + plain + number(shared[1]))
    return der_wrap(0x30, der_integer(c1[0]) + der_integer(c1[1]) + der_wrap(0x04, c3) + der_wrap(0x04, c2))


def sm4_cbc(key: bytes, iv: bytes, data: bytes, *, sealing: bool) -> bytes:
    cipher = Cipher(algorithms.SM4(key), modes.CBC(iv))
    work = cipher.encryptor() if sealing else cipher.decryptor()
    return work.update(data) + work.finalize()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, "sm3").digest()


def seal(public: str, kid: str, sender: str, receiver: str, plain: bytes, mid: str = "") -> dict[str, Any]:
    """ENV1 of 4.5, as its members."""
    mid = mid or str(uuid.uuid4())
    cek, iv = secrets.token_bytes(48), secrets.token_bytes(16)
    pad = 16 - len(plain) % 16
    ct = sm4_cbc(cek[:16], iv, plain + bytes([pad]) * pad, sealing=True)
    aad = f"ENV1\n{sender}\n{receiver}\n{kid}\n{mid}".encode()
    tag = hmac_sm3(cek[16:], len(aad).to_bytes(4, "big") + aad + iv + ct)
    parts = {"ek": encrypt(public, cek), "iv": iv, "ct": ct, "tag": tag}
    texts = {name: base64.b64encode(value).decode() for name, value in parts.items()}
    return {"v": 1, "alg": "SM2-SM4CBC-HSM3", "kid": kid, "mid": mid, **texts}


def unseal(keys: KeyPair, envelope: dict[str, Any], sender: str, receiver: str) -> bytes:
    ek, iv, ct, tag = (base64.b64decode(envelope[name]) for name in ("ek", "iv", "ct", "tag"))
    cek = keys.decrypt(ek)
    aad = f"ENV1\n{sender}\n{receiver}\n{envelope['kid']}\n{envelope['mid']}".encode()
    assert hmac.compare_digest(tag, hmac_sm3(cek[16:], len(aad).to_bytes(4, "big") + aad + iv + ct))
    padded = sm4_cbc(cek[:16], iv, ct, sealing=False)
    return padded[: -padded[-1]]


def normal_query(query: str) -> str:
    pairs = [part.split("=", 1) for part in query.split("&")] if query else []
    encoded = [(quote(unquote(name), safe="-._~"), quote(unquote(value), safe="-._~")) for name, value in pairs]
    return "&".join(f"{name}={value}" for name, value in sorted(encoded))


@dataclass
class Signed:
    """A request ready to be sent, every part of which a test may change."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def with_header(self, name: str, value: str | None) -> "Signed":
        """The same with one header changed, or taken away."""
        kept = [pair for pair in self.headers if pair[0].lower() != name.lower()]
        return Signed(self.method, self.target, kept if value is None else [*kept, (name, value)], self.body)

    def with_body(self, body: bytes) -> "Signed":
        return Signed(self.method, self.target, self.headers, body)

    def header(self, name: str) -> str:
        return next(value for key, value in self.headers if key.lower() == name.lower())


@dataclass
class Replied:
    status: int
    code: str
    body: dict[str, Any]
    headers: httpx.Headers
    raw: bytes

    @property
    def data(self) -> dict[str, Any]:
        return dict(self.body["data"])


@dataclass
class Server:
    """The authority as a partner is told of it; public keys by kid."""

    audience: str
    signing: dict[str, str]
    enc_kid: str
    enc_public: str


@dataclass
class IndependentClient:
    """One partner: its app id and two key pairs."""

    app_id: str
    server: Server
    sign_kid: str = ""
    enc_kid: str = ""
    sign_keys: KeyPair = field(default_factory=KeyPair.fresh)
    enc_keys: KeyPair = field(default_factory=KeyPair.fresh)

    def __post_init__(self) -> None:
        self.sign_kid = self.sign_kid or f"{self.app_id}-sig-1"[:40]
        self.enc_kid = self.enc_kid or f"{self.app_id}-enc-1"[:40]

    def envelope(self, plain: bytes, mid: str = "", **changed: str) -> bytes:
        """An envelope to the authority."""
        made = seal(
            self.server.enc_public,
            self.server.enc_kid,
            changed.get("sender", self.app_id),
            changed.get("receiver", self.server.audience),
            plain,
            mid,
        )
        return json.dumps(made, separators=(",", ":")).encode()

    def request(
        self,
        path: str,
        message: Any = None,
        *,
        key: str | None = None,
        body: bytes | None = None,
        encrypted: bool = True,
        method: str = "POST",
        query: str = "",
        at_ms: int | None = None,
        nonce: str = "",
        mid: str = "",
        audience: str = "",
        app_id: str = "",
        sign_kid: str = "",
        keys: KeyPair | None = None,
        media: str = "application/json",
        body_enc: str = "",
    ) -> Signed:
        """A signed request of this partner; what is named differs from what an honest one would send."""
        if body is None:
            plain = json.dumps(message, ensure_ascii=False).encode()
            body = self.envelope(plain, mid) if encrypted else plain
        enc = body_enc or ("sm4-env-v1" if encrypted else "none")
        stamp = str(int(time.time() * 1000) if at_ms is None else at_ms)
        nonce = nonce or secrets.token_hex(16)
        digest_hex = sm3(body).hex()
        to, who, kid = audience or self.server.audience, app_id or self.app_id, sign_kid or self.sign_kid
        lines = [
            "SM2-SM3-V1",
            method,
            to,
            path,
            normal_query(query),
            who,
            kid,
            stamp,
            nonce,
            key or "",
            media.split(";")[0].strip().lower(),
            enc,
            digest_hex,
        ]
        signature = (keys or self.sign_keys).sign_b64("\n".join(lines).encode())
        headers = [
            ("X-Sign-Alg", "SM2-SM3-V1"),
            ("X-Audience", to),
            ("X-App-Id", who),
            ("X-Key-Id", kid),
            ("X-Timestamp", stamp),
            ("X-Nonce", nonce),
            ("X-Body-Enc", enc),
            ("X-Content-SM3", digest_hex),
            ("X-Signature", signature),
        ]
        if key is not None:
            headers.append(("X-Idempotency-Key", key))
        if media:
            headers.append(("Content-Type", media))
        return Signed(method, path + (f"?{query}" if query else ""), headers, body)

    def send(self, base: str, signed: Signed, *, client: httpx.Client | None = None) -> Replied:
        """Send it and check the reply as 4.4 asks: signature, echo of the nonce, time; open it when it is sealed."""
        line = client or httpx.Client(trust_env=False, timeout=30)
        try:
            response = line.request(signed.method, base + signed.target, headers=signed.headers, content=signed.body)
        finally:
            if client is None:
                line.close()
        return self.check(signed, response.status_code, response.headers, response.content)

    def check(self, signed: Signed, status: int, headers: httpx.Headers, raw: bytes) -> Replied:
        sent = {name.lower(): value for name, value in signed.headers}
        if "x-signature" in headers:
            lines = [
                "SM2-SM3-V1-RESP",
                str(status),
                self.server.audience,
                _echoed(sent.get("x-app-id", ""), 3, 32, "abcdefghijklmnopqrstuvwxyz0123456789-"),
                headers["x-key-id"],
                headers["x-timestamp"],
                headers["x-request-nonce"],
                headers["x-request-id"],
                headers["content-type"].split(";")[0].strip().lower(),
                headers["x-body-enc"],
                headers["x-content-sm3"],
            ]
            assert headers["x-content-sm3"] == sm3(raw).hex()
            assert headers["x-request-nonce"] == _echoed(sent.get("x-nonce", ""), 32, 32, "0123456789abcdef")
            assert abs(int(headers["x-timestamp"]) - time.time() * 1000) < 300_000
            assert verify(self.server.signing[headers["x-key-id"]], "\n".join(lines).encode(), headers["x-signature"])
        else:
            assert status == 503
        plain = raw
        if headers.get("x-body-enc") == "sm4-env-v1":
            plain = unseal(self.enc_keys, json.loads(raw), self.server.audience, self.app_id)
        body = json.loads(plain)
        return Replied(status, str(body["code"]), body, headers, raw)


def _echoed(value: str, least: int, most: int, alphabet: str) -> str:
    return value if least <= len(value) <= most and set(value) <= set(alphabet) else ""
