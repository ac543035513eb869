"""提议转入纳管 (row 37): a proposed place learns the number of its managed project by itself."""

from uuid import UUID

import pytest

from models.rooms import ApplyKind
from models.unmanaged import UnmanagedState
from services.engine.cycle_orders import StartUpdate
from services.engine.notices import my_notices
from services.unmanaged.conversion import propose_conversion
from tests.services.rooms.desk import Desk
from tests.services.unmanaged.places import ACTS, Places
from tests.world import World

pytestmark = pytest.mark.row(37)


def notices(places: Places, subject: str) -> list[str]:
    """The texts of the district's messages of a subject."""
    return [one.body for one in places.ask(my_notices, "pdju01", 200) if one.subject == subject]


@pytest.fixture(scope="module")
def operator(standing: World) -> Desk:
    """An operator of centralized projects."""
    return Desk(standing).found()


def proposed(places: Places, address: str) -> UUID:
    record_id: UUID = places.listed({"address": address}).record_id
    places.perform(propose_conversion, "pdju01", record_id)
    return record_id


def state(places: Places, record_id: UUID) -> tuple[UnmanagedState, str | None]:
    row = places.row(record_id)
    return row.stage, row.managed_as


def test_a_proposed_place_learns_the_number_of_its_project_when_rooms_enter_the_library(
    places: Places, operator: Desk
) -> None:
    address = places.address()
    first, elsewhere = proposed(places, address), proposed(places, places.address())
    listed = places.listed({"address": f"上海市{address}", "operator_name": "上海东海公寓管理有限公司"}).record_id
    project = operator.filled(address=address)
    assert state(places, first) == (UnmanagedState.PROPOSED, None)
    (title,) = operator.titles(project.id)
    operator.decide(operator.submitted(project.id, operator.add("1201", title), kind=ApplyKind.INTAKE))
    assert state(places, first) == (UnmanagedState.CONVERTED, project.project_no)
    assert (places.row(elsewhere).stage, places.row(listed).stage) == (UnmanagedState.PROPOSED, UnmanagedState.LISTED)
    assert any(project.project_no in body for body in notices(places, "未纳管项目已转入纳管"))
    # Proposed after its project has entered the library, a place is converted at once.
    places.perform(propose_conversion, "pdju01", listed)
    assert state(places, listed) == (UnmanagedState.CONVERTED, project.project_no)


def test_a_project_that_is_not_managed_converts_nothing(places: Places, operator: Desk) -> None:
    address = places.address()
    place = proposed(places, address)
    project = operator.begun(address=address)
    operator.fill(project.id, managed=False, recognition_no="")
    room = operator.add("1201", operator.title(project.id), managed="否")
    operator.decide(operator.submitted(project.id, room, kind=ApplyKind.INTAKE))
    assert places.row(place).stage is UnmanagedState.PROPOSED


def test_a_place_with_an_open_version_waits_for_its_district(places: Places, operator: Desk) -> None:
    address = places.address()
    place = proposed(places, address)
    places.perform(ACTS.update, "pdju01", StartUpdate(place, "月度更新本月情况"))
    project, _ = operator.in_library("1201", address=address)
    assert places.row(place).stage is UnmanagedState.PROPOSED
    assert any(project.project_no in body for body in notices(places, "未纳管项目待登记转入纳管"))
