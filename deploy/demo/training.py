"""Accounts of training rooms that sign in as in production: with a certificate and a password."""

from dataclasses import dataclass

from models.access import Account, Role, login_key
from models.sealed import Sealed
from services.access.acl import change
from services.engine.registry import action
from services.engine.work import Work


@dataclass(frozen=True)
class Training:
    """The password of all and the certificate of each, by login and fingerprint."""

    password: str
    certificates: tuple[tuple[str, str], ...]


@action("demo.training", "建立培训证书", roles={Role.SYSTEM}, event="ACL.CHANGE")
def bind_training(work: Work, order: Training) -> int:
    """Give the accounts of the demo their certificates and the password; returns how many there are."""
    kept = work.sealer.hash_password(order.password)
    known = dict(order.certificates)
    rows = work.rows(Account, Account.login_key.in_([login_key(login) for login in known]))  # type: ignore[attr-defined]
    for row in rows:
        change(work, "account", row.id, "demo.training")
        row.cert_fingerprint, row.password_changed_at = known[row.login], work.at
        # Sealed anew for each, since what is sealed belongs to its row.
        row.password = Sealed.of(kept)
        work.add(row)
    return len(rows)
