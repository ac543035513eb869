"""Intercepted cases and their reviews, told shortly."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from deploy.demo.offices import Person as Colleague
from deploy.demo.offices import add_account
from models.access import OrgUnit, Role, ScopeKind, UnitKind
from models.documents import IssuedDocument
from models.forced_review import Capacity, ForcedReview
from models.tenancy import GovCase
from services.access.access_list_signature import sign_pending
from services.documents.attachments import KeepAttachment, keep_attachment
from services.engine.refusals import Refusal
from services.engine.work import Work
from services.forced_review.applications import Applied, ApplyReview, Handed, apply_review, wanted
from services.forced_review.decisions import Decided, DecideReview, decide_review
from services.forced_review.stopped_case import apply_sheet
from services.tenancy.filing import Decision
from tests.files_made import png
from tests.services.tenancy.counter import Counter, Flat, Person, party, somebody
from tests.world import World, sealer

#: Two windows of a district centre, its bureau; another district's; two clerks of a community service centre, another's.
TAKER, REVIEWER, BUREAU = "pudong01", "pudong02", "pdju01"
OTHER, OTHER_BUREAU = "xuhui01", "xhju01"
STREET, STREET_TWO, OTHER_STREET = "huamu01", "huamu02", "longhua01"
WHY = "产权人已依法更名，户籍证明已核对，登记信息尚未更新"
GROUNDS = "所提交的材料不能证明出租人与登记权利人为同一人"


@dataclass(frozen=True)
class Stopped:
    """A case that a rule intercepted, and whom it concerns."""

    flat: Flat
    landlord: Person
    tenant: Person
    contract_id: UUID
    decision: Decision

    @property
    def case_id(self) -> UUID:
        return self.decision.case_id


@dataclass
class Reviews:
    counter: Counter

    @property
    def world(self) -> World:
        return self.counter.world

    def perform(self, act: Any, login: str, order: Any) -> Any:
        return self.world.door.perform(act, self.world.caller(login), order)

    def ask(self, query: Any, login: str, order: Any) -> Any:
        return self.world.door.ask(query, self.world.caller(login), order)

    def stopped(self, login: str = TAKER, flat: Flat | None = None, **changes: Any) -> Stopped:
        """A lease by somebody the register does not know (H02)."""
        flat, landlord, tenant = flat or self.counter.free_flat("310115"), somebody("程更名"), somebody()
        raw = self.counter.form(flat, tenant, **{"lessors": [party(landlord)], **changes})
        caller = self.world.caller(login)
        contract_id = self.counter.sign(raw, caller)
        return Stopped(flat, landlord, tenant, contract_id, self.counter.submit(contract_id, caller))

    def scan(self, login: str = TAKER, *, turn: int = 0) -> UUID:
        content = png(3 + turn % 50, 2 + turn // 50)
        kept: UUID = self.perform(keep_attachment, login, KeepAttachment("强制核验材料", "材料.png", content)).id
        return kept

    def order(
        self, stopped: Stopped, codes: tuple[str, ...] = ("H02",), login: str = TAKER, **changes: Any
    ) -> ApplyReview:
        turn = changes.pop("turn", 0)
        capacity = changes.get("capacity", Capacity.PARTY)
        handed = tuple(
            Handed(name, code, original=True, file_id=self.scan(login, turn=turn) if code else None)
            for code, name in wanted(codes, capacity)
        )
        values: dict[str, Any] = {
            "case_id": stopped.case_id,
            "capacity": capacity,
            "reason": WHY,
            "materials": handed,
            "applicant_name": stopped.landlord.name,
            "applicant_id_no": stopped.landlord.id_no,
        }
        return ApplyReview(**values | changes)

    def applied(self, stopped: Stopped | None = None, login: str = TAKER, **changes: Any) -> Applied:
        stopped = stopped or self.stopped(login)
        made: Applied = self.perform(apply_review, login, self.order(stopped, login=login, **changes))
        return made

    def decide(
        self,
        made: Applied,
        login: str = REVIEWER,
        *,
        agree: bool = True,
        opinion: str = "",
        waive: tuple[str, ...] = ("H02",),
    ) -> Decided:
        done: Decided = self.perform(
            decide_review, login, DecideReview(made.id, agree, opinion, waive if agree else ())
        )
        return done

    def refused(self, act: Any, login: str, order: Any) -> str:
        """The words of the refusal that this must meet."""
        try:
            self.perform(act, login, order)
        except Refusal as refusal:
            return refusal.message
        raise AssertionError("it was not refused")

    def row(self, made: Applied) -> ForcedReview:
        found: ForcedReview = self.one(ForcedReview, made.id)
        return found

    def case(self, stopped: Stopped) -> GovCase:
        found: GovCase = self.one(GovCase, stopped.case_id)
        return found

    def colleague(self, login: str, office: str) -> str:
        """One more clerk in an office."""

        def sign_up(work: Work) -> None:
            unit = work.only(OrgUnit, OrgUnit.unit_code == office)
            street = unit.kind is UnitKind.STREET_CENTER
            role, kind = (Role.STREET_CLERK, ScopeKind.STREET) if street else (Role.DISTRICT_CLERK, ScopeKind.DISTRICT)
            code = unit.street_code if street else unit.district_code
            add_account(
                work,
                Colleague(login, "苏同", office, role, kind, code),
                unit,
                sealer().hash_password("nobody types it"),
            )

        self.world.act(sign_up)
        sign_pending(self.world.door)
        return login

    def one(self, table: Any, row_id: UUID | None) -> Any:
        return self.world.read(lambda work: work.session.exec(select(table).where(table.id == row_id)).one())

    def sheet(self, stopped: Stopped, login: str = TAKER) -> Any:
        return self.ask(apply_sheet, login, stopped.case_id)

    def papers(self, object_id: UUID) -> list[tuple[str, dict[str, Any]]]:
        """Titles and page data of the papers about a record."""

        def read(work: Work) -> list[tuple[str, dict[str, Any]]]:
            rows = work.rows(IssuedDocument, IssuedDocument.object_id == object_id, by=col(IssuedDocument.issued_at))
            return [(row.title, row.page.json()["page"]) for row in rows]

        found: list[tuple[str, dict[str, Any]]] = self.world.read(read)
        return found

    def release(self, stopped: Stopped) -> None:
        """The register learns of the landlord's new name."""
        self.register(stopped.flat, owners=f"{stopped.landlord.name}/{stopped.landlord.id_no}/100")

    def register(self, flat: Flat, **changes: str) -> None:
        import httpx

        address = f"{self.world.simulators.base_url('property_register')}/sim/change"
        order = {"cert_no": flat.cert_no, "set": changes}
        httpx.post(address, json=order).raise_for_status()
