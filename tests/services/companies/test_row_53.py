"""Row 53: a project company is admitted and let go when authority and head company agree."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from models.access import Account, AccountState
from models.alerts import Alert, AlertGrade, AlertState
from models.building_tables import HouseUnit, NaturalBuilding, SaleRole
from models.companies import (
    AdmissionState,
    FinancingKind,
    FinancingState,
    HeadCompany,
    ProjectCompany,
    ProjectFinancing,
    SubjectApplication,
)
from models.land_codes import ProjectStage
from models.parcels import ParcelInstalment
from models.projects import Project
from models.records import PactState, Revision, RevisionState
from models.sales import PresaleBuilding, PresalePermit, PresaleStatus, SaleState, UnitSale
from models.sealed import Sealed
from services.companies.exits import allow_exit
from services.companies.facts import left_by
from services.companies.joint import Offer, cancel, confirm, decline, expire, offer
from services.engine.callers import SYSTEM
from services.engine.cycle_orders import Begin, Decide, Submit
from services.engine.orders import OneRow, Reasoned
from services.engine.refusals import Conflict, NotAllowed, NotFound, Refusal, Rejected
from tests.building import natural_building
from tests.conformance.story import Story
from tests.land import Land
from tests.market import Market
from tests.world import at_once

pytestmark = pytest.mark.row(53)


@dataclass
class Joint:
    """A project company's record and what both sides say of it."""

    town: Market
    story: Story

    @property
    def door(self) -> Any:
        return self.town.world.door

    def offer(self, **reasons: str) -> UUID:
        order = Offer(self.story.revision_id, self.story.version(), {**self.story.sample.reasons, **reasons})
        made: UUID = self.door.perform(offer, self.story.submitter, order).id
        return made

    def state(self) -> RevisionState:
        state: RevisionState = self.town.row(Revision, self.story.revision_id).state
        return state


def begun(town: Market, kind: str = "project_company", **changes: Any) -> Joint:
    """A whole draft of the head company 申浦, not sent to anybody yet."""
    story = Story.of(town, kind)
    story.sample = replace(story.sample, agreed=None)
    return Joint(town, story.begin().fill(changes))


def by_authority(town: Market, **changes: Any) -> Joint:
    """The same, begun by the district for the head company 申浦."""
    story = Story.of(town, "project_company")
    story.sample = replace(story.sample, agreed=None, drafter="pdchu01", submitter="pdchu01", about=town.shenpu)
    return Joint(town, story.begin().fill(changes))


def codes(refusal: Refusal) -> set[str]:
    return {finding.code for finding in refusal.findings}


def test_a_head_company_begins_the_district_confirms_and_it_is_reviewed(town: Market) -> None:
    joint = begun(town)
    application = joint.offer()
    assert joint.state() is RevisionState.DRAFT
    joint.door.perform(confirm, town.caller("pdchu01"), OneRow(application))
    row = town.row(SubjectApplication, application)
    assert (row.state, row.offered_side) == (PactState.CONFIRMED, "HEAD_COMPANY")
    assert row.offered_by == town.caller("shenpu_admin").account_id
    assert row.answered_by == town.caller("pdchu01").account_id
    assert joint.state() is RevisionState.SUBMITTED
    joint.story.approve()
    company = joint.story.row()
    assert company.admission_state is AdmissionState.ADMITTED
    assert (company.head_company_id, company.project_company_id) == (town.shenpu, company.id)
    assert town.row(SubjectApplication, application).open_key is None


def test_the_district_begins_and_the_head_company_confirms(town: Market) -> None:
    joint = by_authority(town)
    application = joint.offer()
    with pytest.raises(NotFound):
        joint.door.perform(confirm, town.caller("jianghai_admin"), OneRow(application))
    with pytest.raises(NotAllowed):
        joint.door.perform(confirm, town.caller("pdchu01"), OneRow(application))
    joint.door.perform(confirm, town.caller("shenpu_admin"), OneRow(application))
    assert joint.state() is RevisionState.SUBMITTED


def test_without_the_other_sides_word_nothing_is_submitted(town: Market) -> None:
    joint = begun(town)
    order = Submit(joint.story.revision_id, joint.story.version(), joint.story.sample.reasons)
    with pytest.raises(Rejected) as refused:
        joint.door.perform(joint.story.acts.submit, joint.story.submitter, order)
    assert "CNF" in codes(refused.value)


