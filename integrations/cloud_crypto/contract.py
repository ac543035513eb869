"""The contract of the cloud's crypto services, shared by client and simulator (security 3.4; docs/security/keys.md)."""

import base64
import binascii
from typing import Any, Final

from models.sealing import CryptoError, hmac_sm3, sm3_hex
from models.sealing.contract import CryptoCode

SIGN = "/svs/v1/signData"
EXPORT_CERT = "/svs/v1/exportCert"
VALIDATE_CERT = "/svs/v1/validateCert"
KEYS = "/kms/v1/keys"
OPEN_KEY = "/kms/v1/openEnvelopeKey"
ROTATE = "/kms/v1/rotate"
SET_STATE = "/kms/v1/setState"
#: Ours beyond the message set of GM/T 0029: the next key of a family, and the data keys wrapped to the asking process.
PREPARE = "/kms/v1/prepare"
EXPORT_KEYS = "/kms/v1/exportKeys"

SIGN_METHOD: Final = "SGD_SM3_SM2"
#: Milliseconds by which the clocks of both sides may differ; a nonce is remembered twice as long.
WINDOW = 300_000

OK, BAD_MAC, REPLAYED, FAULT, BUSY = 0, 1002, 1003, 5001, 5002
_CODES: dict[int, CryptoCode] = {
    1001: "BAD_INPUT",
    1002: "INTERNAL",
    1003: "REPLAY",
    2001: "KEY_NOT_FOUND",
    2002: "KEY_STATE",
    2003: "KEY_USAGE",
    3002: "CERT_INVALID",
    4001: "AUTH_FAILED",
    5001: "INTERNAL",
    5002: "UNAVAILABLE",
}
_VALUES = {code: value for value, code in _CODES.items()} | {"INTERNAL": 5001, "UNAVAILABLE": BUSY, "TIMEOUT": BUSY}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unb64(text: Any) -> bytes:
    """Return the bytes of a text, or raise ValueError."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None


def client_mac(secret: bytes, path: str, stamp: str, nonce: str, body: bytes) -> str:
    """`X-Client-MAC`: proves who asks and that nothing was changed on the way."""
    return hmac_sm3(secret, f"CSP-V1\nPOST\n{path}\n{stamp}\n{nonce}\n{sm3_hex(body)}".encode()).hex()


def keys_mac(secret: bytes, request_id: str, keys: list[dict[str, str]]) -> str:
    """Return the MAC that proves that wrapped keys come from the service and no one in between."""
    lines = [f"{key['keyId']} {key['state']} {sm3_hex(key['ek'].encode())}" for key in keys]
    return hmac_sm3(secret, "\n".join(("CSP-V1-KEYS", request_id, *lines)).encode()).hex()


def error_of(value: int) -> CryptoError:
    """Return the error for a `respValue`."""
    return CryptoError(_CODES.get(value, "INTERNAL"), retryable=value in {FAULT, BUSY})


def value_of(error: CryptoError) -> int:
    """The `respValue` of an error."""
    return _VALUES[error.code]
