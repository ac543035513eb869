"""A legal-person library for demo and tests: every firm of the tables, the market's companies in full."""

import json
from datetime import date, datetime
from pathlib import Path

from integrations.legal_entities.bodies import read_bodies
from integrations.legal_entities.contract import (
    ENTITY,
    FULL,
    EntityBasic,
    EntityFull,
    EntityReply,
    EntityRequest,
    FullReply,
    FullRequest,
)
from integrations.legal_entities.simulated_changes import EntityChange, EntityChanges, changed
from integrations.wire.contract import BEIJING
from integrations.wire.simulator import ContentFault, Ground, Simulator
from models.normal import normal_id_no

#: A body that was cancelled and one whose licence was taken away.
EXAMPLES = Path(__file__).with_name("examples.csv")
#: What has happened in the demo: pledges, shares not paid, a listing.
STORY = Path(__file__).with_name("story.json")


class LegalEntitiesSimulator(Simulator):
    """Bodies by credit code, and in full by code or name."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("legal_entities", "法人库（模拟）", latency_ms=ground.latency_ms)
        self._bodies = read_bodies(ground.data_dir / "fixtures", ground.records.firms)
        self._before: dict[str, list[EntityFull]] = {}
        self._changed_at: dict[str, datetime] = {}
        self.on_change(EntityChange, self._change)
        for told in json.loads(STORY.read_text(encoding="utf-8")) if ground.demo else ():
            self._change(EntityChange.model_validate(told))

        @self.app.post("/sim/changes")
        async def change_many(order: EntityChanges) -> dict[str, int]:
            touched = sum(self._change(change) for change in order.changes)
            self.changes += touched
            return {"changed": touched}

        @self.app.post(ENTITY.path)
        async def entity(request: EntityRequest, fault: ContentFault) -> EntityReply:
            uscc = normal_id_no(request.uniScId)
            body = None if fault == "miss" else self._bodies.get(uscc)
            if body is None:
                return EntityReply(request_id=request.request_id, total=0, data_time=self.data_time)
            found = EntityBasic.model_validate(body, from_attributes=True)
            if fault == "mismatch":
                found = found.model_copy(update={"name": "另有其名的单位"})
            return EntityReply(request_id=request.request_id, total=1, data_time=self._time_of(uscc), entity=found)

        @self.app.post(FULL.path)
        async def full(request: FullRequest, fault: ContentFault) -> FullReply:
            uscc = normal_id_no(request.uniScId)
            bodies = [self._bodies[uscc]] if uscc in self._bodies else []
            if not uscc and request.entName:
                bodies = [body for body in self._bodies.values() if body.name == request.entName]
            if fault == "miss" or len(bodies) != 1:
                total = 0 if fault == "miss" else len(bodies)
                return FullReply(request_id=request.request_id, total=total, data_time=self.data_time)
            body = bodies[0]
            at = self._time_of(body.uscc)
            if fault == "mismatch":
                body = body.model_copy(update={"uscc": "91310000MA0000000X"})
            return FullReply(request_id=request.request_id, total=1, data_time=at, entity=body)

    def _time_of(self, uscc: str) -> datetime:
        return self._changed_at.get(uscc, self.data_time)

    def _change(self, change: EntityChange) -> int:
        uscc = normal_id_no(change.uscc)
        body = self._bodies.get(uscc)
        if body is None and change.new and change.name:
            body = EntityFull(uscc=uscc, name=change.name, status="存续", company_type="有限责任公司")
        if body is None:
            return 0
        kept = self._before.setdefault(uscc, [])
        if change.undo:
            if not kept:
                return 0
            self._bodies[uscc] = kept.pop()
        else:
            after = changed(body, change, self._today())
            if uscc in self._bodies:
                kept.append(body)
            else:
                # What it was founded with is no alteration.
                after = after.model_copy(update={"changes": ()})
            self._bodies[uscc] = after
        self._changed_at[uscc] = self.now()
        return 1

    @staticmethod
    def _today() -> date:
        return datetime.now(BEIJING).date()