def test_a_refusal_needs_its_reason_and_ends_the_application(town: Market) -> None:
    joint = begun(town)
    application = joint.offer()
    with pytest.raises(Rejected):
        joint.door.perform(decline, town.caller("pdchu01"), Reasoned(application, "不行"))
    joint.door.perform(decline, town.caller("pdchu01"), Reasoned(application, "持股比例与登记不符"))
    assert town.row(SubjectApplication, application).state is PactState.DECLINED
    assert joint.state() is RevisionState.DRAFT
    # The draft may be mended and sent again.
    assert joint.offer() != application


def test_the_initiator_takes_back_and_cannot_be_confirmed_any_more(town: Market) -> None:
    joint = begun(town)
    application = joint.offer()
    with pytest.raises(NotAllowed):
        joint.door.perform(cancel, town.caller("pdchu01"), Reasoned(application, ""))
    joint.door.perform(cancel, town.caller("shenpu_admin"), Reasoned(application, ""))
    with pytest.raises(Conflict):
        joint.door.perform(confirm, town.caller("pdchu01"), OneRow(application))


def test_what_was_changed_after_it_was_sent_is_not_confirmed(town: Market) -> None:
    joint = begun(town)
    application = joint.offer()
    joint.story.fill({"holding_ratio": "20.0000"})
    with pytest.raises(Conflict, match="修改"):
        joint.door.perform(confirm, town.caller("pdchu01"), OneRow(application))


def test_both_sides_at_the_same_moment(town: Market) -> None:
    ours = begun(town)
    theirs = by_authority(town, **{name: ours.story.sample.values[name] for name in ("name", "uscc")})
    results = at_once([ours.offer, theirs.offer])
    won = [one for one in results if isinstance(one, UUID)]
    lost = [one for one in results if isinstance(one, Conflict)]
    assert (len(won), len(lost)) == (1, 1)
    # The pointer: which application runs already.
    assert lost[0].findings[0].evidence["application"] == str(won[0])


def test_another_head_is_not_told_whose_application_runs(town: Market) -> None:
    ours = begun(town)
    ours.offer()
    story = Story.of(town, "project_company")
    story.sample = replace(
        story.sample,
        agreed=None,
        drafter="jianghai_admin",
        submitter="jianghai_admin",
        about=None,
        values={**story.sample.values, "uscc": ours.story.sample.values["uscc"]},
    )
    rival = Joint(town, story.begin().fill())
    with pytest.raises(Conflict) as refused:
        rival.offer()
    assert "申浦" not in refused.value.message
    assert not refused.value.findings


def test_a_company_that_another_head_owns(town: Market) -> None:
    owned = town.lines["P-3"]
    joint = begun(town, uscc=owned["uscc"])
    with pytest.raises(Rejected) as refused:
        joint.offer()
    assert "SUB-03" in codes(refused.value)


@pytest.mark.parametrize("ratio", ["0.0000", "101.0000"])
def test_an_impossible_holding(town: Market, ratio: str) -> None:
    with pytest.raises(Rejected) as refused:
        begun(town, holding_ratio=ratio).offer()
    assert "FMT" in codes(refused.value)


def test_a_joint_venture_has_one_responsible_head(town: Market) -> None:
    """The other venturer stands among the shareholders; a holding under the threshold is told and explained."""
    joint = begun(town, holding_ratio="33.9900")
    with pytest.raises(Rejected) as refused:
        joint.offer()
    assert {finding.code for finding in refused.value.findings if finding.code == "SUB-16"} == {"SUB-16"}
    joint.offer(**{"SUB-16": "合作协议约定由申浦负责"})


def test_a_head_company_that_left_meanwhile(town: Market) -> None:
    joint = by_authority(town)
    joint.story.sample = replace(joint.story.sample)
    application = joint.offer()
    town.world.rewrite(HeadCompany, HeadCompany.id == town.shenpu, admission_state=AdmissionState.EXITED)
    try:
        with pytest.raises(Rejected) as refused:
            joint.door.perform(confirm, town.caller("shenpu_admin"), OneRow(application))
        assert "SUB-03" in codes(refused.value)
    finally:
        town.world.rewrite(HeadCompany, HeadCompany.id == town.shenpu, admission_state=AdmissionState.ADMITTED)


