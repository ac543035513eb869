"""小区 (row 66): the planned figures of an estate beside those of its buildings; a project may have two."""

from models.land_codes import ProjectStage
from models.planning import Community, CommunityBuilding, CommunityFacility
from services.engine.cycle import kept
from services.engine.kinds import Child, Kind, Look, Slot, Stage, Ties
from services.projects.ownership import PROJECT_NEED, of_project
from services.projects.stages import in_project

COMMUNITY = kept(
    Kind(
        name="community",
        label="小区",
        row=66,
        prefix="XX",
        table=Community,
        makers=of_project("community", Community, several=True),
        look=Look(
            title="name",
            menu="projects",
            grid=("name", "total_gfa", "sets_total", "buildings_total", "pm_office_area", "pm_company"),
            filters=("total_gfa", "sets_total", "pm_office_area"),
            sections={
                "name": "小区",
                "land_area": "规模",
                "parking_ground": "车位与绿化",
                "pm_office_area": "物业管理",
            },
            change="更正",
            purpose="项目小区规划数据和物业用房核对",
        ),
        children=(
            Child("buildings", "小区内的规划建筑物", CommunityBuilding, ("planning_permit_id", "building_no"), 500),
            Child("facilities", "公共设施", CommunityFacility, ("facility", "building_no"), 100),
        ),
        slots=(Slot("plan", "总平面图"),),
        ties=Ties(needs=(PROJECT_NEED, in_project("engineering_planning_permit", "工程规划许可证"))),
        stage=Stage(ProjectStage.PLANNING),
    )
)
