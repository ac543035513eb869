"""Declare the platform of a district as a partner."""

from integrations.district_platform.simulator import DistrictPlatformSimulator
from integrations.wire.system import SimulatedPartners

PARTNERS = SimulatedPartners(lambda keys: (DistrictPlatformSimulator(keys("district-310115")),))
