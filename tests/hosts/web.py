"""`main.py web` with one module more: a page with a button for each lease, or batch of pushed leases, of a drill's clerk."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from nicegui import run
from nicegui import ui as web

import main
import ui.catalogue
from deploy.settings import read_settings
from models.access import Role, ScopeKind
from models.push_codes import PushState
from services.broker_pushes.batch_intake import receive_batch
from services.broker_pushes.orders import PushedItem, ReceiveBatch
from services.engine.callers import Caller, Scope
from services.engine.findings import Outcome
from services.tenancy.filing import file_lease
from ui.shell.call import call
from ui.shell.desk import desk_of
from ui.shell.modules import Module
from ui.shell.place import Place

KEY = "drill_filing"
APP = "broker-assoc"
ASSOCIATION = Caller(APP, (Scope(Role.PARTNER, ScopeKind.ORGANISATION, APP),), unit_name="市房地产经纪行业协会")
#: Items that the association pushes together, as their order has them.
Batch = list[dict[str, Any]]


def filing_module(leases: Mapping[str, Sequence[str | Batch]]) -> Module:
    """Return the module; `leases` are the tasks of each account."""

    def build(place: Place) -> None:
        told = web.label("尚未备案")

        def button(number: int, task: str | Batch) -> None:
            async def file() -> None:
                if not isinstance(task, str):
                    # As the endpoint does it, signature and envelope of the message apart.
                    batch = ReceiveBatch(f"{task[0]['own_no']}-B", tuple(PushedItem(**item) for item in task))
                    answer = await run.io_bound(
                        desk_of(web.context.client).door.perform, receive_batch, ASSOCIATION, batch
                    )
                    assert answer is not None
                    told.text = f"回{number}：{sum(one.state is PushState.FILED for one in answer.items)}"
                    return
                decided = await call(file_lease, UUID(task), quiet=True)
                passed = decided.ok and decided.value.outcome is Outcome.PASS
                told.text = f"回{number}：{decided.value.filing_no if passed else decided.message or '未通过'}"

            web.button(f"备案{number}", on_click=file)

        for number, task in enumerate(leases.get(str(place.caller.account_id), ())):
            button(number, task)

    return Module(KEY, "备案演练", "bolt", "counter", frozenset({Role.STREET_CLERK}), build)


def serve(leases: Mapping[str, Sequence[str | Batch]]) -> None:
    shown: Callable[[str], tuple[Module, ...]] = ui.catalogue.modules_of
    ui.catalogue.modules_of = lambda mode: (*shown(mode), filing_module(leases))
    main.serve(read_settings().model_copy(update={"run_worker": False}))


if __name__ == "__main__":
    serve(json.loads(Path(os.environ["DRILL_LEASES"]).read_text(encoding="utf-8")))
