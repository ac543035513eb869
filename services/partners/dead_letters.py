"""Undelivered messages of every system: the city sends them again with their request id (rows 1, 2, 23)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import col, or_, select

from models.engine import Outgoing, OutgoingState
from models.partners import Partner
from services.access.visibility import CITY
from services.engine.listings import Column, Filter, Listing, listed, named
from services.engine.outbox import RESEND, sending_of
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.operations.systems import label_of
from services.partners.outgoing import addressee_in, passage_of

_ERRORS = {"NoAnswer": "对方未应答"}
_TRYING = (col(Outgoing.state) == OutgoingState.WAITING) & (col(Outgoing.attempts) > 0)


def _numbered(work: Work, text: str) -> Any:
    number = search_word(text, 100)
    return or_(Outgoing.request_id == number, col(Outgoing.business_key).endswith(number, autoescape=True))


def _addressed(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    labels = dict(work.session.exec(select(Partner.app_id, Partner.label)).all())

    def to(row: Outgoing) -> str:
        system = label_of(row.system)
        passes = passage_of(row.system, row.operation) is not None
        return labels.get(addressee_in(row.business_key), system) if passes else system

    return {"to": to}


def _operation(row: Outgoing) -> str:
    passage = passage_of(row.system, row.operation)
    return passage.label if passage else row.operation


def _key(row: Outgoing) -> str:
    passes = passage_of(row.system, row.operation) is not None
    return row.business_key.split(":", 2)[-1] if passes else row.business_key


LETTERS = listed(
    Listing(
        name="letters",
        label="未送达报文",
        roles=CITY,
        table=Outgoing,
        columns=(
            Column("created_at", "产生时间", sortable=True, width=126),
            Column("to", "发往", width=170),
            Column("operation", "业务", _operation, width=150),
            Column("business_key", "业务号", _key, width=220),
            Column("sending", "发送状态", sending_of, width=120),
            Column("attempts", "已试", number=True, width=52),
            Column(
                "next_at", "下次发送", lambda row: None if row.state is OutgoingState.DEAD else row.next_at, width=126
            ),
            Column("error", "原因", lambda row: _ERRORS.get(row.last_error, row.last_error)),
            Column("request_id", "请求号", width=260),
        ),
        filters=(
            named(
                "waiting",
                "范围",
                {"": ("发送失败", Outgoing.state == OutgoingState.DEAD), "waiting": ("失败后重试中", _TRYING)},
                width=190,
            ),
            Filter("number", "编号", _numbered, width=260),
        ),
        sort="-created_at",
        look_up=_addressed,
        also=("state",),
        bulk=(RESEND,),
        empty="没有发送失败的报文",
    )
)
