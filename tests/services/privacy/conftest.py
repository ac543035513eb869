"""The counter of the tenancy tests: leases and persons to look at."""

from tests.services.tenancy.conftest import counter, open_counter, world

__all__ = ["counter", "open_counter", "world"]
