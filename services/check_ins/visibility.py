"""Visibility of stays: the city all, a district and an operator their own, a platform what it sent."""

from functools import partial

from models.access import Role
from models.pushes import CheckIn, MoveOut, OccupiedList, StayDifference
from services.access.visibility import CITY, ENTERPRISE
from services.engine.work import rows_in_scope, visible_rows

_by_district = partial(rows_in_scope, whole=CITY, districts={Role.DISTRICT_BUREAU})

visible_rows(CheckIn)(partial(_by_district, firms=ENTERPRISE, sent=True))
visible_rows(MoveOut)(partial(_by_district, sent=True))
visible_rows(OccupiedList)(partial(_by_district, sent=True))
# Differences are followed up by the district.
visible_rows(StayDifference)(_by_district)
