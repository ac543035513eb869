"""Items of a batch filed together: only those that cannot change each other's judgement (row 13)."""

from typing import Any

import pytest
from sqlmodel import col, select

from models.engine import NumberCounter
from models.push_codes import PushState
from models.pushes import BrokerPush
from services.broker_pushes.batch_intake import OpenBatch, open_batch
from services.broker_pushes.filing import FileItem, FileItems, file_items, read_item
from services.broker_pushes.transaction_groups import apart, relations
from services.engine.refusals import Conflict
from tests.services.broker_pushes.association import Association, codes, tenants
from tests.services.tenancy.counter import somebody

pytestmark = pytest.mark.row(13)

FILED, REFUSED = PushState.FILED, PushState.REFUSED


def order(item: Any) -> FileItem:
    return FileItem(item, fresh=True, reading=read_item(item))


def rounds(association: Association, *items: Any) -> list[list[list[str]]]:
    """The own numbers of the rounds and groups these items are filed in."""
    orders = [order(item) for item in items]
    related = association.world.door.look(association.caller, lambda work: relations(work, orders))
    return [[[one.item.own_no for one in group] for group in groups] for groups in apart(orders, related, 8)]


def test_unrelated_items_stand_together_up_to_the_limit(association: Association) -> None:
    items = [association.item() for _ in range(9)]
    numbers = [item.own_no for item in items]
    assert rounds(association, *items) == [[numbers[:8], numbers[8:]]]


def test_a_house_or_a_number_in_common_puts_items_in_turn_and_a_tenant_keeps_them_apart(
    association: Association,
) -> None:
    flat, tenant = association.counter.free_flat(), somebody()
    one, house = association.item(flat), association.item(flat)
    person, same = association.item(lessees=tenants(tenant)), association.item(lessees=tenants(tenant))
    number = association.item(own_no=one.own_no, attempt=2)
    assert rounds(association, one, house) == [[[one.own_no]], [[house.own_no]]]
    assert rounds(association, person, same) == [[[person.own_no], [same.own_no]]]
    assert rounds(association, one, number) == [[[one.own_no]], [[number.own_no]]]
    # What is related to nobody goes with the first.
    assert rounds(association, one, house, person) == [[[one.own_no, person.own_no]], [[house.own_no]]]


def test_whoever_was_sent_first_is_judged_first_through_a_chain_too(association: Association) -> None:
    tenant, flat = somebody(), association.counter.free_flat()
    first = association.item(lessees=tenants(tenant))
    second = association.item(flat, lessees=tenants(tenant))
    third = association.item(flat)
    assert rounds(association, first, second, third) == [[[first.own_no], [second.own_no]], [[third.own_no]]]
    answer = association.push(first, second, third)
    assert [one.state for one in answer.items] == [FILED, FILED, REFUSED]


def test_a_document_is_the_same_with_and_without_its_hyphen(association: Association) -> None:
    typed = [{**tenants(somebody())[0], "id_type": "22", "id_no": number} for number in ("AB-123456", "AB123456")]
    one, other = (association.item(lessees=[party]) for party in typed)
    orders = [order(one), order(other)]
    assert all(made.reading and made.reading.clean for made in orders)
    related = association.world.door.look(association.caller, lambda work: relations(work, orders))
    assert related[0] & related[1]


def test_a_house_is_the_same_by_its_code_and_by_its_certificate(association: Association) -> None:
    flat = association.counter.free_flat()
    by_code = association.item(flat)
    lease = association.lease(flat)
    lease["house"] = {**lease["house"], "house_code": ""}
    by_cert = association.item(raw=lease)
    assert len(rounds(association, by_code, by_cert)) == 2


def test_one_flat_let_twice_in_a_batch_is_filed_once_and_the_other_is_told_why(association: Association) -> None:
    flat = association.counter.free_flat()
    items = [association.item(flat), association.item(flat), association.item()]
    answer = association.push(*items)
    filed, refused, other = answer.items
    assert [one.state for one in answer.items] == [FILED, REFUSED, FILED], other
    assert "F01" in codes(refused)
    assert filed.filing_no
    assert not refused.filing_no


def test_together_with_its_like_a_group_is_refused_whole_and_leaves_nothing(association: Association) -> None:
    flat = association.counter.free_flat()
    pair = (association.item(flat), association.item(flat))
    door = association.world.door
    batch_id = door.perform(open_batch, association.caller, OpenBatch("同屋", "同屋", 2))
    before = _drawn(association)
    with pytest.raises(Conflict):
        door.perform(file_items, association.caller, FileItems(batch_id, tuple(order(one) for one in pair)))
    sent = select(BrokerPush).where(col(BrokerPush.own_no).in_([one.own_no for one in pair]))
    kept = association.world.read(lambda work: work.session.exec(sent).all())
    assert (kept, _drawn(association)) == ([], before)


def test_numbers_of_a_group_are_all_different(association: Association) -> None:
    answer = association.push(*[association.item() for _ in range(8)])
    assert {one.state for one in answer.items} == {FILED}
    for numbers in (
        {one.filing_no for one in answer.items},
        {one.contract_no for one in answer.items},
        {one.case_no for one in answer.items},
    ):
        assert len(numbers - {""}) == 8


def _drawn(association: Association) -> dict[str, int]:
    rows = association.world.read(lambda work: work.session.exec(select(NumberCounter)).all())
    return {row.series: row.version for row in rows}
