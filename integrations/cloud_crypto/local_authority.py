"""The certificate authority of the embedded mode: test certificates for trial accounts, never in production (M1)."""

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from integrations.cloud_crypto import asn1, sm2
from integrations.cloud_crypto.certificates import SM2_CURVE, SM2_KEY, SM3_WITH_SM2, Certificate
from models.sealing import CryptoError

FOLDER = "authority"
_YEARS = timedelta(days=3650)
_COMMON_NAME, _ORGANISATION, _COUNTRY = "2.5.4.3", "2.5.4.10", "2.5.4.6"
_KEY_USAGE, _BASIC, _EXTENDED = "2.5.29.15", "2.5.29.19", "2.5.29.37"
_CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
#: Named bits of KeyUsage, counted from the left.
SIGN, ENCIPHER, CERT_SIGN, CRL_SIGN = 0, 2, 5, 6


@dataclass(frozen=True)
class Issued:
    """A new certificate with its key."""

    der: bytes
    key: sm2.PrivateKey

    @property
    def certificate(self) -> Certificate:
        return Certificate.of(self.der)


class LocalAuthority:
    """A certificate authority below the key directory, made when first asked for a certificate."""

    def __init__(self, key_dir: Path, *, name: str = "申房试用证书签发") -> None:
        self.folder, self._name = key_dir / FOLDER, name
        self._key_file = self.folder / "authority.key"
        self._certificate_file = self.folder / "authority.cer"
        self._list_file = self.folder / "authority.crl"
        self._revoked_file = self.folder / "revoked.json"

    def issue(
        self,
        name: str,
        now: datetime,
        *,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        usage: Iterable[int] = (SIGN,),
        client: bool = True,
    ) -> Issued:
        """Issue a certificate for a name, valid for a year by default."""
        own, key = self._open(now), sm2.PrivateKey.fresh()
        extensions = [_extension(_BASIC, asn1.wrap(asn1.SEQUENCE)), _extension(_KEY_USAGE, _usage_bits(usage))]
        if client:
            extensions.append(_extension(_EXTENDED, asn1.wrap(asn1.SEQUENCE, asn1.oid(_CLIENT_AUTH)), critical=False))
        start = not_before or now - timedelta(minutes=5)
        ends = not_after or now + timedelta(days=365)
        der = _certificate(own.key, _name(self._name), _name(name), key.public, (start, ends), extensions)
        return Issued(der, key)

    def revoke(self, certificate: Certificate, now: datetime) -> bool:
        """Withdraw a certificate of ours; the new list is in force at once. False for another authority's."""
        own = self._open(now)
        if not certificate.signed_by(own.certificate):
            return False
        numbers = {certificate.parsed.serial_number, *self._revoked()}
        _write(self._revoked_file, json.dumps(sorted(numbers)).encode())
        self._write_list(own.key, now)
        return True

    def _open(self, now: datetime) -> Issued:
        if not self._key_file.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            key, name = sm2.PrivateKey.fresh(), _name(self._name)
            ca = asn1.wrap(asn1.SEQUENCE, asn1.true(), asn1.integer(0))
            extensions = [_extension(_BASIC, ca), _extension(_KEY_USAGE, _usage_bits((CERT_SIGN, CRL_SIGN)))]
            der = _certificate(key, name, name, key.public, (now - timedelta(minutes=5), now + _YEARS), extensions)
            _write(self._certificate_file, asn1.pem("CERTIFICATE", der).encode())
            self._write_list(key, now)
            _write(self._key_file, key.hex.encode())
        der = asn1.unarmoured(self._certificate_file.read_bytes(), "CERTIFICATE")
        return Issued(der, sm2.PrivateKey.of(self._key_file.read_text().strip()))

    def _revoked(self) -> list[int]:
        return list(json.loads(self._revoked_file.read_text())) if self._revoked_file.exists() else []

    def _write_list(self, key: sm2.PrivateKey, now: datetime) -> None:
        since = now - timedelta(minutes=5)
        entries = [asn1.wrap(asn1.SEQUENCE, asn1.integer(one), asn1.moment(now)) for one in self._revoked()]
        head = (asn1.integer(1), _algorithm(), _name(self._name), asn1.moment(since), asn1.moment(now + _YEARS))
        body = asn1.wrap(asn1.SEQUENCE, *head, *([asn1.wrap(asn1.SEQUENCE, *entries)] if entries else []))
        _write(self._list_file, asn1.pem("X509 CRL", _signed(key, body)).encode())


