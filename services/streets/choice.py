"""The street in which a user of several works: the main one until another is chosen for the session (row 50)."""

from dataclasses import dataclass

from models.access import Role
from models.streets import StreetChoice
from services.access.street_scope import rights_of
from services.engine.refusals import NotFound
from services.engine.registry import action, query
from services.engine.work import Work
from services.streets.links import street_name

USERS = {Role.STREET_CLERK}


@dataclass(frozen=True)
class OwnStreet:
    """A street of the caller; `at_work` is the one in which the caller works now."""

    code: str
    name: str
    duty: str
    main: bool
    at_work: bool


@query("streets.mine", "本人关联的街镇", roles=USERS)
def own_streets(work: Work, order: None) -> list[OwnStreet]:
    """Return the streets the caller may work in today, the main one first."""
    account_id = work.caller.account_id
    rights = rights_of(work.session, [account_id], work.today).get(account_id, []) if account_id else []
    return [
        OwnStreet(
            one.street, street_name(work, one.street), one.duty.label, one.main, one.street == work.caller.street_code
        )
        for one in rights
    ]


@action("streets.choose", "选择工作街镇", roles=USERS, event="AUTH.SCOPE")
def choose_street(work: Work, street_code: str) -> None:
    """Work in another of the own streets from the next request on, until the session ends."""
    if street_code not in work.caller.streets or work.caller.account_id is None:
        raise NotFound("您没有关联这个街镇，或关联已到期")
    row = work.first(StreetChoice, StreetChoice.account_id == work.caller.account_id)
    if row is None:
        row = StreetChoice(account_id=work.caller.account_id, session_digest="", street_code="")
    row.session_digest, row.street_code = work.caller.session[:64], street_code
    work.add(row)
    work.trail.tell("AUTH.SCOPE", "streets.choose", about=row, detail={"street": street_code})
