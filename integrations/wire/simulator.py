"""The base of every simulator: a web application with faults on demand, a control address and a pulse."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from pydantic import BaseModel, ConfigDict

from integrations.wire.contract import BEIJING
from integrations.wire.faults import FaultDesk, FaultGate, FaultOrder
from integrations.wire.records import Records


@dataclass(frozen=True)
class Ground:
    """Material of the simulators: a folder of tables, the records read from it, and whether the demo's story has happened.

    `signs` makes a signature in base64 with the key of an app id, and `public_key` returns its public half.
    """

    data_dir: Path
    records: Records
    latency_ms: int = 0
    demo: bool = False
    signs: Callable[[str, bytes], str] = lambda app_id, text: ""
    public_key: Callable[[str], str] = lambda app_id: ""


class Change(BaseModel):
    """An edit of a simulator's record; unnamed fields stay."""

    model_config = ConfigDict(extra="forbid")


Wanted = TypeVar("Wanted", bound=Change)


class Simulator:
    """A simulated outside system. Subclasses add their addresses to `app` and implement changes."""

    def __init__(self, name: str, title: str, *, latency_ms: int = 0) -> None:
        self.name = name
        self.desk = FaultDesk()
        self.desk.latency_ms = latency_ms
        self.changes = 0
        # The usual documentation pages load their scripts from elsewhere; the schema itself stays at /openapi.json.
        self.app = FastAPI(title=title, docs_url=None, redoc_url=None)
        self.app.add_middleware(FaultGate, desk=self.desk)
        self._add_controls()

    @property
    def data_time(self) -> datetime:
        """Return the time of the nightly copy that unchanged records come from: the last six o'clock in Beijing."""
        now = datetime.now(BEIJING)
        copied = now.replace(hour=6, minute=0, second=0, microsecond=0)
        return copied if copied <= now else copied - timedelta(days=1)

    @property
    def newest(self) -> datetime:
        """Return the time of the data: that of the nightly copy until a record was changed by hand."""
        return self.now() if self.changes else self.data_time

    @staticmethod
    def now() -> datetime:
        """The system's own clock, which no demo moves."""
        return datetime.now(UTC).replace(microsecond=0)

    def close(self) -> None:
        """Release the clients that wait for an answer."""
        self.desk.close()

    def on_change(self, wanted: type[Wanted], change: Callable[[Wanted], int]) -> None:
        """Let `POST /sim/change` take a `wanted`; `change` returns how many records it touched."""

        async def apply(order: Any) -> dict[str, int]:
            touched = change(order)
            if touched == 0:
                raise HTTPException(404, "no such record")
            self.changes += touched
            return {"changed": touched}

        apply.__annotations__["order"] = wanted
        self.app.post("/sim/change")(apply)

    def _add_controls(self) -> None:
        self.app.state.simulator = self
        # The same routes for all: each would be analysed anew for every simulator that starts.
        self.app.router.routes.extend(_CONTROLS.routes)


_CONTROLS = APIRouter()


def _of(request: Request) -> Simulator:
    simulator: Simulator = request.app.state.simulator
    return simulator


@_CONTROLS.get("/sim/health")
async def health(request: Request) -> dict[str, Any]:
    """Return how a simulator is."""
    one = _of(request)
    return {
        "system": one.name,
        "status": "UP",
        "changes": one.changes,
        "faults": len(one.desk.orders),
        "waiting": one.desk.waiting,
        "latency_ms": one.desk.latency_ms,
    }


@_CONTROLS.get("/sim/faults")
async def faults(request: Request) -> list[FaultOrder]:
    """Return the ordered faults."""
    return _of(request).desk.orders


@_CONTROLS.post("/sim/faults")
async def order_fault(order: FaultOrder, request: Request) -> FaultOrder:
    """Order a fault."""
    _of(request).desk.order(order)
    return order


@_CONTROLS.delete("/sim/faults")
async def clear_faults(request: Request) -> dict[str, int]:
    """Take all orders back."""
    desk = _of(request).desk
    cleared = len(desk.orders)
    desk.clear()
    return {"cleared": cleared}


def _content_fault(request: Request) -> str:
    fault: str = getattr(request.state, "fault", "")
    return fault


#: One of the faults in the content or empty: those an address has to act out in its own words.
ContentFault = Annotated[str, Depends(_content_fault)]
