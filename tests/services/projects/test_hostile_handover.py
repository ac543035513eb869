"""After a project has changed its company the old one brings nothing of it back (row 62)."""

from functools import partial

import pytest

from models.companies import ProjectCompany
from models.projects import Project, ProjectBuilders
from models.records import InForceState, Revision
from services.engine.cycle import acts
from services.engine.cycle_orders import StartUpdate, Submit, Void
from services.engine.refusals import NotFound
from services.projects.handover import HandoverWord, hand_over
from tests.land import Land
from tests.services.projects.desk import Desk
from tests.services.projects.test_row_62 import agreed, transferred
from tests.world import at_once

pytestmark = pytest.mark.row(62)
WHY = "现场情况有变化"


def test_what_was_drafted_before_goes_with_the_change(land: Land) -> None:
    """An update nobody handed in would be in the new company's way for good, and would give the record back once approved."""
    project = land.project("P-1")
    kept = land.side("project_builders", project, {"has_agent": False})
    old = Desk(land, "project_builders")
    over_project = old.perform(acts("project").update, "binjiang01", StartUpdate(project, WHY))
    over_side = old.perform(acts("project_builders").update, "binjiang01", StartUpdate(kept, WHY))
    fresh = Desk(land, "relocation").begin(project, {})
    old.perform(hand_over, "pdchu01", HandoverWord(agreed(land, transferred(land, project))))
    for kind, draft in (("project", over_project), ("project_builders", over_side), ("relocation", fresh)):
        with pytest.raises(NotFound):
            old.perform(acts(kind).submit, "binjiang_admin", Submit(draft.revision_id, draft.version))
    new = Desk(land, "project_builders", "xincheng01", "xincheng_admin")
    for kind, record in (("project", project), ("project_builders", kept)):
        begun = new.perform(acts(kind).update, "xincheng01", StartUpdate(record, WHY))
        assert land.market.row(Revision, begun.revision_id).project_company_id == land.market.xincheng
    for table, record in ((Project, project), (ProjectBuilders, kept)):
        assert land.market.row(table, record).project_company_id == land.market.xincheng


def test_a_project_is_not_handed_to_a_company_that_is_voided_meanwhile(land: Land) -> None:
    door, market = land.market.world.door, land.market
    project = land.project("P-1")
    task = agreed(land, transferred(land, project))
    both = at_once(
        [
            partial(door.perform, hand_over, market.caller("pdchu01"), HandoverWord(task)),
            partial(door.perform, acts("project_company").void, market.caller("shishen01"), Void(market.xincheng, WHY)),
        ]
    )
    handed = market.row(Project, project).project_company_id == market.xincheng
    gone = market.row(ProjectCompany, market.xincheng).in_force is InForceState.VOIDED
    assert (handed, gone) != (True, True), both
    assert handed or gone, both
