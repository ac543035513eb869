"""The installation as `main.py` opens it, carried by the door and by `Work`."""

import re
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from models.dialect import Database
from models.sealed import Sealed
from models.sealing import Sealer
from services.engine.clock import Clock, ClockWatch
from services.engine.networks import SignInPolicy
from services.ports.crypto import Crypto
from services.ports.evidence import EvidenceSink, SecondStore
from services.ports.gateway import Gateway
from services.ports.measures import Measures
from services.ports.place import Place
from services.ports.release import Installed
from services.ports.systems import Systems


def _any_address(url: str) -> None:
    """Refuse what is no address of a web service; an installation may refuse more."""
    if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", url):
        raise ValueError("接口基址格式不正确")


@dataclass
class House:
    """Database, keys, outside systems and the facts of one installation; two of them may live in one process."""

    #: Its sessions carry the sealer over the keys of `crypto` (decision 14).
    database: Database
    systems: Systems
    crypto: Crypto
    clock: Clock = field(default_factory=Clock)
    #: Logs jumps of the machine's clock between two events of this process.
    clock_watch: ClockWatch = field(default_factory=ClockWatch)
    #: A demo or a test: the business clock may be moved, seals say 演示, demo cards are offered.
    demo: bool = False
    sign_in: SignInPolicy = field(default_factory=SignInPolicy)
    gateway: Gateway | None = None
    #: The address under which the public reaches us, without a slash at its end.
    public_url: str = "http://127.0.0.1:8080"
    #: Our audience id: what partners put into X-Audience, and the name in envelopes for and from us.
    environment_id: str = "shfg-rental-test"
    #: Raises `ValueError` with a Chinese sentence for a partner's address we would not call.
    check_address: Callable[[str], None] = _any_address
    evidence: EvidenceSink | None = None
    second_store: SecondStore | None = None
    #: Gets every audit event once it is committed, and must never wait (syslog).
    forward: Callable[[Sequence[str]], None] | None = None
    release: Installed | None = None
    folders: Place | None = None
    #: Follows the database by seconds; answers what may be a little old.
    replica: Database | None = None
    #: Counts acts and refusals of this process for its monitoring.
    measures: Measures | None = None
    #: The papers each caller rehearsed last, until the browser has asked for them.
    rehearsed: dict[str, tuple[UUID, tuple[Sealed, ...]]] = field(default_factory=dict)
    #: How often each import broke this process's worker since it last got through.
    broken_imports: Counter[UUID] = field(default_factory=Counter)

    @cached_property
    def hash_of_nobody(self) -> str:
        """The hash of a password that no account has, checked for unknown names so that the time taken reveals nothing."""
        return self.sealer.hash_password(secrets.token_urlsafe(16))

    @property
    def sealer(self) -> Sealer:
        """The sealer over the keys of this installation."""
        if self.database.sealer is None:
            raise RuntimeError("the database was opened without a sealer: Database(url, sealer)")
        return self.database.sealer

    @property
    def place(self) -> Place:
        """The folders of backups, device logs and temporary files."""
        if self.folders is None:
            raise RuntimeError("the house was opened without its folders: House(..., folders=...)")
        return self.folders
