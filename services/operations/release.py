"""Verification of the running program against its release, logged at start and every night (M4, D18)."""

from collections.abc import Callable
from dataclasses import dataclass

from models.access import Role
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.jobs import job
from services.engine.registry import action
from services.engine.work import Work


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


_installed: Installed | None = None


def bind_release(installed: Installed) -> None:
    """Say how this installation checks itself; main.py calls it once."""
    global _installed
    _installed = installed


def _check(gathering: Gathering, order: None) -> ReleaseState | None:
    return None if _installed is None else _installed.check()


@action("release.check", "程序完整性核查", roles={Role.SYSTEM}, gather=_check, event="")
def check_release(work: Work, order: None, state: ReleaseState | None) -> bool:
    """Log the state of the tree; a change in a signed tree, or an unsigned one in production, raises an alarm."""
    if state is None:
        return True
    bad = bool(state.problems) and (state.signed or (_installed is not None and _installed.enforced))
    work.trail.tell(
        "RELEASE.VERIFY",
        "release.check",
        kind="release",
        object_id=f"{state.version} {state.build_no}".strip()[:64] if state.signed else "unsigned",
        result="fail" if bad else "ok",
        reason="" if state.signed else "UNSIGNED",
        detail={"problems": len(state.problems), "first": state.problems[0][:120] if state.problems else ""},
        digest=state.digest,
        severity=2 if bad else 6,
    )
    if bad:
        first = f"程序完整性核查不通过（{len(state.problems)}处）：{state.problems[0]}"
        raise_alarm(work, "RELEASE.VERIFY", first, kind="release", key="tree", severity=2)
    return not bad


@job("release.check", "程序完整性核查", at="03:40")
def check_release_nightly(door: Door) -> int:
    return 0 if door.perform(check_release, SYSTEM, None) else 1
