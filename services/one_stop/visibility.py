"""Visibility of applications of the case library: the office that accepts, by exact match, the house's district, the city."""

from models.access import Role
from models.one_stop import (
    StopCase,
    StopCorrection,
    StopGroup,
    StopItem,
    StopMatch,
    StopMaterial,
    StopMessage,
    StopStep,
)
from services.access.visibility import CITY, STAFF, rows_of_office
from services.engine.work import shown_whole, shown_with, visible_rows

for _table in (StopCase, StopGroup):
    visible_rows(_table)(rows_of_office)

for _detail in (StopMaterial, StopStep, StopCorrection, StopMatch):
    shown_with(_detail, "case_id", StopCase)

# A raw message is looked at when the exchange is, by those who watch it.
shown_whole(StopMessage, roles=CITY | {Role.SYSTEM})
shown_whole(StopItem, roles=STAFF | {Role.SYSTEM})
