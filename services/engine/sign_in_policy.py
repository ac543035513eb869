"""Sign-in requirements of an installation (security.md M1, D04, D12)."""

from dataclasses import dataclass

from services.engine.networks import EVERYWHERE, LOOPBACK, NOWHERE, Networks


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
