"""Declare the library of electronic licences."""

from integrations.licence_library.client import LicenceLibraryClient
from integrations.licence_library.simulator import LicenceLibrarySimulator
from integrations.wire.system import OutsideSystem
from services.ports.systems import LICENCE_LIBRARY

SYSTEM = OutsideSystem(LICENCE_LIBRARY, LicenceLibraryClient, LicenceLibrarySimulator)
