"""The companies' certificates of the simulated register: recorded answers, and changes of them on demand (row 64)."""

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException
from pydantic import ValidationError

from integrations.property_register.project_certificate import CERTIFICATE, Bdcqz, CertificateQuery, CertificateReply
from integrations.wire.simulator import Change, ContentFault, Simulator
from models.normal import normal_cert_no

SAMPLES = Path(__file__).with_name("project_certificates.json")
CERTIFICATE_CHANGE_PATH = "/sim/certificate"


class CertificateChange(Change):
    """Fields of a certificate to be replaced by number, such as `{"cfbz": true}`; an unknown number makes a new one."""

    bdcqzh: str
    set: dict[str, Any]


class CertificateDesk:
    """Certificates by number."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        told: list[dict[str, Any]] = json.loads(SAMPLES.read_text(encoding="utf-8"))
        self._told = {normal_cert_no(one["bdcqzh"]): one for one in told}

    def add_addresses(self, app: FastAPI) -> None:
        @app.post(CERTIFICATE.path)
        async def certificate(query: CertificateQuery, fault: ContentFault) -> CertificateReply:
            told = None if fault == "miss" else self._told.get(normal_cert_no(query.bdcqzh))
            now = self._simulator.data_time
            if told is None:
                return CertificateReply(request_id=query.request_id, fhdm="0001", data_time=now)
            if fault == "mismatch":
                told = {**told, "bdcqzh": "沪(2020)市字不动产权第000000号"}
            return CertificateReply(request_id=query.request_id, fhdm="0000", data_time=now, bdcqz=_read(told))

        @app.post(CERTIFICATE_CHANGE_PATH)
        async def change(order: CertificateChange) -> dict[str, int]:
            key = normal_cert_no(order.bdcqzh)
            told = {**self._told.get(key, {"bdcqzh": order.bdcqzh}), **order.set}
            try:
                _read(told)
            except ValidationError as problem:
                raise HTTPException(422, "not a certificate") from problem
            self._told[key] = told
            self._simulator.changes += 1
            return {"changed": 1}


def _read(told: dict[str, Any]) -> Bdcqz:
    # As text, for the models of the wire take days and decimals from JSON only.
    return Bdcqz.model_validate_json(json.dumps(told, ensure_ascii=False))
