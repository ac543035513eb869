"""Test data of the sandbox: leases, verified homes, earlier messages of partners, and a business day that does not change.

`docs/partners/test-data.md` is made of the same files, and a test sends every sample of the handbook to a sandbox.
"""

import json
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlmodel import col, select

import integrations.endpoints  # noqa: F401  (declares every endpoint)
from deploy.demo.direct_pay import end_lease
from deploy.demo.pilot_leases import free_flats
from deploy.demo.stories import caller_named, on_past_days, there
from deploy.demo.tables import cells_of, load
from integrations.wire.exchange.relay import ROOT, relay_at
from models.access import Role
from models.association import AssociationEvent, CardEventKind, EventState, EventWay
from models.direct_pay import RentBill
from models.engine import Outgoing
from models.enterprise import Enterprise
from models.house import RestrictionKind
from models.practitioner_codes import CardEnd
from models.practitioners import InfoCard
from models.sealed import Sealed
from models.tenancy import LeaseFiling
from models.verification import ListingVerification, VerificationCode
from models.verification_codes import VerificationState
from services.demo.clock import follow_clock, move_clock
from services.engine.callers import SYSTEM, Caller
from services.engine.door import Door
from services.engine.jobs import JOBS, BeginDays, begin_days
from services.engine.numbering import code_later
from services.engine.orders import OneRow
from services.engine.registry import action
from services.engine.work import Work
from services.partners.partner_cache import believed
from services.practitioners.card_moves import activate
from services.practitioners.cards import cancel_card
from services.practitioners.records import placed_with
from services.verification.restrictions import NoteRestriction, note_restriction
from services.verification.submission import check_verification

#: The business day of the sandbox, whatever the calendar says: the handbook's samples carry dates.
SANDBOX_DAY = date(2026, 12, 21)
LEASES = "sandbox_leases"
#: How long before that day partners sent what is there: an event of a later day finds it.
_DAYS_AGO = 5
#: How often the registers are asked about a home.
_ASKED_AT_MOST = 5
_MESSAGES, _HOMES = (Path(__file__).with_name(name) for name in ("earlier_messages.json", "earlier_homes.json"))
#: Holders whose cards their firm activated, and the one whose card was then cancelled at our window.
_ACTIVE, _ENDED = ("陈大雨", "吴大暑", "孙小寒", "郑清明"), "孙小寒"
#: The numbers their cards are given on the sandbox's day.
CARDS = {
    "陈大雨": "SH2600000121",
    "吴大暑": "SH2600000137",
    "孙小寒": "SH2600000143",
    "周立夏": "SH2600000159",
    "郑清明": "SH2600000165",
}
#: Number of the cancellation event sent to the association.
OWN_EVENT = "SF019B0A4C1E207D5583A6F1D2C3B4A596"
#: A verified home that was restricted the day before, so that its code ended.
_RESTRICTED = "31011500000010001659"
#: What codes of the sandbox's month and district begin with, and how many are the demo's.
_CODES, _PASSED_OVER = f"310115{SANDBOX_DAY:%y%m}", 100
#: A bill that stays here, so that it can be taken back.
_KEPT_BACK = "ZDHUYU20261200009"


def stand_on_its_day(door: Door) -> None:
    """Put the business clock on the sandbox's day, at the time of day it is; midnight would take it on."""
    if door.clock.today() != SANDBOX_DAY:
        door.perform(move_clock, SYSTEM, SANDBOX_DAY)
        follow_clock(door)


def earlier_messages() -> list[dict[str, Any]]:
    """Messages of partners that came before a developer's, each with what it is there for."""
    found: list[dict[str, Any]] = json.loads(_MESSAGES.read_text(encoding="utf-8"))
    return found


def earlier_homes() -> list[dict[str, Any]]:
    """Requests for verification that came before a developer's, and what was done with their codes, in their order."""
    found: list[dict[str, Any]] = json.loads(_HOMES.read_text(encoding="utf-8"))
    return found


def load_test_data(door: Door) -> None:
    """Load everything the samples name, once; its day does not pass, and no night comes before it."""
    load_leases_and_cards(door)
    load_homes(door)
    nightly = tuple(job.name for job in JOBS.values() if job.at)
    door.perform(begin_days, SYSTEM, BeginDays(nightly, SANDBOX_DAY))


def load_leases_and_cards(door: Door) -> None:
    """Load the leases and have the partners send what there is of mandates, bills, cards and stays."""
    numbers = {cells["filing_no"] for cells in cells_of(LEASES)}
    if there(door, LeaseFiling, LeaseFiling.filing_no == min(numbers)):
        return
    with on_past_days(door) as stand:
        stand(_DAYS_AGO)
        door.perform(load_leases, SYSTEM, None)
        for told in earlier_messages():
            _send(door, told["app_id"], told["path"], told["message"])
        for name in _ACTIVE:
            card = door.look(SYSTEM, partial(card_of, name=name))
            door.perform(activate, caller_named(door, "anju01"), OneRow(card.id))
        door.perform(finish, SYSTEM, None)


