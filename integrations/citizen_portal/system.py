"""Declare the portal's sign-in, which we ask, and its front end, which asks us."""

from integrations.citizen_portal.client import CitizenPortalClient
from integrations.citizen_portal.front_end import PortalFrontEndSimulator
from integrations.citizen_portal.simulator import APP, CitizenPortalSimulator
from integrations.wire.system import OutsideSystem, SimulatedPartners
from services.ports.citizens import CITIZEN_PORTAL

SYSTEM = OutsideSystem(CITIZEN_PORTAL, CitizenPortalClient, CitizenPortalSimulator, optional=True)
PARTNERS = SimulatedPartners(lambda keys: (PortalFrontEndSimulator(keys(APP), "一网通办门户（模拟）"),))
