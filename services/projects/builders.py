"""项目代建单位 (row 61): companies that build on the developer's behalf; an empty list is a complete answer."""

from collections.abc import Mapping
from typing import Any

from models.land_codes import ProjectStage
from models.projects import BuilderLine, ProjectBuilders
from services.engine.cycle import kept
from services.engine.door import Gathering
from services.engine.facts import together
from services.engine.kinds import Child, Effects, Facts, Kind, Look, Prefill, Proposal, Slot, Stage, Ties
from services.engine.work import Work
from services.ports.answers import Answer
from services.projects.list_names import list_in_force, project_title
from services.projects.ownership import PROJECT_NEED, of_project
from services.projects.side_rules import BUILDER_RULES, OWN_CODE, entity_key
from services.projects.sources import SOURCE, builder_by_code, own_code

#: Lines of a list: all of them are asked about, and no more of a list pasted in by mistake, which is refused.
_MOST = 50


def ask(gathering: Gathering, listed: Proposal) -> Mapping[str, Answer[Any]]:
    """Return what the registry says of each builder, all asked at once."""
    codes = list(dict.fromkeys(line["uscc"] for line in listed.lines("builders") if line.get("uscc")))[:_MOST]
    registry = gathering.systems.legal_entities
    return together({entity_key(code): (SOURCE, lambda code=code: registry.entity_of(code)) for code in codes})  # type: ignore[misc]


def look(work: Work, listed: Proposal) -> Mapping[str, Any]:
    return {OWN_CODE: own_code(work, listed.owner)}


PROJECT_BUILDERS = kept(
    Kind(
        name="project_builders",
        label="项目代建单位",
        row=61,
        prefix="XB",
        table=ProjectBuilders,
        makers=of_project("project_builders", ProjectBuilders),
        look=Look(
            title="project_name",
            menu="projects",
            grid=("project_name", "has_agent", "note"),
            filters=("has_agent",),
            change="更正",
            purpose="核对项目代建关系",
            titled=project_title,
        ),
        children=(Child("builders", "代建单位", BuilderLine, ("uscc", "work_scope", "start_on"), _MOST),),
        slots=(Slot("contract", "代建合同"),),
        rules=BUILDER_RULES,
        facts=Facts(ask=ask, look=look, prefill=Prefill("代建单位信用代码", "uscc", SOURCE, builder_by_code)),
        ties=Ties(needs=(PROJECT_NEED,)),
        stage=Stage(ProjectStage.LAND),
        effects=Effects(on_effective=list_in_force),
    )
)
