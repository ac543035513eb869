"""Declare the association as a partner, and its blacklist as a system we ask."""

from integrations.broker_association.blacklist_client import BlacklistClient
from integrations.broker_association.blacklist_simulator import BlacklistSimulator
from integrations.broker_association.simulator import BrokerAssociationSimulator
from integrations.wire.system import OutsideSystem, SimulatedPartners
from services.ports.blacklist import BLACKLIST

#: Without it every application for a card waits, for no application may be passed unasked (K03).
SYSTEM = OutsideSystem(BLACKLIST, BlacklistClient, BlacklistSimulator, optional=True)
PARTNERS = SimulatedPartners(lambda keys: (BrokerAssociationSimulator(keys("broker-assoc")),))
