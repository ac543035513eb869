"""The client of the case library."""

from integrations.one_stop.contract import CHANGES, STATE, WORDS, FeedReply
from integrations.wire.client import SystemClient, about
from services.ports.answers import Answer, PushReceipt
from services.ports.case_library import CaseStatus, FeedLine

_REFUSED = {404: "办件库没有该办件，请核对办件编号", 409: "办件库已有同一序号而内容不同的状态，请核对后处理"}


class OneStopClient(SystemClient):
    """Pulls the library's feed and sends states over HTTP."""

    source = "一网通办办件库"

    def changes_after(self, feed_no: int, limit: int) -> Answer[tuple[FeedLine, ...]]:
        """Return the messages after a position; MISS where there is nothing new. Messages out of order are no answer."""

        def found(said: FeedReply) -> tuple[FeedLine, ...] | None:
            numbers = [one.feed_no for one in said.items]
            about(numbers == sorted(set(numbers)) and all(number > feed_no for number in numbers))
            return tuple(FeedLine(one.feed_no, one.message) for one in said.items) or None

        return self._ask(CHANGES, found, after=feed_no, limit=limit)

    def push_state(self, status: CaseStatus, request_id: str) -> PushReceipt:
        """Send a state of a case; raises `Unavailable` when it is not taken. A repetition has no second effect."""
        said = self._hand_over(
            STATE,
            request_id,
            "推送",
            _REFUSED,
            case_no=status.case_no,
            position=status.position,
            state=WORDS[status.state],
            at=status.at,
            note=status.note[:300],
            reasons=[{"code": code, "message": message} for code, message in status.reasons],
            filing_no=status.filing_no,
        )
        return PushReceipt(said.receipt_code)
