"""项目公司地块关联: assigned by the head, confirmed by its project company, in parts, released; a project begins (row 57)."""

from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from models.companies import AdmissionState, ProjectCompany
from models.land_codes import LinkVerb
from models.parcels import Parcel, ParcelProjectLink
from models.records import PactState, RevisionState
from services.engine.cycle import acts
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.parcels.head_links import AnswerLink, OfferParcel, offer_parcel
from services.parcels.link_choices import assignable, mergeable
from services.parcels.link_views import ASSIGNMENTS, link_steps
from services.parcels.project_links import (
    AssignParcel,
    ConfirmAssignment,
    assign_parcel,
    cancel_assignment,
    confirm_assignment,
    decline_assignment,
    release_assignment,
)
from tests.land import Land
from tests.world import at_once

pytestmark = pytest.mark.row(57)


def perform(land: Land, act: Any, login: str, order: Any) -> Any:
    return land.market.world.door.perform(act, land.market.caller(login), order)


def ask(land: Land, query: Any, login: str, order: Any) -> Any:
    return land.market.world.door.ask(query, land.market.caller(login), order)


def assign(land: Land, parcel: UUID, company: str = "P-1", part: str = "", login: str = "shenpu_admin") -> UUID:
    order = AssignParcel(parcel, land.companies[company], Decimal(part) if part else None)
    link: UUID = perform(land, assign_parcel, login, order)
    return link


def confirm(land: Land, link: UUID, login: str = "binjiang_admin", into: UUID | None = None) -> UUID:
    project: UUID = perform(land, confirm_assignment, login, ConfirmAssignment(link, into)).project_id
    return project


def state(land: Land, link: UUID) -> PactState:
    found: PactState = land.market.row(ParcelProjectLink, link).state
    return found


