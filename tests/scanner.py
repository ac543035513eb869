"""A simulated virus scanner for a test."""

from collections.abc import Iterator
from contextlib import contextmanager

from integrations.virus_scan.simulator import VirusScannerSimulator


@contextmanager
def running_scanner(mode: str = "test") -> Iterator[VirusScannerSimulator]:
    """A scanner that listens as long as the block lasts."""
    simulator = VirusScannerSimulator(mode=mode)
    simulator.start()
    try:
        yield simulator
    finally:
        simulator.stop()
