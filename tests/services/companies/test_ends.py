"""A company's record ends only when nothing rests on it, and nothing is begun on one that has ended (rows 51-53, market 3.5)."""

from dataclasses import replace
from uuid import UUID

import pytest

from models.companies import GroupCompany, HeadCompany, ProjectCompany
from models.parcels import ParcelHeadLink
from models.records import InForceState, PactState
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from services.engine.refusals import Conflict, Rejected
from services.parcels.head_links import AnswerLink, release_link
from services.parcels.project_links import release_assignment
from tests.conformance.story import Story
from tests.land import Land
from tests.market import Market

_WHY = "重复登记，予以作废"


def void(town: Market, kind: str, login: str, record_id: UUID) -> None:
    town.world.door.perform(acts(kind).void, town.caller(login), Void(record_id, _WHY))


@pytest.mark.row(52)
def test_a_head_company_that_holds_land_is_not_voided(town: Market) -> None:
    company = town.head_company()
    land = Land(replace(town, ids={**town.ids, "H-9": company}))
    link = land.link_head(land.parcel(), "H-9")
    with pytest.raises(Conflict, match="已关联的地块"):
        void(town, "head_company", "shishen01", company)
    assert town.row(HeadCompany, company).in_force is InForceState.EFFECTIVE
    town.world.door.perform(release_link, town.caller("pdchu01"), AnswerLink(link, "该企业系重复登记"))
    assert town.row(ParcelHeadLink, link).state is PactState.RELEASED
    void(town, "head_company", "shishen01", company)
    assert town.row(HeadCompany, company).in_force is InForceState.VOIDED


@pytest.mark.row(53)
def test_a_project_company_that_land_is_assigned_to_is_not_voided(town: Market) -> None:
    company = town.project_company("H-1")
    land = Land(replace(town, ids={**town.ids, "P-9": company}))
    link = land.link_company(land.parcel(head="H-1"), "P-9")
    with pytest.raises(Conflict, match="已关联的地块"):
        void(town, "project_company", "pdshen01", company)
    order = AnswerLink(link, "该企业系重复登记")
    town.world.door.perform(release_assignment, town.caller("shenpu_admin"), order)
    void(town, "project_company", "pdshen01", company)
    assert town.row(ProjectCompany, company).in_force is InForceState.VOIDED


@pytest.mark.row(51)
def test_a_group_ends_after_its_head_companies_have_left_it(town: Market) -> None:
    group = Story.of(town, "group_company").begin().fill().submit().record_id
    head = Story.of(town, "head_company")
    values = {**head.sample.values, "group_company_id": str(group), "independent": False}
    head.sample = replace(head.sample, values=values)
    head.effective()
    with pytest.raises(Conflict, match="请先更正其所属集团"):
        void(town, "group_company", "shishen01", group)
    head.sample = replace(head.sample, values={**values, "group_company_id": None, "independent": True})
    head.update().fill().submit().approve()
    void(town, "group_company", "shishen01", group)
    row = town.row(GroupCompany, group)
    assert (row.in_force, row.live_key) == (InForceState.VOIDED, None)


@pytest.mark.row(52)
def test_nobody_comes_to_belong_to_a_group_that_has_ended(town: Market) -> None:
    group = Story.of(town, "group_company").begin().fill().submit().record_id
    head = Story.of(town, "head_company")
    values = {**head.sample.values, "group_company_id": str(group), "independent": False}
    head.sample = replace(head.sample, values=values)
    head.begin().fill()
    void(town, "group_company", "shishen01", group)
    with pytest.raises(Rejected) as refused:
        head.submit()
    assert [(one.code, one.field) for one in refused.value.findings if one.field == "group_company_id"] == [
        ("SUB-01", "group_company_id")
    ]


@pytest.mark.row(52)
@pytest.mark.row(53)
def test_one_code_is_admitted_once_as_head_or_as_project_company(town: Market) -> None:
    head = town.row(HeadCompany, town.head_company())
    project = Story.of(town, "project_company")
    project.sample = replace(project.sample, values={**project.sample.values, "uscc": head.uscc})
    project.begin().fill()
    with pytest.raises(Rejected) as refused:
        project.submit()
    assert ("SUB-03", "uscc") in {(one.code, one.field) for one in refused.value.findings}
    company = town.row(ProjectCompany, town.project_company("H-1"))
    other = Story.of(town, "head_company")
    other.sample = replace(other.sample, values={**other.sample.values, "uscc": company.uscc})
    other.begin().fill()
    with pytest.raises(Rejected) as again:
        other.submit()
    assert ("SUB-03", "uscc") in {(one.code, one.field) for one in again.value.findings}
