"""The check of the installed program against the release it came from (M4, D18)."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class ReleaseState:
    """Result of checking the installed tree."""

    signed: bool
    version: str = ""
    build_no: int = 0
    digest: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Installed:
    """The check of the tree; outside production an unsigned working copy raises no alarm."""

    check: Callable[[], ReleaseState]
    enforced: bool
