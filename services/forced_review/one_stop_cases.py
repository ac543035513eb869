"""Applications of the case library that rules intercepted: judged by their rules, answered after a review (rows 1, 11)."""

from models.forced_review import ForcedReview, ReviewState
from models.one_stop import StopCase
from models.one_stop_codes import StopAct, StopState
from models.tenancy import GovCase
from models.tenancy_codes import CASE
from services.engine.events import on
from services.engine.findings import Finding
from services.engine.review_parts import words_of
from services.engine.steps import step_on
from services.engine.work import Work
from services.forced_review.applications import MOVED
from services.one_stop.case_log import move
from services.one_stop.lease_groups import close_group, members_of
from services.tenancy.rules.catalogue import BY_CODE


@on(MOVED)
def return_applications(work: Work, review: ForcedReview) -> None:
    """Return an application, with its group, whose review was refused; its applicants read the written reason."""
    if review.state is not ReviewState.REFUSED:
        return
    case = work.first(StopCase, StopCase.gov_case_id == review.case_id)
    if case is None or case.state is not StopState.INTERCEPTED:
        return
    words = words_of(review.second_opinion) or words_of(review.opinion)
    reasons = [Finding(code, f"强制核验未同意：{words}"[:300]) for code in review.codes.split(",") if code in BY_CODE]
    members = [case] if case.group_id is None else members_of(work, case.group_id)
    for one in members:
        if one.state is StopState.INTERCEPTED:
            one.decided_at = work.now
            move(work, one, "return", StopAct.DECIDE, findings=reasons, note=words[:200])
            if one.gov_case_id != review.case_id:
                step_on(work, work.session.get_one(GovCase, one.gov_case_id), CASE, "refuse_review")
    close_group(work, case.group_id, None)
