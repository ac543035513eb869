"""Rooms of centralised projects as flats of the base library, so that stays in them can be filed (rows 14, 24)."""

from sqlmodel import col

from deploy.demo.houses import load_houses
from models.access import Role
from models.house import House, HouseCategory, HouseOwner
from models.own_data import DATA, read_rows
from models.rooms import CentralProject, CentralRoom
from services.engine.registry import action
from services.engine.work import Work

PATH = DATA / "fixtures" / "central_rooms.csv"


@action("demo.central_rooms", "装载集中式房间", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_central_rooms(work: Work, order: None) -> int:
    """Load the flats that are not there yet and bind each to its room; projects come with the firms."""
    load_houses(work, PATH)
    work.session.flush()
    lines = read_rows(PATH)
    projects = {
        project.project_no: project
        for project in work.rows(
            CentralProject, col(CentralProject.project_no).in_({line["project_no"] for line in lines})
        )
    }
    bound = 0
    for line in lines:
        project = projects[line["project_no"]]
        house = work.only(House, House.house_code == line["house_id"])
        room = work.only(CentralRoom, CentralRoom.project_id == project.id, CentralRoom.room_no == line["project_room"])
        if room.house_id is not None:
            continue
        room.house_id, house.project_id, house.enterprise_id = house.id, project.id, project.enterprise_id
        house.category = HouseCategory.MARKET_CENTRAL
        work.add(room)
        work.add(house)
        for owner in work.rows(HouseOwner, HouseOwner.house_id == house.id):
            owner.id_type = "51"
            work.add(owner)
        bound += 1
    return bound
