"""Parts that the stories of the demo share: people who act, days that are past, and pictures."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import select

from deploy.demo.tables import DATA
from models.access import Account
from models.identity import id_check_character
from services.access.sessions import caller_of
from services.engine.callers import SYSTEM, Caller
from services.engine.door import Door
from services.engine.refusals import Refusal

log = logging.getLogger("shenfang.demo")


def caller_named(door: Door, login: str) -> Caller:
    """Return a demo account as if it had signed in."""
    with door.database.read() as session:
        account = session.exec(select(Account).where(Account.login == login)).one()
        return caller_of(session, account, "demo", "127.0.0.1", door.clock.today())


def there(door: Door, table: Any, *where: Any) -> bool:
    """Return whether a table has a row, so that a part of the demo is loaded once."""
    return (
        door.look(SYSTEM, lambda work: work.session.exec(select(table.id).where(*where).limit(1)).first()) is not None
    )


@contextmanager
def on_past_days(door: Door) -> Iterator[Callable[[int], date]]:
    """Give a function that puts the business clock of this process so many days back; in the end it is put right."""
    shift = door.clock.shift

    def stand(days_ago: int) -> date:
        door.clock.shift = shift - timedelta(days=days_ago)
        return door.clock.today()

    try:
        yield stand
    finally:
        door.clock.shift = shift


@contextmanager
def left_out(what: str) -> Iterator[None]:
    """Leave out what is refused: a demo with a moved clock goes on without it."""
    try:
        yield
    except Refusal as refusal:
        log.warning("%s of the demo is left out: %s", what, refusal.message)


def id_number(first: str) -> str:
    """An identity number with its check character."""
    return first + id_check_character(first)


def picture(name: str) -> bytes:
    """The content of a picture or paper, drawn by program (`tests/drawn_portraits.py`)."""
    path: Path = DATA / "pictures" / name
    return path.read_bytes()
