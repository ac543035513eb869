"""Shared parts of the practitioners' actions: locked rows, the caller's firm, numbers, stored persons, recipients."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from models.enterprise import Enterprise, ServiceState
from models.normal import BadText, clean_name, clean_text, half_width, normal, without_blanks
from models.practitioners import Brand, CardApply, InfoCard, Practitioner
from models.row_mac import RowTampered
from models.sealed import Sealed, indexes_of
from models.sealing import CryptoError, Sealer
from services.access.visibility import ENTERPRISE
from services.engine.actor_names import person as name_or_office
from services.engine.clock import SHANGHAI
from services.engine.listings import Filter, either, exact, part, through
from services.engine.look_ups import held, row_by, values_by
from services.engine.notices import notify
from services.engine.numbering import number_later
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotAllowed, NotFound
from services.engine.registry import Action, action
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.practitioners.orders import LONGEST, PersonData
from services.practitioners.visibility import DISTRICT
from services.tenancy.paper_words import clerk_name

Table = TypeVar("Table", bound=SQLModel)

_NO_FIRM = "没有查到企业的备案记录，请联系企业所在区房屋管理部门"
_DAYS = ("hired_on", "contract_from", "contract_to")
#: What a person's row holds as the form gives it; the rest is sealed.
OPEN_FIELDS = ("id_type", "qualification", "qualification_no", "post", "store", *_DAYS, "insured")


def held_own(work: Work, table: type[Table], row_id: UUID, version: int = 0) -> Table:
    """Lock and return a row of the caller's own firm, as `held` does."""
    found = held(work, table, row_id, version)
    if found.enterprise_id != work.caller.enterprise_id:  # type: ignore[attr-defined]
        raise NotFound
    return found


def sound(work: Work, *tables: Any) -> Any:
    """Build a clause that leaves out rows changed past the product, so that they stop no others."""
    return sa.and_(*(col(table.id).not_in(work.locked(str(table.__tablename__))) for table in tables))


def of_sound_firm(work: Work, table: Any) -> Any:
    """Build a clause that leaves out rows whose firm was changed past the product."""
    return col(table.enterprise_id).not_in(work.locked("enterprise"))


def kept_file(sealer: Sealer, row: Any, sealed: bytes) -> bytes:
    """The bytes of a file kept in a row; what no longer opens was changed past the product, like a row that fails its MAC."""
    try:
        return sealer.open_file(sealed, str(row.id))
    except CryptoError as problem:
        if problem.retryable:
            raise
        raise RowTampered(str(row.__tablename__), row.id) from problem


def held_firm(work: Work, firm_id: UUID) -> Enterprise:
    """A firm's record, held: two applications of one firm for one person are settled one after the other."""
    firm = work.held(select(Enterprise).where(Enterprise.id == firm_id)).first()
    if firm is None:
        raise NotFound(_NO_FIRM)
    return firm


def firm_of(work: Work, firm_id: UUID) -> Enterprise:
    firm = row_by(work, Enterprise, firm_id)
    if firm is None:
        raise NotFound(_NO_FIRM)
    return firm


def placed_with(firm: Enterprise | None) -> dict[str, Any]:
    """The columns that place a new row with its firm, if it has one."""
    if firm is None:
        return {"enterprise_id": None, "district_code": "", "street_code": ""}
    return {"enterprise_id": firm.id, "district_code": firm.district_code, "street_code": firm.street_code}


def is_suspended(firm: Enterprise) -> bool:
    return firm.service_state is ServiceState.SUSPENDED


def number_apply(work: Work, apply: CardApply) -> None:
    """Number the application before the commit; until then its id takes the place of the unique number."""
    apply.apply_no = f"~{apply.id.hex}"
    number_later(work, "SQ", apply.district_code, work.today, lambda number: setattr(apply, "apply_no", number))


def place_with_firm(apply: CardApply, firm: Enterprise) -> None:
    """An application goes with its firm: the district is that of the firm's record today."""
    if apply.district_code != firm.district_code:
        apply.district_code, apply.street_code = firm.district_code, firm.street_code


def card_number(typed: str) -> str:
    """Return a card number in its stored form: half-width, without blanks, upper case."""
    return without_blanks(half_width(typed)).upper()


