"""The acceptance system of the community service centres for demo, tests and sandbox: hands cases over, takes results."""

from collections.abc import Mapping
from typing import Any

from integrations.wire.exchange_simulator import Answered, ExchangeSimulator, Keys, key_of
from services.forced_review.civil_results import CivilResult

CASES, WITHDRAW, QUERY = "/civil/cases", "/civil/cases/withdraw", "/civil/cases/query"


class CivilAffairsSimulator(ExchangeSimulator):
    """The system under the app id of its keys."""

    def __init__(self, keys: Keys, *, latency_ms: int = 0) -> None:
        super().__init__("civil_affairs", "社区事务受理信息系统（模拟）", keys, latency_ms=latency_ms)
        #: Every result that came, by acceptance number, in the order of arrival.
        self.results: dict[str, list[CivilResult]] = {}
        self.takes("/case-results", CivilResult, self._told)

    def hand_over(self, case: Mapping[str, Any], *, turn: int = 1) -> Answered:
        """Hand a case over; `case` is the message, `turn` another try with a key of its own."""
        return self.ask(CASES, case, key=key_of(f"SQ-{case['acceptance_no']}-{turn}"))

    def withdraw(self, acceptance_no: str, reason: str, at: str) -> Answered:
        """Tell that the person withdrew."""
        message = {"acceptance_no": acceptance_no, "reason": reason, "withdrawn_at": at}
        return self.ask(WITHDRAW, message, key=key_of(f"CH-{acceptance_no}"))

    def state_of(self, acceptance_no: str) -> Answered:
        """Ask for the state of a case."""
        return self.ask(QUERY, {"acceptance_no": acceptance_no})

    def _told(self, said: CivilResult) -> dict[str, Any]:
        self.results.setdefault(said.acceptance_no, []).append(said)
        return {"accepted": True}
