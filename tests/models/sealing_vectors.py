"""The published keys and results of the sealed formats, shared by their tests (TEST-ONLY keys)."""

import secrets
from collections.abc import Callable

import pytest

from models.sealing import FAMILIES, CryptoError, KeyRing, Sealer, aad

ROW = "018f3c1e-7a2b-7c3d-9e4f-5a6b7c8d9e0f"
PLACE = aad("tenant", "id_no", ROW)
ID_NO = "11010519491231002X"
E1 = (
    "e1:dek.pii.1:AAECAwQFBgcICQoLDA0ODw:QpXA9cC0HgxmTrOCBRY-SFmO7QtI-76ASRVlbx2q8kU"
    ":OKXiWmSXuFpclf2DG7KjcWFdbA617W1CchmVtFOQe4M"
)
B1 = "b1:idx.pii.1:630358851ce011cfb281d58d3ea82fd7113e44be906b53182ff5e70f7cad755b"
M1 = "m1:mac.row.1:8B0hOGDT8xqMGo0aUG9UTl5bbB4wQ_sA9fcr8rVKfK4"
Q1 = "q1.hv.1.ABEiM0RVZneImaq7zN3u_w.XVeUgijRP-JtI_P2LePfkg"
P1 = "p1:200000:AAECAwQFBgcICQoLDA0ODw:zM6OsUsDv3jHbfYX_4SIy-i2yDCg6ZToNfVajhLlRSo"
USER: list[tuple[str, str | None]] = [
    ("login", "zhangsan"),
    ("roles", "R_CLERK"),
    ("org", "310115"),
    ("cert_fp", None),
]
STARTS = {"dek": 0x00, "idx": 0x20, "mac.row": 0x40, "mac.sess": 0x40, "mac.qr": 0x60}


def published_ring() -> KeyRing:
    def key(family: str) -> bytes:
        start = STARTS.get(family, STARTS.get(family[:3], 0))
        return bytes(range(start, start + 32))

    return KeyRing({f"{family}.1": key(family) for family in FAMILIES}, {family: f"{family}.1" for family in FAMILIES})


def published(random: Callable[[int], bytes] = lambda n: bytes(range(n))) -> Sealer:
    return Sealer(published_ring(), _random=random)


def rotated(ring: KeyRing, family: str) -> KeyRing:
    """The ring after one more key of a family became active; the old one stays readable."""
    kid = f"{family}.{len(ring.of_family(family)) + 1}"
    return KeyRing({**ring.keys, kid: secrets.token_bytes(32)}, {**ring.active, family: kid})


def refusal(act: Callable[..., object], *args: object) -> str:
    with pytest.raises(CryptoError) as caught:
        act(*args)
    return caught.value.code
