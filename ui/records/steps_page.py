"""审核环节: what waits for a reviewer's word and in whose hands it is; given to another, one by one or all of one person's."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.engine.cycle_reassignment import STEPS as OPEN_STEPS
from services.engine.cycle_reassignment import Person, Taker, reassign, step_holders
from ui.records.record_dialogs import ask_who
from ui.records.record_page import open_record
from ui.shell.call import call
from ui.shell.list_view import ListView
from ui.shell.modules import Module
from ui.shell.place import Place

KEY = "record_steps"
#: Reviewers are offered by the first of so many steps.
_MOST = 200


class StepsPage:
    """An administrator in front of everything that waits for reviewers."""

    def __init__(self, place: Place, holders: Sequence[Person]) -> None:
        self.place = place
        self.names = {str(one.id): one.name for one in holders}
        self.grid = ListView(
            place,
            OPEN_STEPS,
            opens=lambda line: open_record(place, line.kind, line.record_id, line.id),
            open_key="",
            on_loaded=self._loaded,
            options={"holder": _options(holders)},
            asks={reassign.name: self._ask},
        )
        self.all_moving = place.command(
            "转交此人全部", self.move_all, icon="group_remove", key="f2", needs="请先按承办人查询"
        )

    async def _loaded(self, found: Any) -> None:
        self.all_moving.enable(bool(self.grid.view.text("holder")) and found.total > 0)
        answer = await call(step_holders, quiet=True)
        if answer.ok:
            self._offer(answer.value)

    def _offer(self, holders: Sequence[Person]) -> None:
        """Say anew how many steps each person has; whose have all gone stays chosen: that list is empty now."""
        options, chosen = _options(holders), self.grid.view.text("holder")
        if chosen in self.names and chosen not in options:
            options[chosen] = f"{self.names[chosen]}（0件）"
        self.names |= {str(one.id): one.name for one in holders}
        self.grid.offer("holder", options)

    async def move_all(self) -> None:
        """Reassign all open steps of the filtered person, over all pages."""
        if self.grid.bulk:
            await self.grid.act_on_all(reassign)

    async def _ask(self, ids: Sequence[UUID]) -> Taker:
        held = any(line.taken_by or line.assigned_to for line in self.grid.ticked)
        return await ask_who(ids[:_MOST], f"共 {len(ids)} 个审核环节。", held=held)


def _options(holders: Sequence[Person]) -> dict[str, str]:
    return {str(one.id): f"{one.name}（{one.holds}件{'，已不能登录' if one.gone else ''}）" for one in holders}


async def build(place: Place) -> None:
    answer = await call(step_holders)
    page = StepsPage(place, answer.value if answer.ok else ())
    await page.grid.load()


STEPS = Module(
    KEY, "审核环节", "alt_route", "review", OPEN_STEPS.exported_by | OPEN_STEPS.roles, build, listing=OPEN_STEPS.name
)
