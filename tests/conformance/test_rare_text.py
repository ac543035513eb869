"""Of every kind: whatever was typed is printed, what no font has by its code (market 8, rows 51-62)."""

import pytest

from services.engine.cycle_orders import Save
from services.records.record_paper import record_pdf
from tests.conformance.kinds_tried import whole_story
from tests.conformance.story import Story
from tests.market import Market
from tests.printing.reading import text_of

#: A house nobody has a glyph for, a combining accent, Arabic, and a rare character that fonts do have.
RARE = "🏠é̂ا𰻞"


@whole_story
def test_a_sheet_is_drawn_whatever_was_typed(standing: Market, name: str) -> None:
    story = Story.of(standing, name).begin()
    free = {one.name for one in story.kind.fields if one.free and not one.mask}
    values = {
        key: RARE if key in free and not key.endswith(("_no", "code", "uscc")) else value
        for key, value in story.sample.values.items()
    }
    if RARE not in values.values():
        pytest.fail(f"{name} has no free text")
    story.perform(story.acts.save, story.drafter, Save(story.revision_id, 1, values, story.sample.children))
    text = text_of(record_pdf(standing.world.door, story.drafter, story.revision_id))
    assert "〔U+1F3E0〕" in text.replace("\n", "")
    assert "𰻞" in text
