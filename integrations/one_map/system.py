"""Declare the city's sharing platform."""

from integrations.one_map.client import OneMapClient
from integrations.one_map.simulator import OneMapSimulator
from integrations.wire.system import OutsideSystem
from services.ports.permits import PERMITS

SYSTEM = OutsideSystem(PERMITS, OneMapClient, OneMapSimulator)
