"""What every kind does when something is done twice, and when a record ends: nothing twice, and its place is free."""

from typing import Any

import pytest

from models.records import InForceState, RevisionState
from services.engine.cycle_orders import Decide, StartUpdate, Submit, Void
from services.engine.kind_listing import list_of
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.refusals import Conflict, NotAllowed, Rejected
from tests.conformance.kinds_tried import whole_story
from tests.conformance.story import OPINION, REASON, Story
from tests.market import Market


def voider(story: Story) -> Any:
    """Whoever speaks last about a kind; of one without review, the city."""
    return story.caller(story.sample.reviewers[-1] if story.sample.reviewers else "shishen01")


def voided(story: Story) -> Story:
    story.perform(story.acts.void, voider(story), Void(story.record_id, "重复登记，予以作废"))
    return story


@whole_story
def test_submitted_twice_it_is_submitted_once(standing: Market, name: str) -> None:
    story = Story.of(standing, name).begin().fill()
    if story.sample.agreed is not None:
        story.sample.agreed(standing, story.record_id)
    order = Submit(story.revision_id, story.version(), story.sample.reasons)
    story.perform(story.acts.submit, story.submitter, order)
    for again in (order, Submit(story.revision_id, story.version(), story.sample.reasons)):
        with pytest.raises(Conflict):
            story.perform(story.acts.submit, story.submitter, again)
    submitted = [step for step in story.view(story.submitter).steps if step.verdict.value == "SUBMITTED"]
    assert len(submitted) == 1


@whole_story
def test_approved_twice_it_takes_effect_once(standing: Market, name: str) -> None:
    story = Story.of(standing, name).effective()
    reviewer = story.reviewer(len(story.kind.review) - 1)
    order = Decide(story.revision_id, story.view(reviewer).version, OPINION)
    for act in (story.acts.approve, story.acts.reject, story.acts.send_back, story.acts.take):
        with pytest.raises(Conflict):
            story.perform(act, reviewer, order if act is not story.acts.take else story.one())
    assert story.row().version_no == 1


@whole_story
def test_what_is_void_is_over(standing: Market, name: str) -> None:
    story = Story.of(standing, name).effective()
    for login in {story.sample.drafter, story.sample.submitter} - set(story.sample.reviewers):
        with pytest.raises(NotAllowed):
            story.perform(story.acts.void, story.caller(login), Void(story.record_id, "重复登记，予以作废"))
    with pytest.raises(Rejected):
        story.perform(story.acts.void, voider(story), Void(story.record_id, "作废"))
    voided(story)
    assert story.row().in_force is InForceState.VOIDED
    assert story.view(story.submitter).state is RevisionState.VOIDED
    with pytest.raises(Conflict):
        voided(story)
    with pytest.raises(Conflict):
        story.perform(story.acts.update, story.drafter, StartUpdate(story.record_id, REASON))
    assert not {"update", "void"} & story.view(story.drafter).ways
    found = story.ask(list_of(story.kind).query, voider(story), ListRows(paging=Paging(size=200))).lines
    assert story.record_id not in {line.id for line in found if line.in_force is InForceState.EFFECTIVE}
