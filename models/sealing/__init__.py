"""Formats of protected values (e1, b1, m1, q1, p1, f1) and the `Sealer` that makes and opens them (security 3.6)."""

from models.sealing.contract import FAMILIES, CryptoCode, CryptoError, KeyRing, aad, family_of
from models.sealing.formats import FieldKey, Sm3, hmac_sm3, sm3, sm3_hex
from models.sealing.sealer import Sealer, sealer_of

__all__ = [
    "FAMILIES",
    "CryptoCode",
    "CryptoError",
    "FieldKey",
    "KeyRing",
    "Sealer",
    "Sm3",
    "aad",
    "family_of",
    "hmac_sm3",
    "sealer_of",
    "sm3",
    "sm3_hex",
]
