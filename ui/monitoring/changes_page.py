"""企业变更: registry changes of the watched companies, as a list and in full (rows 51, 52, 54)."""

from services.engine.listings import Line
from services.monitoring.listings import CHANGES as CHANGE_LIST
from ui.monitoring.panels import draw_changes_of
from ui.shell.list_desk import ListDesk, desk_module
from ui.shell.parts import head


class Changes(ListDesk[Line]):
    """The list on the left; of the company in hand its registry data and time line on the right."""

    listing = CHANGE_LIST
    part = "企业登记信息"
    classes = "sf-alert-split"

    async def draw(self, view: Line) -> None:
        head(view.company)
        await draw_changes_of(self.place, view.company_type, view.company_id)


CHANGES = desk_module(Changes, "company_changes", "published_with_changes", "alerts")
