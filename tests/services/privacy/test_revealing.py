"""Revealing: a reason, the day's quota of the role, never one too many, and going through a list stops (H24)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from models.access import Reveal, Role
from models.alarms import Alarm
from models.audit import AuditEvent
from models.engine import Parameter, ParameterState
from models.privacy import PersonAccess, Reauthentication, Shown
from models.sealed import indexes_of
from models.tenancy import ContractParty
from models.tenancy_codes import Side
from services.engine.refusals import NotAllowed, NotFound, Rejected, TooMany
from services.engine.work import Work
from services.privacy.field_reveal import RevealField, RevealSeveral, quota_key, reveal_field, reveal_several
from services.privacy.reauthentication import Reauthenticate, reauthenticate
from tests.services.tenancy.counter import Counter, Filed
from tests.world import World, at_once, in_order, sealer

REASON = "核对当事人提交的材料"


@pytest.fixture
def filed(counter: Counter) -> Filed:
    """A lease, and nobody has revealed anything yet."""
    counter.world.act(_forget)
    return counter.filed()


def _forget(work: Work) -> None:
    for table in (Reveal, Alarm, Parameter):
        for row in work.session.exec(select(table)).all():
            work.session.delete(row)


def party(counter: Counter, filed: Filed, side: Side = Side.LESSEE) -> UUID:
    def read(work: Work) -> UUID:
        where = (ContractParty.contract_id == filed.contract_id, ContractParty.side == side)
        return work.session.exec(select(ContractParty.id).where(*where)).one()

    found: UUID = counter.world.read(read)
    return found


def set_parameter(world: World, key: str, value: str) -> None:
    world.act(
        lambda work: work.add(
            Parameter(
                key=key,
                value=value,
                valid_from=work.today,
                state=ParameterState.CONFIRMED,
                source="测试",
                reason="测试",
                confirmed_at=work.now,
            )
        )
    )


def rows(world: World, table: Any, *where: Any) -> list[Any]:
    return list(world.read(lambda work: work.session.exec(select(table).where(*where).order_by(in_order(table))).all()))


@pytest.mark.proves("H24", "D07")
@pytest.mark.parametrize("reason", ["", "   ", "查看", " 看一下 "])
def test_h24_nothing_is_shown_without_a_reason(counter: Counter, filed: Filed, reason: str) -> None:
    order = RevealField("contract_party", party(counter, filed), "id_no", reason)
    with pytest.raises(Rejected) as refused:
        counter.world.door.perform(reveal_field, counter.clerk(), order)
    assert filed.tenant.id_no not in refused.value.message
    assert rows(counter.world, Reveal) == []
    told = rows(counter.world, AuditEvent, AuditEvent.act == "privacy.reveal")[-1]
    assert (told.event, told.result) == ("DATA.REFUSED", "deny")
    assert filed.tenant.id_no not in told.body


@pytest.mark.proves("H24", "D23")
def test_h24_one_field_is_shown_kept_and_told_to_the_person(counter: Counter, filed: Filed) -> None:
    order = RevealField("contract_party", party(counter, filed), "id_no", f"{REASON}，{filed.tenant.name}")
    assert counter.world.door.perform(reveal_field, counter.clerk(), order) == filed.tenant.id_no
    (kept,) = rows(counter.world, Reveal)
    assert kept.reason.json() == order.reason
    told = rows(counter.world, AuditEvent, AuditEvent.event == "PII.UNMASK")[-1]
    assert (told.object_id, told.account) == (str(order.id), counter.clerk().key)
    for secret in (filed.tenant.id_no, filed.tenant.name, REASON):
        assert secret not in told.body
    (look,) = rows(
        counter.world,
        PersonAccess,
        col(PersonAccess.id_no_index).in_(indexes_of(sealer(), "id_no", filed.tenant.id_no)),
        PersonAccess.act == "privacy.reveal",
    )
    assert (look.what, look.purpose.json(), look.account_id) == (Shown.FULL, order.reason, counter.clerk().account_id)


@pytest.mark.proves("H24")
def test_h24_beyond_the_quota_of_the_role_nothing_is_shown(counter: Counter, filed: Filed) -> None:
    set_parameter(counter.world, quota_key(Role.STREET_CLERK), "2")
    person, perform = party(counter, filed), counter.world.door.perform
    for field in ("id_no", "name"):
        perform(reveal_field, counter.clerk(), RevealField("contract_party", person, field, REASON))
    with pytest.raises(TooMany, match="每日限2次"):
        perform(reveal_field, counter.clerk(), RevealField("contract_party", person, "mobile", REASON))
    assert len(rows(counter.world, Reveal)) == 2
    # Another role has its own quota, and the next day a new one.
    bureau = counter.clerk("pdju01") if filed.flat.line["district_code"] == "310115" else counter.clerk("shi01")
    assert perform(reveal_field, bureau, RevealField("contract_party", person, "mobile", REASON))
    counter.world.let_pass(days=1)
    assert perform(reveal_field, counter.clerk(), RevealField("contract_party", person, "mobile", REASON))


@pytest.mark.proves("H24")
def test_h24_two_at_once_do_not_get_past_the_quota(counter: Counter, filed: Filed) -> None:
    set_parameter(counter.world, quota_key(Role.STREET_CLERK), "3")
    set_parameter(counter.world, "reveal.burst_count", "100")
    person, clerk = party(counter, filed), counter.clerk()

    def one(field: str) -> Any:
        order = RevealField("contract_party", person, field, REASON)
        return lambda: counter.world.door.perform(reveal_field, clerk, order)

    results = at_once([one(field) for field in ("id_no", "name", "mobile") * 3])
    assert sum(isinstance(result, str) for result in results) == 3
    assert all(isinstance(result, str | TooMany) for result in results)
    assert len(rows(counter.world, Reveal)) == 3


@pytest.mark.proves("H24")
def test_h24_going_through_a_list_is_stopped_and_raises_an_alarm(counter: Counter, filed: Filed) -> None:
    set_parameter(counter.world, "reveal.burst_count", "3")
    person, perform, clerk = party(counter, filed), counter.world.door.perform, counter.clerk()
    for field in ("id_no", "name"):
        perform(reveal_field, clerk, RevealField("contract_party", person, field, REASON))
    assert rows(counter.world, Alarm, Alarm.alarm_code == "PII.BURST") == []
    perform(reveal_field, clerk, RevealField("contract_party", person, "mobile", REASON))
    (alarm,) = rows(counter.world, Alarm, Alarm.alarm_code == "PII.BURST")
    assert alarm.object_key == clerk.key
    with pytest.raises(TooMany, match="已暂停"):
        perform(reveal_field, clerk, RevealField("contract_party", person, "id_no", REASON))
    assert len(rows(counter.world, Reveal)) == 3


@pytest.mark.proves("H24")
@pytest.mark.parametrize("field", ["id", "id_no_index", "contract_id", "password", "__class__"])
def test_h24_only_masked_fields_are_revealed(counter: Counter, filed: Filed, field: str) -> None:
    with pytest.raises(NotFound):
        counter.world.door.perform(
            reveal_field, counter.clerk(), RevealField("contract_party", party(counter, filed), field, REASON)
        )


def several(counter: Counter, filed: Filed) -> RevealSeveral:
    ids = (party(counter, filed, Side.LESSOR), party(counter, filed))
    return RevealSeveral("contract_party", ids, ("name", "id_no", "mobile"), REASON)


@pytest.mark.proves("H24")
def test_h24_several_at_once_want_the_password_again(counter: Counter, filed: Filed) -> None:
    order, clerk, perform = several(counter, filed), counter.clerk(), counter.world.door.perform
    with pytest.raises(NotAllowed, match="请先重新输入登录口令"):
        perform(reveal_several, clerk, order)
    assert not perform(reauthenticate, clerk, Reauthenticate("longhua01")).ok
    with pytest.raises(NotAllowed):
        perform(reveal_several, clerk, order)
    assert perform(reauthenticate, clerk, Reauthenticate("huamu01")).ok
    shown = {(one.id, one.field): one.value for one in perform(reveal_several, clerk, order)}
    assert shown[order.ids[1], "id_no"] == filed.tenant.id_no
    assert shown[order.ids[0], "name"] == filed.landlord.name
    assert len(rows(counter.world, Reveal)) == len(shown) == 6


@pytest.mark.proves("H24")
def test_h24_what_exceeds_the_quota_together_shows_nothing_at_all(counter: Counter, filed: Filed) -> None:
    set_parameter(counter.world, quota_key(Role.STREET_CLERK), "5")
    clerk, perform = counter.clerk(), counter.world.door.perform
    assert perform(reauthenticate, clerk, Reauthenticate("huamu01")).ok
    with pytest.raises(TooMany):
        perform(reveal_several, clerk, several(counter, filed))
    assert rows(counter.world, Reveal) == []


@pytest.mark.proves("H24")
def test_h24_a_password_typed_five_minutes_ago_is_too_old(counter: Counter, filed: Filed) -> None:
    clerk, perform = counter.clerk(), counter.world.door.perform
    assert perform(reauthenticate, clerk, Reauthenticate("huamu01")).ok
    counter.world.act(lambda work: _age(work, clerk.account_id, timedelta(minutes=5, seconds=1)))
    with pytest.raises(NotAllowed):
        perform(reveal_several, clerk, several(counter, filed))


@pytest.mark.proves("H24")
def test_h24_five_wrong_passwords_stop_the_sixth(counter: Counter, filed: Filed) -> None:
    clerk, perform = counter.clerk("huamu02"), counter.world.door.perform
    for _ in range(5):
        assert not perform(reauthenticate, clerk, Reauthenticate("不对")).ok
    answer = perform(reauthenticate, clerk, Reauthenticate("huamu02"))
    assert (answer.ok, answer.message) == (False, "连续输错5次，请30分钟后再试")


def _age(work: Work, account_id: UUID | None, by: timedelta) -> None:
    row = work.session.exec(select(Reauthentication).where(Reauthentication.account_id == account_id)).one()
    assert row.confirmed_at is not None
    row.confirmed_at -= by
    work.add(row)


def test_the_reason_is_no_plain_text_in_the_database(counter: Counter, filed: Filed) -> None:
    order = RevealField("contract_party", party(counter, filed), "name", REASON)
    counter.world.door.perform(reveal_field, counter.clerk(), order)
    raw = counter.world.read(
        lambda work: work.session.connection().execute(text("SELECT reason FROM reveal")).scalars().all()
    )
    assert raw
    assert all(REASON not in value for value in raw)


@pytest.mark.proves("H24", "D07")
def test_h24_several_of_a_lease_that_is_not_his_are_not_found(counter: Counter, filed: Filed) -> None:
    stranger, perform = counter.clerk("xuhui01"), counter.world.door.perform
    assert perform(reauthenticate, stranger, Reauthenticate("xuhui01")).ok
    with pytest.raises(NotFound) as refused:
        perform(reveal_several, stranger, several(counter, filed))
    assert filed.tenant.id_no not in refused.value.message
    assert rows(counter.world, Reveal) == []
