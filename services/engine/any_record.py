"""Access to versions of records of any kind, for pages that show all kinds."""

from uuid import UUID

from models.access import MARKET, Role
from models.records import Revision
from services.engine.cycle import acts
from services.engine.cycle_orders import RevisionView
from services.engine.kinds import KINDS
from services.engine.refusals import NotAllowed, NotFound
from services.engine.registry import query
from services.engine.work import Work


@query("records.revision", "查看管理记录", roles={*MARKET, Role.SPATIAL_REVIEWER}, personal=True)
def any_revision(work: Work, revision_id: UUID) -> RevisionView:
    """Return a visible version, as its own kind shows it to the caller."""
    row = work.get(Revision, revision_id)
    if row.kind not in KINDS:
        raise NotFound
    question = acts(row.kind).revision
    if not question.roles & work.caller.roles:
        raise NotAllowed("您的岗位不能查询此项内容")
    return question(work, revision_id)
