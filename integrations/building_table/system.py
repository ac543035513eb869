"""Declare the building table."""

from integrations.building_table.client import BuildingTableClient
from integrations.building_table.simulator import BuildingTableSimulator
from integrations.wire.system import OutsideSystem
from services.ports.building_table import BUILDING_TABLES

SYSTEM = OutsideSystem(BUILDING_TABLES, BuildingTableClient, BuildingTableSimulator)
