"""A review step of every kind goes to another reviewer and back to the queue, at each of its levels (market 3.3)."""

from dataclasses import replace

import pytest

from models.records import INTERNAL_STEPS, RevisionState
from services.engine.callers import Caller
from services.engine.cycle_orders import Decide, OneRevision
from services.engine.cycle_reassignment import Reassign, reassign, step_reviewers
from services.engine.refusals import Conflict, NotAllowed, NotFound
from tests.conformance.kinds_tried import whole_story
from tests.conformance.story import OPINION, Story
from tests.market import Market

CITY, WHY = "shichu01", "承办人因病请假"
#: Beside the reviewers of the samples one more who can, and one who cannot for he is another district's.
_OTHERS = {"pdshen01": "pdshen02", "shishen01": "shishen02", "shishen02": "shishen01", "pdshen02": "pdshen01"}


@whole_story
def test_a_step_is_given_away_and_given_back(standing: Market, name: str) -> None:
    story = Story.of(standing, name).begin().fill().submit()
    if not story.kind.review:
        # Without review nothing ever waits, so nothing can be given away.
        with pytest.raises((Conflict, NotAllowed, NotFound)):
            story.perform(reassign, story.caller(CITY), Reassign(story.revision_id, story.version(), None, WHY))
        return
    for step, login in enumerate(story.sample.reviewers[: len(story.kind.review)]):
        reviewer, overseer = story.reviewer(step), _overseer(story)
        story.perform(story.acts.take, reviewer, OneRevision(story.revision_id))
        shown, due = story.view(reviewer).version, story.view(reviewer).due
        offered = {one.id for one in story.ask(step_reviewers, overseer, (story.revision_id,))}
        assert reviewer.account_id not in offered
        assert story.drafter.account_id not in offered
        other = story.caller(_OTHERS[login]) if login in _OTHERS else None
        if other is not None and other.account_id in offered:
            story.perform(reassign, overseer, Reassign(story.revision_id, shown, other.account_id, WHY))
            assert story.view(other).for_me
            with pytest.raises(Conflict, match="转交"):
                story.perform(story.acts.approve, reviewer, Decide(story.revision_id, shown, OPINION))
            with pytest.raises(NotAllowed, match="已指定"):
                story.perform(story.acts.take, reviewer, OneRevision(story.revision_id))
        again = story.view(reviewer).version
        story.perform(reassign, overseer, Reassign(story.revision_id, again, None, WHY))
        view = story.view(reviewer)
        assert (view.holder, view.assigned, view.bar, view.due) == ("", "", "", due)
        assert view.steps[-1].verdict in INTERNAL_STEPS
        story.perform(story.acts.approve, reviewer, Decide(story.revision_id, view.version, OPINION))
    assert story.state() is RevisionState.EFFECTIVE


def _overseer(story: Story) -> Caller:
    """A handler of the city whose own hands are on nothing, for some kinds are made by the city's handler."""
    caller = story.caller(CITY)
    if caller.account_id in {story.drafter.account_id, story.submitter.account_id}:
        return replace(caller, account_id=story.stranger.account_id)
    return caller


@whole_story
def test_nobody_gives_away_what_he_made(standing: Market, name: str) -> None:
    story = Story.of(standing, name).begin().fill().submit()
    if not story.kind.review:
        return
    maker = replace(story.caller(CITY), account_id=story.submitter.account_id)
    order = Reassign(story.revision_id, story.version(), None, WHY)
    with pytest.raises(NotAllowed, match="本人"):
        story.perform(reassign, maker, order)
    assert "reassign" not in story.view(maker).ways
