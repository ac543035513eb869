"""The registry of partners: two hands, signed with the access list, keys that take each other's place (security.md A5)."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import select

from deploy.partner_tables import PAGES
from integrations.cloud_crypto.partner_keys import sandbox_keys
from integrations.wire.outbound import Outbound
from models.access import Role, ScopeKind
from models.alarms import Alarm
from models.audit import AuditEvent
from models.engine import Notice, OutgoingState
from models.enterprise import Enterprise, EnterpriseKind, RecordState
from models.identity import credit_check_character
from models.partners import (
    ChangeState,
    KeyUse,
    Partner,
    PartnerChange,
    PartnerExchange,
    PartnerKey,
    PartnerKeyState,
    PartnerKind,
)
from models.sealed import Sealed
from services.access.access_list_signature import check_list, sign_pending
from services.engine.callers import Caller, Scope
from services.engine.orders import Decide, Reasoned
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.work import Work
from services.partners.outgoing import pass_on, passing_on
from services.partners.registry import (
    _P,
    MaintainPartner,
    ProposeKey,
    ProposePartner,
    confirm_change,
    disable_partner,
    maintain_partner,
    partner,
    partner_of_enterprise,
    partner_of_kind,
    propose_enabling,
    propose_key,
    propose_partner,
    revoke_key,
)
from services.partners.registry_queries import PARTNERS, open_changes, open_partner
from services.partners.wire_fields import WireModel
from tests.partner.independent import KeyPair
from tests.world import World, in_order, running_world

A4 = Caller("keeper", (Scope(Role.SYS_ADMIN, ScopeKind.CITY),), account_id=uuid4())
A5 = Caller("confirmer", (Scope(Role.SEC_ADMIN, ScopeKind.CITY),), account_id=uuid4())
CLERK = Caller("clerk", (Scope(Role.CITY_CENTER, ScopeKind.CITY),), account_id=uuid4())
_SERIAL = count(1)


@pytest.fixture(scope="module")
def world(database_url: str) -> Iterator[World]:
    with running_world(database_url, houses=False) as running:
        # As in production; in tests the product itself may call this machine.
        running.door.house.check_address = Outbound().check_url
        yield running


def wanted(app_id: str = "", **more: Any) -> ProposePartner:
    values = {"app_id": app_id or f"app-{uuid4().hex[:8]}", "label": "公积金管理中心", "kind": PartnerKind.FUND}
    return ProposePartner(**{**values, "base_url": "https://gjj.example.com/api", "scopes": "filings.query", **more})


def registered(world: World, **more: Any) -> Partner:
    order = wanted(**more)
    decide(world, world.door.perform(propose_partner, A4, order))
    row: Partner = world.read(lambda work: partner(work, order.app_id))
    return row


def decide(world: World, change_id: UUID, *, agree: bool = True, caller: Caller = A5) -> None:
    world.door.perform(confirm_change, caller, Decide(change_id, agree))


def key_order(world: World, row: Partner, kid: str = "", **more: Any) -> ProposeKey:
    at = world.read(lambda work: work.at)
    values = {
        "kid": kid or f"sig-{uuid4().hex[:6]}",
        "use": KeyUse.SIGN,
        "public_key": KeyPair.fresh().public,
        "valid_from": at,
        "valid_to": at + timedelta(days=365),
    }
    return ProposeKey(row.id, **{**values, **more})


def keys(world: World, row: Partner) -> list[PartnerKey]:
    rows = select(PartnerKey).where(PartnerKey.partner_id == row.id).order_by(PartnerKey.valid_from)  # type: ignore[arg-type]
    return list(world.read(lambda work: work.session.exec(rows).all()))


@pytest.mark.proves("D06")
def test_a_partner_counts_only_when_another_administrator_has_confirmed(world: World) -> None:
    order = wanted()
    change_id = world.door.perform(propose_partner, A4, order)
    with pytest.raises(NotFound):
        world.read(lambda work: partner(work, order.app_id))
    line = next(line for line in world.door.ask(open_changes, A5) if line.id == change_id)
    assert (line.app_id, line.wanted["scopes"], line.mine) == (order.app_id, "filings.query", False)
    for caller in (A4, CLERK):
        with pytest.raises(NotAllowed):
            decide(world, change_id, caller=caller)
    decide(world, change_id)
    assert world.read(lambda work: partner(work, order.app_id)).base_url == "https://gjj.example.com/api"
    with pytest.raises(Conflict):
        decide(world, change_id)
    with pytest.raises(Conflict):
        world.door.perform(propose_partner, A4, order)


@pytest.mark.proves("D06", "H20")
def test_nobody_confirms_what_he_proposed_himself(world: World) -> None:
    both = replace(A4, scopes=(*A4.scopes, *A5.scopes))
    change_id = world.door.perform(propose_partner, both, wanted())
    with pytest.raises(NotAllowed):
        decide(world, change_id, caller=both)


def test_a_refused_or_replaced_proposal_changes_nothing(world: World) -> None:
    row = registered(world)
    first = world.door.perform(propose_partner, A4, wanted(row.app_id, partner_id=row.id, label="新的名称"))
    second = world.door.perform(propose_partner, A4, wanted(row.app_id, partner_id=row.id, label="更新的名称"))
    with pytest.raises(Conflict):
        decide(world, first)
    decide(world, second, agree=False)
    assert world.read(lambda work: partner(work, row.app_id)).label == row.label
    states = {
        change.id: change.state for change in world.read(lambda work: work.session.exec(select(PartnerChange)).all())
    }
    assert (states[first], states[second]) == (ChangeState.ENDED, ChangeState.REFUSED)


def test_every_change_stands_in_the_signed_access_list(world: World) -> None:
    row = registered(world)
    decide(world, world.door.perform(propose_key, A4, key_order(world, row)))
    sign_pending(world.door)
    checked = check_list(world.door)
    assert checked.problems == ()
    entry = checked.entries[f"partner:{row.id.hex}"]
    assert row.app_id in entry
    assert keys(world, row)[0].public_key in entry


@pytest.mark.proves("H71")
def test_a_partner_added_by_sql_is_told_by_the_nightly_check(world: World) -> None:
    row = registered(world)
    table: sa.Table = Partner.__table__  # type: ignore[attr-defined]
    with world.door.database.engine.begin() as connection:
        held = dict(connection.execute(sa.select(table).where(table.c.id == row.id)).mappings().one())
        connection.execute(sa.update(table).where(table.c.id == row.id).values(scopes="direct-pay.results"))
    problems = check_list(world.door).problems
    assert (f"partner:{row.id.hex}", "DIFFERS") in {(problem.key, problem.code) for problem in problems}
    with world.door.database.engine.begin() as connection:
        connection.execute(sa.update(table).where(table.c.id == row.id).values(scopes=held["scopes"]))
    assert check_list(world.door).problems == ()


# Keys


def test_a_new_key_leaves_the_old_one_thirty_days(world: World) -> None:
    row = registered(world)
    decide(world, world.door.perform(propose_key, A4, key_order(world, row, "sig-old")))
    at = world.read(lambda work: work.at)
    second = key_order(world, row, "sig-new", valid_from=at + timedelta(days=1))
    change_id = world.door.perform(propose_key, A4, second)
    # Nothing of the old one changes by a proposal.
    assert keys(world, row)[0].valid_to > at + timedelta(days=300)
    decide(world, change_id)
    old, new = keys(world, row)
    assert old.valid_to == second.valid_from + timedelta(days=30)
    assert new.valid_to == second.valid_to
    with pytest.raises(Rejected, match="最多同时有两把"):
        world.door.perform(propose_key, A4, key_order(world, row))
    world.door.perform(revoke_key, A5, Reasoned(old.id, "旧钥停用"))
    decide(world, world.door.perform(propose_key, A4, key_order(world, row)))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"public_key": "04" + "0" * 128}, "曲线"),
        ({"public_key": "02" + "0" * 64}, "曲线"),
        ({"kid": "UPPER"}, "密钥标识"),
        ({"kid": "no"}, "密钥标识"),
    ],
)
def test_what_is_no_key_is_refused(world: World, changed: dict[str, Any], told: str) -> None:
    with pytest.raises(Rejected, match=told):
        world.door.perform(propose_key, A4, key_order(world, registered(world), **changed))


def test_a_key_that_others_can_use_is_refused_at_both_hands(world: World) -> None:
    crypto, row, other = world.door.house.crypto, registered(world), registered(world)
    order = key_order(world, row)
    waiting = world.door.perform(propose_key, A4, order)
    theirs = key_order(world, other, public_key=order.public_key)
    decide(world, world.door.perform(propose_key, A4, theirs))
    with pytest.raises(Rejected, match="其他对接方"):
        decide(world, waiting)
    handbook = "".join((PAGES / page).read_text(encoding="utf-8") for page in ("signing.md", "envelope.md"))
    published = [*re.findall("04[0-9a-f]{128}", handbook), sandbox_keys("qy-huyu").enc_public]
    ours = [key.public for use in ("sig", "enc") for key in crypto.keys(use)]
    for told, found in (("已公开", published), ("本系统自己", ours), ("其他对接方", [order.public_key])):
        assert found
        for public_key in found:
            # The mirrored point is a key of the same holder.
            mirror = public_key[:66] + f"{_P - int(public_key[66:], 16):064x}"
            for spelled in (public_key, public_key.upper(), mirror):
                with pytest.raises(Rejected, match=told):
                    world.door.perform(propose_key, A4, replace(order, kid="sig-x", public_key=spelled))


def test_a_change_of_a_partner_is_one_event_that_says_what_changed(world: World) -> None:
    row = registered(world)
    key_change = world.door.perform(propose_key, A4, key_order(world, row))
    acts: list[Callable[[], object]] = [
        lambda: decide(world, key_change),
        lambda: world.door.perform(revoke_key, A5, Reasoned(keys(world, row)[0].id, "密钥丢失")),
        lambda: world.door.perform(disable_partner, A5, Reasoned(row.id, "密钥疑似泄露")),
    ]
    for act in acts:
        before = len(_changes(world))
        act()
        (told,) = _changes(world)[before:]
        assert json.loads(told.body)["det"]


def _changes(world: World) -> list[AuditEvent]:
    told = select(AuditEvent).where(AuditEvent.event == "ACL.CHANGE", AuditEvent.act != "access.sign")
    return world.read(lambda work: list(work.session.exec(told.order_by(in_order(AuditEvent))).all()))  # type: ignore[no-any-return]


def test_a_key_serves_one_use_and_has_a_bounded_time(world: World) -> None:
    row = registered(world)
    first = key_order(world, row)
    decide(world, world.door.perform(propose_key, A4, first))
    with pytest.raises(Rejected, match="不同的密钥"):
        world.door.perform(propose_key, A4, replace(first, kid="enc-same", use=KeyUse.ENC))
    with pytest.raises(Conflict, match="标识已经用过"):
        world.door.perform(propose_key, A4, key_order(world, row, first.kid))
    for ends in (first.valid_from, first.valid_from + timedelta(days=1000)):
        with pytest.raises(Rejected):
            world.door.perform(propose_key, A4, key_order(world, row, valid_to=ends))


@pytest.mark.proves("H54")
def test_one_hand_is_enough_to_stop_and_two_to_start_again(world: World) -> None:
    row = registered(world)
    with pytest.raises(Rejected):
        world.door.perform(disable_partner, A5, Reasoned(row.id, "坏"))
    world.door.perform(disable_partner, A5, Reasoned(row.id, "密钥疑似泄露"))
    with pytest.raises(Conflict):
        world.door.perform(disable_partner, A4, Reasoned(row.id, "密钥疑似泄露"))
    change_id = world.door.perform(propose_enabling, A4, row.id)
    decide(world, change_id)
    assert world.door.ask(open_partner, A5, row.id).line.state.label == "启用"
    with pytest.raises(Conflict):
        world.door.perform(propose_enabling, A4, row.id)


def test_a_revoked_key_stays_revoked(world: World) -> None:
    row = registered(world)
    decide(world, world.door.perform(propose_key, A4, key_order(world, row)))
    key = keys(world, row)[0]
    world.door.perform(revoke_key, A4, Reasoned(key.id, "密钥丢失"))
    with pytest.raises(Conflict):
        world.door.perform(revoke_key, A5, Reasoned(key.id, "密钥丢失"))
    assert keys(world, row)[0].state is PartnerKeyState.REVOKED
    events = world.read(
        lambda work: work.session.exec(
            select(AuditEvent).where(AuditEvent.act == "partners.revoke_key", AuditEvent.result == "ok")
        ).all()
    )
    assert {event.event for event in events} == {"ACL.CHANGE"}


# Addresses and owners


@pytest.mark.proves("H63")
@pytest.mark.parametrize(
    "url",
    [
        "http://gjj.example.com/api",
        "https://127.0.0.1:8443/",
        "https://[::1]:8443/",
        "https://169.254.169.254/latest",
        "https://10.1.2.3/api",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://user:secret@gjj.example.com/",
        "https://gjj.example.com/?to=elsewhere",
        "ftp://gjj.example.com/",
        "gjj.example.com",
    ],
)
def test_an_address_that_may_not_be_called_is_not_registered(world: World, url: str) -> None:
    with pytest.raises(Rejected, match="接口基址不可用"):
        world.door.perform(propose_partner, A4, wanted(base_url=url))


@pytest.mark.parametrize(
    "changed",
    [
        {"app_id": "UPPER"},
        {"app_id": "ab"},
        {"label": "名"},
        {"networks": "10.0.0.0/99"},
        {"scopes": "Filings Query"},
        {"kind": PartnerKind.ENTERPRISE},
        {"kind": PartnerKind.ENTERPRISE, "enterprise_id": uuid4()},
        {"kind": PartnerKind.DISTRICT},
        {"kind": PartnerKind.DISTRICT, "district_code": "999999"},
        {"district_code": "310115"},
    ],
)
def test_what_fits_no_partner_is_refused(world: World, changed: dict[str, Any]) -> None:
    with pytest.raises(Rejected):
        world.door.perform(propose_partner, A4, wanted(**changed))


def test_partners_are_found_by_what_they_are(world: World) -> None:
    row = registered(world, kind=PartnerKind.DISTRICT, district_code="310115")
    found = world.read(lambda work: partner_of_kind(work, PartnerKind.DISTRICT))
    assert found.app_id == row.app_id
    assert world.read(lambda work: partner_of_enterprise(work, uuid4())) is None


def test_an_app_id_is_for_good(world: World) -> None:
    row = registered(world)
    with pytest.raises(Rejected, match="不能修改"):
        world.door.perform(propose_partner, A4, wanted("another-app", partner_id=row.id))


@pytest.mark.row(20)
def test_whose_system_it_is_stays_for_good(world: World) -> None:
    """What waits for a firm's system would go to another firm with it."""
    ours, theirs = (world.act(lambda work: work.add(_firm()).id) for _ in range(2))
    firm: dict[str, Any] = {"kind": PartnerKind.ENTERPRISE, "enterprise_id": ours}
    row = registered(world, **firm)
    district: dict[str, Any] = {"kind": PartnerKind.DISTRICT, "district_code": "310115"}
    for changed in ({**firm, "enterprise_id": theirs}, {"kind": PartnerKind.FUND}, district):
        with pytest.raises(Rejected, match="不能修改"):
            world.door.perform(propose_partner, A4, wanted(row.app_id, partner_id=row.id, **changed))
    decide(world, world.door.perform(propose_partner, A4, wanted(row.app_id, partner_id=row.id, label="改名", **firm)))
    kept: Partner = world.read(lambda work: partner(work, row.app_id))
    assert (kept.label, kept.enterprise_id) == ("改名", ours)


