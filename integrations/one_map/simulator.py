"""A sharing platform for demo and tests: permits recorded in the tables beside it."""

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from integrations.one_map.contract import ENDPOINTS, FORMS, PATH, Certificate, CertType, PermitReply, PermitRequest
from integrations.wire.contract import BEIJING
from integrations.wire.records import rows_of
from integrations.wire.simulator import Change, ContentFault, Ground, Simulator
from models.normal import normal_number

#: Land permits by the field names of the contract: of companies of the demo, one over two parcels, one of another company.
LAND_PERMITS = Path(__file__).with_name("permits.csv")
#: The other permits by type, as JSON, for they have lists.
PERMITS = Path(__file__).with_name("permits.json")
_OTHER_NUMBER = "证字第000000000000000000号"


#: A day counted from today, such as -9d, in the papers of the demo's projects.
_COUNTED = re.compile(r'"([+-]\d+)d"')


def read_permits(today: date | None = None) -> dict[tuple[str, str], Certificate]:
    """Read the recorded permits by type and number."""
    now = today or datetime.now(BEIJING).date()
    text = PERMITS.read_text(encoding="utf-8")
    counted = _COUNTED.sub(lambda found: f'"{now + timedelta(days=int(found[1]))}"', text)
    told: dict[str, list[dict[str, Any]]] = json.loads(counted)
    permits = [(kind, FORMS[kind].model_validate_json(json.dumps(one))) for kind, of in told.items() for one in of]  # type: ignore[index]
    for row in rows_of(LAND_PERMITS):
        filled = {name: value for name, value in row.items() if value}
        permits.append(("YDGHXKZ", FORMS["YDGHXKZ"].model_validate_strings(filled)))
    return {(kind, normal_number(permit.permit_no)): permit for kind, permit in permits}


class PermitChange(Change):
    """A certificate that is recorded from now on, in place of the one of its type and number, if there is one."""

    certType: CertType  # noqa: N815
    cert: dict[str, Any]


class OneMapSimulator(Simulator):
    """Certificates by type and number."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("one_map", "资源共享平台（模拟）", latency_ms=ground.latency_ms)
        permits = read_permits()

        def record(change: PermitChange) -> int:
            permit = FORMS[change.certType].model_validate_json(json.dumps(change.cert))
            permits[change.certType, normal_number(permit.permit_no)] = permit
            return 1

        self.on_change(PermitChange, record)

        @self.app.post(PATH)
        async def certificate(request: PermitRequest, fault: ContentFault) -> Any:
            permit = None if fault == "miss" else permits.get((request.certType, normal_number(request.certNo)))
            if permit is not None and fault == "mismatch":
                permit = permit.model_copy(update={"permit_no": _OTHER_NUMBER})
            reply: PermitReply[Any] = ENDPOINTS[request.certType].reply(
                request_id=request.request_id, total=0 if permit is None else 1, data_time=self.data_time, cert=permit
            )
            said = reply.model_dump(mode="json", by_alias=True)
            # Two certificates of one number are no answer: it does not say which of them is meant.
            return {**said, "total": 2} if permit is not None and fault == "twice" else said
