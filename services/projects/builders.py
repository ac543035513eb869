"""项目代建单位 (row 61): companies that build on the developer's behalf; an empty list is a complete answer."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from models.land_codes import ProjectStage
from models.projects import BuilderLine, ProjectBuilders
from services.engine.cycle import kept
from services.engine.door import Gathering
from services.engine.facts import together
from services.engine.findings import Severity
from services.engine.kinds import Child, Effects, Facts, Kind, Look, Prefill, Proposal, Slot, Stage, Ties
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import MISSING
from services.engine.work import Work
from services.ports.answers import Answer, AnswerState, LegalEntity
from services.ports.systems import LEGAL_ENTITIES
from services.projects.list_names import list_in_force, project_title
from services.projects.ownership import PROJECT_NEED, of_project
from services.projects.sources import OWN_CODE, SOURCE, builder_by_code, own_code

#: Lines of a list: all of them are asked about, and no more of a list pasted in by mistake, which is refused.
_MOST = 50


def entity_key(uscc: str) -> str:
    """The name under which `Facts.ask` gives what the registry says of a code."""
    return f"entity:{uscc}"


@rule(MISSING, "有无代建与名单一致", Severity.REFUSE, "请填写代建单位")
def list_fits_the_answer(listed: Proposal) -> Iterator[Fault]:
    """No agent builder at all is a complete answer."""
    if listed["has_agent"] is True and not listed.lines("builders"):
        yield Fault("builders", "有代建单位的，请至少填写一家；没有的，请选择“否”")
    if listed["has_agent"] is False and listed.lines("builders"):
        yield Fault("has_agent", "已填写代建单位，请将“有代建单位”改为“是”，或删除名单")


@rule("PRJ-15", "代建单位不是开发单位自己", Severity.REFUSE, "代建单位不能是项目公司自己")
def builder_is_another(listed: Proposal) -> Iterator[Fault]:
    own = listed.found.get(OWN_CODE)
    for number, line in enumerate(listed.lines("builders"), 1):
        if own and line.get("uscc") == own:
            yield Fault(f"builders.{number}.uscc", "代建单位与项目公司的信用代码相同，项目公司不能为自己代建")


@rule("PRJ-15", "代建单位在法人库中", Severity.WARN, "代建单位未在法人库查到", source="法人库")
def builder_is_registered(listed: Proposal) -> Iterator[Fault]:
    for number, line in enumerate(listed.lines("builders"), 1):
        said: Answer[LegalEntity] | None = listed.answers.get(entity_key(line.get("uscc") or ""))
        if said is None:
            continue
        field = f"builders.{number}.uscc"
        if said.missed:
            yield Fault(
                field, f"“{line.get('name') or line.get('uscc')}”未在法人库查到，请核对信用代码；确需填写的请说明原因"
            )
        elif said.state is not AnswerState.HIT or said.value is None:
            yield Fault(
                field, "法人库暂时没有应答，该代建单位未核验，系统将在审核时再次核对", severity=Severity.PENDING
            )
        elif said.value.status != "存续":
            yield Fault(field, f"“{said.value.name}”登记状态为{said.value.status}，请核对；确需填写的请说明原因")


@rule("PRJ-15", "同一范围的代建期间不重叠", Severity.WARN, "同一代建范围的期间重叠")
def periods_do_not_overlap(listed: Proposal) -> Iterator[Fault]:
    dated = [
        (number, line)
        for number, line in enumerate(listed.lines("builders"), 1)
        if line.get("work_scope") and line.get("start_on")
    ]
    for (first, one), (second, other) in combinations(dated, 2):
        if one["work_scope"].strip() != other["work_scope"].strip():
            continue
        apart = (one.get("end_on") and one["end_on"] < other["start_on"]) or (
            other.get("end_on") and other["end_on"] < one["start_on"]
        )
        if not apart:
            yield Fault(f"builders.{second}.start_on", f"第{first}行与第{second}行的代建范围相同、期间重叠，请核对")


def ask(gathering: Gathering, listed: Proposal) -> Mapping[str, Answer[Any]]:
    """Return what the registry says of each builder, all asked at once."""
    codes = list(dict.fromkeys(line["uscc"] for line in listed.lines("builders") if line.get("uscc")))[:_MOST]
    registry = gathering.systems.at(LEGAL_ENTITIES)
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
        rules=rules_in(vars()),
        facts=Facts(ask=ask, look=look, prefill=Prefill("代建单位信用代码", "uscc", SOURCE, builder_by_code)),
        ties=Ties(needs=(PROJECT_NEED,)),
        stage=Stage(ProjectStage.LAND),
        effects=Effects(on_effective=list_in_force),
    )
)
