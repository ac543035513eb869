"""The land contracts of the simulated register: recorded sample answers, and changes of them on demand."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException
from pydantic import ValidationError

from integrations.property_register.land_contract import LAND, Crht, LandQuery, LandReply
from integrations.wire.simulator import Change, ContentFault, Simulator
from models.normal import normal_cert_no

#: Recorded answers, a contract each; none of them is of a real parcel.
SAMPLES = Path(__file__).with_name("land_contracts.json")
LAND_CHANGE_PATH = "/sim/land"


class LandChange(Change):
    """Fields of a contract to be replaced by number, e.g. `{"rjl": "2.5"}`; an unknown number makes a new contract."""

    htbh: str
    set: dict[str, Any]


class LandDesk:
    """Contracts by their own number and by their parcel's."""

    def __init__(self, simulator: Simulator) -> None:
        self._told: dict[str, dict[str, Any]] = {}
        self._changed_at: dict[str, datetime] = {}
        self._simulator = simulator
        for told in json.loads(SAMPLES.read_text(encoding="utf-8")):
            self._told[normal_cert_no(told["htbh"])] = told

    def add_addresses(self, app: FastAPI) -> None:
        @app.post(LAND.path)
        async def contract(query: LandQuery, fault: ContentFault) -> LandReply:
            found = None if fault == "miss" else self._find(query)
            now = self._simulator.data_time
            if found is None:
                return LandReply(request_id=query.request_id, fhdm="0001", data_time=now)
            if fault == "mismatch":
                found = found.model_copy(
                    update={"grantee_name": "另有其人置业有限公司", "grantee_uscc": "91310000MA1FL1X2AK"}
                )
            return LandReply(request_id=query.request_id, fhdm="0000", data_time=found.as_of, crht=found)

        @app.post(LAND_CHANGE_PATH)
        async def change(order: LandChange) -> dict[str, int]:
            key = normal_cert_no(order.htbh)
            told = {**self._told.get(key, {"htbh": order.htbh}), **order.set}
            try:
                self._read(told, self._simulator.now())
            except ValidationError as problem:
                raise HTTPException(422, "not a contract") from problem
            self._told[key], self._changed_at[key] = told, self._simulator.now()
            self._simulator.changes += 1
            return {"changed": 1}

    def _find(self, query: LandQuery) -> Crht | None:
        key = normal_cert_no(query.htbh)
        if not key and query.dkbh:
            wanted = normal_cert_no(query.dkbh)
            key = next((no for no, told in self._told.items() if normal_cert_no(told["dkbh"]) == wanted), "")
        told = self._told.get(key)
        return None if told is None else self._read(told, self._changed_at.get(key, self._simulator.data_time))

    @staticmethod
    def _read(told: Mapping[str, Any], at: datetime) -> Crht:
        # As text, for the models of the wire take days and decimals from JSON only.
        written = {**told, "gxsj": "2000-01-01 00:00:00"}
        return Crht.model_validate_json(json.dumps(written, ensure_ascii=False)).model_copy(update={"as_of": at})
