"""Visibility of forced reviews of filings and of what civil affairs handed over (rows 11, 12)."""

from typing import Any

from sqlmodel import col

from models.access import Role
from models.forced_review import CivilCase, ForcedReview, ReviewMaterial
from services.access.visibility import CITY, CLERKS, ENTERPRISE
from services.documents.attachments import goes_with
from services.engine.work import Work, rows_in_scope, shown_with, visible_rows

OF_REVIEW = "forced_review"


@visible_rows(ForcedReview)
def reviews(work: Work, table: Any) -> Any:
    """The office that took it in and the one that decides, the district of the house, the firm that applied, the city."""
    caller = work.caller
    own = []
    if caller.has(*CLERKS) and caller.unit_id is not None:
        own += [col(table.unit_id) == caller.unit_id, col(table.review_unit_id) == caller.unit_id]
    districts = {Role.DISTRICT_BUREAU, Role.DISTRICT_CLERK}
    return rows_in_scope(work, table, *own, whole=CITY, districts=districts, firms=ENTERPRISE)


@visible_rows(CivilCase)
def civil_cases(work: Work, table: Any) -> Any:
    """The centre that accepted it, the bureau of its district, the city, and the system that handed it over."""
    caller = work.caller
    own = []
    if caller.has(Role.STREET_CLERK) and caller.unit_id is not None:
        own.append(col(table.unit_id) == caller.unit_id)
    return rows_in_scope(work, table, *own, whole=CITY, districts={Role.DISTRICT_BUREAU}, sent=True)


shown_with(ReviewMaterial, "review_id", ForcedReview)
goes_with(OF_REVIEW, ForcedReview)
