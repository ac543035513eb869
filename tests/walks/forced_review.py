"""The walk's part for forced reviews of filings: the office that took in or decides, the district, the firm, the city."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlmodel import col, select

from models.access import OrgUnit, Role, UnitKind
from models.forced_review import Capacity, CivilCase, ForcedReview, ReviewMaterial
from models.sealed import Sealed
from models.tenancy import GovCase
from models.tenancy_codes import Channel
from services.engine.orders import OneRow, Reasoned
from services.engine.work import Work
from services.forced_review.applications import ApplyReview
from services.forced_review.decisions import DecideReview

_CITY = (Role.CITY_CENTER, Role.CITY_BUREAU, Role.SYSTEM)
_CLERKS = (Role.STREET_CLERK, Role.DISTRICT_CLERK)
_FIRM = (Role.ENTERPRISE_USER, Role.ENTERPRISE_ADMIN)
_WHY = "走查时写明的理由，不少于十个字"
APP = "mz-walk"


def _districts(caller: Any, *roles: Role) -> set[str]:
    return {scope.code for scope in caller.scope_of(*roles) if scope.code}


def _review(city: Any, caller: Any, row: Any) -> bool:
    if caller.has(*_CITY):
        return True
    if row.district_code in _districts(caller, Role.DISTRICT_BUREAU, Role.DISTRICT_CLERK):
        return True
    if caller.has(*_CLERKS) and caller.unit_id is not None and caller.unit_id in (row.unit_id, row.review_unit_id):
        return True
    return bool(caller.has(*_FIRM)) and caller.enterprise_id is not None and row.enterprise_id == caller.enterprise_id


def _civil(city: Any, caller: Any, row: Any) -> bool:
    if caller.has(*_CITY) or row.district_code in _districts(caller, Role.DISTRICT_BUREAU):
        return True
    if caller.has(Role.STREET_CLERK) and caller.unit_id is not None and row.unit_id == caller.unit_id:
        return True
    return bool(caller.has(Role.PARTNER)) and row.app_id == caller.name


def _of_review(city: Any, caller: Any, row: Any) -> bool:
    parent = next(iter(city.where(ForcedReview, "id", row.review_id)))
    return _review(city, caller, parent)


ORACLE: dict[Any, Callable[[Any, Any, Any], bool]] = {
    ForcedReview: _review,
    ReviewMaterial: _of_review,
    CivilCase: _civil,
}


def _apply(case_id: Any) -> ApplyReview:
    return ApplyReview(case_id, Capacity.PARTY, _WHY, (), "陈晓明", "310101199901010018")


ORDERS: dict[str, Any] = {
    "forced_review.sheet": (GovCase, lambda city, row_id: row_id),
    "forced_review.apply": (GovCase, lambda city, row_id: _apply(row_id)),
    "forced_review.view": (ForcedReview, lambda city, row_id: row_id),
    "forced_review.civil_facts": (ForcedReview, lambda city, row_id: row_id),
    "forced_review.accept": (ForcedReview, lambda city, row_id: OneRow(row_id)),
    "forced_review.take": (ForcedReview, lambda city, row_id: OneRow(row_id)),
    "forced_review.ask_for_more": (ForcedReview, lambda city, row_id: Reasoned(row_id, _WHY)),
    "forced_review.withdraw": (ForcedReview, lambda city, row_id: Reasoned(row_id, _WHY)),
    "forced_review.step_back": (ForcedReview, lambda city, row_id: Reasoned(row_id, _WHY)),
    "forced_review.escalate": (ForcedReview, lambda city, row_id: Reasoned(row_id, _WHY)),
    "forced_review.decide": (ForcedReview, lambda city, row_id: DecideReview(row_id, False, _WHY)),
    "forced_review.decide_undo": (ForcedReview, lambda city, row_id: OneRow(row_id)),
    "forced_review.decide_undo_left": (ForcedReview, lambda city, row_id: row_id),
    "civil.view": (CivilCase, lambda city, row_id: row_id),
}
UNFOREIGN: dict[str, str] = {
    "forced_review.watch": "the system's own",
    "forced_review.find_case": "by exact match: tried with row 11",
    "forced_review.supplement": "a firm's: tried with row 11",
    "civil.start": "a street clerk's: tried with row 12",
    "civil.refuse": "a street clerk's: tried with row 12",
    "civil.review": "a street clerk's: tried with row 12",
    "civil.hand_over": "a partner's: tried with row 12",
    "civil.take_back": "a partner's: tried with row 12",
    "civil.ask": "a partner's: tried with row 12",
}


def furnish(city: Any) -> None:
    """A review of each case of the city, and an acceptance at each community service centre."""
    city.counter.world.act(lambda work: _furnish(work, city.firms))


def _furnish(work: Work, firms: Any) -> None:
    cases = work.session.exec(
        select(GovCase).where(col(GovCase.contract_id).is_not(None)).order_by(col(GovCase.id))
    ).all()
    for number, case in enumerate(cases[:6]):
        review = ForcedReview(
            case_id=case.id,
            contract_id=case.contract_id or case.id,
            house_id=case.house_id or case.id,
            codes="H02",
            channel=Channel.DCOUNTER,
            capacity=Capacity.PARTY,
            applicant_name=Sealed.of("陈晓明"),
            applicant_id_no=Sealed.of("310101199901010018"),
            reason=Sealed.of_json(_WHY),
            enterprise_id=firms[number % 2],
            unit_id=case.unit_id,
            review_unit_id=case.unit_id,
            submitted_at=work.now,
            district_code=case.district_code,
            street_code=case.street_code,
        )
        work.add(review)
        work.add(ReviewMaterial(review_id=review.id, code="H02", title="情况说明"))
    centres = work.session.exec(select(OrgUnit).where(OrgUnit.kind == UnitKind.STREET_CENTER)).all()
    for number, centre in enumerate((*centres, *centres)):
        work.add(
            CivilCase(
                app_id=APP if number % 2 else "broker-assoc",
                acceptance_no=f"SQWALK{number}",
                fingerprint="",
                centre_code=centre.unit_code,
                unit_id=centre.id,
                clerk_no="walk01",
                clerk_name=Sealed.of("邹受理"),
                applicant_name=Sealed.of("陈晓明"),
                applicant_id_no=Sealed.of("310101199901010018"),
                matter=Sealed.of_json(""),
                materials=[],
                accepted_at=work.now,
                received_at=work.now,
                due_on=date(2027, 3, 4),
                district_code=centre.district_code,
                street_code=centre.street_code,
            )
        )
