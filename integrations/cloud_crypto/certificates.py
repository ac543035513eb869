"""Validation of SM2 certificates: chain, revocation, usage and time (security.md M1, 3.3).

The library reads names, times and extensions but refuses the curve and the signature; key and signatures are ours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import TypeVar

from asn1crypto.keys import NamedCurve, PublicKeyAlgorithm, PublicKeyInfo
from asn1crypto.x509 import Certificate as Whole
from asn1crypto.x509 import TbsCertificate
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.armour import unarmoured
from models.sealing import CryptoError, sm3_hex
from services.ports.crypto import CertCheck, CertState

SM2_KEY, SM2_CURVE, SM3_WITH_SM2 = "1.2.840.10045.2.1", "1.2.156.10197.1.301", "1.2.156.10197.1.501"
NamedCurve.register("sm2p256v1", SM2_CURVE, 32)
#: An elliptic key on the curve of SM2.
SM2_ALGORITHM = PublicKeyAlgorithm({"algorithm": SM2_KEY, "parameters": ("named", SM2_CURVE)})
# The library prepares a shape at its first use, which is not safe in several threads at once.
for _shape in (Whole, TbsCertificate, PublicKeyInfo):
    _shape()
Kind = TypeVar("Kind", bound=x509.ExtensionType)
_LARGEST = 16_384
_DEEPEST = 4
_KNOWN_CRITICAL = {ExtensionOID.KEY_USAGE, ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.EXTENDED_KEY_USAGE}


@dataclass(frozen=True)
class Certificate:
    """A parsed certificate that is not validated yet."""

    der: bytes
    parsed: x509.Certificate

    @classmethod
    def of(cls, der: bytes) -> "Certificate":
        """Reads DER; what is no SM2 certificate is CERT_INVALID."""
        try:
            if len(der) > _LARGEST:
                raise CryptoError("CERT_INVALID")
            made = cls(der, x509.load_der_x509_certificate(der))
            _ = made.key, made.parsed.extensions, made.parsed.subject, made.parsed.issuer
            return made
        except (
            ValueError,
            TypeError,
            LookupError,
            x509.InvalidVersion,
            x509.DuplicateExtension,
            x509.UnsupportedGeneralNameType,
            CryptoError,
        ):
            raise CryptoError("CERT_INVALID") from None

    @cached_property
    def key(self) -> sm2.PublicKey:
        """The public key, proven to lie on the curve."""
        info: PublicKeyInfo = Whole.load(self.der, strict=True)["tbs_certificate"]["subject_public_key_info"]
        if info["algorithm"].dump() != SM2_ALGORITHM.dump():
            raise CryptoError("CERT_INVALID")
        return sm2.PublicKey.of(bytes(info["public_key"]).hex())

    @property
    def self_signed(self) -> bool:
        return self.parsed.issuer == self.parsed.subject

    @property
    def fingerprint(self) -> str:
        return sm3_hex(self.der)

    @property
    def serial(self) -> str:
        return f"{self.parsed.serial_number:X}"

    def signed_by(self, other: "Certificate") -> bool:
        """Return whether the other certificate's key made this signature, with SM3 and SM2."""
        return (
            self.parsed.signature_algorithm_oid.dotted_string == SM3_WITH_SM2
            and self.parsed.issuer == other.parsed.subject
            and sm2.verify(other.key, self.parsed.tbs_certificate_bytes, self.parsed.signature)
        )

    def lives_at(self, at: datetime) -> CertState:
        if at < self.parsed.not_valid_before_utc:
            return "not_yet"
        return "expired" if at > self.parsed.not_valid_after_utc else "good"

    def extension(self, kind: type[Kind]) -> Kind | None:
        """Return an extension, if it has it."""
        try:
            return self.parsed.extensions.get_extension_for_class(kind).value
        except x509.ExtensionNotFound:
            return None

    @cached_property
    def usage(self) -> x509.KeyUsage | None:
        return self.extension(x509.KeyUsage)

    @cached_property
    def basic(self) -> x509.BasicConstraints | None:
        return self.extension(x509.BasicConstraints)

    @property
    def understood(self) -> bool:
        """Return whether it has no critical extension that we do not check."""
        return all(one.oid in _KNOWN_CRITICAL for one in self.parsed.extensions if one.critical)

    def serves(self, usage: str) -> bool:
        """Return whether its owner may use it for `sign`, `enc` or `gw`."""
        if self.usage is None or (self.basic is not None and self.basic.ca):
            return False
        if usage == "enc":
            return self.usage.key_encipherment or self.usage.data_encipherment or self.usage.key_agreement
        if not self.usage.digital_signature:
            return False
        extended = self.extension(x509.ExtendedKeyUsage)
        if extended is None:
            return True
        wanted = {ExtendedKeyUsageOID.SERVER_AUTH if usage == "gw" else ExtendedKeyUsageOID.CLIENT_AUTH}
        return bool({*extended} & (wanted | {ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}))


