"""A sharing platform for demo and tests: the land planning permits of a table beside it."""

from pathlib import Path

from integrations.one_map.contract import PERMIT, LandPermit, PermitReply, PermitRequest
from integrations.wire.records import rows_of
from integrations.wire.simulator import ContentFault, Ground, Simulator
from models.normal import normal_number

#: Permits by the field names of the contract: of companies of the demo, one over two parcels, one of another company.
PERMITS = Path(__file__).with_name("permits.csv")


def read_permits(path: Path = PERMITS) -> dict[str, LandPermit]:
    """Read a table of permits by their numbers."""
    rows = ({name: value for name, value in row.items() if value} for row in rows_of(path))
    return {normal_number(permit.permit_no): permit for permit in map(LandPermit.model_validate_strings, rows)}


class OneMapSimulator(Simulator):
    """Certificates by type and number."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("one_map", "资源共享平台（模拟）", latency_ms=ground.latency_ms)
        permits = read_permits()

        @self.app.post(PERMIT.path)
        async def certificate(request: PermitRequest, fault: ContentFault) -> PermitReply:
            permit = None if fault == "miss" else permits.get(normal_number(request.certNo))
            if permit is not None and fault == "mismatch":
                permit = permit.model_copy(update={"permit_no": "地字第000000000000000000号"})
            return PermitReply(
                request_id=request.request_id, total=0 if permit is None else 1, data_time=self.data_time, cert=permit
            )
