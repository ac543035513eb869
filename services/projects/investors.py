"""项目投资企业 (row 60): the registered shareholders, checked and completed by the project company."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import select

from models.land_codes import ProjectStage
from models.projects import InvestorLine, ProjectInvestors
from models.records import Revision
from services.engine.cycle import kept
from services.engine.door import Gathering
from services.engine.kinds import Child, Effects, Facts, Kind, Look, Prefill, Proposal, Slot, Stage, Ties
from services.engine.work import Work
from services.ports.answers import Answer
from services.projects.list_names import list_in_force, project_title
from services.projects.ownership import PROJECT_NEED, of_project
from services.projects.side_rules import INVESTOR_RULES, OWN_CODE, REGISTRY_CHANGED, REGISTRY_SILENT
from services.projects.sources import SOURCE, changes_since, investors_by_code, investors_of, own_code

_PROFILE = "profile"


def ask(gathering: Gathering, listed: Proposal) -> Mapping[str, Answer[Any]]:
    """Return what the registry says of the project's company now."""
    code = gathering.look(lambda work: own_code(work, listed.owner))
    return {_PROFILE: gathering.systems.legal_entities.profile_of(code)} if code else {}


def look(work: Work, listed: Proposal) -> Mapping[str, Any]:
    """The company's own code, and what the registry changed since the open version was filled from it."""
    now, told = listed.answers.get(_PROFILE), _told(work, listed)
    silent = now is not None and not now.hit and not now.missed
    changed = changes_since(told, investors_of(now.value, frozenset())) if told and now and now.value else []
    return {
        OWN_CODE: own_code(work, listed.owner),
        REGISTRY_CHANGED: changed,
        # What was typed by hand is compared with nothing.
        REGISTRY_SILENT: silent and bool(told),
    }


def _told(work: Work, listed: Proposal) -> list[Any]:
    """The holders the registry gave when the open version was filled."""
    row = work.session.exec(select(Revision).where(Revision.open_key == str(listed.record_id))).first()
    if row is None or row.source_snapshot is None:
        return []
    return row.source_snapshot.json().get("children", {}).get("investors") or []


PROJECT_INVESTORS = kept(
    Kind(
        name="project_investors",
        label="项目投资企业",
        row=60,
        prefix="XT",
        table=ProjectInvestors,
        makers=of_project("project_investors", ProjectInvestors),
        look=Look(
            title="project_name",
            menu="projects",
            grid=("project_name", "registered_capital", "note"),
            filters=("registered_capital",),
            change="更正",
            purpose="核对项目投资主体与出资情况",
            titled=project_title,
        ),
        children=(Child("investors", "投资方", InvestorLine, ("uscc", "name"), 200),),
        slots=(Slot("articles", "公司章程或出资证明"),),
        rules=INVESTOR_RULES,
        facts=Facts(ask=ask, look=look, prefill=Prefill("项目公司信用代码", "uscc", SOURCE, investors_by_code)),
        ties=Ties(needs=(PROJECT_NEED,)),
        stage=Stage(ProjectStage.LAND),
        effects=Effects(on_effective=list_in_force),
    )
)
