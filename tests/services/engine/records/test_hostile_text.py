"""What nobody should type: kept as it is or refused in a sentence, never an error of ours (H26, H28)."""

from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest

from models.records import Revision
from models.sealed import Sealed
from services.engine.cycle_orders import Begin, Compare, OneRevision, Save, StartUpdate, Submit
from services.engine.findings import Severity
from services.engine.refusals import NotFound, Refusal, Rejected
from tests.services.engine.records.desk import MAKER, REVIEWER, Desk

_TEXTS = [
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "=cmd|'/c calc'!A0",
    "👩‍👩‍👧",
    "\u202e倒",
    "甲\x00乙",
    "甲\ud800",
    "一" * 100_000,
]


@pytest.mark.parametrize("text", _TEXTS, ids=range(len(_TEXTS)))
@pytest.mark.parametrize("field", ["name", "price", "begun_on", "where", "made_site_id", "note", "phone"])
def test_a_draft_survives_it(desk: Desk, text: str, field: str) -> None:
    begun = desk.begun()
    # What no database can hold is refused in a sentence; everything else is kept.
    with suppress(Rejected):
        desk.save(begun, {**desk.whole(), field: text})
    view = desk.view(begun.revision_id)
    assert view.title
    assert isinstance(desk.refused("submit", MAKER, Submit(begun.revision_id, 99)), Refusal)


@pytest.mark.parametrize(
    "values", [{"nothing": "x"}, {"record_no": "x"}, {"district_code": "310104"}, {"head_company_id": str(uuid4())}]
)
def test_what_is_no_field_of_the_form_is_refused(desk: Desk, values: dict[str, Any]) -> None:
    begun = desk.begun()
    assert isinstance(desk.refused("save", MAKER, Save(begun.revision_id, 1, values)), Rejected)


@pytest.mark.parametrize(
    "children",
    [{"nothing": []}, {"parts": "abc"}, {"parts": ["abc"]}, {"parts": [{"record_id": "1"}]}, {"parts": [{}] * 20_001}],
)
def test_no_list_of_the_form_is_refused(desk: Desk, children: Any) -> None:
    begun = desk.begun()
    assert isinstance(desk.refused("save", MAKER, Save(begun.revision_id, 1, {}, children)), Rejected)


def test_too_many_lines_are_told(desk: Desk) -> None:
    begun = desk.begun()
    found = desk.save(begun, desk.whole(), {"parts": [{"part_no": str(number)} for number in range(501)]})
    assert [(one.code, one.field) for one in found] == [("FMT", "parts")]


def test_lines_with_one_key_are_told_at_submission(desk: Desk) -> None:
    begun = desk.begun()
    whole = desk.whole()
    desk.save(begun, whole, {"parts": [{"part_no": "1"}, {"part_no": "2"}, {"part_no": "１"}]})
    refused = desk.refused("submit", MAKER, Submit(begun.revision_id, desk.view(begun.revision_id).version))
    assert [(one.code, one.field) for one in refused.findings] == [("KEY", "parts.3.part_no")]


def test_ids_of_nothing(desk: Desk) -> None:
    for verb, order in (
        ("save", Save(uuid4(), 1, {})),
        ("submit", Submit(uuid4(), 1)),
        ("drop", OneRevision(uuid4())),
        ("update", StartUpdate(uuid4(), "现场情况有变化")),
    ):
        assert isinstance(desk.refused(verb, MAKER, order), NotFound)
    for verb, asked in (("record", uuid4()), ("revision", uuid4()), ("compare", Compare(uuid4(), 1, 2))):
        with pytest.raises(NotFound):
            desk.ask(verb, MAKER, asked)
    assert desk.do("begin", MAKER, Begin()).version == 1


def test_a_rule_that_breaks_stops_a_version(desk: Desk) -> None:
    """What a silent source leaves open goes on, marked; a fault of our own must not let anything through."""
    begun = desk.begun(**desk.whole(depth="0"))
    refused = desk.refused("submit", MAKER, Submit(begun.revision_id, begun.version, {"SITE-05": "按设计如此填写"}))
    assert [(one.code, one.severity) for one in refused.findings] == [("SITE-05", Severity.REFUSE)]
    assert "请联系系统管理员" in refused.findings[0].message
    assert [one.code for one in desk.ask("trial", MAKER, begun.revision_id)] == ["SITE-05"]


def test_a_rule_that_breaks_only_at_the_approval_stops_it_too(desk: Desk) -> None:
    begun = desk.submitted(depth="3")
    row = desk.market.row(Revision, begun.revision_id)
    payload = row.payload.json()
    payload["values"]["depth"] = "0"
    desk.market.world.rewrite(Revision, Revision.id == begun.revision_id, payload=Sealed.of_json(payload))
    refused = desk.refused("approve", REVIEWER, desk.decide(begun.revision_id))
    assert [(one.code, one.severity) for one in refused.findings] == [("SITE-05", Severity.REFUSE)]
    assert desk.row(begun) is None
