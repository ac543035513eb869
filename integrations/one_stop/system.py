"""Declare the case library; an installation without one takes in what the portal pushes."""

from integrations.one_stop.client import OneStopClient
from integrations.one_stop.simulator import OneStopSimulator
from integrations.wire.system import OutsideSystem
from services.ports.case_library import CASE_LIBRARY

SYSTEM = OutsideSystem(CASE_LIBRARY, OneStopClient, OneStopSimulator, optional=True)
