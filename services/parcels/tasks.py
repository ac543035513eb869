"""Tasks of parcels: links and assignments that wait for the caller's word (rows 55, 57)."""

from collections.abc import Iterator

from models.access import HEAD_OFFICE, Role
from models.records import PactState
from services.engine.work import Work
from services.inbox.sources import Task, Whose, task_source
from services.parcels.link_parts import HANDLERS
from services.parcels.link_views import LinkFilter, LinkLine, head_link_page, project_link_page

_MOST = 200


@task_source("parcels.links", "地块关联待确认", roles=HANDLERS | HEAD_OFFICE)
def links_to_answer(work: Work, whose: Whose) -> Iterator[Task]:
    """Offers and claims the other side has made."""
    if not whose.personal:
        wanted = LinkFilter(state=str(PactState.OFFERED), turn=True, sort="expires_on", size=_MOST)
        for line in head_link_page(work, wanted).lines:
            yield _task(line, f"{line.parcel_name}（{line.parcel_no}）与{line.head}", "parcel_links")


@task_source("parcels.assignments", "地块指派待确认", roles={Role.PROJ_ADMIN})
def assignments_to_answer(work: Work, whose: Whose) -> Iterator[Task]:
    """Parcels the head company has assigned."""
    if not whose.personal:
        wanted = LinkFilter(state=str(PactState.OFFERED), turn=True, sort="expires_on", size=_MOST)
        for line in project_link_page(work, wanted).lines:
            yield _task(line, f"{line.parcel_name}（{line.parcel_no}）", "parcel_assignments")


def _task(line: LinkLine, title: str, module: str) -> Task:
    return Task(str(line.id), title, "确认或拒绝", module, {"id": str(line.id)}, line.expires_on, line.offered_at)
