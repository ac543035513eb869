"""What a company reads of whoever reviews its records, of every kind: the office and the step, never a person (decision 46)."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import col, select

from models.access import HEAD_OFFICE, PROJECT_OFFICE, Account, OrgUnit
from services.engine.callers import Caller
from services.engine.cycle_orders import Decide, OneRevision, Submit
from services.engine.refusals import Conflict, NotFound
from services.records.record_paper import printed_record
from tests.conformance.kinds_tried import whole_story
from tests.conformance.story import OPINION, Story
from tests.market import Market

_COMPANIES = ("shenpu01", "shenpu_admin", "binjiang01", "binjiang_admin")


@whole_story
def test_a_company_is_told_the_office_and_never_a_person(standing: Market, name: str) -> None:
    story = Story.of(standing, name).begin().fill().submit()
    persons, offices = _reviewers(story)
    for step in range(len(story.kind.review)):
        reviewer = story.reviewer(step)
        behind = story.view(story.submitter).version
        story.perform(story.acts.take, reviewer, OneRevision(story.revision_id))
        held = {view.holder for view in _views(story)}
        assert held <= offices
        assert bool(held) is bool(_readers(story))
        assert story.view(reviewer).holder not in {"", *offices}
        _nobody_named(story, persons)
        if _is_company(story.submitter):
            with pytest.raises(Conflict) as refused:
                story.perform(
                    story.acts.submit, story.submitter, Submit(story.revision_id, behind, story.sample.reasons)
                )
            assert not [one for one in persons if one in refused.value.message]
        order = Decide(story.revision_id, story.view(reviewer).version, OPINION)
        story.perform(story.acts.approve, reviewer, order)
        _nobody_named(story, persons)
    said = [step for view in _views(story) for step in view.steps if step.opinion == OPINION]
    assert {step.by for step in said} <= {""}
    assert {step.unit for step in said} <= offices


def _is_company(caller: Caller) -> bool:
    return bool(caller.roles & (HEAD_OFFICE | PROJECT_OFFICE))


def _readers(story: Story) -> list[Caller]:
    """Who of the companies sees the version in hand."""
    found = []
    for login in dict.fromkeys((story.sample.drafter, story.sample.submitter, *_COMPANIES)):
        caller = story.caller(login)
        if _is_company(caller):
            try:
                story.view(caller)
            except NotFound:
                continue
            found.append(caller)
    return found


def _views(story: Story) -> Iterator[Any]:
    for reader in _readers(story):
        yield story.view(reader)


def _nobody_named(story: Story, persons: set[str]) -> None:
    """In nothing a company may read of the version: its page, the record's, its print."""
    for reader in _readers(story):
        told = repr(
            (
                story.view(reader),
                story.ask(story.acts.record, reader, story.record_id),
                story.ask(printed_record, reader, story.revision_id),
            )
        )
        assert not [one for one in persons if one in told]


def _reviewers(story: Story) -> tuple[set[str], set[str]]:
    """The reviewers' names, plain and masked, and what their offices are called."""
    rows = story.market.world.read(
        lambda work: work.session.exec(
            select(Account, OrgUnit.name)
            .join(OrgUnit, col(OrgUnit.id) == col(Account.unit_id))
            .where(col(Account.login).in_(story.sample.reviewers))
        ).all()
    )
    return {word for row, _ in rows for word in (row.name.plain, row.name.masked())}, {unit for _, unit in rows}
