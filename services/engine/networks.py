"""Network ranges in an installation's settings, and what signing in asks for (security.md M1, D04, D12)."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from services.engine.refusals import Rejected


@dataclass(frozen=True)
class Networks:
    """A list of ranges; an empty one holds no address."""

    ranges: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, text: str, name: str = "") -> "Networks":
        """Ranges separated by commas, such as `10.8.0.0/16,127.0.0.1`; a wrong one is refused with its name."""
        try:
            return cls(tuple(ip_network(part.strip()) for part in text.split(",") if part.strip()))
        except ValueError as problem:
            raise Rejected(f"{name or '网段'}设置有误：应为逗号分隔的网段，如 10.8.0.0/16,127.0.0.1") from problem

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def has(self, address: str) -> bool:
        """Return whether an address lies in one of them; what is no address lies in none."""
        try:
            found = ip_address(address)
        except ValueError:
            return False
        mapped = getattr(found, "ipv4_mapped", None)
        return any((mapped or found) in network for network in self.ranges)


NOWHERE = Networks()
LOOPBACK = Networks.of("127.0.0.0/8,::1/128")
EVERYWHERE = Networks.of("0.0.0.0/0,::/0")


@dataclass(frozen=True)
class SignInPolicy:
    """Sign-in requirements. Only the demo's buttons let a user in without a certificate."""

    demo: bool = False
    assertion_only: bool = False
    admin_networks: Networks = LOOPBACK

    @classmethod
    def of_mode(cls, mode: str, admin_networks: Networks) -> "SignInPolicy":
        """Return the policy of a mode; `admin_networks` are those the installation names, if any."""
        named = admin_networks or {"demo": EVERYWHERE, "test": LOOPBACK}.get(mode, NOWHERE)
        return cls(demo=mode == "demo", assertion_only=mode == "production", admin_networks=named)
