"""项目转让及拆迁安置: two levels, conditions, late filing, the change of company that follows, relocation (row 62)."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from models.alerts import Alert, AlertGrade
from models.engine import Notice
from models.land_codes import HandoverState
from models.parcels import Parcel, ParcelProjectLink
from models.projects import Project, ProjectHandover, ProjectTransfer
from models.records import PactState, Revision, RevisionState
from services.engine.cycle import acts
from services.engine.cycle_orders import Void
from services.engine.listings import ListRows
from services.engine.paging import Paging
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.work import Work
from services.projects.handover import HandoverWord, agree_to_handover, hand_over, stop_by_authority
from services.projects.handover_views import HANDOVERS, may_act
from services.projects.relocation import relocation_unfinished
from tests.land import Land
from tests.services.projects.desk import Desk

pytestmark = pytest.mark.row(62)

TRANSFER: dict[str, Any] = {
    "transferor_uscc": "91310115MAYPA0014U",
    "transferor_name": "上海申浦滨江置业有限公司",
    "transferee_uscc": "91310104MAYPA0030K",
    "transferee_name": "上海江海新城置业有限公司",
    "contract_no": "ZR-2026-01",
    "contract_on": "2026-10-08",
    "price": "1200000000.00",
    "investment_ratio": "40",
    "land_fee_paid_all": True,
    "certificate_held": True,
    "registration_changed_on": "2026-11-20",
    "filed_on": "2026-12-01",
}
RELOCATION: dict[str, Any] = {
    "permit_or_decision_no": "浦征补决(2025)第8号",
    "relocation_scope": "芳甸路以东",
    "households_total": "120",
    "households_signed": "118",
    "households_moved": "110",
    "compensation_total": "560000000.00",
    "compensation_paid": "540000000.00",
    "resettle_mode": "BOTH",
    "start_on": "2025-03-01",
}
LEVELS = ("pdshen01", "shishen01")


def transferred(land: Land, project: UUID, **change: Any) -> UUID:
    """The record of a transfer in force."""
    reasons = {"PRJ-10": "资料补正导致备案延迟"}
    begun = Desk(land, "project_transfer").effective(project, {**TRANSFER, **change}, reviewers=LEVELS, reasons=reasons)
    return begun.record_id


def handover(land: Land, transfer: UUID) -> ProjectHandover:
    def read(work: Work) -> ProjectHandover:
        return work.session.exec(select(ProjectHandover).where(ProjectHandover.transfer_id == transfer)).one()

    found: ProjectHandover = land.market.world.read(read)
    return found


def agreed(land: Land, transfer: UUID) -> UUID:
    task = handover(land, transfer).id
    desk = Desk(land, "project_transfer")
    for login in ("binjiang_admin", "xincheng_admin"):
        desk.perform(agree_to_handover, login, HandoverWord(task))
    return task


def test_district_and_city_review_a_transfer(land: Land) -> None:
    project = land.project("P-1")
    desk = Desk(land, "project_transfer")
    begun = desk.begin(project, TRANSFER)
    desk.submit(begun.revision_id)
    with pytest.raises(NotAllowed):
        desk.approve(begun.revision_id, "shishen01")
    desk.approve(begun.revision_id, "pdshen01")
    assert land.market.row(Revision, begun.revision_id).state is RevisionState.SUBMITTED
    desk.approve(begun.revision_id, "shishen01")
    assert handover(land, begun.record_id).state is HandoverState.OPEN


def test_who_is_not_admitted_takes_over_nothing(land: Land) -> None:
    desk = Desk(land, "project_transfer")
    begun = desk.begin(land.project("P-1"), {**TRANSFER, "transferee_uscc": "91310101MAYCA00120"})
    with pytest.raises(Rejected) as refused:
        desk.submit(begun.revision_id)
    assert [(one.code, one.field) for one in refused.value.findings] == [("PRJ-09", "transferee_uscc")]


@pytest.mark.parametrize(("filed", "late"), [("2026-12-20", False), ("2026-12-21", True)])
def test_a_filing_on_the_thirty_first_day_is_told(land: Land, filed: str, late: bool) -> None:
    transfer = transferred(land, land.project("P-1"), filed_on=filed)

    def read(work: Work) -> list[AlertGrade]:
        rows = work.session.exec(
            select(Alert).where(Alert.subject_id == transfer, col(Alert.open_key).is_not(None))
        ).all()
        return [row.grade for row in rows]

    assert land.market.world.read(read) == ([AlertGrade.YELLOW] if late else [])


def test_the_company_changes_once_both_have_agreed(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    project = land.project("P-1", parcel=parcel)
    land.link_company(parcel, "P-1", project=project)
    side = land.side("project_builders", project, {"has_agent": False})
    transfer = transferred(land, project)
    task = handover(land, transfer).id
    desk = Desk(land, "project_transfer")
    with pytest.raises(Conflict):
        desk.perform(hand_over, "pdchu01", HandoverWord(task))
    desk.perform(agree_to_handover, "xincheng_admin", HandoverWord(task))
    with pytest.raises(Conflict):
        desk.perform(agree_to_handover, "xincheng_admin", HandoverWord(task))
    with pytest.raises(NotFound):
        desk.perform(agree_to_handover, "lingang_admin", HandoverWord(task))
    desk.perform(agree_to_handover, "binjiang_admin", HandoverWord(task))
    with pytest.raises(NotFound):
        desk.perform(hand_over, "xhchu01", HandoverWord(task))
    desk.perform(hand_over, "pdchu01", HandoverWord(task))
    row = land.market.row(Project, project)
    assert (row.project_company_id, row.head_company_id) == (land.market.xincheng, land.market.jianghai)
    # All of it goes, with its history and its land.
    for kind, record in (("project", project), ("project_builders", side), ("project_transfer", transfer)):
        assert desk.ask(acts(kind).record, "xincheng01", record).record_id == record
        with pytest.raises(NotFound):
            desk.ask(acts(kind).record, "binjiang01", record)
    assert land.market.row(Parcel, parcel).head_company_id == land.market.jianghai
    links = land.market.world.read(
        lambda work: work.session.exec(
            select(ParcelProjectLink).where(
                ParcelProjectLink.parcel_id == parcel, ParcelProjectLink.state == PactState.CONFIRMED
            )
        ).all()
    )
    assert [one.project_company_id for one in links] == [land.market.xincheng]


def test_nothing_is_handed_over_while_something_is_under_review(land: Land) -> None:
    project = land.project("P-1")
    transfer = transferred(land, project)
    task = agreed(land, transfer)
    side = Desk(land, "project_builders")
    begun = side.begin(project, {"has_agent": False})
    side.submit(begun.revision_id)
    with pytest.raises(Conflict) as refused:
        side.perform(hand_over, "pdchu01", HandoverWord(task))
    assert "在办" in refused.value.message
    side.approve(begun.revision_id)
    side.perform(hand_over, "pdchu01", HandoverWord(task))


def test_the_authority_stops_it_with_a_reason(land: Land) -> None:
    task = handover(land, transferred(land, land.project("P-1"))).id
    desk = Desk(land, "project_transfer")
    with pytest.raises(Rejected):
        desk.perform(stop_by_authority, "pdchu01", HandoverWord(task, "不"))
    desk.perform(stop_by_authority, "pdchu01", HandoverWord(task, "转让合同已解除"))
    with pytest.raises(Conflict):
        desk.perform(agree_to_handover, "binjiang_admin", HandoverWord(task))


def test_a_transfer_that_is_void_hands_nothing_over(land: Land) -> None:
    project = land.project("P-1")
    desk = Desk(land, "project_transfer")
    first = transferred(land, project)
    desk.perform(acts("project_transfer").void, "shishen01", Void(first, "登记有误，予以作废"))
    assert handover(land, first).state is HandoverState.STOPPED
    second = transferred(land, project)
    desk.perform(hand_over, "pdchu01", HandoverWord(agreed(land, second)))
    with pytest.raises(Conflict):
        desk.perform(acts("project_transfer").void, "shishen01", Void(second, "登记有误，予以作废"))


def test_who_took_over_corrects_the_record_but_not_its_parties(land: Land) -> None:
    project = land.project("P-1")
    transfer = transferred(land, project)
    desk = Desk(land, "project_transfer")
    desk.perform(hand_over, "pdchu01", HandoverWord(agreed(land, transfer)))
    theirs = Desk(land, "project_transfer", "xincheng01", "xincheng_admin")
    begun = theirs.update(transfer, "备案日期录入有误")
    other = {"transferor_uscc": TRANSFER["transferee_uscc"], "transferee_uscc": "91310104MAYPA0022Q"}
    theirs.save(begun.revision_id, {"filed_on": "2026-12-05", **other})
    with pytest.raises(Rejected) as refused:
        theirs.submit(begun.revision_id)
    assert {one.field for one in refused.value.findings} == set(other)
    theirs.save(begun.revision_id, {name: TRANSFER[name] for name in other})
    theirs.submit(begun.revision_id)
    theirs.approve(begun.revision_id, *LEVELS)
    assert str(land.market.row(ProjectTransfer, transfer).filed_on) == "2026-12-05"
    task = handover(land, transfer)
    assert (task.state, task.to_company_id) == (HandoverState.DONE, land.market.xincheng)


def test_another_transferee_by_a_correction_is_asked_too(land: Land) -> None:
    """While nobody has done it, a correction changes who takes over; he has to agree, and finds it among his messages."""
    project = land.project("P-1")
    transfer = transferred(land, project)
    desk = Desk(land, "project_transfer")
    begun = desk.update(transfer, "受让方登记有误")
    values = {"transferee_uscc": "91310104MAYPA0022Q", "transferee_name": "上海申浦西岸置业有限公司"}
    desk.save(begun.revision_id, values)
    desk.submit(begun.revision_id)
    desk.approve(begun.revision_id, *LEVELS)
    task = handover(land, transfer)
    west = land.market.ids["P-2"]
    assert (task.state, task.to_company_id, task.to_agreed_at) == (HandoverState.OPEN, west, None)
    told = select(Notice.to_enterprise).where(Notice.object_id == task.id)
    assert west in land.market.world.read(lambda work: work.session.exec(told).all())


def test_both_sides_see_the_task_and_nobody_else(land: Land) -> None:
    task = handover(land, transferred(land, land.project("P-1"))).id
    desk = Desk(land, "project_transfer")

    def ways(login: str) -> list[set[str]]:
        page = desk.ask(HANDOVERS.query, login, ListRows(paging=Paging(size=200)))
        caller, acts = land.market.caller(login), (agree_to_handover, hand_over, stop_by_authority)
        lines = [line for line in page.lines if line.id == task]
        return [
            {act.name.removeprefix("projects.handover_") for act in acts if may_act(caller, act, line)}
            for line in lines
        ]

    assert ways("binjiang_admin") == ways("xincheng_admin") == [{"agree"}]
    assert ways("pdchu01") == [{"stop"}]
    assert ways("binjiang01") == ways("jianghai01") == [set()]
    assert ways("xian_admin") == ways("lingang_admin") == ways("xhchu01") == []


def test_several_relocations_of_one_project_and_who_still_lives_there(land: Land) -> None:
    project = land.project("P-1")
    desk = Desk(land, "relocation")
    first = desk.effective(project, RELOCATION)
    done = {**RELOCATION, "households_signed": "120", "households_moved": "120", "permit_or_decision_no": "第9号"}
    desk.effective(project, done)
    left = land.market.world.read(lambda work: [one.id for one in relocation_unfinished(work, project)])
    assert left == [first.record_id]
    wrong = desk.begin(project, {**RELOCATION, "households_moved": "119"})
    with pytest.raises(Rejected) as refused:
        desk.submit(wrong.revision_id)
    assert [(one.code, one.field) for one in refused.value.findings] == [("PRJ-13", "households_moved")]
