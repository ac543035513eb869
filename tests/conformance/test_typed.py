"""Of every kind: what was typed beside its normal form stays with the version, and goes into nothing else (market 2.0)."""

from typing import Any

from services.engine.cycle_orders import Save
from services.engine.proposals import read_form
from services.records.list_sheets import ListSheet, list_sheet
from services.records.record_paper import printed_record
from tests.conformance.kinds_tried import whole_story
from tests.conformance.story import Story
from tests.market import Market

#: A blank of Chinese text before and after is trimmed from every text.
_BLANK = "　"


@whole_story
def test_what_was_typed_stays_beside_its_normal_form(standing: Market, name: str) -> None:
    story = Story.of(standing, name).begin().fill()
    before = story.view()
    texts = {one.name for one in story.kind.fields if one.free}
    values = {key: _wide(value) if key in texts else value for key, value in story.sample.values.items()}
    children = {
        child.name: [
            {key: _wide(value) if _is_text(child, key) else value for key, value in line.items()}
            for line in story.sample.children.get(child.name, ())
        ]
        for child in story.kind.children
    }
    expected = read_form(story.kind, values, children).typed
    story.perform(
        story.acts.save, story.drafter, Save(story.revision_id, story.version(), values, children, _files(story))
    )
    view = story.view()
    assert view.values == before.values
    assert set(view.typed) == set(expected)
    assert {place.split(".")[0] for place in view.typed} >= texts & set(story.sample.values)
    # The form sends normal forms when it is saved again.
    again = Save(story.revision_id, view.version, view.values, view.children, _files(story))
    story.perform(story.acts.save, story.drafter, again)
    assert dict(story.view().typed) == dict(view.typed)
    sheet = str(story.ask(printed_record, story.drafter, story.revision_id))
    assert not any(text in sheet for text in expected.values())
    for child in story.kind.children:
        assert story.ask(list_sheet, story.drafter, ListSheet(story.revision_id, child.name))


def _wide(value: Any) -> Any:
    return f"{_BLANK}{value}{_BLANK}" if isinstance(value, str) else value


def _is_text(child: Any, name: str) -> bool:
    return any(one.name == name and one.free for one in child.fields)


def _files(story: Story) -> dict[str, tuple[Any, ...]]:
    kept: dict[str, tuple[Any, ...]] = {}
    for one in story.view().files:
        kept[one.slot] = (*kept.get(one.slot, ()), one.id)
    return kept
