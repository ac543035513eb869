"""The virus scanner's line: clean, infected, and everything else is silence in bounded time (D17)."""

from collections.abc import Iterator
from time import monotonic

import pytest

from integrations.virus_scan.client import BadScannerAddress, ClamdScanner
from integrations.virus_scan.simulator import TEST_VIRUS, VirusScannerSimulator
from tests.files_made import pdf
from tests.scanner import running_scanner


@pytest.fixture
def simulator() -> Iterator[VirusScannerSimulator]:
    with running_scanner() as running:
        yield running


@pytest.mark.proves("D17")
@pytest.mark.parametrize(
    ("content", "state"),
    [
        (pdf(), "clean"),
        (b"", "clean"),
        (b"x" * 3_000_000, "clean"),
        (TEST_VIRUS, "infected"),
        (b"x" * 70_000 + TEST_VIRUS, "infected"),
    ],
    ids=["pdf", "empty", "large", "virus", "virus behind"],
)
def test_a_file_is_asked_about(simulator: VirusScannerSimulator, content: bytes, state: str) -> None:
    scan = ClamdScanner(simulator.address).scan(content)
    assert (scan.state, scan.engine) == (state, "ClamAV 1.4.3/27800/simulated")


@pytest.mark.proves("D17", "H64")
@pytest.mark.parametrize("fault", ["hang", "close", "error", "garbage", "endless", "small"])
def test_what_is_not_said_clearly_is_never_taken_for_clean(simulator: VirusScannerSimulator, fault: str) -> None:
    simulator.fault = fault
    started = monotonic()
    assert ClamdScanner(simulator.address, seconds=0.5).scan(b"x" * 2_000_000).state == "silent"
    assert monotonic() - started < 5


def test_a_scanner_that_is_not_there_is_silent() -> None:
    assert ClamdScanner("tcp://127.0.0.1:1").scan(b"x").state == "silent"
    assert ClamdScanner("unix:/nowhere/clamd.sock").scan(b"x").state == "silent"


@pytest.mark.parametrize("address", ["", "127.0.0.1:3310", "http://127.0.0.1:3310", "tcp://a b:1", "unix:relative"])
def test_an_address_of_no_scanner_is_refused(address: str) -> None:
    with pytest.raises(BadScannerAddress):
        ClamdScanner(address)


def test_the_simulator_does_not_start_in_production() -> None:
    with pytest.raises(RuntimeError):
        VirusScannerSimulator(mode="production")
