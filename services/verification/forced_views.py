"""An application for forced review as the window and the bureau see it: request and register side by side, with the scans."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.codes import due_day
from models.documents import Attachment
from models.house import House
from models.masking import mask
from models.verification import ForcedVerification, ListingVerification
from models.verification_codes import OPEN_FORCED, ForcedState
from services.access.visibility import CITY
from services.engine.actor_names import person
from services.engine.door import Gathering
from services.engine.findings import numbered
from services.engine.listings import Column, Listing, choice, exact, flag, listed, numbers
from services.engine.look_ups import values_by
from services.engine.registry import query
from services.engine.review_parts import words_of
from services.engine.undo import left_until
from services.engine.work import Work
from services.ports.answers import Title
from services.tenancy.fact_sources import OutsideFacts
from services.verification.fact_sources import gather_home
from services.verification.forced_materials import Capacity
from services.verification.forced_review import BUREAU, OF_FORCED, WINDOW
from services.verification.orders import order_of
from services.verification.result_notes import told_reasons
from services.verification.rules import BY_RULE

READERS = WINDOW | BUREAU | CITY


@dataclass(frozen=True)
class Beside:
    """A particular of the request beside the register's; persons masked."""

    label: str
    requested: str
    registered: str


@dataclass(frozen=True)
class ForcedView:
    """An application with everything a reviewer decides by."""

    id: UUID
    verification_id: UUID
    apply_no: str
    receipt_no: str
    verify_no: str
    state: ForcedState
    address: str
    applicant: str
    capacity: str
    reason: str
    reasons: tuple[str, ...]
    originals: tuple[str, ...]
    scans: tuple[tuple[UUID, str], ...]
    beside: tuple[Beside, ...]
    accepted_at: datetime | None
    due_on: date | None
    overdue: bool
    opinion: str
    second_opinion: str
    closed_note: str
    held_by: str
    decided: bool
    may_undo: bool


def _ask(gathering: Gathering, forced_id: UUID) -> OutsideFacts:
    def read(work: Work) -> Any:
        row = work.get(ForcedVerification, forced_id)
        return order_of(work.get(ListingVerification, row.verification_id).form.plain)

    request = gathering.look(read)
    return gather_home(gathering, request)


@query("forced.view", "强制核验详情", roles=READERS, personal=True, gather=_ask)
def view_forced(work: Work, forced_id: UUID, outside: OutsideFacts) -> ForcedView:
    """Return an application with the register as it answers now; the look is logged."""
    row = work.get(ForcedVerification, forced_id)
    request = work.get(ListingVerification, row.verification_id)
    house = work.session.get(House, row.house_id) if row.house_id else None
    files = work.session.exec(
        select(Attachment).where(Attachment.object_kind == OF_FORCED, Attachment.object_id == row.id)
    ).all()
    return ForcedView(
        id=row.id,
        verification_id=row.verification_id,
        apply_no=row.apply_no or "",
        receipt_no=row.receipt_no or "",
        verify_no=request.verify_no or "",
        state=row.state,
        address=house.address if house else "房屋未查到",
        applicant=f"{row.applicant_name.masked()} {row.applicant_id_no.masked()}",
        capacity=Capacity.of(row.applicant_capacity).label,
        reason=str(row.reason.json()),
        reasons=_reasons(work, row, request),
        originals=tuple(str(one.get("name", "")) for one in row.originals),
        scans=tuple((one.id, str(one.file_name.json())) for one in files),
        beside=tuple(_beside(request, outside.title.value)),
        accepted_at=row.accepted_at,
        due_on=row.due_on,
        overdue=row.overdue or (row.state in OPEN_FORCED and row.due_on is not None and row.due_on < work.today),
        opinion=words_of(row.opinion),
        second_opinion=words_of(row.second_opinion),
        closed_note=row.closed_note,
        held_by=person(work, row.taken_by) if row.taken_by else "",
        decided=row.state not in OPEN_FORCED,
        may_undo=row.state is ForcedState.REFUSED and left_until(work, row.id) is not None,
    )


def _reasons(work: Work, row: ForcedVerification, request: ListingVerification) -> tuple[str, ...]:
    """The failed rules; of a request that has passed since, those that were to be waived."""
    told = tuple(numbered(one.code, one.message) for one in told_reasons(work, request))
    waived = (code for code in row.waived_codes.split(",") if code in BY_RULE)
    return told or tuple(f"{code} {BY_RULE[code].message}" for code in waived)


def _beside(request: ListingVerification, title: Title | None) -> list[Beside]:
    if title is None:
        return [Beside("权属证明", request.cert_no.masked(), "未查到，或者数据来源没有应答")]
    holders = "、".join(mask("name", one.name) for one in title.holders)
    numbers = "、".join(mask("id", one.id_no) for one in title.holders)
    area = f"{request.leased_area:.2f} ㎡" if request.leased_area is not None else "—"
    limits = "、".join(str(one.kind) for one in title.restrictions)
    return [
        Beside("权属证明", request.cert_no.masked(), mask("cert", title.cert_no)),
        Beside("权利人", request.owner_name.masked(), holders),
        Beside("证件号码", request.owner_id_no.masked(), numbers),
        Beside("登记用途", "居住", title.design_use),
        Beside("面积", area, f"{title.build_area:.2f} ㎡"),
        Beside("共有情况", "—", "共有" if len(title.holders) > 1 else "单独所有"),
        Beside("权利限制", "—", limits or "没有"),
    ]


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    addresses = values_by(work, House.id, House.address, [row.house_id for row in rows if row.house_id])
    numbers = values_by(
        work, ListingVerification.id, ListingVerification.verify_no, [row.verification_id for row in rows]
    )

    def due(row: Any) -> str:
        late = row.state in OPEN_FORCED and row.due_on is not None and row.due_on < work.today
        return due_day(row.due_on, late=late or row.overdue)

    return {
        "address": lambda row: addresses.get(row.house_id, ""),
        "verify_no": lambda row: numbers.get(row.verification_id, ""),
        "due": due,
    }


FORCED_REVIEWS = listed(
    Listing(
        name="forced_reviews",
        label="房源强制核验",
        roles=READERS,
        table=ForcedVerification,
        columns=(
            Column("apply_no", "强制核验编号", width=158),
            Column("state", "状态", sortable=True, width=76),
            Column("address", "房屋坐落", wraps=True),
            Column("waived_codes", "申请复核规则", wraps=True, width=90),
            Column("accepted_at", "受理时间", sortable=True, width=126),
            Column("verify_no", "核验编号", width=180, shown=False),
            Column("due", "期限", sortable=True, sql=ForcedVerification.due_on, width=124),
        ),
        filters=(
            choice("state", "状态", ForcedVerification.state, ForcedState),
            exact("number", "强制核验编号", ForcedVerification.apply_no, upper=True, width=200, finds=numbers("QH")),
            flag("overdue", "已超期", col(ForcedVerification.overdue).is_(True)),
        ),
        first=(col(ForcedVerification.state).in_(OPEN_FORCED).desc(),),
        sort="due",
        counts="state",
        counted={"ACCEPTED": "待审核", "ESCALATED": "待复审", "DONE": "已办结", "REFUSED": "未同意"},
        look_up=_cells,
        also=("verification_id", "version"),
        empty="没有符合条件的强制核验",
    )
)
