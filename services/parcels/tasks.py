"""Tasks of parcels: links and assignments that wait for the caller's word (rows 55, 57)."""

from collections.abc import Callable, Iterator

from models.access import HEAD_OFFICE, Role
from services.engine.list_pages import page_of
from services.engine.listings import Line, Listing, ListRows
from services.engine.paging import Paging
from services.engine.work import Work
from services.inbox.sources import Task, Whose, task_source
from services.parcels.link_parts import HANDLERS
from services.parcels.link_views import ASSIGNMENTS, HEAD_LINKS


@task_source("parcels.links", "地块关联待确认", roles=HANDLERS | HEAD_OFFICE)
def links_to_answer(work: Work, whose: Whose) -> Iterator[Task]:
    """Offers and claims the other side has made."""
    return _waiting(work, whose, HEAD_LINKS, lambda line: f"与{line.head}")


@task_source("parcels.assignments", "地块指派待确认", roles={Role.PROJ_ADMIN})
def assignments_to_answer(work: Work, whose: Whose) -> Iterator[Task]:
    """Parcels the head company has assigned."""
    return _waiting(work, whose, ASSIGNMENTS, lambda line: "")


def _waiting(work: Work, whose: Whose, listing: Listing, more: Callable[[Line], str]) -> Iterator[Task]:
    if whose.personal:
        return
    for line in page_of(work, listing, ListRows({"turn": "1"}, Paging(size=200, sort="expires_on"))).lines:
        title, params = f"{line.parcel_name}（{line.parcel_no}）{more(line)}", {"id": str(line.id)}
        yield Task(str(line.id), title, "确认或拒绝", listing.name, params, line.expires_on, line.offered_at)
