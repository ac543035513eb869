"""The pages that messages open, for the bell, the inbox and the homes alike."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from services.engine.cycle import any_revision
from services.engine.kinds import KINDS
from ui.shell.call import call
from ui.shell.place import Host, Place

_VERSION, _RECORD = "revision", "record"
#: The modules that show what a message is about, by its table; the first one that the reader has opens it.
NOTICE_PAGES: dict[str, tuple[str, ...]] = {
    "alert": ("alerts",),
    "brand": ("firm_brand", "brand_review"),
    "cancel_apply": ("cancel_applies",),
    "card_apply": ("firm_apply", "card_cancel_confirm", "card_inspection"),
    "card_task": ("card_tasks",),
    "central_project": ("central_projects",),
    "civil_case": ("civil_cases",),
    "entrustment": ("mandate",),
    "export_request": ("exports",),
    "forced_review": ("filing_reviews",),
    "forced_verification": ("forced_reviews", "verifications"),
    "gov_case": ("checks",),
    "import_session": ("import_session",),
    "info_card": ("firm_people", "cards"),
    "lease_contract": ("contract",),
    "listing_verification": ("verifications",),
    "monthly_summary": ("progress-board",),
    "parameter": ("parameters",),
    "parcel_head_link": ("parcel_links",),
    "parcel_project_link": ("parcel_assignments",),
    "payment_result": ("firm_inbox",),
    "payment_termination": ("firm_terminations",),
    "project_handover": ("project_handovers",),
    "rent_bill": ("firm_bills",),
    "room_apply": ("room_applies",),
    "street_link": ("street_links",),
    "sublet_alert": ("sublet_alerts",),
    "subject_application": ("company_joint",),
    "verification_code": ("verification_codes",),
}


#: Opens what a message is about; None when it could not be opened, as with too many open pages.
Way = Callable[[], Awaitable[Place | None]]


def way_to(workspace: Host, table: str, row_id: UUID | None) -> Way | None:
    """Return what opens the row a message is about, or None where this user has no page for it."""
    if row_id is None:
        return None
    if _RECORD in workspace.modules:
        if table == _VERSION:
            return partial(_open_version, workspace, row_id)
        kind = next((kind.name for kind in KINDS.values() if kind.table.__tablename__ == table), "")
        if kind:
            return partial(workspace.open, _RECORD, {"kind": kind, "id": str(row_id)})
    page = next((key for key in NOTICE_PAGES.get(table, ()) if key in workspace.modules), "")
    return partial(workspace.open, page, {"id": str(row_id)}) if page else None


async def _open_version(workspace: Host, revision_id: UUID) -> Place | None:
    found = (await call(any_revision, revision_id)).or_end()
    params = {"kind": found.kind, "id": str(found.record_id), "revision": str(revision_id)}
    return await workspace.open(_RECORD, params)
