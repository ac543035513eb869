"""What every kind of kept record does, the product's own and one that a test adds."""

from dataclasses import replace
from typing import Any

import pytest

from models.records import RevisionState
from services.engine.cycle_orders import (
    Decide,
    OneRevision,
    Save,
    StartUpdate,
    Submit,
)
from services.engine.proposals import MISSING
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from tests.conformance.kinds_tried import NAMES, whole_story
from tests.conformance.samples import load_samples
from tests.conformance.story import OPINION, REASON, Story
from tests.market import Market
from tests.report import Report


def test_every_kind_has_a_sample() -> None:
    assert set(NAMES) - set(load_samples()) == set()


@whole_story
def test_an_incomplete_draft_is_saved(standing: Market, name: str) -> None:
    story = Story.of(standing, name).begin()
    first = next(iter(story.sample.values))
    saved = story.perform(
        story.acts.save, story.drafter, Save(story.revision_id, 1, {first: story.sample.values[first]})
    )
    assert saved.version == 2
    view = story.view()
    assert view.state is RevisionState.DRAFT
    assert view.values[first]
    assert "save" in view.ways
    assert story.row() is None


def test_submission_lists_every_missing_field(standing: Market) -> None:
    report = Report()
    for name in NAMES:
        with report.of(name):
            _lists_every_missing_field(standing, name)
    report.none(least=len(NAMES))


def _lists_every_missing_field(standing: Market, name: str) -> None:
    story = Story.of(standing, name).begin()
    # An empty line at the end of a list is none.
    begun = {child.name: child.fields[0].name for child in story.kind.children}
    line: dict[str, list[dict[str, Any]]] = {name: [{}, {field: "1"}] for name, field in begun.items()}
    story.perform(story.acts.save, story.drafter, Save(story.revision_id, 1, {}, line))
    wanted = {field.name for field in story.kind.fields if field.required}
    wanted |= {f"files.{slot.name}" for slot in story.kind.slots if slot.least}
    wanted |= {
        f"{child.name}.{number}.{field.name}"
        for child in story.kind.children
        for field in child.fields
        for number in (1, 2)
        if field.required and (number, field.name) != (2, begun[child.name])
    }
    with pytest.raises(Rejected) as refused:
        story.perform(story.acts.submit, story.submitter, Submit(story.revision_id, 2))
    assert {one.field for one in refused.value.findings if one.code == MISSING} == wanted
    assert story.state() is RevisionState.DRAFT


@whole_story
def test_nobody_approves_his_own(standing: Market, name: str) -> None:
    story = Story.of(standing, name).begin().fill().submit()
    for step, login in enumerate(story.sample.reviewers[: len(story.kind.review)]):
        order = Decide(story.revision_id, story.view(story.reviewer(step)).version, OPINION)
        for act in (story.acts.approve, story.acts.send_back, story.acts.reject):
            with pytest.raises(NotAllowed):
                story.perform(act, story.both_hats(login), order)
        with pytest.raises(NotAllowed):
            story.perform(story.acts.take, story.both_hats(login), OneRevision(story.revision_id))
        # Who saved it has had a hand in it too.
        hand = replace(story.caller(login), account_id=story.drafter.account_id)
        with pytest.raises(NotAllowed):
            story.perform(story.acts.approve, hand, order)
        story.perform(story.acts.approve, story.reviewer(step), order)


@whole_story
def test_two_levels_are_two_people(standing: Market, name: str) -> None:
    story = Story.of(standing, name).begin().fill().submit()
    if len(story.kind.review) < 2:
        return
    both = replace(story.reviewer(0), scopes=(*story.reviewer(0).scopes, *story.reviewer(1).scopes))
    order = Decide(story.revision_id, story.view(both).version, OPINION)
    story.perform(story.acts.approve, both, order)
    with pytest.raises(NotAllowed):
        story.perform(story.acts.approve, both, Decide(story.revision_id, story.view(both).version, OPINION))
    assert story.state() is RevisionState.SUBMITTED


@whole_story
def test_a_save_that_is_behind_is_refused_and_both_versions_can_be_seen(standing: Market, name: str) -> None:
    story = Story.of(standing, name).begin().fill()
    version = story.version()
    mine = {**story.sample.values, **story.sample.change}
    story.perform(
        story.acts.save, story.submitter, Save(story.revision_id, version, story.sample.values, story.sample.children)
    )
    with pytest.raises(Conflict) as refused:
        story.perform(story.acts.save, story.drafter, Save(story.revision_id, version, mine, story.sample.children))
    who = standing.world.read(lambda work: _name(work, story.submitter.account_id))
    assert who in refused.value.message
    theirs = story.view()
    assert theirs.version == version + 1
    assert theirs.updated_by == who
    key = next(iter(story.sample.change))
    assert theirs.values.get(key) != mine[key]


def _name(work: Any, account_id: Any) -> str:
    from models.access import Account

    return str(work.session.get(Account, account_id).name.plain)


@whole_story
def test_one_update_at_a_time(standing: Market, name: str) -> None:
    story = Story.of(standing, name).effective().update()
    with pytest.raises(Conflict):
        story.perform(story.acts.update, story.drafter, StartUpdate(story.record_id, REASON))


@whole_story
def test_a_draft_is_seen_by_its_office_only(standing: Market, name: str) -> None:
    story = Story.of(standing, name).begin()
    assert story.view().editable
    for step in range(len(story.kind.review)):
        if story.reviewer(step).unit_id != story.drafter.unit_id:
            with pytest.raises(NotFound):
                story.view(story.reviewer(step))


@whole_story
def test_what_was_begun_by_mistake_is_dropped(standing: Market, name: str) -> None:
    story = Story.of(standing, name).begin()
    story.perform(story.acts.drop, story.drafter, story.one())
    with pytest.raises(NotFound):
        story.view()
    again = Story.of(standing, name).begin()
    assert again.view().version_no == 1