@dataclass(frozen=True)
class _Trust:
    """The authorities we believe, those between, and their lists of revoked certificates."""

    roots: tuple[Certificate, ...]
    between: tuple[Certificate, ...]
    lists: tuple[x509.CertificateRevocationList, ...]


class TrustStore:
    """Folders of `.cer`, `.crt`, `.pem` and `.crl` files, read again when a file changes.

    A self-signed certificate there is a trusted authority; any other is a link between an authority and the users.
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._stamp: tuple[tuple[str, int, int], ...] | None = None
        self._trust = _Trust((), (), ())
        self._lock = Lock()

    def check(self, der: bytes, usage: str, at: datetime) -> CertCheck:
        """Validate a certificate at a moment; an unreadable or unknown one is not trusted."""
        try:
            found = Certificate.of(der)
        except CryptoError:
            return CertCheck("unknown")
        return CertCheck(
            self._state(found, usage, at),
            issuer=found.parsed.issuer.rfc4514_string(),
            serial=found.serial,
            subject=found.parsed.subject.rfc4514_string(),
            fingerprint=found.fingerprint,
            public=found.key.hex,
            not_before=found.parsed.not_valid_before_utc,
            not_after=found.parsed.not_valid_after_utc,
        )

    def _state(self, found: Certificate, usage: str, at: datetime) -> CertState:
        trust = self._read()
        chain = _chain(found, trust)
        if not chain or not found.understood:
            return "untrusted"
        for place, one in enumerate(chain):
            if (lives := one.lives_at(at)) != "good":
                return lives if place == 0 else "untrusted"
        for one, issuer in pairwise(chain):
            if (revoked := _revoked(one, issuer, trust.lists, at)) != "good":
                return revoked
        return "good" if found.serves(usage) else "bad_usage"

    def _read(self) -> _Trust:
        with self._lock:
            stamp = tuple(
                (str(file), file.stat().st_mtime_ns, file.stat().st_size)
                for folder in self._folders
                for file in (sorted(folder.iterdir()) if folder.is_dir() else ())
                if file.suffix in (".cer", ".crt", ".pem", ".crl")
            )
            if stamp != self._stamp:
                self._trust, self._stamp = _read([Path(name) for name, _, _ in stamp]), stamp
            return self._trust


def _read(files: Sequence[Path]) -> _Trust:
    found, lists = [], []
    for file in files:
        content = file.read_bytes()
        try:
            if file.suffix == ".crl":
                lists.append(x509.load_der_x509_crl(unarmoured(content, "X509 CRL")))
            else:
                found.append(Certificate.of(unarmoured(content, "CERTIFICATE")))
        except (ValueError, CryptoError):
            # A spoilt file counts for nothing: certificates that depend on it are not trusted.
            continue
    roots = tuple(one for one in found if one.self_signed and one.signed_by(one) and _may_sign(one, 0))
    return _Trust(roots, tuple(one for one in found if not one.self_signed), tuple(lists))


def _chain(found: Certificate, trust: _Trust) -> list[Certificate]:
    """Return the chain from a certificate to a trusted authority, or an empty list."""
    chain = [found]
    while len(chain) <= _DEEPEST:
        below = len(chain) - 1
        issuer = next((one for one in _issuers(chain[-1], trust, below)), None)
        if issuer is None:
            return []
        chain.append(issuer)
        if issuer in trust.roots:
            return chain
    return []


def _issuers(one: Certificate, trust: _Trust, below: int) -> Iterator[Certificate]:
    for issuer in (*trust.roots, *trust.between):
        if issuer.der != one.der and _may_sign(issuer, below) and issuer.understood and one.signed_by(issuer):
            yield issuer


def _may_sign(issuer: Certificate, below: int) -> bool:
    basic, usage = issuer.basic, issuer.usage
    return (
        basic is not None
        and basic.ca
        and (basic.path_length is None or below <= basic.path_length)
        and usage is not None
        and usage.key_cert_sign
    )


def _revoked(
    one: Certificate, issuer: Certificate, lists: Sequence[x509.CertificateRevocationList], at: datetime
) -> CertState:
    """Return whether the issuer has revoked it; unknown without a fresh list of the issuer."""
    fresh = False
    for crl in lists:
        if crl.issuer != issuer.parsed.subject or issuer.usage is None or not issuer.usage.crl_sign:
            continue
        if crl.signature_algorithm_oid.dotted_string != SM3_WITH_SM2:
            continue
        if not sm2.verify(issuer.key, crl.tbs_certlist_bytes, crl.signature):
            continue
        if crl.get_revoked_certificate_by_serial_number(one.parsed.serial_number) is not None:
            return "revoked"
        fresh = fresh or (crl.next_update_utc is not None and crl.last_update_utc <= at <= crl.next_update_utc)
    return "good" if fresh else "unknown"
