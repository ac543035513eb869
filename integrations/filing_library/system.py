"""Declare the filing library."""

from integrations.filing_library.client import FilingLibraryClient
from integrations.filing_library.simulator import FilingLibrarySimulator
from integrations.wire.system import OutsideSystem
from services.ports.filing_library import FILING_LIBRARY

SYSTEM = OutsideSystem(FILING_LIBRARY, FilingLibraryClient, FilingLibrarySimulator)
