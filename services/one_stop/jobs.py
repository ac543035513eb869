"""Timed work on applications: decisions, intake that waited for the licence library, corrections that were never made."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from models.access import Role
from models.one_stop import StopCase
from models.one_stop_codes import StopAct, StopState
from services.engine.door import Gathering
from services.engine.jobs import one_by_one, repeated
from services.engine.registry import action
from services.engine.work import Work
from services.one_stop.case_log import move
from services.one_stop.decisions import decide_case, due_cases
from services.one_stop.intake_checks import check_intake
from services.one_stop.messages import content_of
from services.ports.answers import Answer, HeldLicences
from services.ports.systems import LICENCE_LIBRARY
from services.tenancy.predicates import number_of

one_by_one("one_stop.decide", "一网通办核验决定", decide_case, due_cases, every=20)


def _waiting(work: Work) -> Sequence[UUID]:
    """Applications received while the licence library was silent, whose next try is due."""
    wanted = select(StopCase.id).where(StopCase.state == StopState.RECEIVED, col(StopCase.retry_at) <= work.now)
    return work.session.exec(wanted.order_by(col(StopCase.retry_at)).limit(100)).all()


def _ask_again(gathering: Gathering, case_id: UUID) -> Answer[HeldLicences]:
    def number(work: Work) -> str:
        case = work.get(StopCase, case_id)
        return number_of(content_of(case.content.json() if case.content else None).applicant.id_no)

    return gathering.systems.at(LICENCE_LIBRARY).held_for(gathering.look(number))


@action("one_stop.check_again", "重新收件审查", roles={Role.SYSTEM}, gather=_ask_again)
def check_again(work: Work, case_id: UUID, held: Answer[HeldLicences]) -> bool:
    """Check an application once more that waited for the licence library."""
    case = work.hold(StopCase, case_id)
    if case.state is not StopState.RECEIVED or case.retry_at is None:
        return False
    check_intake(work, case, held)
    return True


one_by_one("one_stop.check_again", "一网通办重新收件审查", check_again, _waiting, every=30)


@action("one_stop.time_out", "补正逾期关闭", roles={Role.SYSTEM})
def close_overdue(work: Work, limit: int) -> int:
    """Close applications that were not put right in time."""
    overdue = select(StopCase).where(StopCase.state == StopState.CORRECTION, col(StopCase.correct_by) < work.today)
    rows = work.free(overdue.order_by(col(StopCase.correct_by)).limit(limit)).all()
    for case in rows:
        move(work, case, "time_out", StopAct.TIME_OUT, note=f"补正期限 {case.correct_by} 已过")
    return len(rows)


repeated("one_stop.time_out", "一网通办补正逾期关闭", close_overdue, 200, at="00:20")