# Persons


def person_json(person: PersonData) -> dict[str, Any]:
    """A person as an application keeps him: days as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in vars(person).items()}


def person_of(kept: Any) -> PersonData:
    """The person of an application; what it does not know is empty."""
    known = {one.name for one in fields(PersonData)}
    values = {name: value for name, value in (kept or {}).items() if name in known}
    for name in _DAYS:
        values[name] = date.fromisoformat(values[name]) if values.get(name) else None
    return PersonData(**{"name": "", "id_type": "11", "id_no": "", **values})


def tidy(person: PersonData) -> PersonData:
    """Return the person in stored form; unreadable or overlong texts stay as typed, for the rules to report."""
    values: dict[str, Any] = dict(vars(person))
    for name, longest in LONGEST.items():
        try:
            clean = clean_name if name == "name" else clean_text
            values[name] = clean(str(values[name]), longest)
        except BadText:
            # Cut behind what a rule accepts: a text cut to what fits would pass for one that was meant so.
            values[name] = str(values[name])[:_MOST_KEPT]
    values["id_no"] = normal("id_no", person.id_no)[:40]
    values["mobile"] = normal("phone", person.mobile)[:20]
    return PersonData(**values)


#: Of an unreadable text no more is kept with a draft; longer than any in `LONGEST`.
_MOST_KEPT = 500


def of_practitioner(row: Practitioner) -> PersonData:
    """Return the recorded person."""
    return PersonData(
        name=row.name.plain,
        id_no=row.id_no.plain,
        mobile=row.mobile.plain if row.mobile else "",
        education=row.education.json() if row.education else "",
        note=row.note.json() if row.note else "",
        **{name: getattr(row, name) for name in OPEN_FIELDS},
    )


def practitioner_of(work: Work, firm_id: UUID, id_no: str) -> Practitioner | None:
    return work.first(
        Practitioner,
        Practitioner.enterprise_id == firm_id,
        col(Practitioner.id_no_index).in_(indexes_of(work.sealer, "id_no", id_no)),
    )


def live_card_of(work: Work, id_no: str) -> InfoCard | None:
    """Return the card of a person that is in force, waiting or suspended, at any firm (K04)."""
    return work.first(
        InfoCard, col(InfoCard.id_no_index).in_(indexes_of(work.sealer, "id_no", id_no)), InfoCard.live == 1
    )


# Words


@dataclass(frozen=True)
class Opinion:
    """A decision on a record: when, by which account, what it came to, and the words."""

    at: datetime
    by: str
    decision: str
    words: str


def add_opinion(work: Work, row: Any, words: str) -> None:
    """Add the decision just taken to those before it; what was said earlier stays."""
    told = {
        "at": work.now.isoformat(),
        "by": str(work.caller.account_id or ""),
        "decision": row.state.label,
        "words": words,
    }
    row.opinion = Sealed.of_json([*(row.opinion.json() if row.opinion else []), told])


def opinions_of(row: Any) -> list[Opinion]:
    """Every decision on a record, the earliest first."""
    said = row.opinion.json() if row.opinion else []
    return [Opinion(**{**one, "at": datetime.fromisoformat(one["at"])}) for one in said]


def decided(work: Work, row: CardApply | Brand, words: str) -> None:
    """Note who decided on a record and when, add the words, and give it back."""
    by = "reviewer_id" if isinstance(row, Brand) else "inspector_id"
    setattr(row, by, work.caller.account_id)
    row.decided_at = work.now
    add_opinion(work, row, words)
    row.taken_by = row.taken_at = None
    work.add(row)


def undone(work: Work, row: CardApply | Brand) -> None:
    """Note with a record that its last decision was taken back."""
    add_opinion(work, row, "撤销了刚才的决定")
    work.add(row)


def told_name(work: Work, account_id: UUID | None) -> str:
    """Return who took or decided something: his name for the authority, his office for a firm (decision 60)."""
    return name_or_office(work, account_id) if work.caller.has(*ENTERPRISE) else clerk_name(work, account_id)


def tell_firm(work: Work, firm_id: UUID, subject: str, body: str, about: Any) -> None:
    notify(work, subject, body, about=about, to_enterprise=firm_id)


def tell_district(work: Work, district_code: str, subject: str, body: str, about: Any) -> None:
    """The bureau of a district, whichever of its inspectors looks first."""
    notify(work, subject, body, about=about, to_district=district_code)


def take_row(work: Work, row: Any) -> None:
    """Note that the caller works on a record; what another has taken lately is refused with his name and the time."""
    _not_own(work, row)
    if row.taken_by is not None and row.taken_by != work.caller.account_id and not may_take_over(work, row.taken_at):
        raise Conflict(f"{clerk_name(work, row.taken_by)}已于{_clock(row.taken_at)}领取，请先办理其他申请")
    row.taken_by, row.taken_at = work.caller.account_id, work.now
    work.add(row)


def claim_actions(
    prefix: str, taking: str, releasing: str, waiting: Callable[[Work, OneRow], Any]
) -> tuple[Action[OneRow, int], Action[OneRow, int]]:
    """Declare taking a record that is `waiting` and giving it back; each gives the record's new version."""

    @action(f"practitioners.{prefix}take", taking, roles=DISTRICT, event="DATA.UPDATE")
    def take(work: Work, order: OneRow) -> int:
        row = waiting(work, order)
        take_row(work, row)
        return changed(work, row, "take")

    @action(f"practitioners.{prefix}release", releasing, roles=DISTRICT, event="DATA.UPDATE")
    def release(work: Work, order: OneRow) -> int:
        row = waiting(work, order)
        if row.taken_by not in (None, work.caller.account_id):
            raise Conflict(f"该申请由{clerk_name(work, row.taken_by)}领取，不能由您放回")
        row.taken_by = row.taken_at = None
        work.add(row)
        return changed(work, row, "release")

    def changed(work: Work, row: Any, act: str) -> int:
        work.session.flush()
        work.trail.tell("DATA.UPDATE", f"practitioners.{prefix}{act}", about=row)
        return int(row.version)

    return take, release


