"""The city's case library in a test: it sends applications for flats of the counter, and cancellations of their filings."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import select

from models.one_stop import StopCase
from services.engine.callers import SYSTEM
from services.engine.work import Work
from services.one_stop.decisions import decide_case
from services.one_stop.intake import TakeMessage, take_message
from tests.services.tenancy.counter import Counter, Flat, Person

ALL = ("APPLICATION", "ID", "TITLE", "CONTRACT")
_NUMBERS = count(1)


@dataclass
class Library:
    """Sends messages and has cases decided."""

    counter: Counter

    def send(self, applicant: dict[str, Any], form: dict[str, Any], files: tuple[str, ...], **more: Any) -> UUID:
        """Send a new application; the id of its case."""
        number = next(_NUMBERS)
        now = self.counter.world.door.clock.now()
        raw = {
            "msg_id": f"PAGES{number:05d}",
            "case_no": f"YWTB2027{number:08d}",
            "version": 1,
            "event_time": now.isoformat(),
            "kind": "SUBMIT",
            "item_code": "310-ZLBA-0001",
            "situation": "NEW",
            "channel": "YWTB",
            "accept_center_code": "310115",
            "applicant": applicant,
            "form": form,
            "attachments": [{"material": one, "file_name": f"{one}.pdf", "size": 2048} for one in files],
            **more,
        }
        self.counter.world.door.perform(take_message, SYSTEM, TakeMessage(raw))
        return self.case(str(raw["case_no"])).id

    def lease(
        self, flat: Flat, tenant: Person, *, by: str = "LESSEE", rent: str = "6500", files: tuple[str, ...] = ALL
    ) -> UUID:
        """Apply for the filing of a lease that begins today."""
        today = self.counter.world.door.clock.today()
        lessor, lessee = said(flat.owners[0]), said(tenant)
        form = {
            "house": {"proof_type": "A1", "title_cert_no": flat.cert_no, "district_code": flat.line["district_code"]},
            "lessors": [lessor],
            "lessees": [lessee],
            "sign_date": today.isoformat(),
            "start_date": today.isoformat(),
            "end_date": (today + timedelta(days=364)).isoformat(),
            "rent_amount": rent,
        }
        return self.send({**(lessor if by == "LESSOR" else lessee), "role": by}, form, files)

    def cancel(self, filing_no: str, who: Person, role: str, *, days: int, mode: str = "BOTH") -> UUID:
        """Apply for a cancellation that ends the lease in so many days."""
        ends = self.counter.world.door.clock.today() + timedelta(days=days)
        form = {"filing_no": filing_no, "mode": mode, "reason": f"EARLY_{mode}", "termination_date": ends.isoformat()}
        files = ("APPLICATION", "ID", "AGREEMENT" if mode == "BOTH" else "COMMITMENT")
        return self.send({**said(who), "role": role}, form, files, situation="CANCEL")

    def decide(self, *cases: UUID) -> None:
        """Decide these cases, in order."""
        for case_id in cases:
            self.counter.world.door.perform(decide_case, SYSTEM, case_id)

    def case(self, number: UUID | str) -> StopCase:
        """A case by its id or number."""
        key = StopCase.id if isinstance(number, UUID) else StopCase.case_no

        def read(work: Work) -> StopCase:
            return work.session.exec(select(StopCase).where(key == number)).one()

        found: StopCase = self.counter.world.read(read)
        return found


def said(person: Person) -> dict[str, Any]:
    """A person as the library names one."""
    return {"name": person.name, "id_type": "11", "id_no": person.id_no, "mobile": "13800001234"}
