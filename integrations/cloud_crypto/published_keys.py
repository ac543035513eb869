"""Keys with published private halves: those of the partners' sandbox follow from their names. TEST-ONLY."""

from functools import cache

from integrations.cloud_crypto import curve, sm2
from models.sealing import sm3

#: Partners of the sandbox; every developer has the same keys for them.
SANDBOX_APPS = (
    *("gjj-center", "broker-assoc", "district-310115", "qy-huyu", "qy-tuju", "qy-jiangpan"),
    *("pt-zhaofang", "pt-anju", "ywtb-portal"),
)
_LABEL = "shenfang sandbox TEST-ONLY"


def published_key(app_id: str, use: str) -> sm2.PrivateKey:
    """The key of a sandbox partner for `sig` or `enc`: d = SM3("label app use") mod (n - 2) + 1."""
    number = int.from_bytes(sm3(f"{_LABEL} {app_id} {use}".encode()), "big")
    return sm2.PrivateKey(number % (curve.N - 2) + 1)


@cache
def published_x() -> frozenset[str]:
    """The X of all of them, as 64 hex digits: production believes none."""
    return frozenset(f"{published_key(app, use).public.x:064x}" for app in SANDBOX_APPS for use in ("sig", "enc"))