def may_take_over(work: Work, taken_at: datetime | None) -> bool:
    """Return whether a record was taken so long ago that a colleague may go on with it."""
    return taken_at is None or work.now - taken_at >= timedelta(
        minutes=work.thresholds.integer("practitioners.take_minutes")
    )


def _not_own(work: Work, row: Any) -> None:
    submitted_by: UUID | None = row.submitted_by
    if submitted_by is not None and submitted_by == work.caller.account_id:
        raise NotAllowed("不能办理自己提交的申请，请由其他同事办理")


def _clock(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%H:%M}" if at else ""


Cell = Callable[[Any], Any]


def numbered(key: str, label: str, column: Any, **look: Any) -> Filter:
    """Rows with a number of a card or an application, typed in any width and case."""
    return Filter(key, label, lambda work, text: col(column) == card_number(search_word(text)), **look)


def of_firm(table: Any) -> Filter:
    """Rows of firms by a part of the name, or the credit code."""
    word = (part("", "", Enterprise.name), exact("", "", Enterprise.uscc, upper=True))
    return through(table.enterprise_id, Enterprise.id, either("firm", "企业", *word, width=220))


def firm_names(work: Work, rows: Sequence[Any]) -> Cell:
    """The name of each row's firm, empty for a row without one."""
    names = values_by(work, Enterprise.id, Enterprise.name, (row.enterprise_id for row in rows))
    return lambda row: names.get(row.enterprise_id, "")


def claim_cells(work: Work, rows: Sequence[Any]) -> dict[str, Cell]:
    """The cells of rows that reviewers claim: who has it, whether the caller does, whether it is the caller's own."""
    me = work.caller.account_id
    names = {by: told_name(work, by) for by in {row.taken_by for row in rows if row.taken_by}}
    return {
        "taken_by": lambda row: names.get(row.taken_by, ""),
        "mine": lambda row: row.taken_by is not None and row.taken_by == me,
        "own": lambda row: row.submitted_by is not None and row.submitted_by == me,
        "overdue": lambda row: row.taken_by not in (None, me) and may_take_over(work, row.taken_at),
    }


def last_words(row: Any) -> str:
    """The words of the newest decision on a row."""
    said = opinions_of(row)
    return said[-1].words if said else ""