def test_an_offer_nobody_answers_ends(town: Market) -> None:
    joint = begun(town)
    application = joint.offer()
    town.world.let_pass(days=30)
    assert joint.door.perform(expire, SYSTEM, None) >= 1
    assert town.row(SubjectApplication, application).state is PactState.EXPIRED


def test_an_offer_whose_day_is_over_holds_up_no_other(town: Market) -> None:
    """Whoever is told to send it anew can do so at once, before the night has ended the old one."""
    joint = begun(town)
    application = joint.offer()
    with pytest.raises(Conflict, match="已有"):
        joint.offer()
    town.world.let_pass(days=30)
    with pytest.raises(Conflict, match="请由发起方重新发起"):
        joint.door.perform(confirm, town.caller("pdchu01"), OneRow(application))
    again = joint.offer()
    assert town.row(SubjectApplication, application).state is PactState.EXPIRED
    joint.door.perform(confirm, town.caller("pdchu01"), OneRow(again))
    assert joint.state() is RevisionState.SUBMITTED


def test_a_refused_admission_frees_the_code(town: Market) -> None:
    joint = begun(town)
    joint.door.perform(confirm, town.caller("pdchu01"), OneRow(joint.offer()))
    reviewer = town.caller("pdshen01")
    version = joint.story.view(reviewer).version
    joint.door.perform(
        joint.story.acts.reject, reviewer, Decide(joint.story.revision_id, version, "材料不真实，不予准入")
    )
    again = begun(town, uscc=joint.story.sample.values["uscc"], name=joint.story.sample.values["name"])
    assert again.offer()


def test_a_foreign_head_company_is_not_begun_for(town: Market) -> None:
    story = Story.of(town, "project_company")
    with pytest.raises(NotFound):
        town.world.door.perform(story.acts.begin, town.caller("shenpu_admin"), Begin(town.jianghai))
    with pytest.raises(NotAllowed):
        town.world.door.perform(story.acts.begin, town.caller("binjiang_admin"), Begin(town.shenpu))


# ------------------------------------------------------------------ exit


def leaving(town: Market) -> tuple[Joint, UUID]:
    joint = begun(town, "project_exit")
    assert joint.story.sample.about is not None
    return joint, joint.story.sample.about


def test_exit_ends_accounts_and_keeps_history(town: Market) -> None:
    joint, company_id = leaving(town)
    joint.door.perform(confirm, town.caller("pdchu01"), OneRow(joint.offer()))
    assert town.row(ProjectCompany, company_id).admission_state is AdmissionState.EXITING
    joint.story.approve()
    company = town.row(ProjectCompany, company_id)
    assert company.admission_state is AdmissionState.EXITED
    assert company.exited_on == town.world.door.clock.today()
    view = town.world.door.ask(Story.of(town, "project_company").acts.record, town.caller("shenpu_admin"), company_id)
    assert view.record_no == company.record_no


def test_a_returned_exit_brings_the_company_back(town: Market) -> None:
    joint, company_id = leaving(town)
    joint.door.perform(confirm, town.caller("pdchu01"), OneRow(joint.offer()))
    joint.story.send_back()
    assert town.row(ProjectCompany, company_id).admission_state is AdmissionState.ADMITTED


def test_two_exits_of_one_company(town: Market) -> None:
    joint, company_id = leaving(town)
    with pytest.raises(Conflict):
        joint.door.perform(joint.story.acts.begin, town.caller("pdchu01"), Begin(company_id))


def _arrears(town: Market, company_id: UUID) -> None:
    today = town.world.door.clock.today()

    def make(work: Any) -> None:
        work.add(
            ProjectFinancing(
                record_id=company_id,
                financing_kind=FinancingKind.BANK_LOAN,
                counterparty=Sealed.of("示例银行股份有限公司"),
                contract_no="YQ-1",
                amount=Decimal(1000),
                start_on=today,
                due_on=today,
                financing_state=FinancingState.OVERDUE,
            )
        )

    town.world.act(make)


def _red_alert(town: Market, company_id: UUID) -> None:
    def make(work: Any) -> None:
        work.add(
            Alert(
                rule_code="SUB-10",
                subject_type="project_company",
                subject_id=company_id,
                grade=AlertGrade.RED,
                state=AlertState.OPEN,
                title="股权被司法冻结",
                detail=Sealed.of_json("测试"),
                evidence=Sealed.of_json({}),
                first_seen=work.now,
                last_seen=work.now,
                acknowledge_by=work.today,
                due_on=work.today,
                project_company_id=company_id,
            )
        )

    town.world.act(make)


