"""What happens beside the plain way: drafts at a handover, rival transfers, parts of parcels, silent registries (rows 57-62)."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from models.alerts import Alert, AlertGrade
from models.land_codes import HandoverState, ProjectStage
from models.projects import Project, ProjectBuilders, ProjectTransfer
from models.records import InForceState
from models.sales import PresalePermit, PresaleStatus
from services.engine.callers import SYSTEM
from services.engine.cycle import acts
from services.engine.cycle_orders import OneRevision, Void
from services.engine.kinds import SCOPE_KEYS
from services.engine.refusals import Conflict, NotFound, Rejected
from services.engine.work import Work
from services.parcels.head_links import AnswerLink
from services.parcels.project_links import (
    AssignParcel,
    ConfirmAssignment,
    assign_parcel,
    confirm_assignment,
    release_assignment,
)
from services.projects.handover import HandoverWord, agree_to_handover, hand_over
from services.projects.project_watches import watch_all
from services.projects.stages import settle_stages
from tests.land import PROJECT_LISTS, Land, project_form
from tests.services.projects.desk import Desk
from tests.services.projects.test_row_62 import TRANSFER, agreed, handover, transferred

OWN = "91310115MAYPA0014U"


# ------------------------------------------------------------------ a change of company (row 62)


@pytest.mark.row(62)
def test_what_the_old_company_never_handed_in_ends_with_the_handover(land: Land) -> None:
    project = land.project("P-1")
    task = agreed(land, transferred(land, project))
    side, base = Desk(land, "project_builders"), Desk(land, "project")
    begun = side.begin(project, {"has_agent": False})
    again = base.update(project)
    base.perform(hand_over, "pdchu01", HandoverWord(task))
    for desk, revision in ((side, begun.revision_id), (base, again.revision_id)):
        with pytest.raises(NotFound):
            desk.view(revision)
    # The company that took over is not in the way of a draft it does not see.
    theirs = Desk(land, "project_builders", "xincheng01", "xincheng_admin")
    theirs.effective(project, {"has_agent": False})
    renamed = Desk(land, "project", "xincheng01", "xincheng_admin")
    changed = renamed.update(project)
    renamed.submit(changed.revision_id)
    renamed.approve(changed.revision_id)
    assert land.market.row(Project, project).project_company_id == land.market.xincheng


@pytest.mark.row(62)
def test_a_second_transfer_gives_nothing_away_that_is_gone(land: Land) -> None:
    project = land.project("P-1")
    desk = Desk(land, "project_transfer")
    first = transferred(land, project)
    second = transferred(
        land, project, transferee_uscc="91310104MAYPA0022Q", transferee_name="上海申浦西岸置业有限公司"
    )
    one, other = agreed(land, first), handover(land, second).id
    for login in ("binjiang_admin", "xian_admin"):
        desk.perform(agree_to_handover, login, HandoverWord(other))
    desk.perform(hand_over, "pdchu01", HandoverWord(one))
    assert handover(land, second).state is HandoverState.STOPPED
    with pytest.raises(Conflict):
        desk.perform(hand_over, "pdchu01", HandoverWord(other))
    assert land.market.row(Project, project).project_company_id == land.market.xincheng


@pytest.mark.row(62)
def test_a_handover_from_who_no_longer_has_the_project_is_refused(land: Land) -> None:
    project = land.project("P-1")
    task = agreed(land, transferred(land, project))
    land.market.world.rewrite(Project, Project.id == project, project_company_id=land.companies["P-2"])
    with pytest.raises(Conflict) as refused:
        Desk(land, "project_transfer").perform(hand_over, "pdchu01", HandoverWord(task))
    assert "不再" in refused.value.message


@pytest.mark.row(62)
def test_what_stands_about_a_project_is_told_to_who_took_it_over(land: Land) -> None:
    project = land.project("P-1")
    world = land.market.world
    world.stand_at(2028, 1, 3)
    world.door.perform(watch_all, SYSTEM, None)
    world.stand_at(2028, 1, 4)
    task = agreed(land, transferred(land, project))
    Desk(land, "project_transfer").perform(hand_over, "pdchu01", HandoverWord(task))

    def whose(work: Work) -> tuple[UUID | None, UUID | None]:
        row = work.session.exec(select(Alert).where(Alert.subject_id == project, Alert.rule_code == "PRJ-06")).one()
        return row.project_company_id, row.head_company_id

    assert world.read(whose) == (land.market.xincheng, land.market.jianghai)


@pytest.mark.row(62)
def test_a_project_that_changed_hands_can_still_be_void(land: Land) -> None:
    project = land.project("P-1")
    desk = Desk(land, "project_transfer")
    transfer = transferred(land, project)
    desk.perform(hand_over, "pdchu01", HandoverWord(agreed(land, transfer)))
    desk.perform(acts("project").void, "pdshen01", Void(project, "项目重复登记，予以作废"))
    assert land.market.row(Project, project).in_force is InForceState.VOIDED
    assert land.market.row(ProjectTransfer, transfer).in_force is InForceState.EFFECTIVE


def permitted(work: Work, project: UUID, *, voided: bool = False) -> None:
    """A presale permit of a project, as the sale system tells of it."""
    row = work.session.get_one(Project, project)
    keys = {name: getattr(row, name) for name in SCOPE_KEYS if name != "project_id"}
    moment = work.now if voided else None
    issued = PresaleStatus.ARCHIVED
    work.add(PresalePermit(project_id=project, status=issued, recorded_at=work.now, voided_at=moment, **keys))


def standing(land: Land, subject: UUID) -> dict[tuple[str, str], AlertGrade]:
    def read(work: Work) -> dict[tuple[str, str], AlertGrade]:
        rows = work.session.exec(select(Alert).where(Alert.subject_id == subject, col(Alert.open_key).is_not(None)))
        return {(row.rule_code, row.key): row.grade for row in rows}

    found: dict[tuple[str, str], AlertGrade] = land.market.world.read(read)
    return found


@pytest.mark.row(62)
def test_a_transfer_after_the_presale_permit_is_told_in_red_until_it_is_void(land: Land) -> None:
    project = land.project("P-1")
    land.side("project_builders", project, {"has_agent": False})
    desk = Desk(land, "project_transfer")
    land.market.world.act(lambda work: permitted(work, project))
    begun = desk.begin(project, TRANSFER)
    with pytest.raises(Rejected) as refused:
        desk.submit(begun.revision_id)
    assert [(one.code, one.severity.value) for one in refused.value.findings] == [("PRJ-09", "WARN")]
    desk.submit(begun.revision_id, {"PRJ-09": "已售合同由受让方承接"})
    desk.approve(begun.revision_id, "pdshen01", "shishen01")
    assert standing(land, begun.record_id) == {("PRJ-09", "presale"): AlertGrade.RED}
    desk.perform(acts("project_transfer").void, "shishen01", Void(begun.record_id, "登记有误，予以作废"))
    assert standing(land, begun.record_id) == {}


@pytest.mark.row(62)
def test_a_presale_permit_shows_the_stage_of_its_project_until_it_is_void(land: Land) -> None:
    sold, voided = land.project("P-1"), land.project("P-1")
    land.market.world.act(lambda work: permitted(work, sold))
    land.market.world.act(lambda work: permitted(work, voided, voided=True))
    land.market.world.door.perform(settle_stages, SYSTEM, None)
    stages = [land.market.row(Project, one).stage for one in (sold, voided)]
    assert stages == [ProjectStage.PRESALE, ProjectStage.LAND]


# ------------------------------------------------------------------ parcels (rows 57-59)


@pytest.mark.row(59)
def test_two_projects_of_a_company_use_no_more_than_the_part_it_was_given(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    land.link_company(parcel, "P-1", part="6000")
    desk = Desk(land, "project_parcels")

    def uses(area: str) -> dict[str, Any]:
        return {"parcels": [{"parcel_id": str(parcel), "used_area": area}]}

    desk.effective(land.project("P-1"), {}, uses("6000.00"))
    begun = desk.begin(land.project("P-1"), {}, uses("3000.00"))
    with pytest.raises(Rejected) as refused:
        desk.submit(begun.revision_id)
    assert [(one.code, one.field) for one in refused.value.findings] == [("PRJ-02", "parcels.1.used_area")]
    desk.save(begun.revision_id, {}, uses("30.00"))
    desk.submit(begun.revision_id)


@pytest.mark.row(57, 58)
def test_a_parcel_assigned_anew_to_the_same_company_goes_on_with_its_draft(land: Land) -> None:
    parcel = land.parcel(head="H-1")
    desk = Desk(land, "project")
    order = AssignParcel(parcel, land.market.binjiang)
    link = desk.perform(assign_parcel, "shenpu_admin", order)
    first = desk.perform(confirm_assignment, "binjiang_admin", ConfirmAssignment(link)).project_id
    desk.perform(release_assignment, "shenpu_admin", AnswerLink(link, "指派面积需要调整"))
    again = desk.perform(assign_parcel, "shenpu_admin", order)
    second = desk.perform(confirm_assignment, "binjiang_admin", ConfirmAssignment(again)).project_id
    assert second == first
    # A draft that was thrown away is not gone on with.
    draft = desk.ask(acts("project").record, "binjiang01", first)
    desk.perform(acts("project").drop, "binjiang01", OneRevision(draft.revision_id))
    desk.perform(release_assignment, "shenpu_admin", AnswerLink(again, "指派面积需要调整"))
    third = desk.perform(assign_parcel, "shenpu_admin", order)
    assert desk.perform(confirm_assignment, "binjiang_admin", ConfirmAssignment(third)).project_id != first


@pytest.mark.row(57, 58)
def test_a_draft_whose_parcel_was_released_needs_another_although_the_company_holds_one(land: Land) -> None:
    parcel, other = (land.parcel(head="H-1") for _ in range(2))
    desk, ours = Desk(land, "project"), land.market.binjiang
    land.given("P-1")
    link = desk.perform(assign_parcel, "shenpu_admin", AssignParcel(parcel, ours))
    project = desk.perform(confirm_assignment, "binjiang_admin", ConfirmAssignment(link)).project_id
    draft = desk.ask(acts("project").record, "binjiang01", project)
    desk.save(draft.revision_id, project_form(), PROJECT_LISTS)
    desk.perform(release_assignment, "shenpu_admin", AnswerLink(link, "指派面积需要调整"))
    with pytest.raises(Rejected) as refused:
        desk.submit(draft.revision_id)
    assert [one.code for one in refused.value.findings] == ["PAR-09"]
    joined = desk.perform(assign_parcel, "shenpu_admin", AssignParcel(other, ours))
    desk.perform(confirm_assignment, "binjiang_admin", ConfirmAssignment(joined, project))
    desk.submit(draft.revision_id)
    desk.perform(release_assignment, "shenpu_admin", AnswerLink(joined, "指派面积需要调整"))
    with pytest.raises(Rejected) as changed:
        desk.approve(draft.revision_id)
    assert [one.code for one in changed.value.findings] == ["PAR-09"]


@pytest.mark.row(58)
def test_a_parcel_with_the_longest_name_begins_a_draft_that_can_be_handed_in(land: Land) -> None:
    parcel = land.parcel(head="H-1", parcel_name="浦" * 200)
    desk = Desk(land, "project")
    link = desk.perform(assign_parcel, "shenpu_admin", AssignParcel(parcel, land.market.binjiang))
    project = desk.perform(confirm_assignment, "binjiang_admin", ConfirmAssignment(link)).project_id
    draft = desk.ask(acts("project").record, "binjiang01", project)
    form = {name: value for name, value in project_form().items() if name != "name"}
    desk.save(draft.revision_id, form, PROJECT_LISTS)
    desk.submit(draft.revision_id)
    desk.approve(draft.revision_id)
    assert len(land.market.row(Project, project).name) == 200


# ------------------------------------------------------------------ investors (row 60)


@pytest.mark.row(60)
def test_a_registry_that_is_silent_at_submission_is_marked_and_not_taken_for_a_yes(land: Land) -> None:
    desk = Desk(land, "project_investors")
    begun = desk.begin(land.project("P-1"), {})
    desk.fill_in(begun.revision_id, OWN)
    land.market.world.fault("legal_entities", "error")
    desk.submit(begun.revision_id)
    found = desk.view(begun.revision_id, "pdshen01").findings
    assert [(one.code, one.severity.value) for one in found] == [("SUB-08", "PENDING")]


@pytest.mark.row(60)
def test_what_was_changed_of_a_registered_holder_is_shown_to_the_reviewer(land: Land) -> None:
    desk = Desk(land, "project_investors")
    begun = desk.begin(land.project("P-1"), {})
    desk.fill_in(begun.revision_id, OWN)
    (line,) = desk.view(begun.revision_id).children["investors"]
    desk.save(begun.revision_id, {}, {"investors": [{**line, "paid_amount": "1.00"}]})
    desk.submit(begun.revision_id)
    seen = desk.view(begun.revision_id, "pdshen01").differences
    assert [one.field.rsplit(".", 1)[-1] for one in seen] == ["paid_amount"]


@pytest.mark.row(60)
def test_two_persons_of_one_name_are_two_investors(land: Land) -> None:
    def holder(number: str) -> dict[str, Any]:
        return {
            "kind": "PERSON",
            "name": "孙小舟",
            "id_no": number,
            "subscribed_amount": "100000000.00",
            "ratio": "50",
            "is_head_group": False,
            "source": "MANUAL",
        }

    lines = {"investors": [holder("310101199003079013"), holder("310101198001010010")]}
    desk = Desk(land, "project_investors")
    begun = desk.begin(land.project("P-1"), {"registered_capital": "200000000.00"}, lines)
    found = desk.ask(acts("project_investors").trial, "binjiang_admin", begun.revision_id)
    assert [one.message for one in found if one.code == "KEY"] == []


@pytest.mark.row(59, 60, 61)
def test_a_renamed_project_is_named_anew_in_its_lists(land: Land) -> None:
    project = land.project("P-1")
    side = Desk(land, "project_builders").effective(project, {"has_agent": False})
    desk = Desk(land, "project")
    again = desk.update(project)
    desk.save(again.revision_id, {"name": "改名后的雅苑"})
    desk.submit(again.revision_id)
    desk.approve(again.revision_id)
    assert land.market.row(ProjectBuilders, side.record_id).project_name == "改名后的雅苑"
