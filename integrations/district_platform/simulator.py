"""A district's platform for demo, tests and sandbox: reports check-ins and move-outs, receives the results."""

from collections.abc import Mapping
from typing import Any

from integrations.wire.exchange_simulator import Answered, ExchangeSimulator, Keys, key_of
from services.check_ins.result_callbacks import StayResult

CHECK_INS, CHECK_OUTS, OCCUPIED = "/checkins", "/checkouts", "/rooms/occupied"


class DistrictPlatformSimulator(ExchangeSimulator):
    """The platform under the app id of its keys."""

    def __init__(self, keys: Keys, *, latency_ms: int = 0) -> None:
        super().__init__("district_platform", "浦东新区长租公寓平台（模拟）", keys, latency_ms=latency_ms)
        #: The newest result of every check-in, by its number.
        self.results: dict[str, StayResult] = {}
        self.takes("/filing-results", StayResult, self._told)

    def check_in(self, stay: Mapping[str, Any]) -> Answered:
        """Send a check-in; `stay` is the message."""
        return self.ask(CHECK_INS, stay, key=_key("RZ", stay["checkin_no"], stay.get("attempt", 1)))

    def check_out(self, leaving: Mapping[str, Any]) -> Answered:
        """Send a move-out."""
        return self.ask(CHECK_OUTS, leaving, key=_key("TZ", leaving["checkout_no"], 1))

    def occupied(self, rooms: Mapping[str, Any]) -> Answered:
        """Send the occupied rooms of a project on a day."""
        return self.ask(OCCUPIED, rooms, key=_key("ZY", rooms["project_no"], str(rooms["as_of"])))

    def _told(self, said: StayResult) -> dict[str, Any]:
        known = self.results.get(said.checkin_no)
        if known is None or said.attempt >= known.attempt:
            self.results[said.checkin_no] = said
        return {"accepted": True}


def _key(kind: str, number: str, attempt: object) -> str:
    return key_of(f"{kind}-{number}-{attempt}")
