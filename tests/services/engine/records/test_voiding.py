"""Voiding, and what must be in force before what (market 3.2, 3.5)."""

from typing import Any

import pytest

from models.records import InForceState, RevisionState
from services.engine.cycle_orders import Begin, Submit, Void
from services.engine.dependencies import NodeState, dependency_graph
from services.engine.kinds import Owner
from services.engine.refusals import Conflict, NotAllowed, Rejected
from tests.services.engine.records.desk import COLLEAGUE, MAKER, REVIEWER, Desk, a_name
from tests.services.engine.records.kinds_made import OUTSIDE, Sign

_WHY = "登记有误，应予作废"


def _sign(desk: Desk, site: Any, reasons: dict[str, str] | None = None) -> Any:
    begun = desk.do("begin", MAKER, Begin(values={"words": a_name("标牌"), "site_id": str(site)}), "made_sign")
    desk.do("submit", MAKER, Submit(begun.revision_id, begun.version, reasons or {}), "made_sign")
    return begun


def test_without_review_it_takes_effect_at_once(desk: Desk) -> None:
    sign = _sign(desk, desk.effective().record_id)
    row = desk.market.row(Sign, sign.record_id)
    assert (row.in_force, row.version_no) == (InForceState.EFFECTIVE, 1)
    assert row.record_no.startswith("MB310115270301")
    view = desk.view(sign.revision_id, kind="made_sign")
    assert (view.state, view.record_no) == (RevisionState.EFFECTIVE, row.record_no)


def test_what_stands_on_it_is_listed_and_ended_with_it_only_when_named(desk: Desk) -> None:
    site = desk.effective()
    signs = [_sign(desk, site.record_id) for _ in range(2)]
    refused = desk.refused("void", REVIEWER, Void(site.record_id, _WHY))
    assert isinstance(refused, Conflict)
    assert refused.message.count("；") == 1
    half = Void(site.record_id, _WHY, (signs[0].record_id,))
    assert isinstance(desk.refused("void", REVIEWER, half), Conflict)
    assert desk.market.row(Sign, signs[0].record_id).in_force is InForceState.EFFECTIVE
    desk.do("void", REVIEWER, Void(site.record_id, _WHY, tuple(sign.record_id for sign in signs)))
    assert {desk.market.row(Sign, sign.record_id).in_force for sign in signs} == {InForceState.VOIDED}
    assert desk.state(site) is RevisionState.VOIDED
    assert isinstance(desk.refused("void", REVIEWER, Void(site.record_id, _WHY)), Conflict)


def test_only_the_authoritys_reviewers_and_only_with_words(desk: Desk) -> None:
    site = desk.effective()
    for login in (MAKER, COLLEAGUE, "pdchu01", "shichu01"):
        assert isinstance(desk.refused("void", login, Void(site.record_id, _WHY)), NotAllowed)
    assert isinstance(desk.refused("void", REVIEWER, Void(site.record_id, "作废")), Rejected)


def test_not_while_an_update_is_on_its_way(desk: Desk) -> None:
    site = desk.effective()
    desk.update(site.record_id)
    assert "正在办理" in desk.refused("void", REVIEWER, Void(site.record_id, _WHY)).message


@pytest.mark.parametrize("state", ["draft", "submitted"])
def test_what_it_stands_on_must_be_in_force(desk: Desk, state: str) -> None:
    site = desk.begun() if state == "draft" else desk.submitted()
    begun = desk.do("begin", MAKER, Begin(values={"words": a_name(), "site_id": str(site.record_id)}), "made_sign")
    refused = desk.refused("submit", MAKER, Submit(begun.revision_id, begun.version), "made_sign")
    assert [(one.code, one.evidence) for one in refused.findings] == [("DEP", {"kind": "made_site"})]


def test_in_relaxed_order_it_only_warns(desk: Desk) -> None:
    OUTSIDE.relaxed = True
    site = desk.begun()
    begun = desk.do("begin", MAKER, Begin(values={"words": a_name(), "site_id": str(site.record_id)}), "made_sign")
    order = Submit(begun.revision_id, begun.version)
    assert isinstance(desk.refused("submit", MAKER, order, "made_sign"), Rejected)
    desk.do("submit", MAKER, Submit(begun.revision_id, begun.version, {"DEP": "老项目补录资料"}), "made_sign")
    assert desk.view(begun.revision_id, kind="made_sign").state is RevisionState.EFFECTIVE


def test_the_drawing_tells_why_a_step_is_blocked(desk: Desk) -> None:
    owner = Owner("310115", desk.market.ids["H-2"])

    def drawn() -> Any:
        kinds = ("made_site", "made_sign")
        return desk.market.world.door.look(desk.who("jianghai01"), lambda work: dependency_graph(work, owner, kinds))

    before = drawn()
    assert (before.node("made_site").rank, before.node("made_sign").rank) == (0, 1)
    assert before.node("made_sign").state is NodeState.BLOCKED
    assert before.node("made_sign").because == ("工地",)
    submitted = desk.submitted("jianghai01")
    assert drawn().node("made_site").state is NodeState.REVIEW
    desk.approve(submitted.revision_id)
    site = drawn().node("made_site")
    assert site.state is NodeState.IN_FORCE
    assert submitted.record_id in {record.record_id for record in site.records}