def load_homes(door: Door) -> None:
    """Have homes verified whose codes the samples name, and a home restricted since, once."""
    told = earlier_homes()
    first = told[0]["message"]["items"][0]["request_no"]
    if there(door, ListingVerification, ListingVerification.request_no == first):
        return
    with on_past_days(door) as stand:
        door.perform(pass_over_codes, SYSTEM, None)
        for sent in told:
            stand(sent.get("days_ago", _DAYS_AGO))
            _send(door, sent["app_id"], sent["path"], sent["message"])
            _answer_waiting(door)
        door.perform(note_restriction, SYSTEM, NoteRestriction(_RESTRICTED, RestrictionKind.GROUP_LETTING, stand(1)))


@action("sandbox.codes", "空出示例的核验码", roles={Role.SYSTEM}, event="")
def pass_over_codes(work: Work, order: None) -> None:
    """Draw codes for no request, so that the sandbox's have the same numbers however many the demo gives."""
    given = work.rows(VerificationCode.code_no, col(VerificationCode.code_no).startswith(_CODES))
    for _ in range(_PASSED_OVER - len(given)):
        code_later(work, f"HM{_CODES}", _CODES, lambda number: None)


def _answer_waiting(door: Door) -> None:
    """Answer requests on their day, before the worker does on the sandbox's; a register slow at the start is asked again."""
    sent = col(ListingVerification.app_id).is_not(None), ListingVerification.state == VerificationState.SUBMITTED
    for _ in range(_ASKED_AT_MOST):
        for row_id in door.look(SYSTEM, lambda work: work.rows(ListingVerification.id, *sent)):
            door.perform(check_verification, SYSTEM, row_id)


def _send(door: Door, app_id: str, path: str, message: Any) -> None:
    """Have a partner send a message, as its endpoint would take it."""
    relay = relay_at("POST", ROOT + path)
    assert relay is not None
    caller = door.look(SYSTEM, partial(_caller, app_id=app_id))
    read = relay.message.model_validate_json(json.dumps(message))
    door.perform(relay.act, caller, relay.order(read))  # type: ignore[arg-type]


def _caller(work: Work, app_id: str) -> Caller:
    partner = believed(work.session, app_id)
    assert partner is not None
    return partner.caller()


def card_of(work: Work, name: str) -> InfoCard:
    """The card of a person the earlier messages recorded."""
    number = next(
        str(item["own_no"])
        for told in earlier_messages()
        for item in told["message"].get("items", ())
        if item.get("name") == name
    )
    event = work.session.exec(select(AssociationEvent).where(AssociationEvent.event_no == number)).one()
    return work.session.exec(select(InfoCard).where(InfoCard.id == event.card_id)).one()


@action("sandbox.leases", "装载沙箱租约", roles={Role.SYSTEM}, event="DATA.CREATE")
def load_leases(work: Work, order: None) -> int:
    """Let free flats of the library to the tenants of the samples; a lease that is over has ended at the counter."""
    lines = list(cells_of(LEASES))
    firms: dict[str, Any] = {firm.uscc: firm for firm in work.session.exec(select(Enterprise)).all()}
    flats = dict(zip((cells["house"] for cells in lines), free_flats(work, len(lines)), strict=True))
    made = load(work, LEASES, firms | flats)
    for cells in lines:
        flat, lease = flats[cells["house"]], made[cells["key"]]
        flat.last_ticket, flat.enterprise_id = 1, firms[cells["firm"]].id
        work.add(flat)
        if cells["ended"]:
            both = SimpleNamespace(contract=lease.lease_contract, filing=lease.lease_filing)
            end_lease(work, both, date.fromisoformat(cells["ended"]))
    return len(made)


@action("sandbox.finish", "完成沙箱数据", roles={Role.SYSTEM}, event="DATA.CREATE")
def finish(work: Work, order: None) -> None:
    """End a card at our window under a number the handbook knows, and keep a bill from being sent."""
    card, bill = card_of(work, _ENDED), select(RentBill).where(RentBill.bill_no == _KEPT_BACK)
    firm = work.session.get_one(Enterprise, card.enterprise_id)
    # With its time as from outside, no event is queued: its number would be another on each installation.
    cancel_card(work, card, CardEnd.IN_PERSON, outside=work.now)
    work.add(
        AssociationEvent(
            app_id="broker-assoc",
            way=EventWay.OUT,
            event_no=OWN_EVENT,
            kind=CardEventKind.CANCELLED,
            event_at=work.now,
            received_at=work.now,
            uscc=firm.uscc,
            card_no=card.card_no,
            name=Sealed.of(card.name.plain),
            id_no=None if card.id_no is None else Sealed.of(card.id_no.plain),
            card_id=card.id,
            state=EventState.DONE,
            **placed_with(firm),
        )
    )
    kept = select(Outgoing).where(Outgoing.object_id == work.session.exec(bill).one().id)
    for message in work.session.exec(kept).all():
        work.session.delete(message)
