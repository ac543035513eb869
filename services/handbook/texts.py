"""手册更新 (row 78): the texts a company adds to its handbook, reviewed by the district; each version makes a main version."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.handbooks import HandbookCause, HandbookText
from models.land_codes import ProjectStage
from models.projects import Project
from models.records import Revision
from services.engine.cycle import kept
from services.engine.findings import Severity
from services.engine.kinds import Effects, Facts, Kind, Look, Proposal, Slot, Stage, Ties
from services.engine.rule_declaration import Fault, rule, rules_in
from services.engine.value_checks import FORMAT
from services.engine.work import Work
from services.handbook.chapters import TEXTS
from services.handbook.versions import add_version, latest_of
from services.projects.list_names import list_in_force, project_title
from services.projects.ownership import PROJECT_NEED, of_project

_WRITTEN = ("introduction", "special_matters", "commitments")
_CHANGED = "changed_since"


def look(work: Work, proposal: Proposal) -> Mapping[str, Any]:
    """Find whether the handbook got another version since this draft was last saved."""
    project_id = proposal.owner.project_id
    latest = latest_of(work, project_id) if project_id is not None else None
    draft = work.first(Revision, Revision.record_id == proposal.record_id, Revision.version_no == proposal.version_no)
    later = latest is not None and draft is not None and latest.compiled_at > draft.updated_at
    return {_CHANGED: latest.version_label if later and latest is not None else ""}


@rule(FORMAT, "补充内容已填写", Severity.REFUSE, "请至少填写项目说明、特别事项、承诺中的一项")
def something_is_written(proposal: Proposal) -> Iterator[Fault]:
    if not any(proposal[name] for name in _WRITTEN):
        yield Fault("introduction")


@rule("HBK-06", "补充内容与手册一致", Severity.WARN, "手册内容有变化")
def handbook_is_the_same(proposal: Proposal) -> Iterator[Fault]:
    if version := proposal.found.get(_CHANGED):
        yield Fault("introduction", f"起草后手册已更新为{version}版，请核对补充内容后重新保存，或说明理由")


def _make_version(work: Work, text: Any, revision: Revision) -> None:
    list_in_force(work, text, revision)
    work.session.flush()
    project = work.first(Project, Project.id == text.project_id)
    if project is not None:
        add_version(work, project, HandbookCause.WRITTEN)


HANDBOOK_TEXT = kept(
    Kind(
        name=TEXTS,
        label="手册补充内容",
        row=78,
        prefix="SC",
        table=HandbookText,
        makers=of_project(TEXTS, HandbookText),
        look=Look(
            title="project_name",
            grid=("project_name",),
            sections={"introduction": "补充内容"},
            purpose="电子开发项目手册的补充内容",
            titled=project_title,
        ),
        slots=(Slot("annexes", "附件"),),
        rules=rules_in(vars()),
        facts=Facts(look=look),
        ties=Ties(needs=(PROJECT_NEED,)),
        stage=Stage(ProjectStage.DELIVERY, optional=True),
        effects=Effects(on_effective=_make_version),
    )
)
