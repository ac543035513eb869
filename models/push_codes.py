"""Dictionaries of what partners push: leases of the association's members, stays of long-rent projects (rows 13, 14)."""

from models.codes import Code
from models.machines import Machine


class BatchState(Code):
    RECEIVING = "RECEIVING", "接收中", "info"
    ANSWERED = "ANSWERED", "已答复", "good"


BATCH = Machine({"answer": {BatchState.RECEIVING: BatchState.ANSWERED}})


class PushState(Code):
    FILED = "FILED", "已备案", "good"
    WAITING = "WAITING", "核验中", "info"
    INTERCEPTED = "INTERCEPTED", "系统拦截", "warn"
    REFUSED = "REFUSED", "未通过", "bad"


PUSH = Machine(
    {
        "file": {PushState.WAITING: PushState.FILED, PushState.INTERCEPTED: PushState.FILED},
        "intercept": {PushState.WAITING: PushState.INTERCEPTED},
        "refuse": {PushState.WAITING: PushState.REFUSED, PushState.INTERCEPTED: PushState.REFUSED},
    }
)


class StayState(Code):
    """A check-in: it may wait for the room to be left, then for a silent source."""

    ROOM_TAKEN = "ROOM_TAKEN", "等待原住户退租", "info"
    WAITING = "WAITING", "核验中", "info"
    FILED = "FILED", "已备案", "good"
    INTERCEPTED = "INTERCEPTED", "系统拦截", "warn"
    REFUSED = "REFUSED", "未通过", "bad"
    LEFT = "LEFT", "已退租", "muted"


_UNDECIDED = (StayState.ROOM_TAKEN, StayState.WAITING, StayState.INTERCEPTED)

STAY = Machine(
    {
        "file": dict.fromkeys(_UNDECIDED, StayState.FILED),
        "wait": {StayState.ROOM_TAKEN: StayState.WAITING},
        "put_off": dict.fromkeys(_UNDECIDED, StayState.ROOM_TAKEN),
        "intercept": {StayState.ROOM_TAKEN: StayState.INTERCEPTED, StayState.WAITING: StayState.INTERCEPTED},
        "refuse": dict.fromkeys(_UNDECIDED, StayState.REFUSED),
        "leave": {StayState.FILED: StayState.LEFT},
    }
)


class MoveOutState(Code):
    CANCELLED = "CANCELLED", "已注销备案", "good"
    NOTED = "NOTED", "已登记退租", "muted"
    REFUSED = "REFUSED", "未通过", "bad"


class DifferenceKind(Code):
    """Kind of difference between a list of occupied rooms and the active filings."""

    NOT_FILED = "NOT_FILED", "在住未备案"
    NOT_OCCUPIED = "NOT_OCCUPIED", "备案未在住"
    PERSONS = "PERSONS", "居住人数不一致"
    NOT_IN_LIBRARY = "NOT_IN_LIBRARY", "房间未入库"
    NO_LIST = "NO_LIST", "未报送在住清单"


class DifferenceState(Code):
    OPEN = "OPEN", "未消除", "bad"
    CLOSED = "CLOSED", "已消除", "muted"


DIFFERENCE = Machine({"close": {DifferenceState.OPEN: DifferenceState.CLOSED}})
