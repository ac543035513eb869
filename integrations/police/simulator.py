"""A population register for demo and tests: knows the persons in the tables and accepts valid strangers."""

from functools import cache

from integrations.police.contract import (
    COMPARE,
    COMPARE_MANY,
    Compared,
    CompareManyReply,
    CompareManyRequest,
    CompareReply,
    CompareRequest,
    Hcjg,
)
from integrations.wire.simulator import Change, ContentFault, Ground, Simulator
from models.identity import check_id_number
from models.normal import normal_id_no, normal_name

#: A name beginning so never agrees, so that a refusal can be shown with any number.
NEVER_AGREES = "不符"
_ID_CARD = "11"


class PersonChange(Change):
    """A person's name from now on; without a name the number is struck off."""

    id_no: str
    name: str = ""


@cache
def _normal(name: str) -> str:
    # Invented people, the same at every start: tests start the simulators for every file of theirs.
    return normal_name(name)


class PoliceSimulator(Simulator):
    """Compares name and number."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("police", "公安人口库（模拟）", latency_ms=ground.latency_ms)
        self._names = {number: set(map(_normal, names)) for number, names in ground.records.names.items()}
        self.on_change(PersonChange, self._change)

        @self.app.post(COMPARE.path)
        async def compare(request: CompareRequest, fault: ContentFault) -> CompareReply:
            return CompareReply(request_id=request.request_id, hcjg=self._said(fault, request), data_time=self.newest)

        @self.app.post(COMPARE_MANY.path)
        async def compare_many(request: CompareManyRequest, fault: ContentFault) -> CompareManyReply:
            results = [self._said(fault, one) for one in request.rymx]
            return CompareManyReply(request_id=request.request_id, hcjg=results, data_time=self.newest)

    def _said(self, fault: str, asked: Compared) -> Hcjg:
        if fault == "miss":
            return "3"
        if fault == "mismatch":
            return "2"
        number, name = normal_id_no(asked.gmsfhm), normal_name(asked.xm)
        known = self._names.get(number)
        if known is not None:
            return "3" if not known else "1" if name in known else "2"
        if asked.zjlxdm == _ID_CARD and not check_id_number(number).ok:
            return "3"
        return "2" if name.startswith(NEVER_AGREES) else "1"

    def _change(self, change: PersonChange) -> int:
        self._names[normal_id_no(change.id_no)] = {normal_name(change.name)} if change.name else set()
        return 1
