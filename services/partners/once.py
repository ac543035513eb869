"""Idempotency: a changing request has one effect, and its repetition gets the stored reply (security.md 4.7)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from models.partners import PartnerExchange, PartnerReply
from models.sealed import Sealed
from services.engine.door import Beside
from services.engine.work import Work


class Repeated(Exception):
    """The request was answered before: `reply` is what it got."""

    def __init__(self, reply: dict[str, Any]) -> None:
        super().__init__("repeated")
        self.reply = reply


class KeyReused(Exception):
    """Raised when the idempotency key belongs to another request."""


class MessageReused(Exception):
    """The message number was seen under another key: an old envelope sent again as something new."""


@dataclass(frozen=True)
class Asked:
    """A request as its repetition would name it."""

    app_id: str
    method: str
    path: str
    key: str
    fingerprint: str
    message_id: str = ""

    def beside(self, reply: Callable[[Any], dict[str, Any]]) -> Beside:
        """The claim and the reply of this request, in one transaction with its effect; `reply` puts a result into words."""
        claimed: list[PartnerReply] = []

        def claim(work: Work) -> None:
            self.look(work)
            claimed[:] = [
                PartnerReply(
                    app_id=self.app_id,
                    method=self.method,
                    path=self.path,
                    idempotency_key=self.key,
                    fingerprint=self.fingerprint,
                    message_id=self.message_id or None,
                    reply=Sealed.of("{}"),
                    at=work.at,
                )
            ]
            work.add(claimed[0])
            # A repeated request waits here for the first one, and finds its reply.
            work.session.flush()

        def settle(work: Work, result: Any) -> None:
            claimed[0].reply = Sealed.of_json(reply(result))
            work.add(claimed[0])

        return Beside(claim, settle)

    def look(self, work: Work) -> None:
        """Raise what is known of this request; nothing when it is new."""
        known = {"app": self.app_id, "method": self.method, "path": self.path, "key": self.key, "mid": self.message_id}
        found = work.session.connection().execute(_KNOWN, known).all()
        mine = next(
            (row for row in found if (row.method, row.path, row.key) == (self.method, self.path, self.key)), None
        )
        if mine is not None:
            if mine.fingerprint != self.fingerprint:
                raise KeyReused
            reply = work.only(PartnerReply, PartnerReply.id == mine.id)
            raise Repeated(reply.reply.json())
        if found:
            raise MessageReused


_REPLY: Any = PartnerReply.__table__  # type: ignore[attr-defined]
_LINE: Any = PartnerExchange.__table__  # type: ignore[attr-defined]
_OF: tuple[Any, Any] = (sa.bindparam("app"), sa.bindparam("mid"))
#: A reply under this key, or under this message number; and a message number the log knows after its reply was forgotten.
_KNOWN = sa.union_all(
    sa.select(
        _REPLY.c.id, _REPLY.c.method, _REPLY.c.path, _REPLY.c.idempotency_key.label("key"), _REPLY.c.fingerprint
    ).where(
        _REPLY.c.app_id == _OF[0],
        _REPLY.c.method == sa.bindparam("method"),
        _REPLY.c.path == sa.bindparam("path"),
        _REPLY.c.idempotency_key == sa.bindparam("key"),
    ),
    sa.select(
        _REPLY.c.id, _REPLY.c.method, _REPLY.c.path, _REPLY.c.idempotency_key.label("key"), _REPLY.c.fingerprint
    ).where(_REPLY.c.app_id == _OF[0], _REPLY.c.message_id == _OF[1], _OF[1] != ""),
    sa.select(_LINE.c.id, sa.literal(""), sa.literal(""), sa.literal(""), sa.literal("")).where(
        _LINE.c.message_id == _OF[1],
        _LINE.c.app_id == _OF[0],
        _LINE.c.direction == "IN",
        _LINE.c.code == "0",
        _OF[1] != "",
    ),
)
