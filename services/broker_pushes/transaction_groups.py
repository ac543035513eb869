"""Groups of batch items that may share a transaction because their judgements are independent (row 13)."""

from collections.abc import Sequence

from sqlmodel import col, or_, select

from models.house import House
from models.normal import normal
from models.sealed import indexes_of
from models.sealing import Sealer
from services.broker_pushes.filing import FileItem
from services.engine.work import Work
from services.tenancy.lease_form import LeaseForm

#: What two items may have in common, as words that can be compared.
Relations = frozenset[str]
#: What is decided by who came first; the others only must not be judged in one transaction.
_IN_TURN = ("house ", "number ")


def relations(work: Work, orders: Sequence[FileItem]) -> list[Relations]:
    """For each item what the rules look at beyond the lease itself: its house and project, its people, its number."""
    forms = [order.reading.form if order.reading and order.reading.clean else None for order in orders]
    codes = sorted({form.house.house_code for form in forms if form and form.house.house_code})
    certs = {index for form in forms if form for index in _cert_indexes(work.sealer, form)}
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
    return [_of(work.sealer, order, form, by_word) for order, form in zip(orders, forms, strict=True)]


def _of(sealer: Sealer, order: FileItem, form: LeaseForm | None, by_word: dict[str, set[str]]) -> Relations:
    item = order.item
    words = {f"number {item.member_uscc} {item.own_no}"}
    if form is not None:
        words.update(*(by_word.get(word, set()) for word in (form.house.house_code, *_cert_indexes(sealer, form))))
        people = (*form.lessors, *form.lessees)
        words.update(f"person {normal('id_no', party.id_no)}" for party in people if party.id_no)
    return frozenset(words)


def _cert_indexes(sealer: Sealer, form: LeaseForm) -> Sequence[str]:
    """A house is looked up by its certificate only where no code is given."""
    if form.house.house_code or not form.house.cert_no:
        return ()
    return indexes_of(sealer, "cert_no", form.house.cert_no)


def apart(orders: Sequence[FileItem], related: Sequence[Relations], most: int) -> list[list[tuple[FileItem, ...]]]:
    """Return rounds of groups of at most `most` items of which no two are related.

    Items of a house or number are in different rounds in their order, so that the first sent is judged first. Groups of
    a round may be filed side by side; a common person or project only keeps items in different groups.
    """
    rounds: list[list[tuple[FileItem, Relations]]] = []
    last: dict[str, int] = {}
    for order, words in zip(orders, related, strict=True):
        own = [word for word in words if word.startswith(_IN_TURN)]
        place = max((last[word] + 1 for word in own if word in last), default=0)
        last.update(dict.fromkeys(own, place))
        if place == len(rounds):
            rounds.append([])
        rounds[place].append((order, words))
    return [_grouped(items, most) for items in rounds]


def _grouped(items: Sequence[tuple[FileItem, Relations]], most: int) -> list[tuple[FileItem, ...]]:
    groups: list[tuple[list[FileItem], set[str]]] = []
    full = 0
    for order, words in items:
        for group, taken in groups[full:]:
            if len(group) < most and taken.isdisjoint(words):
                group.append(order)
                taken |= words
                break
        else:
            groups.append(([order], set(words)))
        while full < len(groups) and len(groups[full][0]) == most:
            full += 1
    return [tuple(group) for group, _ in groups]
