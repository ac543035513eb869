"""The check of the installed program against the release it came from (M4, D18)."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class ReleaseState:
    """What a check of the installed tree came to."""

    signed: bool
    version: str = ""
    build_no: int = 0
    digest: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Installed:
    """How the tree is checked; outside production an unsigned working copy is no alarm."""

    check: Callable[[], ReleaseState]
    enforced: bool
