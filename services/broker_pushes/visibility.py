"""Visibility of pushes: the city all, a district and a firm their own, the association what it sent."""

from functools import partial

from models.access import Role
from models.pushes import BrokerBatch, BrokerPush
from services.access.visibility import CITY, ENTERPRISE
from services.engine.work import rows_in_scope, visible_rows

# A batch is of many districts and firms, so only the city and its sender see it as one.
visible_rows(BrokerBatch)(partial(rows_in_scope, whole=CITY, sent=True))
# A lease goes by its house's district and by the member who pushed it.
visible_rows(BrokerPush)(
    partial(rows_in_scope, whole=CITY, districts={Role.DISTRICT_BUREAU}, firms=ENTERPRISE, sent=True)
)
