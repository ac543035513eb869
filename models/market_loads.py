"""Loads of projects of before from an export: a session that can be resumed and undone (issue 16, `main.py market load`)."""

from datetime import datetime
from uuid import UUID

from models.base import Row, Stamped
from models.codes import Code
from models.columns import code, integer, long_text, moment, ref, text
from models.machines import Machine


class MarketLoadState(Code):
    RUNNING = "RUNNING", "装载中", "info"
    DONE = "DONE", "已装载", "good"
    UNDONE = "UNDONE", "已撤销", "muted"


MARKET_LOAD = Machine(
    {
        "go_on": {MarketLoadState.RUNNING: MarketLoadState.RUNNING},
        "finish": {MarketLoadState.RUNNING: MarketLoadState.DONE},
        "undo": {
            MarketLoadState.RUNNING: MarketLoadState.UNDONE,
            MarketLoadState.DONE: MarketLoadState.UNDONE,
        },
    }
)


class MarketLoad(Stamped, table=True):
    """A load of an export, known again by the digest of its files; `step` and `line` say how far it is."""

    state: MarketLoadState = code(MarketLoadState, "状态", MarketLoadState.RUNNING, index=True)
    digest: str = text("文件摘要", max=64, index=True)
    step: int = integer("已完成的表", 0)
    line: int = integer("当前表已装载的行", 0)
    records: int = integer("已装载的记录", 0)
    begun_at: datetime = moment("开始时间")
    ended_at: datetime | None = moment("结束时间", None)


class LoadedRows(Row, table=True):
    """The rows of a table that a load wrote in one transaction, by their ids."""

    load_id: UUID = ref("market_load", "装载", owner=True)
    place: int = integer("次序")
    table_name: str = text("数据表", max=60)
    ids: str = long_text("行标识")
