"""What is shown of the monitoring: changes, the registry's answer, the relation graph; each side its own (rows 51, 52, 54)."""

from typing import Any

import pytest

from models.alerts import AlertGrade
from models.monitoring import CompanyType, Refreshed
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.refusals import NotAllowed, NotFound, Rejected
from services.engine.registry import Query
from services.monitoring.companies import OneCompany
from services.monitoring.graph import list_roots, relations_of
from services.monitoring.listings import CHANGES, freshness
from tests.services.monitoring.conftest import Watching


@pytest.mark.row(54)
def test_changes_are_seen_by_city_district_and_head_and_by_nobody_else(watching: Watching, firm: str) -> None:
    watching.registry(firm, legal_rep="沈听澜")
    watching.night(days=1)
    order = ListRows({"company": str(watching.id(firm))})
    for login, seen in (("shichu01", 1), ("pdchu01", 1), ("shenpu01", 1), ("xhchu01", 0), ("jianghai01", 0)):
        assert watching.world.door.ask(CHANGES.query, watching.market.caller(login), order).total == seen, login
    with pytest.raises(NotAllowed):
        watching.world.door.ask(CHANGES.query, watching.market.caller("binjiang01"), order)
    (line,) = watching.world.door.ask(CHANGES.query, watching.market.caller("shenpu01"), order).lines
    assert (line.label, line.before, line.after, line.rule_code) == ("法定代表人", "严文清", "沈听澜", "SUB-07")
    assert line.alert_id == watching.alert(firm, "SUB-07").id
    assert CHANGES.query.is_personal(ListRows())


@pytest.mark.row(51)
def test_changes_are_narrowed_by_day_rule_and_type(watching: Watching, firm: str) -> None:
    watching.registry(firm, legal_rep="沈听澜", capital="90000000")
    watching.night(days=1)
    today = watching.world.door.clock.today().isoformat()
    city, company = watching.market.caller("shichu01"), str(watching.id(firm))

    def total(paging: Paging | None = None, **narrowed: str) -> int:
        order = ListRows({"company": company, **narrowed}, paging or Paging())
        return watching.world.door.ask(CHANGES.query, city, order).total

    assert total(rule="SUB-12") == 1
    assert total(type="project_company") == total(since=today, until=today) == 2
    assert total(type="group_company") == total(until="2027-01-01") == total(until="1900-01-01") == 0
    for paging, wrong in (
        (None, {"type": "firm"}),
        (None, {"company": "firm"}),
        (None, {"since": "9999-12-31"}),
        (Paging(sort="before"), {}),
        (Paging(0), {}),
    ):
        with pytest.raises(Rejected):
            total(paging, **wrong)


@pytest.mark.row(51)
def test_what_is_known_says_how_fresh_it_is(watching: Watching, firm: str) -> None:
    order = OneCompany(CompanyType.PROJECT, watching.id(firm))
    head = watching.market.caller("shenpu01")
    fresh = watching.world.door.ask(freshness, head, order)
    assert fresh.profile is not None
    assert (fresh.outcome, fresh.unknown, fresh.profile.legal_rep) == (Refreshed.HIT, False, "严文清")
    watching.world.fault("legal_entities", "error")
    watching.night(days=1)
    stale = watching.world.door.ask(freshness, head, order)
    assert (stale.outcome, stale.unknown, stale.answered_at) == (Refreshed.SILENT, True, fresh.answered_at)
    assert stale.profile == fresh.profile


@pytest.mark.row(54)
def test_answers_of_others_are_not_found(watching: Watching, firm: str) -> None:
    rival, other = watching.market.caller("jianghai_admin"), watching.market.caller("xhshen01")
    for caller in (rival, other):
        asked: tuple[tuple[Query[Any, Any], object], ...] = (
            (freshness, OneCompany(CompanyType.PROJECT, watching.id(firm))),
            (relations_of, watching.id(firm)),
        )
        for query, order in asked:
            with pytest.raises(NotFound):
                watching.world.door.ask(query, caller, order)


@pytest.mark.row(54)
def test_a_head_sees_its_group_by_name_and_not_what_is_watched_of_it(watching: Watching) -> None:
    order = OneCompany(CompanyType.GROUP, watching.id("G-1"))
    with pytest.raises(NotFound):
        watching.world.door.ask(freshness, watching.market.caller("shenpu01"), order)
    assert watching.world.door.ask(freshness, watching.market.caller("xhchu01"), order).outcome is Refreshed.HIT


@pytest.mark.row(51)
def test_the_graph_holds_group_heads_and_project_companies_with_their_alerts(watching: Watching, firm: str) -> None:
    watching.registry(firm, pledged="60")
    watching.night(days=1)
    city = watching.market.caller("shichu01")
    tree = watching.world.door.ask(relations_of, city, watching.id(firm))
    by_id = {node.id: node for node in tree.nodes}
    group, head, own = (by_id[watching.id(name)] for name in ("G-1", "H-1", firm))
    assert (tree.root, group.parent, head.parent, own.parent) == (group.id, None, group.id, head.id)
    assert (own.grade, own.alerts >= 1, str(own.share).rstrip("0").rstrip(".")) == (AlertGrade.RED, True, "51")
    assert watching.id("P-3") not in by_id
    assert watching.world.door.ask(relations_of, city, watching.id("G-1")).nodes == tree.nodes


@pytest.mark.row(54)
def test_each_side_chooses_among_its_own_roots(watching: Watching) -> None:
    def roots(login: str, text: str = "") -> set[str]:
        caller = watching.market.caller(login)
        return {root.name for root in watching.world.door.ask(list_roots, caller, text)}

    assert roots("shenpu01") == {"申浦控股集团有限公司"}
    assert roots("jianghai01") == {"江海实业集团有限公司"}
    assert {"申浦控股集团有限公司", "江海实业集团有限公司"} <= roots("shichu01")
    assert roots("shichu01", "滨江") == {"申浦控股集团有限公司"}
    with pytest.raises(Rejected):
        roots("shichu01", "长" * 61)
