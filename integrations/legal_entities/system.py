"""Declare the register of legal entities."""

from integrations.legal_entities.client import LegalEntitiesClient
from integrations.legal_entities.simulator import EXAMPLES, STORY, LegalEntitiesSimulator
from integrations.wire.system import Ground, OutsideSystem
from services.ports.systems import LEGAL_ENTITIES


def _simulator(ground: Ground) -> LegalEntitiesSimulator:
    story = STORY if ground.demo else None
    return LegalEntitiesSimulator(ground.records, ground.data_dir, latency_ms=ground.latency_ms, story=story)


SYSTEM = OutsideSystem(LEGAL_ENTITIES, LegalEntitiesClient, _simulator, tables=(EXAMPLES,))