def key_file(key: sm2.PrivateKey) -> str:
    """A private key as PKCS#8 in armour, which other tools read too."""
    public = asn1.wrap(0xA1, asn1.bits(bytes.fromhex(key.public.hex)))
    own = asn1.wrap(asn1.SEQUENCE, asn1.integer(1), asn1.wrap(asn1.OCTETS, bytes.fromhex(key.hex)), public)
    return asn1.pem(_KEY_LABEL, asn1.wrap(asn1.SEQUENCE, asn1.integer(0), _key_kind(), asn1.wrap(asn1.OCTETS, own)))


def read_key(content: bytes) -> sm2.PrivateKey:
    """The key in such a file, or BAD_INPUT."""
    parts = list(asn1.elements(asn1.only(asn1.unarmoured(content, _KEY_LABEL), asn1.SEQUENCE)))
    if len(parts) < 3 or parts[1][2] != _key_kind() or parts[2][0] != asn1.OCTETS:
        raise CryptoError("BAD_INPUT")
    own = list(asn1.elements(asn1.only(parts[2][1], asn1.SEQUENCE)))
    if len(own) < 2 or own[1][0] != asn1.OCTETS:
        raise CryptoError("BAD_INPUT")
    return sm2.PrivateKey.of(own[1][1].hex())


_KEY_LABEL = "PRIVATE" + " KEY"


def _certificate(
    signer: sm2.PrivateKey,
    issuer: bytes,
    subject: bytes,
    key: sm2.PublicKey,
    span: tuple[datetime, datetime],
    extensions: list[bytes],
) -> bytes:
    tbs = asn1.wrap(
        asn1.SEQUENCE,
        asn1.wrap(0xA0, asn1.integer(2)),
        asn1.integer(secrets.randbits(126) | 1 << 126),
        _algorithm(),
        issuer,
        asn1.wrap(asn1.SEQUENCE, *map(asn1.moment, span)),
        subject,
        asn1.wrap(asn1.SEQUENCE, _key_kind(), asn1.bits(bytes.fromhex(key.hex))),
        asn1.wrap(0xA3, asn1.wrap(asn1.SEQUENCE, *extensions)),
    )
    return _signed(signer, tbs)


def _signed(key: sm2.PrivateKey, body: bytes) -> bytes:
    return asn1.wrap(asn1.SEQUENCE, body, _algorithm(), asn1.bits(sm2.sign(key, body)))


def _algorithm() -> bytes:
    return asn1.wrap(asn1.SEQUENCE, asn1.oid(SM3_WITH_SM2))


def _key_kind() -> bytes:
    return asn1.wrap(asn1.SEQUENCE, asn1.oid(SM2_KEY), asn1.oid(SM2_CURVE))


def _name(common: str) -> bytes:
    pairs = ((_COUNTRY, "CN"), (_ORGANISATION, "申房试用环境"), (_COMMON_NAME, common))
    parts = []
    for kind, value in pairs:
        # A country is a PrintableString by its definition.
        spelled = asn1.wrap(0x13, value.encode()) if kind == _COUNTRY else asn1.text(value)
        parts.append(asn1.wrap(asn1.SET, asn1.wrap(asn1.SEQUENCE, asn1.oid(kind), spelled)))
    return asn1.wrap(asn1.SEQUENCE, *parts)


def _extension(kind: str, value: bytes, *, critical: bool = True) -> bytes:
    flag = asn1.true() if critical else b""
    return asn1.wrap(asn1.SEQUENCE, asn1.oid(kind), flag, asn1.wrap(asn1.OCTETS, value))


def _usage_bits(usage: Iterable[int]) -> bytes:
    value = sum(0x80 >> bit for bit in usage)
    unused = (value & -value).bit_length() - 1 if value else 0
    return asn1.bits(bytes([value]), unused)


def _write(file: Path, content: bytes) -> None:
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)


def system_moment() -> datetime:
    """Return the system time to the second, as certificates write it."""
    return datetime.now(UTC).replace(microsecond=0)
