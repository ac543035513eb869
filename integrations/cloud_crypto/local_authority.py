"""The certificate authority of the embedded mode: test certificates for trial accounts, never in production (M1)."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asn1crypto import crl, keys, x509

from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.armour import pem, unarmoured
from integrations.cloud_crypto.certificates import SM2_ALGORITHM, SM2_CURVE, SM2_KEY, SM3_WITH_SM2, Certificate
from models.sealing import CryptoError
from services.engine.private_files import write_whole

FOLDER = "authority"
_YEARS = timedelta(days=3650)
SIGN, ENCIPHER = "digital_signature", "key_encipherment"
CERT_SIGN, CRL_SIGN = "key_cert_sign", "crl_sign"


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
        usage: Iterable[str] = (SIGN,),
        client: bool = True,
    ) -> Issued:
        """Issue a certificate for a name, valid for a year by default."""
        own, key = self._open(now), sm2.PrivateKey.fresh()
        extensions = [_extension("basic_constraints", {"ca": False}), _extension("key_usage", set(usage))]
        if client:
            extensions.append(_extension("extended_key_usage", ["client_auth"], critical=False))
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
        write_whole(self._revoked_file, json.dumps(sorted(numbers)).encode())
        self._write_list(own.key, now)
        return True

    def _open(self, now: datetime) -> Issued:
        if not self._key_file.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            key, name = sm2.PrivateKey.fresh(), _name(self._name)
            extensions = [
                _extension("basic_constraints", {"ca": True, "path_len_constraint": 0}),
                _extension("key_usage", {CERT_SIGN, CRL_SIGN}),
            ]
            der = _certificate(key, name, name, key.public, (now - timedelta(minutes=5), now + _YEARS), extensions)
            write_whole(self._certificate_file, pem("CERTIFICATE", der).encode())
            self._write_list(key, now)
            write_whole(self._key_file, key.hex.encode())
        der = unarmoured(self._certificate_file.read_bytes(), "CERTIFICATE")
        return Issued(der, sm2.PrivateKey.of(self._key_file.read_text().strip()))

    def _revoked(self) -> list[int]:
        return list(json.loads(self._revoked_file.read_text())) if self._revoked_file.exists() else []

    def _write_list(self, key: sm2.PrivateKey, now: datetime) -> None:
        entries = [{"user_certificate": one, "revocation_date": _time(now)} for one in self._revoked()]
        body = crl.TbsCertList(
            {
                "version": "v2",
                "signature": {"algorithm": SM3_WITH_SM2},
                "issuer": _name(self._name),
                "this_update": _time(now - timedelta(minutes=5)),
                "next_update": _time(now + _YEARS),
                **({"revoked_certificates": entries} if entries else {}),
            }
        )
        signed = crl.CertificateList(
            {
                "tbs_cert_list": body,
                "signature_algorithm": {"algorithm": SM3_WITH_SM2},
                "signature": sm2.sign(key, body.dump()),
            }
        )
        write_whole(self._list_file, pem("X509 CRL", signed.dump()).encode())


def key_file(key: sm2.PrivateKey) -> str:
    """A private key as PKCS#8 in armour, which other tools read too."""
    own = keys.ECPrivateKey({"version": 1, "private_key": key.d, "public_key": bytes.fromhex(key.public.hex)})
    own.set_key_size(len(key.hex) // 2)
    info = keys.PrivateKeyInfo(
        {
            "version": 0,
            "private_key_algorithm": {"algorithm": SM2_KEY, "parameters": ("named", SM2_CURVE)},
            "private_key": own,
        }
    )
    return pem(_KEY_LABEL, info.dump())


def read_key(content: bytes) -> sm2.PrivateKey:
    """The key in such a file, or BAD_INPUT."""
    try:
        info = keys.PrivateKeyInfo.load(unarmoured(content, _KEY_LABEL), strict=True)
        if info["private_key_algorithm"].dump() != SM2_ALGORITHM.dump():
            raise CryptoError("BAD_INPUT")
        # Its octets as they are written: a key of another length is none of SM2's.
        return sm2.PrivateKey.of(bytes(info["private_key"].parsed["private_key"].contents).hex())
    except (ValueError, TypeError, LookupError):
        raise CryptoError("BAD_INPUT") from None


_KEY_LABEL = "PRIVATE" + " KEY"


def _certificate(
    signer: sm2.PrivateKey,
    issuer: x509.Name,
    subject: x509.Name,
    key: sm2.PublicKey,
    span: tuple[datetime, datetime],
    extensions: list[dict[str, Any]],
) -> bytes:
    start, ends = map(_time, span)
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": secrets.randbits(126) | 1 << 126,
            "signature": {"algorithm": SM3_WITH_SM2},
            "issuer": issuer,
            "validity": {"not_before": start, "not_after": ends},
            "subject": subject,
            "subject_public_key_info": {"algorithm": SM2_ALGORITHM, "public_key": bytes.fromhex(key.hex)},
            "extensions": extensions,
        }
    )
    signed = x509.Certificate(
        {
            "tbs_certificate": body,
            "signature_algorithm": {"algorithm": SM3_WITH_SM2},
            "signature_value": sm2.sign(signer, body.dump()),
        }
    )
    whole: bytes = signed.dump()
    return whole


def _time(at: datetime) -> x509.Time:
    """A time as certificates write it: two digits for the year until 2049."""
    at = at.astimezone(UTC).replace(microsecond=0)
    return x509.Time({"utc_time" if at.year < 2050 else "general_time": at})


def _name(common: str) -> x509.Name:
    return x509.Name.build({"country_name": "CN", "organization_name": "申房试用环境", "common_name": common})


def _extension(kind: str, value: Any, *, critical: bool = True) -> dict[str, Any]:
    return {"extn_id": kind, "critical": critical, "extn_value": value}


def system_moment() -> datetime:
    """Return the system time to the second, as certificates write it."""
    return datetime.now(UTC).replace(microsecond=0)
