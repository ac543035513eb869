"""An information platform for demo, tests and sandbox: it has homes verified, shows them and takes ended ones down."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from integrations.wire.exchange_simulator import Answered, ExchangeSimulator, Keys, key_of
from services.verification.result_callbacks import VerificationResult

VERIFY, QUERY, ACT, PUBLISH, ENDED = (
    "/listings/verifications",
    "/listings/codes/query",
    "/listings/codes/act",
    "/listings/publish",
    "/listings/codes/ended",
)


class ListingPlatformSimulator(ExchangeSimulator):
    """A platform under the app id of its keys."""

    def __init__(self, keys: Keys, title: str, *, latency_ms: int = 0) -> None:
        super().__init__(f"listing_platform/{keys.app_id}", title, keys, latency_ms=latency_ms)
        #: The newest result of every request, by its number.
        self.results: dict[str, VerificationResult] = {}
        self.takes("/verification-results", VerificationResult, self._told)

    def verify(self, homes: Sequence[Mapping[str, Any]], attempt: int = 1) -> Answered:
        """Ask for the verification of homes; each is a line of the message."""
        return self.ask(VERIFY, {"items": list(homes)}, key=key_of(f"HY-{homes[0]['request_no']}-{attempt}"))

    def fetch(self, request_no: str) -> Answered:
        """Ask for the code of a request."""
        return self.ask(QUERY, {"request_no": request_no})

    def cancel(self, code_no: str, turn: int = 1) -> Answered:
        """Cancel a code."""
        return self.ask(ACT, {"code_no": code_no, "what": "CANCEL"}, key=key_of(f"CX-{code_no}-{turn}"))

    def ended(self, day: date) -> list[dict[str, Any]]:
        """The whole daily list, page after page."""
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            page = self.ask(ENDED, {"day": day.isoformat(), "after": after}).data
            found += page["codes"]
            after = page.get("next") or ""
            if not after:
                return found

    def _told(self, said: VerificationResult) -> dict[str, Any]:
        self.results[said.request_no] = said
        return {"accepted": True}
