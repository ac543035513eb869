"""Verification of the running program against its release, logged at start and every night (M4, D18)."""

from models.access import Role
from services.engine.alarms import raise_alarm
from services.engine.callers import SYSTEM
from services.engine.door import Door, Gathering
from services.engine.jobs import job
from services.engine.registry import action
from services.engine.work import Work
from services.ports.release import ReleaseState


def _check(gathering: Gathering, order: None) -> ReleaseState | None:
    installed = gathering.house.release
    return None if installed is None else installed.check()


@action("release.check", "程序完整性核查", roles={Role.SYSTEM}, gather=_check, event="")
def check_release(work: Work, order: None, state: ReleaseState | None) -> bool:
    """Log the state of the tree; a change in a signed tree, or an unsigned one in production, raises an alarm."""
    if state is None:
        return True
    bad = bool(state.problems) and (state.signed or (work.house.release is not None and work.house.release.enforced))
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
        first = f"程序完整性核查未通过（{len(state.problems)}处）：{state.problems[0]}"
        raise_alarm(work, "RELEASE.VERIFY", first, kind="release", key="tree", severity=2)
    return not bad


@job("release.check", "程序完整性核查", at="03:40")
def check_release_nightly(door: Door) -> int:
    return 0 if door.perform(check_release, SYSTEM, None) else 1
