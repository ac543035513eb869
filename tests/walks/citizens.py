"""The walk's part for citizens' pages: sessions, drafts and invitations are the system's, narrowed to the signed-in person."""

from collections.abc import Callable
from functools import partial
from typing import Any

from models.access import Role
from models.citizens import CitizenDraft, CitizenInvitation, CitizenSession
from models.sealed import Sealed
from models.tenancy_codes import Situation
from services.engine.work import Work

ORACLE: dict[Any, Callable[[Any, Any, Any], bool]] = dict.fromkeys(
    (CitizenSession, CitizenDraft, CitizenInvitation), lambda city, caller, row: caller.has(Role.SYSTEM)
)
ORDERS: dict[str, Any] = {}
UNFOREIGN: dict[str, str] = dict.fromkeys(
    ("citizens.draft", "citizens.save", "citizens.drop", "citizens.file", "citizens.submit"),
    "the system's own, narrowed to the signed-in citizen: tried with row 3",
)


def furnish(city: Any) -> None:
    """Sessions, drafts and invitations of four citizens."""
    for number in ("310104199506150028", "310101199901010018", "310115198808080031", "310151196001010063"):
        city.counter.world.act(partial(_furnish, number=number))


def _furnish(work: Work, number: str) -> None:
    work.add(
        CitizenSession(
            digest=f"walk-{number[-4:]}",
            name=Sealed.of("李静"),
            id_type="11",
            id_no=Sealed.of(number),
            started_at=work.at,
            seen_at=work.at,
        )
    )
    work.add(
        CitizenDraft(
            owner_no=Sealed.of(number),
            situation=Situation.NEW,
            content=Sealed.of_json({"values": {}, "files": [], "token": "", "confirms": ""}),
            edited_at=work.now,
        )
    )
    work.add(CitizenInvitation(party_no=Sealed.of(number), case_no="WALK", invited_at=work.now))
