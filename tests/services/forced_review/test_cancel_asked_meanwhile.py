"""A cancellation that the case library brings while a forced review of the lease is open (rows 2, 11)."""

import pytest

from models.forced_review import ReviewState
from models.tenancy_codes import FilingState
from services.engine.callers import SYSTEM
from services.one_stop.decisions import decide_case
from tests.services.forced_review.reviews import Reviews
from tests.services.one_stop.portal import Portal, person

pytestmark = [pytest.mark.row(2), pytest.mark.row(11)]


def cancelled(reviews: Reviews, filing_no: str, who: object) -> tuple[str, str]:
    """The state and the codes of an application to cancel, once decided."""
    portal = Portal(reviews.counter)
    form = {
        "filing_no": filing_no,
        "mode": "ONE",
        "reason": "EARLY_ONE",
        "termination_date": portal.today.isoformat(),
    }
    message = portal.message(
        situation="CANCEL",
        form=form,
        applicant={**person(who), "role": "LESSEE"},  # type: ignore[arg-type]
        papers=("APPLICATION", "ID", "COMMITMENT"),
    )
    portal.take(message)
    case = portal.case(message["case_no"])
    reviews.world.door.perform(decide_case, SYSTEM, case.id)
    case = portal.case(message["case_no"])
    return case.state.value, case.codes


def test_while_nothing_is_filed_there_is_nothing_to_cancel_and_the_review_goes_on(reviews: Reviews) -> None:
    stopped = reviews.stopped()
    made = reviews.applied(stopped)
    assert cancelled(reviews, "", stopped.tenant) == ("RETURNED", "C02")
    assert reviews.row(made).state is ReviewState.ACCEPTED
    assert reviews.decide(made).filing_id is not None


def test_once_the_review_filed_the_lease_its_cancellation_takes_the_usual_way(reviews: Reviews) -> None:
    """The number that the review gave is cancelled like any other: one side waits for its notice."""
    stopped = reviews.stopped()
    done = reviews.decide(reviews.applied(stopped))
    filing = reviews.counter.filing(done.filing_id)  # type: ignore[arg-type]
    assert cancelled(reviews, filing.filing_no, stopped.tenant) == ("ACCEPTED", "")
    assert reviews.counter.filing(done.filing_id).state is FilingState.ACTIVE  # type: ignore[arg-type]
