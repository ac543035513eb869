"""Grants by exact match: a person or a record, for today (decisions 7 and 8)."""

from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import PersonGrant, RecordGrant
from models.identity import check_credit_code, check_id_number
from models.normal import normal
from models.sealed import index_of, indexes_of
from services.engine.refusals import Rejected
from services.engine.work import Work

#: How a person was opened whose document a clerk had in hand: on the reader, or the original by eye.
CARD, ORIGINAL = "CARD", "ORIGINAL"
TYPED = "TYPED"
#: A party who has signed at this counter is shown in clear, and shows the document again for another business.
SIGNED = "SIGNED"
DOCUMENT = (CARD, ORIGINAL)


def whole_number(text: str) -> str:
    """Return the number of a document; refuse half of one, and a mistyped one, to which no register has an answer."""
    number = normal("id_no", text)
    if not 5 <= len(number) <= 30:
        raise Rejected("请读取证件，或者输入完整的证件号码")
    flaw = check_id_number(number).problem
    # A company's code of digits alone may have a birthday where a person's number has it.
    if flaw is not None and flaw.code == "CHECK_DIGIT" and check_credit_code(number).problem is not None:
        raise Rejected(flaw.sentence)
    return number


def open_person(work: Work, id_no: str, how: str) -> None:
    """The full number was read or typed at this counter: shown unmasked to this clerk until tonight."""
    index = index_of(work.sealer, "id_no", id_no)
    known = work.first(
        PersonGrant,
        PersonGrant.account_id == work.caller.account_id,
        PersonGrant.id_no_index == index,
        PersonGrant.until_day == work.today,
    )
    if known is None and work.caller.account_id is not None:
        work.add(
            PersonGrant(
                account_id=work.caller.account_id, id_no_index=index, how=how, until_day=work.today, granted_at=work.now
            )
        )
    elif known is not None and how in DOCUMENT and known.how != CARD:
        # Typed first and read afterwards: from now on the document has been here.
        known.how = how
        work.add(known)
    work.trail.tell("PII.READ", "person.open", kind="person", object_id=index[-12:], detail={"how": how})


def open_persons(work: Work) -> frozenset[str]:
    """The number indexes this clerk may see unmasked today."""
    return frozenset(
        work.rows(
            PersonGrant.id_no_index,
            PersonGrant.account_id == work.caller.account_id,
            PersonGrant.until_day >= work.today,
        )
    )


def documents_seen(work: Work) -> frozenset[str]:
    """The number indexes of the persons whose document this clerk had in hand today: only they count as present."""
    return frozenset(
        work.rows(
            PersonGrant.id_no_index,
            PersonGrant.account_id == work.caller.account_id,
            PersonGrant.until_day >= work.today,
            col(PersonGrant.how).in_(DOCUMENT),
        )
    )


def person_is_open(work: Work, id_no: str) -> bool:
    return bool(set(indexes_of(work.sealer, "id_no", id_no)) & open_persons(work))


def open_record(work: Work, row: Any, reason: str, *, account_id: UUID | None = None) -> None:
    """Open one record to this clerk (or another named one) until tonight; opening it twice is no error."""
    account_id = account_id or work.caller.account_id
    if account_id is None:
        return
    known = work.first(
        RecordGrant.id,
        RecordGrant.account_id == account_id,
        RecordGrant.object_kind == row.__tablename__,
        RecordGrant.object_id == row.id,
        RecordGrant.until_day == work.today,
    )
    if known is None:
        work.add(
            RecordGrant(
                account_id=account_id,
                object_kind=row.__tablename__,
                object_id=row.id,
                reason=reason[:200],
                until_day=work.today,
                granted_at=work.now,
            )
        )
        work.trail.tell("DATA.GRANT", "record.open", about=row, detail={"reason": reason[:60]})