def _firm() -> Enterprise:
    body = f"91310115MA{next(_SERIAL):07d}"
    return Enterprise(
        name=f"企业{body}",
        kind=EnterpriseKind.RENTAL,
        uscc=body + credit_check_character(body),
        record_state=RecordState.RECORDED,
        district_code="310115",
    )


# Maintenance


def test_a_partner_looked_after_is_known_with_what_waits_for_him(world: World) -> None:
    passing_on(
        "test_registry",
        "waiting",
        path="/x",
        label="测试",
        row=0,
        message=WireModel,
        afterwards=lambda work, message: None,
    )
    row = registered(world)
    world.door.perform(maintain_partner, A4, MaintainPartner(row.id, True, "对方升级"))
    with pytest.raises(Conflict):
        world.door.perform(maintain_partner, A4, MaintainPartner(row.id, True))

    def queue(work: Work) -> None:
        about = work.add(Notice(subject="x", body=Sealed.of_json({})))
        held = pass_on(work, row, "test_registry", "waiting", business_key="K1", about=about, body={"no": "1"})
        assert held.state is OutgoingState.WAITING

    world.act(queue)
    line = next(one for one in world.listed(PARTNERS, A4, size=200).lines if one.app_id == row.app_id)
    assert (line.maintenance, line.waiting) == (True, 1)
    world.door.perform(maintain_partner, A4, MaintainPartner(row.id, False))
    # It is no right: the list has nothing of it, and nothing differs.
    assert check_list(world.door).problems == ()
    assert not world.read(lambda work: work.session.exec(select(Alarm).where(Alarm.alarm_code == "ACL.TAMPER")).all())


