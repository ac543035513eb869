"""A case library for demo and tests: a feed that grows by `/sim/change`, and the states it was sent, each kept once."""

from typing import Any

from fastapi import HTTPException
from pydantic import BaseModel

from integrations.one_stop.contract import CHANGES, STATE, FeedAsked, FeedItem, FeedReply, StatePush, StateReply
from integrations.wire.simulator import Change, ContentFault, Ground, Simulator


class MessageChange(Change):
    """A message that the feed holds from now on."""

    message: dict[str, Any]


class KeptState(BaseModel):
    """A state of a case as it was sent; `times` counts the messages, including repetitions."""

    case_no: str
    position: int
    state: str
    filing_no: str
    reasons: list[str]
    times: int


class OneStopSimulator(Simulator):
    """Messages by their position in the feed, states by the request that brought them."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("one_stop", "一网通办办件库（模拟）", latency_ms=ground.latency_ms)
        self._feed: list[dict[str, Any]] = []
        self._states: dict[str, KeptState] = {}
        self._sent: dict[str, StatePush] = {}
        self.on_change(MessageChange, self._change)
        self._add_addresses()

    def _add_addresses(self) -> None:
        @self.app.post(CHANGES.path)
        async def changes(asked: FeedAsked, fault: ContentFault) -> FeedReply:
            found = self._feed[asked.after : asked.after + asked.limit]
            items = tuple(
                FeedItem(feed_no=asked.after + number, message=message) for number, message in enumerate(found, 1)
            )
            if fault == "twice":
                items = (*items, *items)
            request_id = "another-request" if fault == "mismatch" else asked.request_id
            return FeedReply(request_id=request_id, data_time=self.now(), items=() if fault == "miss" else items)

        @self.app.post(STATE.path)
        async def state(pushed: StatePush, fault: ContentFault) -> StateReply:
            if fault == "miss":
                raise HTTPException(404, "no such case")
            kept = self._keep(pushed)
            return StateReply(
                request_id="another-request" if fault == "mismatch" else pushed.request_id,
                result="ACCEPTED",
                receipt_code=f"BJ{kept.position:03}{pushed.request_id[:16].upper()}",
            )

        @self.app.get("/sim/received")
        async def received() -> list[KeptState]:
            return list(self._states.values())

    def _change(self, change: MessageChange) -> int:
        self._feed.append(change.message)
        return 1

    def _keep(self, pushed: StatePush) -> KeptState:
        """Keep a state once; a repeated request is counted, another content under its id refused."""
        if (first := self._sent.get(pushed.request_id)) is not None:
            if first != pushed:
                raise HTTPException(409, "request id already used for another state")
            self._states[pushed.request_id].times += 1
            return self._states[pushed.request_id]
        kept = KeptState(
            case_no=pushed.case_no,
            position=pushed.position,
            state=pushed.state,
            filing_no=pushed.filing_no,
            reasons=[one.code for one in pushed.reasons],
            times=1,
        )
        self._sent[pushed.request_id], self._states[pushed.request_id] = pushed, kept
        return kept
