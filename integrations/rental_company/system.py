"""Declare three rental companies as partners."""

from integrations.rental_company.simulator import RentalCompanySimulator
from integrations.wire.system import SimulatedPartners

_FIRMS = (("qy-huyu", "沪寓公寓（模拟）"), ("qy-tuju", "途居公寓（模拟）"), ("qy-jiangpan", "江畔寓所（模拟）"))
PARTNERS = SimulatedPartners(
    lambda keys: tuple(RentalCompanySimulator(keys(app_id), title) for app_id, title in _FIRMS)
)
