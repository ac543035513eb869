"""Row 13: the association's members push signed leases in batches; each is judged and answered by itself."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from models.audit import AuditEvent
from models.enterprise import Enterprise, RecordState, ServiceState
from models.house import House
from models.practitioners import InfoCard
from models.push_codes import BatchState, PushState
from models.pushes import BrokerBatch, BrokerPush
from models.tenancy import CheckItem, CheckRun, GovCase, LeaseContract, LeaseFiling
from models.tenancy_codes import CaseState, Channel, ContractState, DealKind, FilingState, FilingWay
from services.broker_pushes import batch_intake
from services.broker_pushes.batch_intake import OpenBatch, open_batch
from services.broker_pushes.filing import FileItem, FileItems, file_items
from services.broker_pushes.orders import MOST_ITEMS, PushedItem, ReceiveBatch
from services.engine.findings import Finding, Severity
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from tests.services.broker_pushes.association import CARD, MEMBER, Association, codes, hints
from tests.services.tenancy.counter import somebody
from tests.world import at_once, in_order

pytestmark = pytest.mark.row(13)

FILED, REFUSED, WAITING = PushState.FILED, PushState.REFUSED, PushState.WAITING


def rows(association: Association, table: Any, *where: Any) -> list[Any]:
    return list(
        association.world.read(
            lambda work: work.session.exec(select(table).where(*where).order_by(in_order(table))).all()
        )
    )


def filing(association: Association, number: str) -> LeaseFiling:
    found: LeaseFiling = rows(association, LeaseFiling, LeaseFiling.filing_no == number)[0]
    return found


def told_of(message: dict[str, Any], item: PushedItem) -> dict[str, Any]:
    """What a message called back says of one item."""
    return next((one for one in message["items"] if one["own_no"] == item.own_no), {})


# One item


def test_a_members_lease_is_filed_as_a_brokers_deal(association: Association) -> None:
    answer = association.answer(association.item())
    assert (answer.state, codes(answer)) == (FILED, set())
    made = filing(association, answer.filing_no)
    assert (made.deal, made.channel, made.way) == (DealKind.BROKER, Channel.ASSOC, FilingWay.FILING_ONLY)
    assert made.state is FilingState.ACTIVE
    assert answer.contract_no.startswith("HT")


#: Statements of a lease that is judged and filed by itself, counters of its numbers apart, which the first of a day makes.
STATEMENTS = 41


def test_a_lease_by_itself_asks_the_database_no_more_than_it_must(association: Association) -> None:
    batch_id = association.world.door.perform(open_batch, association.caller, OpenBatch("PC-COUNT", "0" * 64, 2))
    warming, counted = (FileItems(batch_id, (FileItem(association.item()),)) for _ in range(2))
    association.world.door.perform(file_items, association.caller, warming)
    asked: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")) and "number_counter" not in statement:
            asked.append(statement)

    engine = association.world.door.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        [answer] = association.world.door.perform(file_items, association.caller, counted)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.state is FILED
    assert len(asked) <= STATEMENTS, "\n".join(asked)


def test_a_filed_item_belongs_to_its_member_and_keeps_every_rules_word(association: Association) -> None:
    kept = association.kept(association.answer(association.item()))
    member = rows(association, Enterprise, Enterprise.uscc == MEMBER)[0]
    contract = rows(association, LeaseContract, LeaseContract.id == kept.contract_id)[0]
    run = rows(association, CheckRun, CheckRun.object_id == kept.case_id)[0]
    assert (kept.enterprise_id, contract.enterprise_id) == (member.id, member.id)
    assert contract.state is ContractState.EFFECTIVE
    assert len(rows(association, CheckItem, CheckItem.run_id == run.id)) > 60


def test_every_reason_is_told_and_the_case_is_returned(association: Association) -> None:
    item = association.item(card_no="", start="2027-03-01", end="2027-03-10")
    answer = association.answer(item)
    assert answer.state is REFUSED
    assert {"F05", "T03"} <= codes(answer)
    case = rows(association, GovCase, GovCase.id == association.kept(answer).case_id)[0]
    assert (case.state, case.channel) == (CaseState.RETURNED, Channel.ASSOC)


def test_a_member_that_is_not_recorded_is_refused(association: Association) -> None:
    answer = association.answer(association.item(member_uscc="91310000MA1F000035"))
    assert answer.state is REFUSED
    assert {"F05", "F06"} <= codes(answer)
    unknown = association.answer(association.item(member_uscc="91310115MA1K999998"))
    assert "F06" in codes(unknown)


def test_a_member_whose_record_was_cancelled_is_refused(association: Association) -> None:
    association.world.rewrite(Enterprise, Enterprise.uscc == MEMBER, record_state=RecordState.CANCELLED)
    try:
        assert codes(association.answer(association.item())) == {"F06"}
    finally:
        association.world.rewrite(Enterprise, Enterprise.uscc == MEMBER, record_state=RecordState.RECORDED)


def test_a_suspended_member_is_refused(association: Association) -> None:
    association.world.rewrite(Enterprise, Enterprise.uscc == MEMBER, service_state=ServiceState.SUSPENDED)
    try:
        assert codes(association.answer(association.item())) == {"F07"}
    finally:
        association.world.rewrite(Enterprise, Enterprise.uscc == MEMBER, service_state=ServiceState.NORMAL)


@pytest.mark.parametrize(
    ("card", "why"),
    [
        ("沪租赁2024000104", "another firm's"),
        ("沪经纪2023000102", "cancelled"),
        ("沪经纪2023000103", "suspended"),
        ("没有的卡", "unknown"),
    ],
)
def test_a_card_that_is_not_the_members_own_and_in_force_is_refused(
    association: Association, card: str, why: str
) -> None:
    assert codes(association.answer(association.item(card_no=card))) == {"F05"}, why


def test_a_card_cancelled_after_the_signing_still_counts(association: Association) -> None:
    cancelled = rows(association, InfoCard, InfoCard.card_no == "沪经纪2023000102")[0].cancelled_on
    answer = association.answer(association.item(card_no="沪经纪2023000102", signed_on="2027-01-20"))
    assert cancelled.isoformat() > "2027-01-20"
    assert (answer.state, codes(answer)) == (FILED, set())


def test_the_deal_is_a_brokers_whatever_the_message_says(association: Association) -> None:
    answer = association.answer(association.item(deal="SELF", applicant="BOTH", channel="DCOUNTER"))
    assert filing(association, answer.filing_no).deal is DealKind.BROKER


def test_a_price_outlier_is_filed_with_a_word_about_it(association: Association) -> None:
    answer = association.answer(association.item(rent="99000"))
    assert answer.state is FILED
    assert "T06" in hints(answer)
    assert association.kept(answer).rent_unusual


def test_a_lease_signed_long_ago_is_filed_late(association: Association) -> None:
    answer = association.answer(association.item(signed_on="2027-01-10"))
    assert "T05" in hints(answer)
    assert association.kept(answer).late_days == 20
    assert filing(association, answer.filing_no).late_days == 20


def test_a_house_that_is_not_in_the_library_opens_no_case_and_tells_every_reason(association: Association) -> None:
    house = {
        **association.counter.free_flat().form(),
        "house_code": "没有的房屋",
        "cert_no": "沪(2020)浦字不动产权第999999号",
    }
    answer = association.answer(association.item(house=house, card_no=""))
    assert answer.state is REFUSED
    assert {"H16", "H01", "F05"} <= codes(answer)
    assert answer.case_no == ""


def test_a_house_run_by_a_firm_is_not_the_brokers_to_file(association: Association) -> None:
    flat = association.counter.free_flat()
    other = rows(association, Enterprise, Enterprise.uscc == "91310115MA1K000016")[0]
    association.world.rewrite(House, House.house_code == flat.code, enterprise_id=other.id)
    assert "F17" in codes(association.answer(association.item(flat)))


# Once


def test_the_same_number_with_the_same_content_gets_the_same_answer(association: Association) -> None:
    item = association.item()
    first, again = association.answer(item), association.answer(item)
    assert first == again
    assert len(rows(association, BrokerPush, BrokerPush.own_no == item.own_no)) == 1


def test_the_same_number_with_other_content_is_refused_and_changes_nothing(association: Association) -> None:
    item = association.item()
    first = association.answer(item)
    changed = association.answer(replace(item, raw={**item.raw, "rent": "7000"}))
    assert codes(changed) == {"J02"}
    assert association.answer(item) == first


def test_a_refused_lease_may_be_put_right_under_its_number(association: Association) -> None:
    flat = association.counter.free_flat()
    item = association.item(flat, card_no="")
    assert association.answer(item).state is REFUSED
    mended = replace(item, raw={**item.raw, "card_no": CARD}, attempt=2)
    assert association.answer(mended).state is FILED
    assert codes(association.answer(replace(mended, attempt=3))) >= {"J02"}


def test_the_same_lease_from_two_members_is_filed_once(association: Association) -> None:
    flat, tenant = association.counter.free_flat(), somebody()
    raw = association.lease(flat, tenant)
    first = association.answer(association.item(raw=raw))
    second = association.answer(association.item(raw=raw, member_uscc="91310115MA1K000016"))
    assert first.state is FILED
    assert "J03" in codes(second)
    assert "其他经纪机构" in next(reason.message for reason in second.reasons if reason.code == "J03")
    assert MEMBER not in str(second.reasons)


def test_the_same_lease_of_two_members_in_one_batch_is_filed_once(association: Association) -> None:
    raw = association.lease(association.counter.free_flat(), somebody())
    two = association.push(association.item(raw=raw), association.item(raw=raw, own_no="又一个编号"))
    assert sorted(one.state or "" for one in two.items) == [FILED, REFUSED]


def test_a_lease_filed_at_a_counter_is_not_filed_again(association: Association) -> None:
    filed = association.counter.filed()
    assert "F01" in codes(association.answer(association.item(filed.flat)))


# Batches


def test_one_bad_item_spoils_no_other(association: Association) -> None:
    bad = Finding("FORM", "报送内容格式不正确", "rent", Severity.CORRECT)
    good = [association.item() for _ in range(3)]
    items = [good[0], association.item(raw={"rent": "六千"}), PushedItem(3, "坏-1", MEMBER, faults=(bad,)), *good[1:]]
    answer = association.push(*items)
    assert [one.state for one in answer.items] == [FILED, REFUSED, REFUSED, FILED, FILED]
    assert [one.own_no for one in answer.items] == [item.own_no for item in items]
    assert [one.position for one in answer.items] == [1, 2, 3, 4, 5]
    assert (answer.count(FILED), answer.count(REFUSED)) == (3, 2)


def test_an_item_that_breaks_our_code_is_answered_and_the_others_are_filed(
    association: Association, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking, good = association.item(), association.item()
    real = file_items.handler
    tried: list[int] = []

    def broken(work: Any, order: Any, facts: Any) -> Any:
        answers = real(work, order, facts)
        tried.append(len(order.items))
        if breaking.own_no in {one.item.own_no for one in order.items}:
            raise ZeroDivisionError
        return answers

    monkeypatch.setattr(batch_intake, "file_items", replace(file_items, handler=broken))
    answer = association.push(breaking, good)
    assert [one.state for one in answer.items] == [None, FILED]
    assert codes(answer.items[0]) == {"I01"}
    assert tried == [2, 1, 1], "filed together, and each alone when that broke"
    # Rolled back alone: nothing of it is left, and sent again it is filed.
    assert rows(association, BrokerPush, BrokerPush.own_no == breaking.own_no) == []
    monkeypatch.undo()
    assert association.answer(breaking).state is FILED


def test_a_batch_that_broke_off_is_gone_on_with(association: Association, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [association.item() for _ in range(4)]
    monkeypatch.setattr(batch_intake, "_TOGETHER", 1)
    monkeypatch.setattr(batch_intake, "_group", _stopping_after(batch_intake._group, 2))
    with pytest.raises(TimeoutError):
        association.push(*items, batch_no="断-1")
    monkeypatch.undo()
    batch = rows(association, BrokerBatch, BrokerBatch.batch_no == "断-1")[0]
    done = {row.own_no: row.filing_id for row in rows(association, BrokerPush, BrokerPush.batch_id == batch.id)}
    assert batch.state is BatchState.RECEIVING
    assert 0 < len(done) < 4
    answer = association.push(*items, batch_no="断-1")
    assert answer.count(FILED) == 4
    after = {row.own_no: row.filing_id for row in rows(association, BrokerPush, BrokerPush.batch_id == batch.id)}
    assert {number: after[number] for number in done} == done
    assert association.push(*items, batch_no="断-1") == answer


def _stopping_after(real: Any, count: int) -> Any:
    def one(gathering: Any, batch_id: Any, group: Any) -> Any:
        if group[0].item.position > count:
            raise TimeoutError
        return real(gathering, batch_id, group)

    return one


def test_a_batch_number_stands_for_one_content(association: Association) -> None:
    association.push(association.item(), batch_no="同号")
    with pytest.raises(Conflict, match="该批次号已报送过其他内容"):
        association.push(association.item(), batch_no="同号")


def test_a_batch_holds_five_hundred_at_most_and_one_at_least(association: Association) -> None:
    with pytest.raises(Rejected, match="每批最多报送500件"):
        association.push(*[PushedItem(1, f"多-{number}", MEMBER) for number in range(MOST_ITEMS + 1)])
    with pytest.raises(Rejected, match="批次内没有报送件"):
        association.push()


def test_two_deliveries_of_one_batch_at_once_file_each_lease_once(association: Association) -> None:
    items = [association.item() for _ in range(4)]
    answers = at_once([lambda: association.push(*items, batch_no="双送")] * 2)
    told = [answer for answer in answers if not isinstance(answer, Exception)]
    assert told
    pushed = rows(association, BrokerPush, col(BrokerPush.own_no).in_([item.own_no for item in items]))
    assert len(pushed) == len({row.filing_id for row in pushed}) == 4
    assert association.push(*items, batch_no="双送").count(FILED) == 4


# Sources that are silent, and results called back


def test_a_silent_register_leaves_the_item_waiting_and_its_later_filing_is_called_back(
    association: Association,
) -> None:
    association.world.fault("property_register", "error")
    item = association.item()
    first = association.answer(item)
    assert (first.state, first.filing_no) == (WAITING, "")
    association.world.heal()
    association.world.let_pass(minutes=1, seconds=5)
    before = len(association.messages())
    association.counter.run("tenancy.retry")
    told = association.messages()[before:]
    later = association.answer(item)
    assert (later.state, later.case_no) == (FILED, first.case_no)
    assert [told_of(one, item)["filing_no"] for one in told if told_of(one, item)] == [later.filing_no]


def test_a_waiting_item_that_is_refused_later_is_called_back_with_its_reasons(association: Association) -> None:
    association.world.fault("police", "error")
    item = association.item()
    assert association.answer(item).state is WAITING
    association.world.heal()
    association.world.fault("police", "mismatch")
    association.world.let_pass(minutes=1, seconds=5)
    association.counter.run("tenancy.retry")
    told = [told_of(one, item) for one in association.messages() if told_of(one, item)]
    assert [one["state"] for one in told] == ["WAITING", "REFUSED"]
    assert {reason["code"] for reason in told[1]["reasons"]} == {"P01"}
    assert codes(association.answer(item)) == {"P01"}


def test_every_batch_is_called_back_once_as_it_was_answered(association: Association) -> None:
    items = [association.item(), association.item(card_no="")]
    association.push(*items, batch_no="回传-1")
    association.push(*items, batch_no="回传-1")
    told = [one for one in association.messages() if one["batch_no"] == "回传-1"]
    assert [(one["total"], one["filed"], one["refused"]) for one in told] == [(2, 1, 1)]
    assert [item["status"] for item in told[0]["items"]] == [201, 422]


def test_an_answer_reveals_nobody(association: Association) -> None:
    tenant = somebody("不符先生")
    answer = association.answer(association.item(raw=association.lease(association.counter.free_flat(), tenant)))
    assert "P01" in codes(answer)
    assert tenant.id_no not in str(answer)


# Rights


def test_nobody_but_a_partner_pushes(association: Association) -> None:
    batch = ReceiveBatch("网签-1", ())
    with pytest.raises(NotAllowed):
        association.world.door.perform(batch_intake.receive_batch, association.counter.clerk(), batch)


def test_an_item_goes_into_a_batch_of_its_own_sender_only(association: Association) -> None:
    association.push(association.item(), batch_no="别家")
    batch = rows(association, BrokerBatch, BrokerBatch.batch_no == "别家")[0]
    other = replace(association.caller, name="other-assoc")
    with pytest.raises(NotFound):
        association.world.door.perform(file_items, other, FileItems(batch.id, (FileItem(association.item()),)))


def test_a_push_is_in_the_audit_with_its_sender(association: Association) -> None:
    kept = association.kept(association.answer(association.item()))
    told = [event for event in rows(association, AuditEvent) if event.object_id == str(kept.id)]
    assert {event.account for event in told} == {f"partner:{association.caller.name}"}
