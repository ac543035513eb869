"""Declare the register of legal entities."""

from integrations.legal_entities.client import LegalEntitiesClient
from integrations.legal_entities.simulator import EXAMPLES, LegalEntitiesSimulator
from integrations.wire.system import OutsideSystem
from services.ports.systems import LEGAL_ENTITIES

SYSTEM = OutsideSystem(LEGAL_ENTITIES, LegalEntitiesClient, LegalEntitiesSimulator, tables=(EXAMPLES,))