def _instalment(town: Market, company_id: UUID) -> None:
    """A parcel of the company with an instalment past its day."""
    land = Land(replace(town, ids={**town.ids, "P-9": company_id}))
    parcel = land.parcel()
    land.link_head(parcel, "H-1")
    land.link_company(parcel, "P-9")
    today = town.world.door.clock.today()

    def make(work: Any) -> None:
        work.add(
            ParcelInstalment(record_id=parcel, place=9, no=9, amount=Decimal(100), due_on=today - timedelta(days=1))
        )

    town.world.act(make)


def _undelivered(town: Market, company_id: UUID) -> None:
    project = Land(town).project("P-1")
    town.world.rewrite(Project, Project.id == project, project_company_id=company_id, stage=ProjectStage.CONSTRUCTION)


def _unsold(town: Market, company_id: UUID) -> None:
    """A building of six homes with a presale permit, of which one is sold and one is the estate's."""
    project = Land(town).project("P-1")
    town.world.rewrite(Project, Project.id == project, project_company_id=company_id, stage=ProjectStage.DELIVERY)
    number = natural_building(town.world, project_id=project)

    def permit(work: Any) -> None:
        building = work.only(NaturalBuilding, NaturalBuilding.natural_building_no == number)
        sold, shared, *_ = work.rows(HouseUnit, HouseUnit.natural_building_id == building.id, by=HouseUnit.house_code)
        shared.sale_role = SaleRole.PUBLIC_FACILITY
        row = work.add(
            PresalePermit(
                permit_no="浦东房管(2026)预字0053号",
                sets=5,
                permitted_area=Decimal(447),
                status=PresaleStatus.ARCHIVED,
                issued_on=work.today,
                issued_at=work.now,
                recorded_at=work.now,
                project_id=project,
                project_company_id=company_id,
                district_code="310115",
            )
        )
        work.session.flush()
        work.add(PresaleBuilding(presale_permit_id=row.id, natural_building_id=building.id))
        work.add(UnitSale(house_unit_id=sold.id, project_id=project, state=SaleState.SIGNED, changed_at=work.now))

    town.world.act(permit)
    company = town.row(ProjectCompany, company_id)
    (told,) = town.world.read(lambda work: left_by(work, company).unsold)
    assert told.endswith("4套")


@pytest.mark.parametrize("left", [_arrears, _red_alert, _instalment, _undelivered, _unsold])
def test_who_leaves_something_open_stays_unless_the_city_allows_it(town: Market, left: Any) -> None:
    joint, company_id = leaving(town)
    left(town, company_id)
    with pytest.raises(Rejected) as refused:
        joint.offer()
    assert "SUB-20" in codes(refused.value)
    with pytest.raises(Rejected):
        joint.door.perform(allow_exit, town.caller("shishen01"), Reasoned(company_id, "同意"))
    joint.door.perform(allow_exit, town.caller("shishen01"), Reasoned(company_id, "债务由总公司书面承接"))
    application = joint.offer(**{"SUB-20": "债务由总公司书面承接"})
    joint.door.perform(confirm, town.caller("pdchu01"), OneRow(application))
    joint.story.approve()
    assert town.row(ProjectCompany, company_id).admission_state is AdmissionState.EXITED
    assert joint.story.row().override_reason == "债务由总公司书面承接"


def test_accounts_of_a_company_that_leaves_are_ended(town: Market) -> None:
    """The demo's 临港 leaves; its two people are out at once."""
    story = Story.of(town, "project_exit")
    story.sample = replace(
        story.sample,
        agreed=None,
        about=town.ids["P-4"],
        drafter="jianghai_admin",
        submitter="jianghai_admin",
        values={**story.sample.values, "company_name": town.row(ProjectCompany, town.ids["P-4"]).name},
    )
    joint = Joint(town, story.begin().fill())
    joint.door.perform(confirm, town.caller("pdchu01"), OneRow(joint.offer()))
    story.approve()

    def states(work: Any) -> set[AccountState]:
        logins = ("lingang_admin", "lingang01")
        return {row.state for row in work.session.exec(select(Account)).all() if row.login in logins}

    assert town.world.read(states) == {AccountState.DISABLED}
