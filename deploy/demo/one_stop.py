"""Applications of the case library in the demo: merged, contradicting, corrected, returned, cancelled together and alone (rows 1, 2)."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlmodel import col, select

from deploy.demo.stories import caller_named, id_number, left_out, on_past_days, there
from deploy.demo.verifications import DemoFlat, free_flats
from models.one_stop import StopCase
from models.one_stop_codes import RefusalGround, StopMaterialKind
from models.tenancy import LeaseFiling
from models.verification import ListingVerification
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI
from services.engine.door import Door
from services.engine.look_ups import values_by
from services.engine.work import Work
from services.one_stop.decisions import decide_case, due_cases
from services.one_stop.intake import TakeMessage, take_message
from services.one_stop.intake_checks import AskCorrection, RefuseCase, ask_for_correction, refuse_case
from services.one_stop.jobs import close_overdue

_CLERK, _CENTRE = "pudong01", "310115"
_FLATS = 8
#: Tenants by name, and the first seventeen digits of their numbers.
_TENANTS = {"闻一舟": "31011519930517204", "陆青禾": "31011519911122318", "简宁宁": "31010419950809166"}


@dataclass
class Library:
    """The case library of the demo: it numbers cases and messages, and sends them."""

    door: Door
    sent: int = 0
    versions: dict[str, int] = field(default_factory=dict)

    def send(self, case_no: str = "", *, kind: str = "SUBMIT", **said: Any) -> str:
        """Send a message of a case; a new case gets a number."""
        self.sent += 1
        today = self.door.clock.today()
        case_no = case_no or f"YWTB{today:%Y%m%d}{self.sent:06d}"
        self.versions[case_no] = self.versions.get(case_no, 0) + 1
        raw = {
            "msg_id": f"DEMO{self.sent:06d}",
            "case_no": case_no,
            "version": self.versions[case_no],
            "event_time": datetime.combine(today, time(9, self.sent % 60), SHANGHAI).isoformat(),
            "kind": kind,
            "item_code": "310-ZLBA-0001",
            "situation": "NEW",
            "channel": "SSB" if self.sent % 3 == 0 else "YWTB",
            "accept_center_code": _CENTRE,
            **said,
        }
        self.door.perform(take_message, SYSTEM, TakeMessage(raw))
        return case_no

    def decide(self) -> None:
        """Decide everything that waits, in order of acceptance."""
        for case_id in self.door.look(SYSTEM, due_cases):
            self.door.perform(decide_case, SYSTEM, case_id)

    def lease(
        self, flat: DemoFlat, tenant: str, *, by: str = "LESSEE", rent: str = "6800", begins: int = 30, **more: Any
    ) -> str:
        """Apply for the filing of a lease of a flat that begins in so many days, by the landlord or the tenant."""
        today = self.door.clock.today()
        lessor = {"name": flat.owner, "id_type": "11", "id_no": flat.owner_id, "mobile": "13800001234"}
        lessee = _person(tenant)
        first = today + timedelta(days=begins)
        form = {
            "house": {"proof_type": "A1", "title_cert_no": flat.cert_no, "address_text": flat.place},
            "lessors": [lessor],
            "lessees": [lessee],
            "sign_date": today.isoformat(),
            "start_date": first.isoformat(),
            "end_date": (first + timedelta(days=364)).isoformat(),
            "rent_amount": rent,
        }
        applicant = {**(lessor if by == "LESSOR" else lessee), "role": by}
        given = more.pop("attachments", _files("APPLICATION", "ID", "TITLE", "CONTRACT"))
        return self.send(applicant=applicant, form=form, attachments=given, **more)

    def cancel(self, filing_no: str, who: dict[str, Any], *, mode: str, days: int) -> str:
        """Apply for the cancellation of a filing by one side."""
        ends = self.door.clock.today() + timedelta(days=days)
        form = {"filing_no": filing_no, "mode": mode, "reason": f"EARLY_{mode}", "termination_date": ends.isoformat()}
        files = _files("APPLICATION", "ID", "AGREEMENT" if mode == "BOTH" else "COMMITMENT")
        return self.send(situation="CANCEL", applicant=who, form=form, attachments=files)


def _person(name: str) -> dict[str, Any]:
    return {"name": name, "id_type": "11", "id_no": id_number(_TENANTS[name]), "mobile": "13900005678"}


def _files(*kinds: str) -> list[dict[str, Any]]:
    names = {one.value: one.label for one in StopMaterialKind}
    return [{"material": kind, "file_name": f"{names[kind]}.pdf", "size": 286_000} for kind in kinds]


def load_one_stop(door: Door) -> None:
    """Send the messages of a month past, and let the system and a clerk act on them."""
    if there(door, StopCase):
        return
    with left_out("一网通办办件"), on_past_days(door) as stand:
        flats = door.look(SYSTEM, _flats)
        if len(flats) < _FLATS:
            return
        library = Library(door)
        stand(33)
        library.lease(flats[0], "简宁宁", attachments=_files("APPLICATION", "ID", "TITLE"))
        stand(9)
        ends_together = library.lease(flats[1], "闻一舟", begins=0)
        library.lease(flats[1], "闻一舟", by="LESSOR", begins=0)
        ends_alone = library.lease(flats[2], "陆青禾", begins=0)
        library.lease(flats[3], "简宁宁", by="LESSOR")
        library.decide()
        stand(6)
        library.lease(flats[3], "闻一舟")
        library.decide()
        stand(4)
        _cancellations(library, flats, ends_together, ends_alone)
        stand(2)
        library.lease(flats[4], "陆青禾", rent="7200")
        library.lease(flats[4], "陆青禾", by="LESSOR", rent="6900")
        library.send(library.lease(flats[5], "闻一舟"), kind="WITHDRAW")
        library.decide()
        _clerk_acts(library, flats)
        stand(0)
        door.perform(close_overdue, SYSTEM, 200)


def _cancellations(library: Library, flats: list[DemoFlat], ends_together: str, ends_alone: str) -> None:
    """Both sides end the first lease, one side the second."""
    numbers = library.door.look(SYSTEM, _filing_numbers)
    first, second = numbers.get(ends_together), numbers.get(ends_alone)
    landlord = {"name": flats[1].owner, "id_type": "11", "id_no": flats[1].owner_id, "mobile": "13800001234"}
    if first:
        library.cancel(first, {**_person("闻一舟"), "role": "LESSEE"}, mode="BOTH", days=5)
        library.cancel(first, {**landlord, "role": "LESSOR"}, mode="BOTH", days=7)
    if second:
        library.cancel(second, {**_person("陆青禾"), "role": "LESSEE"}, mode="ONE", days=10)
    library.decide()


def _clerk_acts(library: Library, flats: list[DemoFlat]) -> None:
    """A clerk asks for more than the system did, and refuses what is not for this office."""
    clerk = caller_named(library.door, _CLERK)
    asked = library.lease(flats[6], "简宁宁", attachments=_files("APPLICATION", "ID", "TITLE"))
    refused = library.lease(flats[7], "陆青禾", attachments=_files("APPLICATION", "ID"))
    ids = library.door.look(SYSTEM, lambda work: {row.case_no: row.id for row in work.rows(StopCase)})
    words = "合同缺少出租人签名页；请一并补充共有人同意出租的证明。"
    kinds = (StopMaterialKind.CONTRACT, StopMaterialKind.COOWNER_CONSENT)
    library.door.perform(ask_for_correction, clerk, AskCorrection(ids[asked], kinds, words))
    why = "申请的是商铺租赁，不属于住房租赁合同备案事项"
    library.door.perform(refuse_case, clerk, RefuseCase(ids[refused], RefusalGround.NOT_OURS, why))


def _filing_numbers(work: Work) -> dict[str, str]:
    """The filing numbers that cases came to, by the numbers of the cases."""
    filed = work.rows(StopCase, col(StopCase.filing_id).is_not(None))
    made = values_by(work, LeaseFiling.id, LeaseFiling.filing_no, (row.filing_id for row in filed))
    return {row.case_no: made[row.filing_id] for row in filed}


def _flats(work: Work) -> list[DemoFlat]:
    """Flats of the clerk's district that no other story of the demo uses."""
    taken = set(work.session.exec(select(ListingVerification.house_id)).all())
    return [one for one in free_flats(work, 400) if one.code.startswith(_CENTRE) and one.code not in taken][-_FLATS:]
