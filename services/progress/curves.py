"""工程款曲线: the sums of a construction permit's payments by month (row 71)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from models.access import MARKET
from models.construction import ConstructionPermit
from models.progress import EngineeringPayment
from services.engine.registry import query
from services.engine.work import Work
from services.progress.payments import payments_of

_WAN = Decimal(10_000)


@dataclass(frozen=True)
class PaymentCurve:
    """The sums of a permit in ten thousands of yuan, by month."""

    permit: str
    months: tuple[str, ...]
    output: tuple[Decimal, ...]
    payable: tuple[Decimal, ...]
    paid: tuple[Decimal, ...]


@query("progress.payment_curve", "工程款曲线", roles=set(MARKET))
def payment_curve(work: Work, payment_id: UUID) -> PaymentCurve:
    """Return the curve of the permit that a visible payment is of."""
    payment = work.get(EngineeringPayment, payment_id)
    rows: Sequence[EngineeringPayment] = payments_of(work, payment.construction_permit_id)
    number = work.first(ConstructionPermit.permit_no, ConstructionPermit.id == payment.construction_permit_id)
    return PaymentCurve(
        number or "",
        tuple(row.period for row in rows),
        tuple(row.output_value_cum / _WAN for row in rows),
        tuple(row.payable_cum / _WAN for row in rows),
        tuple(row.paid_cum / _WAN for row in rows),
    )
