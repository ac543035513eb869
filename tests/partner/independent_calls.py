"""Every call of the partner API as a partner's developer writes it from the handbook; nothing of the product.

A test holds the list against the endpoints there are.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.partner.independent import IndependentClient, Replied

ROOT = "/api/v1"


@dataclass(frozen=True)
class Call:
    """How an endpoint is called: `sealed` in an envelope, `keyed` with an idempotency key."""

    path: str
    sealed: bool = True
    keyed: bool = True

    def send(self, client: IndependentClient, base: str, message: Mapping[str, Any], *, key: str = "") -> Replied:
        """Call it; a call that changes something has a key of its own unless one is given."""
        given = (key or f"call-{secrets.token_hex(8)}") if self.keyed else None
        return client.send(base, client.request(ROOT + self.path, dict(message), key=given, encrypted=self.sealed))


PING = Call("/ping", sealed=False, keyed=False)
# The provident fund.
ASK_FILINGS = Call("/filings/query", keyed=False)
ASK_ENDINGS = Call("/filings/endings", keyed=False)
MANDATE = Call("/direct-pay/entrustments")
RESULTS = Call("/direct-pay/results")
TENANT_ENDS = Call("/direct-pay/terminations/tenant")
DECISION = Call("/direct-pay/terminations/decisions")
# A rental firm.
BILLS = Call("/direct-pay/bills")
TAKE_BACK = Call("/direct-pay/bills/cancel")
FIRM_ENDS = Call("/direct-pay/terminations/enterprise")
ACKNOWLEDGE = Call("/direct-pay/acks")
VERIFY_HOMES = Call("/verifications")
ASK_VERIFIED = Call("/verifications/query", keyed=False)
ACT_ON_VERIFIED = Call("/verifications/act")
PUBLISH_HOME = Call("/verifications/publish")
# The brokers' association.
LEASES = Call("/filings/broker")
PEOPLE = Call("/practitioners/registrations")
CARD_ENDED = Call("/practitioners/cancellations")
ASK_CARD = Call("/practitioners/cards/query", keyed=False)
# A district's platform.
CHECK_IN = Call("/checkins")
CHECK_OUT = Call("/checkouts")
OCCUPIED = Call("/rooms/occupied")
# A platform of listings.
VERIFY = Call("/listings/verifications")
ASK_CODE = Call("/listings/codes/query", keyed=False)
ACT_ON_CODE = Call("/listings/codes/act")
PUBLISH = Call("/listings/publish")
ASK_ENDED = Call("/listings/codes/ended", keyed=False)
# The city portal.
PRECHECK = Call("/precheck")
STOP_CASE = Call("/one-stop/cases")
# The community service centres.
CIVIL_CASE = Call("/civil/cases")
CIVIL_GONE = Call("/civil/cases/withdraw")
ASK_CIVIL = Call("/civil/cases/query", keyed=False)

CALLS = {
    one.path: one
    for one in (
        *(PING, ASK_FILINGS, ASK_ENDINGS, MANDATE, RESULTS, TENANT_ENDS, DECISION),
        *(BILLS, TAKE_BACK, FIRM_ENDS, ACKNOWLEDGE),
        *(VERIFY_HOMES, ASK_VERIFIED, ACT_ON_VERIFIED, PUBLISH_HOME),
        *(LEASES, PEOPLE, CARD_ENDED, ASK_CARD),
        *(VERIFY, ASK_CODE, ACT_ON_CODE, PUBLISH, ASK_ENDED),
        PRECHECK,
        STOP_CASE,
        *(CIVIL_CASE, CIVIL_GONE, ASK_CIVIL),
        *(CHECK_IN, CHECK_OUT, OCCUPIED),
    )
}


def answered_in_time(client: IndependentClient, url: str, query: Call, request_no: str) -> Any:
    """The answer to a request once the registers were asked, which the worker does every few seconds."""
    until = time.monotonic() + 120
    while True:
        told = query.send(client, url, {"request_no": request_no}).data
        if told["state"] != "SUBMITTED" or time.monotonic() > until:
            return told
        time.sleep(1)
