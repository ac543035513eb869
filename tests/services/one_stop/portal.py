"""What citizens do on the portal, for tests: messages of the case library about flats of the base library."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import httpx
from sqlmodel import col, select

from models.one_stop import StopCase
from models.tenancy import LeaseFiling
from services.engine.callers import SYSTEM
from services.engine.jobs import run_job
from services.one_stop.intake import TakeMessage, Taken, take_message
from tests.services.tenancy.counter import Counter, Filed, Flat, Person, somebody
from tests.world import World

NEW = ("APPLICATION", "ID", "TITLE", "CONTRACT")
_FILES = {"APPLICATION": "申请书.pdf", "ID": "身份证.jpg", "TITLE": "不动产权证.pdf"}
_SERIAL = count(1)


def person(one: Person) -> dict[str, str]:
    return {"name": one.name, "id_type": "11", "id_no": one.id_no, "mobile": "13800000000"}


@dataclass
class Portal:
    """A counter's world, and the messages it was sent."""

    counter: Counter
    sent: list[dict[str, Any]] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.counter.world

    @property
    def today(self) -> date:
        return self.world.door.clock.today()

    def lease(self, flat: Flat, tenants: tuple[Person, ...], **changes: Any) -> dict[str, Any]:
        """The form of a lease from next month for a year; the certificate as citizens type it."""
        house = {"proof_type": "A1", "title_cert_no": flat.cert_no, "district_code": flat.line["district_code"]}
        start = self.today + timedelta(days=20)
        return {
            "house": house,
            "deal_kind": "SELF",
            "lease_mode": "WHOLE",
            "rooms": [],
            "lessors": [person(flat.owners[0])],
            "lessees": [person(one) for one in tenants],
            "sign_date": (self.today - timedelta(days=2)).isoformat(),
            "start_date": start.isoformat(),
            "end_date": (start + timedelta(days=364)).isoformat(),
            "rent_amount": "5200.00",
            "rent_unit": "MONTH",
            **changes,
        }

    def message(self, kind: str = "SUBMIT", **given: Any) -> dict[str, Any]:
        """A message as the library writes it; `case_no` is new unless it is given."""
        serial = next(_SERIAL)
        papers, empty = given.pop("papers", ()), given.pop("empty", ())
        files = [
            {"material": one, "file_name": _FILES.get(one, f"{one}.pdf"), "size": 0 if one in empty else 4096}
            for one in papers
        ]
        return {
            "msg_id": f"T{serial:06}",
            "case_no": f"YWTB{serial:010}",
            "version": 1,
            "event_time": self.world.door.clock.now().isoformat(),
            "kind": kind,
            "item_code": "310-ZLBA-0001",
            "situation": "NEW",
            "channel": "YWTB",
            "accept_center_code": "310115",
            "attachments": files,
            **given,
        }

    def take(self, message: dict[str, Any]) -> Taken:
        """Deliver a message."""
        self.sent.append(message)
        taken: Taken = self.world.door.perform(take_message, SYSTEM, TakeMessage(message))
        return taken

    def apply(self, form: dict[str, Any], who: Person, role: str = "LESSEE", **more: Any) -> str:
        """Apply for a filing with every material; gives the case's number."""
        applicant = {**person(who), "role": role}
        message = self.message(form=form, applicant=applicant, **{"papers": NEW, **more})
        self.take(message)
        return str(message["case_no"])

    def further(self, case_no: str, kind: str, **more: Any) -> Taken:
        """A newer version of a case."""
        version = self.case(case_no).content_version + 1
        return self.take(self.message(kind, case_no=case_no, version=version, **more))

    def ask_to_cancel(
        self, filed: Filed, who: Person, role: str, *, days: int = 3, mode: str = "BOTH", **more: Any
    ) -> str:
        """Apply for a cancellation, the lease to end so many days from now."""
        papers = ("APPLICATION", "ID") + (("COMMITMENT",) if mode == "ONE" else ())
        form = {
            "filing_no": filed.decision.filing_no,
            "mode": mode,
            "reason": "EARLY_BOTH" if mode == "BOTH" else "EARLY_ONE",
            "termination_date": (self.today + timedelta(days=days)).isoformat(),
        }
        applicant = {**person(who), "role": role, **more.pop("applicant", {})}
        message = self.message(situation="CANCEL", form=form, applicant=applicant, **{"papers": papers, **more})
        self.take(message)
        return str(message["case_no"])

    def case(self, case_no: str) -> StopCase:
        found: StopCase = self.world.read(
            lambda work: work.session.exec(select(StopCase).where(StopCase.case_no == case_no)).one()
        )
        return found

    def states(self, *cases: str) -> list[str]:
        return [self.case(one).state.value for one in cases]

    def filing_nos(self, *cases: str) -> set[str]:
        """The numbers of the filings that cases got."""
        ids = {self.case(one).filing_id for one in cases}
        found = self.world.read(lambda work: work.rows(LeaseFiling, col(LeaseFiling.id).in_(ids - {None})))
        return {one.filing_no for one in found} | ({""} if None in ids else set())

    def run(self, job: str) -> None:
        run_job(self.world.door, job)

    def decide(self) -> None:
        self.run("one_stop.decide")

    def send_states(self, times: int = 4) -> list[dict[str, Any]]:
        """Send what waits, and give what the library has received."""
        for _ in range(times):
            self.world.let_pass(minutes=2)
            self.run("outbox.send")
        url = self.world.simulators.base_url("one_stop")
        received: list[dict[str, Any]] = httpx.get(f"{url}/sim/received").json()
        return received

    def feed(self, message: dict[str, Any]) -> None:
        """Put a message into the library's feed."""
        url = self.world.simulators.base_url("one_stop")
        httpx.post(f"{url}/sim/change", json={"message": message}).raise_for_status()

    def tenants(self, number: int = 2) -> tuple[Person, ...]:
        names = ("李静", "王磊", "赵敏", "孙立")
        return tuple(somebody(name) for name in names[:number])
