"""A company's record ends only when nothing rests on it, and nothing is begun on one that has ended (rows 51-53, market 3.5)."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from sqlmodel import select

from models.companies import GroupCompany, HeadCompany, ProjectCompany, SubjectApplication
from models.land_codes import LinkVerb
from models.parcels import ParcelHeadLink, ParcelProjectLink
from models.records import InForceState, PactState
from services.companies.admission import let_go, step
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.work import Work
from services.parcels.head_links import AnswerLink, OfferParcel, offer_parcel, release_link
from services.parcels.link_views import link_steps
from services.parcels.project_links import AssignParcel, assign_parcel, release_assignment
from tests.conformance.story import Story
from tests.land import Land
from tests.market import Market, admitted_project_company
from tests.services.companies.test_row_53 import begun

_WHY = "重复登记，予以作废"


def void(town: Market, kind: str, login: str, record_id: UUID) -> None:
    town.world.door.perform(acts(kind).void, town.caller(login), Void(record_id, _WHY))


@pytest.mark.row(52)
def test_a_district_that_only_reads_a_head_company_does_not_void_it(town: Market) -> None:
    with pytest.raises(NotFound):
        void(town, "head_company", "xhshen01", town.shenpu)
    assert town.row(HeadCompany, town.shenpu).in_force is InForceState.EFFECTIVE


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


@pytest.mark.row(53)
def test_what_a_voided_head_company_had_under_way_binds_no_company(town: Market) -> None:
    """Whoever takes the company over is not refused for an agreement nobody could take back any more."""
    head = town.head_company()
    coming = Story.of(town, "project_company")
    coming.sample = replace(coming.sample, drafter="pdchu01", submitter="pdchu01", about=head)
    coming.begin().fill().submit()
    taken = {name: coming.sample.values[name] for name in ("uscc", "name")}
    theirs = SubjectApplication.record_id == coming.record_id
    town.world.rewrite(SubjectApplication, theirs, uscc=taken["uscc"], open_key=taken["uscc"])
    with pytest.raises(Conflict, match="已有其他申请"):
        begun(town, **taken).offer()
    void(town, "head_company", "shishen01", head)
    row = town.world.read(lambda work: work.session.exec(select(SubjectApplication).where(theirs)).one())
    assert (row.state, row.open_key) == (PactState.RELEASED, None)
    assert row.reason is not None
    assert "作废" in row.reason.json()
    assert begun(town, **taken).offer()


@pytest.mark.row(53)
def test_an_exit_of_a_voided_project_company_is_under_way_no_more(town: Market) -> None:
    company = town.project_company("H-1")
    leaving = Story.of(town, "project_exit")
    named = {**leaving.sample.values, "company_name": town.row(ProjectCompany, company).name}
    leaving.sample = replace(leaving.sample, about=company, values=named)
    leaving.begin().fill().submit()
    theirs = SubjectApplication.record_id == leaving.record_id
    town.world.rewrite(SubjectApplication, theirs, project_company_id=company)
    void(town, "project_company", "pdshen01", company)
    row = town.world.read(lambda work: work.session.exec(select(SubjectApplication).where(theirs)).one())
    assert (row.state, row.open_key) == (PactState.RELEASED, None)


@pytest.mark.row(55)
@pytest.mark.row(57)
def test_offers_of_land_end_with_the_company(town: Market) -> None:
    head, company = town.head_company(), town.project_company("H-1")
    land = Land(replace(town, ids={**town.ids, "H-9": head, "P-9": company}))
    parcel, theirs = land.parcel(), land.parcel(head="H-1")
    perform = town.world.door.perform
    offered = perform(offer_parcel, town.caller("pdchu01"), OfferParcel(parcel, head, Decimal(100)))
    assigned = perform(assign_parcel, town.caller("shenpu_admin"), AssignParcel(theirs, company))
    void(town, "head_company", "shishen01", head)
    void(town, "project_company", "pdshen01", company)
    for table, link, reader in ((ParcelHeadLink, offered, "pdchu01"), (ParcelProjectLink, assigned, "shenpu_admin")):
        row = town.row(table, link)
        assert (row.state, row.open_key) == (PactState.EXPIRED, None)
        steps = town.world.door.ask(link_steps, town.caller(reader), link)
        assert steps[-1].verb is LinkVerb.COMPANY_GONE
    # The land is free for another.
    other = town.project_company("H-1")
    assert perform(assign_parcel, town.caller("shenpu_admin"), AssignParcel(theirs, other))


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


@pytest.mark.row(51)
def test_a_head_company_that_has_left_holds_up_no_group(town: Market) -> None:
    """It could only be corrected by being admitted again, which then asks for another group."""
    group = Story.of(town, "group_company").begin().fill().submit().record_id
    head = Story.of(town, "head_company")
    values = {**head.sample.values, "group_company_id": str(group), "independent": False}
    head.sample = replace(head.sample, values=values)
    head.effective()
    company = head.record_id
    assert company is not None
    town.world.act(lambda work: let_go_for_test(work, company))
    void(town, "group_company", "shishen01", group)
    assert town.row(GroupCompany, group).in_force is InForceState.VOIDED
    head.update().fill()
    with pytest.raises(Rejected) as refused:
        head.submit()
    assert ("SUB-01", "group_company_id") in {(one.code, one.field) for one in refused.value.findings}


def let_go_for_test(work: Work, company: UUID) -> None:
    row = work.session.exec(select(HeadCompany).where(HeadCompany.id == company)).one()
    step(work, row, "begin_exit")
    let_go(work, row)


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


@pytest.mark.row(52)
def test_what_stands_in_both_lists_is_updated_all_the_same(town: Market) -> None:
    """One code in both lists was let in before: it is refused to whoever comes in or takes that code, not to who stands."""
    head = Story.of(town, "head_company").effective()
    taken = town.row(HeadCompany, head.record_id)

    def both(work: Work) -> None:
        of = work.session.exec(select(HeadCompany).where(HeadCompany.id == town.shenpu)).one()
        admitted_project_company(work, of, f"{taken.name}（项目）", taken.uscc, district="310115", ratio=Decimal(100))

    town.world.act(both)
    head.update().fill().submit().approve()
    other = Story.of(town, "head_company").effective()
    other.update().fill({"uscc": town.row(ProjectCompany, town.project_company("H-1")).uscc})
    with pytest.raises(Rejected) as refused:
        other.submit()
    assert ("SUB-03", "uscc") in {(one.code, one.field) for one in refused.value.findings}
