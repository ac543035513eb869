"""The second sign-in factor: the user's certificate, proven by a signature or the gateway's assertion (M1, D04).

Every fault has a reason of its own in the audit; the user always sees the same sentence.
"""

import base64
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

from models.sealing import CryptoError, Sealer
from models.sign_in import SpentToken
from services.engine.house import House
from services.engine.refusals import Unavailable
from services.engine.work import Work
from services.ports.crypto import CertState
from services.ports.gateway import AssertionRefused, Gateway

#: How long a challenge may be signed.
LIVES = timedelta(seconds=120)
_FORM = re.compile(r"shfg-login\.[A-Za-z0-9_-]{43}\.([0-9]{10})\.[0-9a-f]{32}")
_LARGEST = 16_384
_ARMOUR = re.compile(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")
_REASONS: dict[CertState, str] = {
    "expired": "CERT_EXPIRED",
    "not_yet": "CERT_NOT_YET",
    "revoked": "CERT_REVOKED",
    "untrusted": "CERT_CA",
    "bad_usage": "CERT_USAGE",
    "unknown": "CERT_UNKNOWN",
}


def new_challenge(sealer: Sealer, now: datetime, browser: str = "") -> str:
    """Return a text to be signed unchanged; its prefix names its purpose, and only `browser` may hand it in."""
    body = f"shfg-login.{secrets.token_urlsafe(32)}.{int((now + LIVES).timestamp()):010d}"
    return f"{body}.{_tag(sealer, body, browser)}"


def until(sealer: Sealer, challenge: str, browser: str = "") -> datetime | None:
    """Until when a challenge given to `browser` is good; None for any other text."""
    found = _FORM.fullmatch(challenge)
    body, _, tag = challenge.rpartition(".")
    if found is None or not compare_digest(tag, _tag(sealer, body, browser)):
        return None
    return datetime.fromtimestamp(int(found[1]), UTC)


def spend(work: Work, kind: str, token: str, good_until: datetime) -> bool:
    """Use a token; False when it was used before, by whichever process."""
    digest = work.sealer.session_digest(f"{kind}|{token}")
    if work.has(SpentToken, SpentToken.digest == digest):
        return False
    work.session.add(SpentToken(digest=digest, kind=kind, until=good_until))
    work.session.flush()
    return True


def _tag(sealer: Sealer, body: str, browser: str) -> str:
    return sealer.session_digest(f"challenge|{body}|{browser}")[:32]


@dataclass(frozen=True)
class CertificateProof:
    """A challenge of ours, signed with the key of a certificate; `signature` is base64 DER.

    `browser` is the secret of the browser that hands it in, from the cookie set with the form.
    """

    challenge: str
    certificate: bytes
    signature: str = field(repr=False)
    browser: str = field(default="", repr=False)


def unarmoured(content: bytes) -> bytes:
    """The DER of a certificate file: DER itself, or base64 with or without its lines of dashes; empty for anything else."""
    if content[:1] == b"\x30":
        return content
    body = _ARMOUR.search(content)
    try:
        return base64.b64decode(b"".join((body[1] if body else content).split()), validate=True)
    except ValueError:
        return b""


@dataclass(frozen=True)
class GatewayProof:
    """The header in which the gateway says whose certificate it has seen."""

    assertion: str = field(repr=False)


@dataclass(frozen=True)
class Factor:
    """Result of a proof: a fingerprint to compare, or the `reason` for none. The proof uses up `token`."""

    name: str
    reason: str = ""
    fingerprint: str = ""
    token: str = ""
    until: datetime | None = None


def check_proof(house: House, proof: CertificateProof | GatewayProof | None, address: str, now: datetime) -> Factor:
    """Judge a proof with no transaction open; whether it was used before is for the transaction to say."""
    try:
        if isinstance(proof, GatewayProof):
            return _by_gateway(house.gateway, proof, address, now)
        if proof is None or house.sign_in.assertion_only:
            return Factor("cert", "GW_NONE" if house.sign_in.assertion_only else "CERT_NONE")
        return _by_certificate(house, proof, now)
    except CryptoError as problem:
        if problem.code in ("UNAVAILABLE", "TIMEOUT"):
            raise Unavailable("密码服务暂时不可用，无法核验证书，请稍后再登录") from problem
        return Factor("cert", "CERT_UNKNOWN")


def _by_certificate(house: House, proof: CertificateProof, now: datetime) -> Factor:
    good_until = until(house.sealer, proof.challenge, proof.browser)
    if good_until is None:
        return Factor("cert", "CHALLENGE")
    spent = Factor("cert", token=proof.challenge, until=good_until + timedelta(minutes=5))
    if good_until < now:
        return Factor("cert", "CHALLENGE_OVER")
    if not proof.certificate or len(proof.certificate) > _LARGEST:
        return replace(spent, reason="CERT_UNKNOWN")
    found = house.crypto.verify_cert(proof.certificate, "sign", now)
    if found.state != "good":
        return replace(spent, reason=_REASONS[found.state])
    if not house.crypto.verify_peer(found.public, proof.challenge.encode(), proof.signature):
        return replace(spent, reason="CERT_SIGNATURE")
    return replace(spent, fingerprint=found.fingerprint)


def _by_gateway(trusted: Gateway | None, proof: GatewayProof, address: str, now: datetime) -> Factor:
    if trusted is None:
        return Factor("gw", "GW_NONE")
    try:
        said = trusted.read(proof.assertion, now)
    except AssertionRefused as refused:
        return Factor("gw", refused.reason)
    spent = Factor("gw", token=said.token, until=said.expires_at + timedelta(minutes=5))
    if said.address != address:
        return replace(spent, reason="GW_ADDRESS")
    return replace(spent, fingerprint=said.fingerprint)
