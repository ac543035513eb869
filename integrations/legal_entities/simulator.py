"""A legal-person library for demo and tests: every firm of the tables."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from fastapi import HTTPException

from integrations.legal_entities.contract import ENTITY_PATH, EntityBasic, EntityReply, EntityRequest, RegState
from integrations.wire.records import Firm, Records
from integrations.wire.simulator import Change, ContentFault, Simulator
from models.normal import normal_id_no

#: A body that was cancelled and one whose licence was taken away.
EXAMPLES = Path(__file__).with_name("examples.csv")

_STATE: Mapping[str, RegState] = {"存续": "A", "注销": "B", "吊销": "C", "迁出": "D", "撤销": "E"}


class EntityChange(Change):
    """A new state or name of a body, e.g. `{"uscc": "…", "status": "注销"}`."""

    uscc: str
    status: str = ""
    name: str = ""


class LegalEntitiesSimulator(Simulator):
    """Bodies by credit code."""

    def __init__(self, records: Records, *, latency_ms: int = 0) -> None:
        super().__init__("legal_entities", "法人库（模拟）", latency_ms=latency_ms)
        self._firms: dict[str, Firm] = dict(records.firms)
        self._changed_at: dict[str, datetime] = {}
        self.on_change(EntityChange, self._change)

        @self.app.post(ENTITY_PATH)
        async def entity(request: EntityRequest, fault: ContentFault) -> EntityReply:
            uscc = normal_id_no(request.uniScId)
            firm = None if fault == "miss" else self._firms.get(uscc)
            if firm is None:
                return EntityReply(reqSn=request.reqSn, total=0, libTime=self.data_time)
            found = EntityBasic(
                uniScId=firm.uscc,
                entName="另有其名的单位" if fault == "mismatch" else firm.name,
                regState=_STATE[firm.status],
                leRep=firm.legal_rep,
                opScope=firm.scope,
            )
            changed = self._changed_at.get(uscc, self.data_time)
            return EntityReply(reqSn=request.reqSn, total=1, libTime=changed, entity=found)

    def _change(self, change: EntityChange) -> int:
        uscc = normal_id_no(change.uscc)
        firm = self._firms.get(uscc)
        if firm is None:
            return 0
        if change.status and change.status not in _STATE:
            raise HTTPException(422, "unknown state")
        self._firms[uscc] = replace(firm, status=change.status or firm.status, name=change.name or firm.name)
        self._changed_at[uscc] = self.now()
        return 1
