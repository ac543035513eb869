"""The front: trusted forwarding headers, and what production requires in front (D03, H07)."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.types import Scope

from services.engine.networks import EVERYWHERE, LOOPBACK, NOWHERE, Networks, SignInPolicy
from services.engine.refusals import Rejected

ASSERTION = b"x-gw-assertion"
#: Headers with which a reverse proxy, or a client that plays one, could speak for us.
_CLAIMING = (
    b"x-forwarded-",
    b"x-original-",
    b"x-rewrite-",
    b"x-http-method",
    b"x-real-ip",
    b"forwarded",
    b"x-user",
    b"x-remote-",
    b"x-ssl-",
    b"x-client-cert",
    b"ssl-client",
    b"x-gw-",
)
#: Of these, those that name the caller: from any sender but the gateway they are a forgery worth logging.
_IDENTITY = (b"x-user", b"x-remote-", b"x-ssl-", b"x-client-cert", b"ssl-client", b"x-gw-")


@dataclass(frozen=True)
class Entry:
    """The way a request came in."""

    by_gateway: bool = False
    encrypted: bool = False
    forged: bool = False


@dataclass(frozen=True)
class Front:
    """`gateways` are the trusted addresses; `required` refuses requests that bypass them or come in clear."""

    gateways: Networks = NOWHERE
    admins: Networks = LOOPBACK
    required: bool = False

    def enter(self, scope: Scope) -> Entry:
        """Put the caller's own address and scheme into the scope and take every header out that claims one."""
        peer = str((scope.get("client") or ("", 0))[0])
        by_gateway = self.gateways.has(peer)
        found = {name.lower(): value for name, value in scope["headers"]}
        claims = [name for name in found if name.startswith(_CLAIMING)]
        forged = not by_gateway and any(name.startswith(_IDENTITY) for name in claims)
        if by_gateway:
            scope["client"] = (self._caller(peer, found.get(b"x-forwarded-for", b"").decode("latin-1")), 0)
            proto = found.get(b"x-forwarded-proto", b"").decode("latin-1").strip().lower()
            if proto in ("https", "wss", "http", "ws"):
                secure = proto in ("https", "wss")
                scope["scheme"] = {True: "wss", False: "ws"}[secure] if scope["type"] == "websocket" else proto
        dropped = {name for name in claims if not (by_gateway and name == ASSERTION)}
        scope["headers"] = [pair for pair in scope["headers"] if pair[0].lower() not in dropped]
        return Entry(by_gateway, scope.get("scheme") in ("https", "wss"), forged)

    def _caller(self, peer: str, forwarded: str) -> str:
        """Return the last address that is not a gateway of ours; earlier ones can be forged."""
        for address in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            if not self.gateways.has(address):
                return address if EVERYWHERE.has(address) else peer
        return peer


def assertion_in(scope: Scope) -> str:
    """The gateway's assertion of a request that came through it; none when it was sent twice."""
    found = [value for name, value in scope["headers"] if name.lower() == ASSERTION]
    return found[0].decode("latin-1") if len(found) == 1 else ""


def open_front(settings: Any) -> Front:
    """The front the settings name, which is also what sign-in asks for; production without all of it is refused."""
    policy = SignInPolicy.of_mode(settings.mode, Networks.of(settings.admin_networks, "ADMIN_NETWORKS"))
    gateways = Networks.of(settings.gateway_addresses, "GATEWAY_ADDRESSES")
    front = Front(gateways, policy.admin_networks, required=settings.mode == "production")
    if front.required and (missing := list(_missing(settings, front))):
        raise Rejected("正式环境拒绝启动：" + "；".join(missing))
    return front


def _missing(settings: Any, front: Front) -> Iterator[str]:
    if urlsplit(settings.public_url).scheme != "https":
        yield "PUBLIC_URL 须为 https 地址"
    if not front.gateways:
        yield "GATEWAY_ADDRESSES 须列出安全认证网关的地址"
    if not settings.gateway_keys.strip():
        yield "GATEWAY_KEYS 须为网关断言的签名公钥"
    if not front.admins:
        yield "ADMIN_NETWORKS 须列出管理岗位使用的网段"
    if not tls_of(settings) and not LOOPBACK.has(settings.host):
        yield "网关不在本机时须设置 TLS_CERT_FILE、TLS_KEY_FILE、TLS_CLIENT_CA_FILE（双向TLS）"


def tls_of(settings: Any) -> dict[str, Any]:
    """Return the TLS settings for the line to the gateway; empty where the server listens on loopback behind it."""
    files = (settings.tls_cert_file, settings.tls_key_file, settings.tls_client_ca_file)
    if not all(files):
        return {}
    certificate, key, authority = map(str, files)
    return {
        "ssl_certfile": certificate,
        "ssl_keyfile": key,
        "ssl_ca_certs": authority,
        "ssl_cert_reqs": ssl.CERT_REQUIRED,
    }
