"""The life of one record of every kind: returned, approved, listed, updated, void, its place taken by another (rows 51-62).

What depends on a kind's own declaration is tried on the way, so that the record is made once for all of it.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from models.records import InForceState, RevisionState
from services.engine.cycle_orders import Compare, Decide, FillIn, OneRevision, Save, StartUpdate, Submit, Void
from services.engine.findings import Severity
from services.engine.kind_listing import list_of
from services.engine.listings import ListRows
from services.engine.proposals import read_form
from services.engine.refusals import Conflict, NotFound
from services.records.api import ReadRecord, read_record, schema_of
from services.records.record_paper import record_pdf
from tests.conformance.kinds_tried import every_kind
from tests.conformance.story import OPINION, REASON, Story
from tests.conformance.test_ending import voided
from tests.conformance.test_round_trip import exported_and_brought_again
from tests.market import Market

#: A company's exit is done: its record may be void, the company is out all the same.
_OF_COMPANIES_THAT_LEFT = {"head_exit", "project_exit"}


@every_kind
@pytest.mark.row(51, 56, 58)
def test_a_record_from_its_draft_to_its_successor(standing: Market, name: str) -> None:
    story = Story.of(standing, name)
    _begun_by_mistake_and_submitted_too_soon(story)
    _taken_and_put_back(story)
    _returned_submitted_again_and_approved(story)
    _printed_for_readers_only(story)
    _given_to_programs(story)
    exported_and_brought_again(story)
    before, first = story.values(), story.revision_id
    _listed_with_its_update(story.update())
    _found_by_nobody_out_of_scope(story)
    _in_force_until_the_update_is_approved(story, before, first)
    _void_it_frees_its_place(story)


def _begun_by_mistake_and_submitted_too_soon(story: Story) -> None:
    story.begin()
    if story.acts.fill_in is not None and (source := story.kind.facts.prefill) is not None:
        key = story.sample.values.get(source.key) or "1"
        story.perform(story.acts.fill_in, story.drafter, FillIn(story.revision_id, story.version(), str(key)))
    story.perform(story.acts.drop, story.drafter, story.one())
    if story.kind.review:
        story.begin().fill().submit()
        order = Decide(story.revision_id, story.view(story.reviewer()).version, "情况与材料不符")
        story.perform(story.acts.reject, story.reviewer(), order)
        assert story.state() is RevisionState.REJECTED
    story.begin().fill().agree()
    told = story.ask(story.acts.trial, story.submitter, story.revision_id)
    assert Severity.REFUSE not in {one.severity for one in told}
    story.submit()
    if story.kind.review:
        story.perform(story.acts.withdraw, story.submitter, story.one())
        story.submit()


def _taken_and_put_back(story: Story) -> None:
    for act in (story.acts.take, story.acts.release) if story.kind.review else ():
        story.perform(act, story.reviewer(), story.one())
    if story.acts.step_back is None:
        return
    story.approve(1)
    second = story.reviewer(1)
    order = Decide(story.revision_id, story.view(second).version, "请再核对一次")
    story.perform(story.acts.step_back, second, order)


def _returned_submitted_again_and_approved(story: Story) -> None:
    if story.kind.review:
        field = next(iter(story.sample.values))
        story.send_back(field)
        view = story.view()
        assert (view.state, view.pointed, view.editable) == (RevisionState.RETURNED, (field,), True)
        assert story.row() is None
        story.submit().approve()
    assert story.state() is RevisionState.EFFECTIVE
    row = story.row()
    assert row.record_no.startswith(story.kind.prefix)
    assert row.revision_id == story.revision_id
    form = read_form(story.kind, story.sample.values, story.sample.children)
    kept = story.values()
    assert {key: kept[key] for key, value in form.values.items() if value is not None} == {
        key: value for key, value in form.values.items() if value is not None
    }


def _printed_for_readers_only(story: Story) -> None:
    door = story.market.world.door
    assert record_pdf(door, story.submitter, story.revision_id).startswith(b"%PDF")
    with pytest.raises(NotFound):
        record_pdf(door, story.stranger, story.revision_id)


def _given_to_programs(story: Story) -> None:
    name = story.kind.name
    text = str(story.ask(schema_of, story.submitter, name))
    assert all(field.name in text and field.label in text for field in story.kind.fields)
    assert story.ask(read_record, story.submitter, ReadRecord(name, story.record_id))
    with pytest.raises(NotFound):
        story.ask(read_record, story.stranger, ReadRecord(name, story.record_id))


def _listed_with_its_update(story: Story) -> None:
    number = story.row().record_no
    page = story.ask(list_of(story.kind).query, story.submitter, ListRows({"record_no": number}))
    line = next(line for line in page.lines if line.id == story.record_id)
    assert (line.version_no, line.way[:2]) == (1, (story.revision_id, 2))
    assert set(vars(line)) >= set(story.kind.look.grid)
    theirs = story.ask(list_of(story.kind).query, story.stranger, ListRows({"record_no": number}))
    assert story.record_id not in {line.id for line in theirs.lines}


def _found_by_nobody_out_of_scope(story: Story) -> None:
    one, save = OneRevision(story.revision_id), Save(story.revision_id, 1, {})
    decide, stranger = Decide(story.revision_id, 1, OPINION), story.stranger
    tried: list[tuple[Any, Any]] = [
        (story.acts.save, save),
        (story.acts.submit, Submit(story.revision_id, 1)),
        (story.acts.withdraw, one),
        (story.acts.drop, one),
        (story.acts.update, StartUpdate(story.record_id, REASON)),
        (story.acts.take, one),
        (story.acts.release, one),
        (story.acts.send_back, decide),
        (story.acts.reject, decide),
        (story.acts.approve, decide),
        (story.acts.void, Void(story.record_id, REASON)),
    ]
    if story.kind.facts.prefill is not None:
        tried.append((story.acts.fill_in, FillIn(story.revision_id, 1, "1")))
    for act, order in tried:
        # Whatever role he had, it is not his.
        everything = replace(stranger, scopes=tuple(replace(stranger.scopes[0], role=role) for role in act.roles))
        if act.roles:
            with pytest.raises(NotFound):
                story.perform(act, everything, order)
    asked: list[tuple[Any, Any]] = [
        (story.acts.record, story.record_id),
        (story.acts.revision, story.revision_id),
        (story.acts.compare, Compare(story.record_id, 1, 2)),
        (story.acts.trial, story.revision_id),
    ]
    for query, order in asked:
        role = next(iter(query.roles & stranger.roles), None) or sorted(query.roles)[0]
        with pytest.raises(NotFound):
            story.ask(query, replace(stranger, scopes=(replace(stranger.scopes[0], role=role),)), order)


def _in_force_until_the_update_is_approved(story: Story, before: dict[str, Any], first: UUID) -> None:
    number = story.row().record_no
    story.fill(story.sample.change).submit()
    if story.kind.review:
        assert story.values() == before
        story.approve()
    changed = read_form(story.kind, story.sample.change).values
    after = story.values()
    assert all(after[key] == changed[key] != before[key] for key in story.sample.change)
    assert story.ask(story.acts.record, story.submitter, story.record_id).revision_id == story.revision_id
    old = story.ask(story.acts.revision, story.submitter, first)
    assert (old.state, story.row().version_no, story.row().record_no) == (RevisionState.SUPERSEDED, 2, number)
    compared = story.ask(story.acts.compare, story.submitter, Compare(story.record_id, 1, 2))
    assert {one.field for one in compared.fields} == set(story.sample.change)


def _void_it_frees_its_place(story: Story) -> None:
    """Name, code, number, the one list of a project: the same may be entered anew."""
    if story.kind.name in _OF_COMPANIES_THAT_LEFT:
        with pytest.raises(Conflict):
            voided(story).begin()
        return
    voided(story)
    again = Story(story.market, story.kind, story.sample).effective()
    assert again.record_id != story.record_id
    assert again.row().in_force is InForceState.EFFECTIVE
