"""The two ASN.1 shapes of SM2, read strictly: minimal DER, nothing behind, integers in range (G5)."""

from typing import Any, ClassVar

from asn1crypto import core
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from models.sealing import CryptoError


class _Cipher(core.Sequence):  # type: ignore[misc]
    """SM2Cipher of GM/T 0009."""

    _fields: ClassVar[list[Any]] = [
        ("x", core.Integer),
        ("y", core.Integer),
        ("digest", core.OctetString),
        ("cipher", core.OctetString),
    ]


# The library prepares a shape at its first use, which is not safe in several threads at once.
_Cipher()


def write_signature(r: int, s: int) -> bytes:
    """SEQUENCE{r INTEGER, s INTEGER}."""
    return encode_dss_signature(r, s)


def read_signature(der: bytes) -> tuple[int, int]:
    """Return r and s of a strict DER signature, which has the shape of a DSA signature."""
    try:
        return decode_dss_signature(der)
    except ValueError:
        raise CryptoError("BAD_INPUT") from None


def write_cipher(x: int, y: int, digest: bytes, cipher: bytes) -> bytes:
    """GM/T 0009 SM2Cipher: SEQUENCE{x INTEGER, y INTEGER, hash OCTET STRING, cipher OCTET STRING}."""
    written: bytes = _Cipher({"x": x, "y": y, "digest": digest, "cipher": cipher}).dump()
    return written


def read_cipher(der: bytes) -> tuple[int, int, bytes, bytes]:
    """Return x, y, hash and cipher of a strict DER SM2Cipher."""
    try:
        found = _Cipher.load(der, strict=True)
        x, y, digest, cipher = (found[name].native for name in ("x", "y", "digest", "cipher"))
        # The library reads BER: what it would write otherwise is no DER.
        if x < 0 or y < 0 or write_cipher(x, y, digest, cipher) != der:
            raise CryptoError("BAD_INPUT")
    except (ValueError, TypeError):
        raise CryptoError("BAD_INPUT") from None
    return x, y, digest, cipher
