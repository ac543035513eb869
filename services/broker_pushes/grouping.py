"""Which items of a batch may stand in one transaction: those whose judgements cannot depend on each other (row 13)."""

from collections.abc import Sequence

from sqlmodel import col, or_, select

from models.house import House
from models.sealed import indexes_of
from services.broker_pushes.filing import FileItem
from services.engine.work import Work
from services.tenancy.lease_form import LeaseForm

#: What two items may have in common, as words that can be compared.
Relations = frozenset[str]


def relations(work: Work, orders: Sequence[FileItem]) -> list[Relations]:
    """For each item what the rules look at beyond the lease itself: its house and project, its people, its number."""
    forms = [order.reading.form if order.reading and order.reading.clean else None for order in orders]
    codes = sorted({form.house.house_code for form in forms if form and form.house.house_code})
    certs = {index for form in forms if form for index in _cert_indexes(form)}
    wanted = or_(col(House.house_code).in_(codes), col(House.cert_no_index).in_(sorted(certs)))
    found = work.session.exec(
        select(House.id, House.house_code, col(House.cert_no_index), House.project_id).where(wanted)
    ).all()
    by_word: dict[str, set[str]] = {}
    for house_id, code, index, project_id in found:
        named = {f"house {house_id}"} | ({f"project {project_id}"} if project_id else set())
        by_word.setdefault(code, set()).update(named)
        if index:
            by_word.setdefault(index, set()).update(named)
    return [_of(order, form, by_word) for order, form in zip(orders, forms, strict=True)]


def _of(order: FileItem, form: LeaseForm | None, by_word: dict[str, set[str]]) -> Relations:
    item = order.item
    words = {f"number {item.member_uscc} {item.own_no}"}
    if form is not None:
        words.update(*(by_word.get(word, set()) for word in (form.house.house_code, *_cert_indexes(form))))
        words.update(f"person {party.id_no}" for party in (*form.lessors, *form.lessees) if party.id_no)
    return frozenset(words)


def _cert_indexes(form: LeaseForm) -> Sequence[str]:
    """A house is looked up by its certificate only where no code is given."""
    if form.house.house_code or not form.house.cert_no:
        return ()
    return indexes_of("cert_no", form.house.cert_no)


def apart(orders: Sequence[FileItem], related: Sequence[Relations], most: int) -> list[tuple[FileItem, ...]]:
    """Groups of at most `most` items of which no two are related; the first in the batch come first."""
    groups: list[tuple[list[FileItem], set[str]]] = []
    open_from = 0
    for order, words in zip(orders, related, strict=True):
        for group, taken in groups[open_from:]:
            if len(group) < most and taken.isdisjoint(words):
                group.append(order)
                taken |= words
                break
        else:
            groups.append(([order], set(words)))
        while open_from < len(groups) and len(groups[open_from][0]) == most:
            open_from += 1
    return [tuple(group) for group, _ in groups]