def test_the_newest_exchange_of_each_partner_is_found_by_its_index(world: World) -> None:
    """Also of one that never came, for which nothing but its own part of the index is read."""
    first, second, silent = (registered(world, label=name) for name in ("甲方", "乙方", "丙方"))

    def exchanged(work: Work) -> None:
        for row, days, code in ((first, 3, "0"), (first, 1, "40001"), (second, 2, "0")):
            seen: dict[str, Any] = {
                "direction": "IN",
                "system": "",
                "operation": "filings.query",
                "request_id": uuid4().hex,
            }
            work.add(PartnerExchange(at=work.now - timedelta(days=days), app_id=row.app_id, code=code, **seen))

    world.act(exchanged)
    asked: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.startswith("SELECT") and "partner_exchange.at DESC" in statement:
            asked.append((statement, values))

    sa.event.listen(sa.Engine, "before_cursor_execute", listen)
    try:
        lines = {one.app_id: one for one in world.listed(PARTNERS, A4, size=200).lines}
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", listen)
    assert [str(lines[row.app_id].last) for row in (first, second, silent)] == ["失败", "成功", ""]
    [(statement, values)] = asked

    def plan_of(work: Work) -> str:
        connection = work.session.connection()
        sqlite = connection.dialect.name == "sqlite"
        for switch in () if sqlite else ("seqscan", "sort", "bitmapscan"):
            connection.exec_driver_sql(f"SET LOCAL enable_{switch} = off")
        explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
        return " ".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", values))

    plan = world.act(plan_of)
    assert "(app_id,at)<" in plan or "Index Cond: (ROW((app_id)" in plan, plan
    assert not re.search(r"-> +(Incremental )?Sort|TEMP B-TREE", plan), plan
