"""`main.py web` with one module more: a page with a button for each lease that its clerk is to file in a drill."""

import json
import os
from collections.abc import Callable
from uuid import UUID

from nicegui import ui as web

import main
import ui.catalogue
from deploy.settings import read_settings
from models.access import Role
from services.engine.findings import Outcome
from services.tenancy.filing import file_lease
from ui.shell.call import call
from ui.shell.modules import Module
from ui.shell.place import Place

KEY = "drill_filing"


def filing_module(leases: dict[str, list[str]]) -> Module:
    """Return the module; `leases` are the contracts of each account."""

    def build(place: Place) -> None:
        told = web.label("尚未备案")

        def button(number: int, contract: str) -> None:
            async def file() -> None:
                decided = await call(file_lease, UUID(contract), quiet=True)
                passed = decided.ok and decided.value.outcome is Outcome.PASS
                told.text = f"回{number}：{decided.value.filing_no if passed else decided.message or '未通过'}"

            web.button(f"备案{number}", on_click=file)

        for number, contract in enumerate(leases.get(str(place.caller.account_id), ())):
            button(number, contract)

    return Module(KEY, "备案演练", "bolt", "counter", frozenset({Role.STREET_CLERK}), build)


def serve(leases: dict[str, list[str]]) -> None:
    shown: Callable[[str], tuple[Module, ...]] = ui.catalogue.modules_of
    ui.catalogue.modules_of = lambda mode: (*shown(mode), filing_module(leases))
    main.serve(read_settings().model_copy(update={"run_worker": False}))


if __name__ == "__main__":
    serve(json.loads(os.environ["DRILL_LEASES"]))
