"""Declare the population register."""

from integrations.police.client import PoliceClient
from integrations.police.simulator import PoliceSimulator
from integrations.wire.system import OutsideSystem
from services.ports.systems import POLICE

SYSTEM = OutsideSystem(POLICE, PoliceClient, PoliceSimulator)
