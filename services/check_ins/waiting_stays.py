"""Stays reported before their room was left: filed when it is free, or refused after the time limit (row 14)."""

from datetime import timedelta
from uuid import UUID

from models.access import Role
from models.push_codes import STAY, StayState
from models.pushes import CheckIn
from services.check_ins.arrivals import StayOutside, asked, read_stay, take_in
from services.check_ins.orders import CheckInAnswer, ReportCheckIn
from services.check_ins.result_callbacks import tell_stay
from services.engine.adapters import adapter
from services.engine.door import Gathering
from services.engine.refusals import Conflict
from services.engine.registry import Step, action
from services.engine.work import Work
from services.tenancy.form_parser import FormReading


def kept_order(stay: CheckIn) -> ReportCheckIn:
    """The check-in as it came."""
    assert stay.message is not None
    return adapter(ReportCheckIn).validate_python(stay.message.json())


def _gather_kept(gathering: Gathering, stay_id: UUID) -> StayOutside | None:
    def look(work: Work) -> FormReading | None:
        stay = work.get(CheckIn, stay_id)
        return read_stay(work, kept_order(stay)) if stay.message is not None else None

    return asked(gathering, gathering.look(look))


@action("check_ins.admit", "补办入住备案", roles={Role.SYSTEM}, gather=_gather_kept, step=Step(STAY, "file"), event="")
def admit(work: Work, stay_id: UUID, facts: StayOutside | None) -> CheckInAnswer:
    """Judge a waiting stay: filed when the room was left, refused when it was not left in time."""
    stay = work.get(CheckIn, stay_id)
    if stay.state is not StayState.ROOM_TAKEN or facts is None:
        raise Conflict(f"该入住当前状态为“{stay.state.label}”，不需要再次办理")
    hours = work.thresholds.integer("check_ins.wait_hours")
    in_time = work.now - stay.received_at <= timedelta(hours=hours)
    answer = take_in(work, stay, kept_order(stay), facts, wait=in_time)
    if stay.state is not StayState.ROOM_TAKEN:
        work.then(lambda: tell_stay(work, stay))
    return answer
