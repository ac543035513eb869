"""Declare the civil affairs system as a partner, and its records as a system we ask."""

from integrations.civil_affairs.client import CivilRecordsClient
from integrations.civil_affairs.records_simulator import CivilRecordsSimulator
from integrations.civil_affairs.simulator import CivilAffairsSimulator
from integrations.wire.system import OutsideSystem, SimulatedPartners
from services.ports.civil_affairs import CIVIL_RECORDS

#: Reviewers do without it: what it does not answer is looked up on paper.
SYSTEM = OutsideSystem(CIVIL_RECORDS, CivilRecordsClient, CivilRecordsSimulator, optional=True)
PARTNERS = SimulatedPartners(lambda keys: (CivilAffairsSimulator(keys("mz-shequ")),))
