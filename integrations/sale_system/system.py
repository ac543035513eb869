"""Declare the sale system; an installation may do without it."""

from integrations.sale_system.client import SaleSystemClient
from integrations.sale_system.simulator import SaleSystemSimulator
from integrations.wire.system import OutsideSystem
from services.ports.sale_system import SALE_NEWS

SYSTEM = OutsideSystem(SALE_NEWS, SaleSystemClient, SaleSystemSimulator, optional=True)
