"""The demo shows projects in every state (rows 33-36)."""

from collections import Counter

import pytest
from sqlmodel import select

from deploy.demo.central_projects import load_central_projects
from deploy.demo.central_rooms import load_central_rooms
from deploy.demo.firms import load_firms
from models.rooms import CentralProject, ProjectState, RoomApply, RoomApplyState
from services.engine.callers import SYSTEM
from tests.world import running_world


@pytest.mark.row(33, 34, 35, 36)
def test_the_demo_has_projects_and_applications_in_every_state(database_url: str) -> None:
    with running_world(database_url, few=True) as world:
        world.door.perform(load_firms, SYSTEM, None)
        world.door.perform(load_central_rooms, SYSTEM, None)
        for _ in range(2):
            load_central_projects(world.door)
        projects = world.read(lambda work: work.session.exec(select(CentralProject)).all())
        applies = world.read(lambda work: work.session.exec(select(RoomApply)).all())
    mine = [one for one in projects if one.name.startswith("沪寓·") and one.address]
    assert sorted((one.state, one.opened, one.room_total) for one in mine) == [
        (ProjectState.IN_LIBRARY, True, 12),
        (ProjectState.STARTED, False, 0),
        (ProjectState.STARTED, False, 0),
    ]
    assert Counter(one.state for one in applies) == {RoomApplyState.APPROVED: 2, RoomApplyState.REVIEWING: 2}
