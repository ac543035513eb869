"""Declare the property register."""

from integrations.property_register.client import PropertyRegisterClient
from integrations.property_register.simulator import EXAMPLES, PropertyRegisterSimulator
from integrations.wire.system import OutsideSystem
from services.ports.systems import PROPERTY_REGISTER

SYSTEM = OutsideSystem(PROPERTY_REGISTER, PropertyRegisterClient, PropertyRegisterSimulator, tables=(EXAMPLES,))
