"""Declare the system of public housing."""

from integrations.public_housing.client import PublicHousingClient
from integrations.public_housing.simulator import EXAMPLES, PublicHousingSimulator
from integrations.wire.system import OutsideSystem
from services.ports.systems import PUBLIC_HOUSING

SYSTEM = OutsideSystem(PUBLIC_HOUSING, PublicHousingClient, PublicHousingSimulator, tables=(EXAMPLES,))
