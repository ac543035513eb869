"""Declare two information platforms as partners."""

from integrations.listing_platform.simulator import ListingPlatformSimulator
from integrations.wire.system import SimulatedPartners

_PLATFORMS = (("pt-zhaofang", "找房网（模拟）"), ("pt-anju", "安居平台（模拟）"))
PARTNERS = SimulatedPartners(
    lambda keys: tuple(ListingPlatformSimulator(keys(app_id), title) for app_id, title in _PLATFORMS)
)
