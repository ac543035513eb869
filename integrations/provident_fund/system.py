"""Declare the provident fund as a partner."""

from integrations.provident_fund.simulator import ProvidentFundSimulator
from integrations.wire.system import SimulatedPartners

PARTNERS = SimulatedPartners(lambda keys: (ProvidentFundSimulator(keys("gjj-center")),))
