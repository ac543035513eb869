"""Visibility of forced reviews of filings and of what civil affairs handed over (rows 11, 12)."""

from typing import Any

from models.access import Role
from models.forced_review import CivilCase, ForcedReview, ReviewMaterial
from services.access.visibility import CITY, CLERKS, ENTERPRISE, of_own_office
from services.documents.attachments import goes_with
from services.engine.notices import tell_only
from services.engine.work import Work, rows_in_scope, shown_with, visible_rows

OF_REVIEW = "forced_review"
for _name in (OF_REVIEW, "civil_case"):
    tell_only(_name, frozenset(CITY | CLERKS | ENTERPRISE | {Role.DISTRICT_BUREAU}))


@visible_rows(ForcedReview)
def reviews(work: Work, table: Any) -> Any:
    """The office that took it in and the one that decides, the district of the house, the firm that applied, the city."""
    own: list[Any] = []
    if work.caller.has(*CLERKS):
        own = of_own_office(work, table.unit_id) + of_own_office(work, table.review_unit_id)
    districts = {Role.DISTRICT_BUREAU, Role.DISTRICT_CLERK}
    return rows_in_scope(work, table, *own, whole=CITY, districts=districts, firms=ENTERPRISE)


@visible_rows(CivilCase)
def civil_cases(work: Work, table: Any) -> Any:
    """The centre that accepted it, the bureau of its district, the city, and the system that handed it over."""
    own = of_own_office(work, table.unit_id) if work.caller.has(Role.STREET_CLERK) else []
    return rows_in_scope(work, table, *own, whole=CITY, districts={Role.DISTRICT_BUREAU}, sent=True)


shown_with(ReviewMaterial, "review_id", ForcedReview)
goes_with(OF_REVIEW, ForcedReview)