def test_a_confirmed_assignment_opens_the_parcel_and_begins_a_project(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    with pytest.raises(NotFound):
        ask(land, acts("parcel").record, "binjiang01", parcel)
    link = assign(land, parcel)
    project = confirm(land, link)
    assert state(land, link) is PactState.CONFIRMED
    assert ask(land, acts("parcel").record, "binjiang01", parcel).record_id == parcel
    draft = ask(land, acts("project").record, "binjiang01", project)
    assert (draft.state, draft.values["land_area"], draft.values["district"]) == (
        RevisionState.DRAFT,
        "10000.00",
        "310115",
    )
    assert draft.values["planned_start_on"] == "2027-12-31"
    verbs = [step.verb for step in ask(land, link_steps, "shenpu01", link)]
    assert verbs == [LinkVerb.ASSIGNED, LinkVerb.CONFIRMED]
    # Nobody else sees the draft, not even the head company.
    for login in ("shenpu_admin", "pdchu01", "xian_admin", "xincheng_admin"):
        with pytest.raises(NotFound):
            ask(land, acts("project").record, login, project)


def test_a_parcel_that_was_only_offered_is_not_assigned(land: Land) -> None:
    parcel = land.parcel()
    perform(land, offer_parcel, "pdchu01", OfferParcel(parcel, land.market.shenpu))
    with pytest.raises(Conflict) as refused:
        assign(land, parcel)
    assert "尚未经双方确认" in refused.value.message


def test_a_company_of_another_head_is_not_there(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    for company in ("P-3", "P-4"):
        with pytest.raises(NotFound):
            assign(land, parcel, company)
    with pytest.raises(NotFound):
        assign(land, parcel, "P-3", login="jianghai_admin")


def test_a_company_that_changed_its_head_does_not_confirm(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    link = assign(land, parcel)
    mine = ProjectCompany.id == land.companies["P-1"]
    land.market.world.rewrite(ProjectCompany, mine, head_company_id=land.market.jianghai)
    try:
        with pytest.raises(Rejected) as refused:
            confirm(land, link)
        assert [one.code for one in refused.value.findings] == ["PAR-09"]
    finally:
        land.market.world.rewrite(ProjectCompany, mine, head_company_id=land.market.shenpu)


def test_a_company_that_left_meanwhile_does_not_confirm(land: Land) -> None:
    link = assign(land, land.parcel(head="H-1"))
    mine = ProjectCompany.id == land.companies["P-1"]
    land.market.world.rewrite(ProjectCompany, mine, admission_state=AdmissionState.EXITED)
    try:
        with pytest.raises(Conflict) as refused:
            confirm(land, link)
        assert "已退出" in refused.value.message
        with pytest.raises(Conflict):
            assign(land, land.parcel(head="H-1"))
    finally:
        land.market.world.rewrite(ProjectCompany, mine, admission_state=AdmissionState.ADMITTED)


def test_one_parcel_goes_to_two_companies_in_parts_that_sum_up(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    first = assign(land, parcel, "P-1", "6000")
    with pytest.raises(Rejected) as whole:
        assign(land, parcel, "P-2")
    with pytest.raises(Rejected) as more:
        assign(land, parcel, "P-2", "4000.01")
    for refused in (whole, more):
        assert [(one.code, one.field) for one in refused.value.findings] == [("PAR-09", "part_area")]
    with pytest.raises(Rejected):
        assign(land, parcel, "P-2", "0")
    second = assign(land, parcel, "P-2", "4000")
    ours, theirs = confirm(land, first), confirm(land, second, "xian_admin")
    assert ask(land, acts("project").record, "binjiang01", ours).values["land_area"] == "6000.00"
    assert ask(land, acts("project").record, "xian01", theirs).values["land_area"] == "4000.00"


def test_two_parts_assigned_at_once_never_pass_the_parcel(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    door, admin = land.market.world.door, land.market.caller("shenpu_admin")
    orders = [AssignParcel(parcel, land.companies[company], Decimal(6000)) for company in ("P-1", "P-2")]
    results = at_once([partial(door.perform, assign_parcel, admin, order) for order in orders])
    assert sum(isinstance(result, UUID) for result in results) == 1
    assert sum(isinstance(result, Rejected) for result in results) == 1


def test_the_same_company_is_assigned_a_parcel_once(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    assign(land, parcel, "P-1", "4000")
    with pytest.raises(Conflict):
        assign(land, parcel, "P-1", "4000")


def test_a_refusal_has_a_reason_and_frees_the_parcel(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    link = assign(land, parcel)
    for words in ("", "不要"):
        with pytest.raises(Rejected):
            perform(land, decline_assignment, "binjiang_admin", AnswerLink(link, words))
    perform(land, decline_assignment, "binjiang_admin", AnswerLink(link, "本公司不参与该地块开发"))
    assert state(land, link) is PactState.DECLINED
    assert assign(land, parcel, "P-2") != link


def test_the_head_takes_back_before_and_releases_after(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    link = assign(land, parcel)
    perform(land, cancel_assignment, "shenpu_admin", AnswerLink(link))
    with pytest.raises(Conflict):
        confirm(land, link)
    again = assign(land, parcel)
    confirm(land, again)
    with pytest.raises(Conflict):
        perform(land, cancel_assignment, "shenpu_admin", AnswerLink(again))
    perform(land, release_assignment, "shenpu_admin", AnswerLink(again, "改由另一家公司开发"))
    assert state(land, again) is PactState.RELEASED
    with pytest.raises(NotFound):
        ask(land, acts("parcel").record, "binjiang01", parcel)


def test_an_assignment_a_project_stands_on_is_not_released(land: Land) -> None:
    project = land.project("P-1")
    link = next(
        line.id
        for line in ask(land, ASSIGNMENTS.query, "shenpu_admin", ListRows(paging=Paging(size=200))).lines
        if line.made_project_id == project
    )
    with pytest.raises(Rejected) as refused:
        perform(land, release_assignment, "shenpu_admin", AnswerLink(link, "改由另一家公司开发"))
    assert [one.code for one in refused.value.findings] == ["PAR-10"]


def test_only_administrators_assign_and_confirm(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    with pytest.raises(NotAllowed):
        assign(land, parcel, login="shenpu01")
    link = assign(land, parcel)
    with pytest.raises(NotAllowed):
        confirm(land, link, "binjiang01")
    for login in ("xian_admin", "xincheng_admin"):
        with pytest.raises(NotFound):
            confirm(land, link, login)


def test_a_second_parcel_joins_a_project(land: Land) -> None:
    first, second = land.parcel(head="H-1"), land.parcel(head="H-1")
    project = confirm(land, assign(land, first))
    assert project in ask(land, mergeable, "binjiang_admin", None)
    assert confirm(land, assign(land, second), into=project) == project
    foreign = land.project("P-3")
    link = assign(land, land.parcel(head="H-1"))
    with pytest.raises(NotFound):
        confirm(land, link, into=foreign)
    assert state(land, link) is PactState.OFFERED


def test_what_is_left_of_parcels_may_be_assigned(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    assign(land, parcel, "P-1", "6000")
    said = ask(land, assignable, "shenpu_admin", None)
    assert said.parcels[parcel].endswith("，余4,000㎡")
    assert land.companies["P-3"] not in said.companies
    number = land.market.row(Parcel, parcel).parcel_no
    assert ask(land, ASSIGNMENTS.query, "jianghai_admin", ListRows({"text": number})).lines == ()
