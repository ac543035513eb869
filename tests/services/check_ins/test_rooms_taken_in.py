"""Rooms that came through the intake are checked in to, and what is filed there stops their cancellation (rows 14, 33-35)."""

from uuid import UUID

import pytest

from models.engine import Outgoing, Parameter, ParameterState
from models.enterprise import Enterprise, EnterpriseKey
from models.push_codes import StayState
from models.rooms import ApplyKind, CentralProject, CentralRoomState, FilingAnswer, LineState
from services.engine.refusals import Rejected
from services.engine.work import Work
from services.rooms.openings import open_project
from services.rooms.orders import OpenProject
from tests.services.check_ins.platform import KEY, OPERATOR, Platform, codes
from tests.services.rooms import desk as desks
from tests.services.rooms.desk import Desk
from tests.services.tenancy.counter import somebody

pytestmark = pytest.mark.row(14, 33, 34, 35)
#: A room as the register has it.
AREAS = {"build_area": "30.60", "usable_area": "24.00"}
#: 沪寓公寓 at its own desk.
FIRM = {"operator_uscc": OPERATOR, "address": "浦东新区杨高路1000弄"}


@pytest.fixture
def desk(platform: Platform) -> Desk:
    """The operator of the check-ins and its district at work, the filing library asked over HTTP."""
    firm = platform.world.read(lambda work: work.only(Enterprise.id, Enterprise.uscc == OPERATOR))
    return Desk(platform.world, firms={desks.OPERATOR: firm})


def drafted(desk: Desk, *numbers: str) -> tuple[CentralProject, UUID]:
    """A project of the operator with its rooms in a draft."""
    project = desk.filled(**FIRM)
    (title,) = desk.titles(project.id)
    lines = [desk.add(number, title, **AREAS) for number in numbers]
    return project, desk.drafted(project.id, *lines, kind=ApplyKind.INTAKE)


def begin_letting(desk: Desk, project: CentralProject) -> None:
    """Open a project with the operator's key."""
    key = desk.world.read(lambda work: work.only(EnterpriseKey.id, EnterpriseKey.serial == KEY))
    desk.do(open_project, OpenProject(project.id, key), desk.bureau())


def opened(desk: Desk, *numbers: str) -> CentralProject:
    """A project whose rooms the firm confirmed and the district reviewed, opened."""
    project, apply_id = drafted(desk, *numbers)
    desk.submit(apply_id)
    desk.decide(apply_id)
    begin_letting(desk, project)
    return project


def test_somebody_moves_into_a_room_once_it_is_confirmed_reviewed_and_opened(platform: Platform, desk: Desk) -> None:
    project, apply_id = drafted(desk, "0301")
    assert "H16" in codes(platform.move_in("0301", project_no=project.project_no)[1])
    desk.submit(apply_id)
    assert "H16" in codes(platform.move_in("0301", project_no=project.project_no)[1])
    desk.decide(apply_id)
    assert codes(platform.move_in("0301", project_no=project.project_no)[1]) == {"F16"}
    begin_letting(desk, project)
    stay, answer = platform.move_in("1号楼0301", project_no=project.project_no)
    assert (answer.state, codes(answer)) == (StayState.FILED, set())
    assert platform.filing(answer.filing_no).valid_to == stay.end
    assert desk.rooms(project.id)["0301"].state is CentralRoomState.LET


def test_a_room_lived_in_is_not_cancelled_until_its_tenant_has_left(platform: Platform, desk: Desk) -> None:
    project = opened(desk, "0301", "0302")
    stay, answer = platform.move_in("0302", project_no=project.project_no)
    assert answer.state is StayState.FILED
    apply_id = desk.drafted(project.id, desk.cancel("0302"))
    with pytest.raises(Rejected) as refused:
        desk.submit(apply_id)
    assert [finding.code for finding in refused.value.findings] == ["Z06"]
    platform.leave(stay)
    assert desk.submit(apply_id).accepted == 1
    assert desk.decide(apply_id).applied == 1
    assert "H16" in codes(platform.move_in("0302", project_no=project.project_no)[1])


def test_a_room_filed_between_submission_and_review_is_refused_at_the_review(platform: Platform, desk: Desk) -> None:
    project = opened(desk, "0301", "0302")
    apply_id = desk.submitted(project.id, desk.cancel("0301"), desk.cancel("0302"))
    assert platform.move_in("0301", project_no=project.project_no)[1].state is StayState.FILED
    done = desk.decide(apply_id)
    assert (done.applied, done.refused) == (1, 1)
    filed, free = desk.lines(apply_id)
    assert (filed.state, filed.review_codes, filed.library) == (LineState.REFUSED, "Z06", FilingAnswer.ACTIVE)
    assert free.state is LineState.APPLIED


def test_a_renumbered_room_is_checked_in_to_by_its_new_number(platform: Platform, desk: Desk) -> None:
    project = opened(desk, "0301")
    desk.decide(desk.submitted(project.id, desk.change("0301", "room_no", "0301", "0309")))
    assert "H16" in codes(platform.move_in("0301", project_no=project.project_no)[1])
    assert platform.move_in("0309", project_no=project.project_no)[1].state is StayState.FILED


def test_a_tenant_is_sent_a_text_of_a_change_of_the_room(platform: Platform, desk: Desk) -> None:
    project = opened(desk, "0301", "0302")
    lived_in = platform.move_in("0301", somebody(), project_no=project.project_no)[1]
    area = [desk.change(number, "usable_area", "24.00", "23.50") for number in ("0301", "0302")]
    rent = desk.change("0301", "list_rent", "3600.00", "3700.00")
    for switched_on in (False, True):
        if switched_on:
            platform.world.act(switch_texts_on)
        desk.decide(desk.submitted(project.id, *area, rent))
        texts = [row.payload.json() for row in platform.rows(Outgoing, Outgoing.operation == "room_changed")]
        assert len(texts) == int(switched_on)
        area = [desk.change(number, "usable_area", "23.50", "23.00") for number in ("0301", "0302")]
        rent = desk.change("0301", "list_rent", "3700.00", "3800.00")
    assert lived_in.contract_no in texts[0]["text"]
    assert "使用面积" in texts[0]["text"]


def switch_texts_on(work: Work) -> None:
    work.add(
        Parameter(
            key="sms.on",
            value="true",
            valid_from=work.today,
            source="业务约定",
            reason="开通短信通知",
            state=ParameterState.CONFIRMED,
            confirmed_at=work.now,
        )
    )
