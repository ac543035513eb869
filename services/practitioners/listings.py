"""从业人员与信息卡: a firm's people with their cards, for the firm, its district and the city; masked (row 42)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from models.imports import ImportSession
from models.practitioner_codes import ApplyKind, ApplyState, CardState
from models.practitioners import CardApply, InfoCard, Practitioner
from models.privacy import Shown
from models.sealed import indexes_of
from models.tenancy_codes import IdType
from services.access.visibility import CITY, ENTERPRISE, firm_id_of_caller
from services.engine.listings import Bulk, Column, Filters, Listing, choice, exact, listed, named, part, sealed, through
from services.engine.orders import OneRow
from services.engine.refusals import Conflict, NotFound
from services.engine.registry import query
from services.engine.search_terms import search_word
from services.engine.work import Work
from services.practitioners.card_moves import activate
from services.practitioners.orders import PersonData
from services.practitioners.records import firm_names, numbered, of_firm, of_practitioner
from services.practitioners.visibility import DISTRICT, READERS
from services.privacy.accesses import note_access

#: More than the city's practitioners.
LONGEST = 300_000


def _cells(work: Work, cards: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    ids = {card.practitioner_id for card in cards if card.practitioner_id}
    found = work.rows(work.visible(Practitioner), col(Practitioner.id).in_(ids)) if ids else []
    holders = {row.id: row for row in found}

    def of_holder(key: str, none: Any = "") -> Callable[[Any], Any]:
        return lambda card: getattr(holders[card.practitioner_id], key) if card.practitioner_id in holders else none

    id_type, id_types = of_holder("id_type"), IdType.labels()
    days = work.thresholds.integer("practitioners.lapse_days")
    return {
        "id_type": lambda card: id_types.get(id_type(card), ""),
        "mobile": of_holder("mobile"),
        "post": of_holder("post"),
        "store": of_holder("store"),
        "hired_on": of_holder("hired_on", None),
        "firm": firm_names(work, cards),
        "may_change": lambda card: card.state is CardState.ACTIVE and card.practitioner_id is not None,
        "last_day": lambda card: card.issued_on and card.issued_on + timedelta(days),
    }


def _note_search(work: Work, filters: Filters) -> None:
    if id_no := search_word(filters.get("id_no", "")):
        note_access(work, indexes_of(work.sealer, "id_no", id_no)[:1], "practitioners.people", Shown.MASKED)


_BATCHES = select(CardApply.card_id).join(ImportSession, col(ImportSession.id) == CardApply.batch_id)
_FILTERS = (
    sealed("name", "姓名", InfoCard.name_index, "name", width=140),
    numbered("card_no", "卡号", InfoCard.card_no, width=180, finds=r"沪\w{2}\d{6,}|(?i:SH)\d{8,}"),
    sealed("id_no", "证件号码", InfoCard.id_no_index, "id_no", width=190, more=True),
    through(InfoCard.practitioner_id, Practitioner.id, part("store", "门店", Practitioner.store, width=150)),
    of_firm(InfoCard),
    through(InfoCard.id, _BATCHES, exact("batch", "导入批次", ImportSession.session_no, upper=True, width=210)),
)

PEOPLE = listed(
    Listing(
        name="practitioners",
        label="从业人员与信息卡",
        roles=READERS,
        table=InfoCard,
        columns=(
            Column("card_no", "卡号", sortable=True, width=124),
            Column("name", "姓名", width=76),
            Column("id_type", "证件类型", shown=False),
            Column("id_no", "证件号码", width=156),
            Column("mobile", "手机号", shown=False),
            Column("post", "岗位", shown=ENTERPRISE, width=84),
            Column("duty", "从业类型", shown=DISTRICT | CITY, width=84),
            Column("store", "门店", shown=ENTERPRISE),
            Column("hired_on", "入职日期", shown=False),
            Column("firm", "所在企业", shown=DISTRICT | CITY),
            Column("state", "状态", width=90),
            Column("origin", "来源", shown=False),
            Column("issued_on", "发卡日期", sortable=True, width=88),
            Column("active_from", "激活日期", sortable=True, width=88),
            Column("cancelled_on", "注销日期", shown=False),
            Column("cancel_reason", "注销原因", shown=False),
        ),
        filters=(choice("state", "状态", InfoCard.state, CardState, width=160), *_FILTERS),
        sort="-card_no",
        look_up=_cells,
        also=("practitioner_id", "portrait_id", "version"),
        counts="state",
        counted=CardState.labels(),
        bulk=(
            Bulk(
                activate,
                lambda line, words: OneRow(line.id),
                "激活所选",
                "task_alt",
                key="f8",
                done="已激活",
                named="card_no",
            ),
        ),
        personal=True,
        persons=lambda work, cards: frozenset(card.id_no_index for card in cards if card.id_no_index),
        on_look=_note_search,
        along=InfoCard.card_no,
        longest=LONGEST,
        empty="没有符合条件的人员。请在“信息卡申办”中新增人员，或用“批量导入”一次申办多人。",
    )
)

WAITING = listed(
    replace(
        PEOPLE,
        name="card_activation",
        label="待激活信息卡",
        roles=ENTERPRISE,
        columns=(
            *(
                replace(column, shown=False) if column.key in ("issued_on", "active_from") else column
                for column in PEOPLE.columns
            ),
            Column("last_day", "最迟激活", sortable=True, sql=InfoCard.issued_on, width=90),
        ),
        # Not by `rows`: of a card that a colleague has activated meanwhile its result is to name it.
        filters=(
            named("waiting", "待激活", {"": ("待激活", InfoCard.state == CardState.PASSED)}, hidden=True),
            *_FILTERS,
        ),
        counts="",
        empty="没有等待激活的信息卡。区房屋管理部门验看通过后，信息卡会出现在这里。",
    )
)


@dataclass(frozen=True)
class CardHolder:
    """The recorded holder of a firm's own card in clear; `open_apply` is a change already begun."""

    card_id: UUID
    card_no: str
    person: PersonData
    portrait_id: UUID | None
    open_apply: UUID | None


@query("practitioners.card_holder", "填写信息卡变更", roles=ENTERPRISE, personal=True)
def card_holder(work: Work, card_id: UUID) -> CardHolder:
    """Return whose data a change of the card begins with."""
    firm_id = firm_id_of_caller(work)
    card = work.get(InfoCard, card_id)
    if card.enterprise_id != firm_id:
        raise NotFound
    holder = None
    if card.practitioner_id is not None:
        holder = work.first(work.visible(Practitioner), Practitioner.id == card.practitioner_id)
    if holder is None:
        raise Conflict("该信息卡由其他来源登记，不能在此变更，请注销后新办")
    note_access(work, [holder.id_no_index], "practitioners.card_holder", Shown.FULL, about=card)
    begun = work.first(
        work.visible(CardApply),
        CardApply.card_id == card.id,
        CardApply.kind == ApplyKind.CHANGE,
        col(CardApply.state).in_((ApplyState.DRAFT, ApplyState.RETURNED)),
    )
    return CardHolder(card.id, card.card_no, of_practitioner(holder), card.portrait_id, begun.id if begun else None)
