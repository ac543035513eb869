"""The token bucket, at a clock of our own."""

from ui.public.throttle import Throttle


class Hand:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_bucket_empties_and_fills_again() -> None:
    clock = Hand()
    throttle = Throttle(30, clock=clock)
    assert [throttle.wait("192.0.2.1") for _ in range(30)] == [0] * 30
    assert throttle.wait("192.0.2.1") == 2
    clock.at = 2.0
    assert throttle.wait("192.0.2.1") == 0
    assert throttle.wait("192.0.2.1") == 2


def test_a_long_rest_gives_no_more_than_a_full_bucket() -> None:
    clock = Hand()
    throttle = Throttle(3, clock=clock)
    throttle.wait("192.0.2.1")
    clock.at = 3600.0
    assert [throttle.wait("192.0.2.1") > 0 for _ in range(5)] == [False, False, False, True, True]


def test_addresses_do_not_share_a_bucket_but_a_household_of_ipv6_does() -> None:
    throttle = Throttle(1, clock=Hand())
    assert throttle.wait("192.0.2.1") == 0
    assert throttle.wait("192.0.2.2") == 0
    assert throttle.wait("2001:db8::1") == 0
    assert throttle.wait("2001:db8::2") > 0
    assert throttle.wait("2001:db8:0:1::2") == 0
    assert throttle.wait("no:address") == 0


def test_nought_switches_it_off() -> None:
    throttle = Throttle(0, clock=Hand())
    assert [throttle.wait("192.0.2.1") for _ in range(100)] == [0] * 100


def test_the_longest_silent_address_is_forgotten_first() -> None:
    throttle = Throttle(1, clock=Hand(), addresses=2)
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        throttle.wait(address)
    assert throttle.wait("192.0.2.2") > 0
    assert throttle.wait("192.0.2.1") == 0
