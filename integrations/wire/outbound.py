"""Policy of outgoing connections: configured addresses only, resolved once, never inward unless listed (H63)."""

import re
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from ssl import SSLContext
from time import monotonic
from typing import Any, Self
from urllib.parse import urlsplit

import httpcore
import httpx

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
_HOST_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
#: An IPv4 address may hide in these: translated, tunnelled.
_CARRIERS = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("2002::/16"), ip_network("2001::/32"))
_until: ContextVar[float | None] = ContextVar("_until", default=None)


class BadAddress(ValueError):
    """An address we do not call; the sentence is for the administrator who set it."""


@dataclass(frozen=True)
class Outbound:
    """Allowed targets. `inside` lists networks of our own; otherwise only public addresses are allowed."""

    plain_http: bool = False
    inside: tuple[Network, ...] = ()
    hosts: frozenset[str] = frozenset()

    @classmethod
    def of_mode(cls, mode: str, networks: str = "") -> Self:
        """Demo and test call simulators on loopback; production calls over TLS what is public or listed."""
        listed = tuple(_network(part) for part in networks.replace(",", " ").split())
        demo = mode in {"demo", "test"}
        return cls(plain_http=demo, inside=(*_LOOPBACK, *listed) if demo else listed)

    def check_url(self, url: str) -> None:
        """Raise `BadAddress` for an address that must not even be set; its resolved form is judged at each connect."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").removesuffix("."), parts.port
        except ValueError:
            raise BadAddress("地址格式不正确") from None
        if not host or url != url.strip() or re.search(r"[\s\\\x00-\x1f]", url):
            raise BadAddress("地址格式不正确")
        if parts.username is not None or parts.password is not None:
            raise BadAddress("地址中不得包含用户名或密码")
        if parts.query or parts.fragment:
            raise BadAddress("地址中不得包含参数")
        if port == 0:
            raise BadAddress("端口不正确")
        literal = _literal(host)
        if literal is not None and not self.allows(literal):
            raise BadAddress("不得访问本机、内网或保留地址；确需访问的网段须由管理员登记")
        if self.hosts and host not in self.hosts:
            raise BadAddress("主机不在允许的名单内")
        if parts.scheme == "https":
            return
        if parts.scheme != "http" or not self.plain_http or not (literal is not None and _in(literal, _LOOPBACK)):
            raise BadAddress("地址须以https://开头")

    def allows(self, address: Address) -> bool:
        """Return whether a resolved address may be connected to; an embedded address is judged itself."""
        if isinstance(address, IPv6Address):
            if address.ipv4_mapped is not None:
                address = address.ipv4_mapped
            elif address.scope_id or _in(address, _CARRIERS):
                return _in(address, self.inside)
        if _in(address, self.inside):
            return True
        return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)

    def resolve(self, host: str, port: int) -> list[str]:
        """The addresses of a host, all of them allowed; a name that also leads inward is refused altogether."""
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if not found or not all(self.allows(ip_address(address)) for address in found):
            raise BadAddress("主机解析到不允许访问的地址")
        return list(dict.fromkeys(found))


@dataclass
class Outside:
    """Calls out of an installation: their policy, and the function notified of a system in trouble."""

    policy: Outbound = field(default_factory=Outbound)
    #: Called with the name of a system whose breaker opened, or with why its answers are of no use.
    on_break: Callable[[str, str], object] | None = None

    def tell_break(self, source: str, why: str) -> None:
        """Pass on that a system does not answer, or why its answers are of no use."""
        if self.on_break is not None:
            self.on_break(source, why)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Limit connecting, sending and reading on this thread to a total time."""
    token = _until.set(monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(token)


@cache
def trusted() -> SSLContext:
    """Return the process's TLS context; reading the certificates takes longer than connecting.

    Partners of a closed network have certificates of an authority that only the host's own store knows.
    """
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


class GuardedTransport(httpx.HTTPTransport):
    """A pooled transport that resolves by the policy and connects to what it resolved; no proxy, no retry."""

    def __init__(self, policy: Outbound, limits: httpx.Limits) -> None:
        super().__init__(verify=trusted(), trust_env=False, limits=limits)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted(),
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=_GuardedNetwork(policy),
        )


class _GuardedNetwork(httpcore.NetworkBackend):
    def __init__(self, policy: Outbound) -> None:
        self._policy = policy
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = self._policy.resolve(host, port)
        except OSError:
            raise httpcore.ConnectError("the host has no address") from None
        for place, address in enumerate(addresses, 1):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, _left(timeout, httpcore.ConnectTimeout), local_address, socket_options
                )
                return _TimedStream(stream)
            except httpcore.ConnectError:
                if place == len(addresses):
                    raise
        raise AssertionError("unreachable")


class TimedNetwork(httpcore.SyncBackend):
    """Connections of which every step is cut at the end of the whole exchange (`within`)."""

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *more: Any, **named: Any
    ) -> "_TimedStream":
        return _TimedStream(super().connect_tcp(host, port, _left(timeout, httpcore.ConnectTimeout), *more, **named))


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step is cut at the end of the whole exchange."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, _left(timeout, httpcore.ConnectTimeout))
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, over: Callable[[], Exception]) -> float | None:
    until = _until.get()
    if until is None:
        return timeout
    left = until - monotonic()
    if left <= 0:
        raise over()
    return left if timeout is None else min(timeout, left)


def _literal(host: str) -> Address | None:
    """Return the address a host name spells; a number in unusual spelling is refused."""
    try:
        return ip_address(host)
    except ValueError:
        if not _HOST_NAME.fullmatch(host.lower()):
            raise BadAddress("主机名或IP地址的写法不正确") from None
        return None


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError:
        raise BadAddress(f"网段的写法不正确：{text[:40]}") from None


def _in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
