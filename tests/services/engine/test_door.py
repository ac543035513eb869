"""The door: roles, refusals told to the audit, stale writers, and all or nothing."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update
from sqlmodel import col, select

from models.access import Role
from models.audit import AuditEvent
from models.engine import Draft, Notice, Outgoing
from models.sealed import Sealed
from services.engine.callers import SYSTEM
from services.engine.outbox import send
from services.engine.refusals import Conflict, NotAllowed, NotFound, Refusal, Rejected, Unavailable
from services.engine.registry import Action, Query
from services.engine.work import Work
from tests.services.engine.notes import EVERYBODY, OWNER, Note, Noted, drawn, notes_of, noting
from tests.world import World

pytestmark = pytest.mark.both_engines


def events(world: World, request_id: str) -> list[tuple[str, str, str]]:
    """Code, act and result of what one request left in the audit."""
    statement = (
        select(AuditEvent.event, AuditEvent.act, AuditEvent.result)
        .where(AuditEvent.request_id == request_id)
        .order_by(col(AuditEvent.seq))
    )
    return list(world.read(lambda work: work.session.exec(statement).all()))


@pytest.mark.proves("D09")
def test_an_act_is_told_to_the_audit_with_who_and_where(world: World) -> None:
    clerk, request = world.caller("shi01"), uuid4().hex
    world.door.perform(noting(), clerk, Note(request), request_id=request)

    def read(work: Work) -> AuditEvent:
        statement = select(AuditEvent).where(AuditEvent.request_id == request, AuditEvent.act == "test.note")
        return work.session.exec(statement).one()

    event = world.read(read)
    assert (event.account, event.org, event.role) == (str(clerk.account_id), str(clerk.unit_id), "CITY_CENTER")
    assert (event.event, event.act, event.result) == ("DATA.CREATE", "test.note", "ok")
    assert '"ip":"127.0.0.1"' in event.body


def test_a_changed_row_says_who_changed_it(world: World) -> None:
    noted = world.door.perform(noting(), SYSTEM, Note(uuid4().hex))

    def change(work: Work, order: UUID) -> None:
        work.session.exec(select(Draft).where(Draft.id == order)).one().title = "改"

    clerk = world.caller("shi01")
    world.door.perform(Action("test.change", "改一笔", frozenset({Role.CITY_CENTER}), change), clerk, noted.id)
    by = world.read(lambda work: work.session.exec(select(Draft.updated_by).where(Draft.id == noted.id)).one())
    assert by == clerk.account_id


@pytest.mark.proves("D09", "H18")
def test_who_has_not_the_role_is_refused_and_it_is_told(world: World) -> None:
    request = uuid4().hex
    with pytest.raises(NotAllowed, match="您的岗位不能办理此项业务"):
        world.door.perform(noting(), world.caller("huamu01"), Note(request), request_id=request)
    assert events(world, request) == [("AUTHZ.DENY", "test.note", "deny")]
    assert notes_of(world, request) == []


def test_who_may_not_ask_is_refused_and_it_is_told(world: World) -> None:
    request = uuid4().hex
    asked: Query[None, str] = Query("test.ask", "问", frozenset({Role.AUDITOR}), lambda work, order: "答")
    with pytest.raises(NotAllowed, match="您的岗位不能查询此项内容"):
        world.door.ask(asked, world.caller("huamu01"), None, request_id=request)
    assert events(world, request) == [("AUTHZ.DENY", "test.ask", "deny")]


@pytest.mark.proves("D09")
def test_a_refusal_undoes_everything_and_is_told(world: World) -> None:
    request, before = uuid4().hex, drawn(world)

    def refuse(work: Work) -> None:
        raise Rejected("不予办理")

    with pytest.raises(Rejected):
        world.door.perform(noting(refuse, last=True), SYSTEM, Note(request), request_id=request)
    assert (notes_of(world, request), drawn(world)) == ([], before)
    assert events(world, request) == [("DATA.REFUSED", "test.note", "deny")]


def test_a_fault_of_ours_undoes_everything_with_numbers_and_messages(world: World) -> None:
    request, before = uuid4().hex, drawn(world)

    def send_then_break(work: Work) -> None:
        send(work, to="x", operation="y", business_key=request, kind="note", object_id=uuid4(), payload={})
        work.session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        world.door.perform(noting(send_then_break, last=True), SYSTEM, Note(request), request_id=request)
    assert (notes_of(world, request), drawn(world)) == ([], before)
    sent = select(Outgoing.id).where(Outgoing.business_key == request)
    assert world.read(lambda work: work.session.exec(sent).all()) == []
    assert world.door.perform(noting(), SYSTEM, Note(request), request_id=request).number


def test_whoever_saves_over_a_newer_version_is_told_so(world: World) -> None:
    note: Noted = world.door.perform(noting(), SYSTEM, Note(uuid4().hex))

    def rename(work: Work, others_first: bool) -> None:
        row = work.session.exec(select(Draft).where(Draft.id == note.id)).one()
        if others_first:
            newer = update(Draft).where(col(Draft.id) == note.id).values(version=col(Draft.version) + 1)
            work.session.connection().execute(newer)
        row.title = "改好了"
        work.add(row)

    act: Action[Any, Any] = Action("test.rename", "改名", frozenset({Role.SYSTEM}), rename)
    with pytest.raises(Conflict, match="该记录已被他人修改，请刷新后再办理"):
        world.door.perform(act, SYSTEM, True)
    world.door.perform(act, SYSTEM, False)
    assert world.read(lambda work: work.session.exec(select(Draft.title).where(Draft.id == note.id)).one()) == "改好了"


def losing(note: Noted, title: str, tries: list[str]) -> Callable[[Work, None], None]:
    """A renaming that loses to somebody quicker at its first try."""

    def rename(work: Work, order: None) -> None:
        row = work.session.exec(select(Draft).where(Draft.id == note.id)).one()
        if not tries:
            newer = update(Draft).where(col(Draft.id) == note.id).values(version=col(Draft.version) + 1)
            work.session.connection().execute(newer)
        tries.append(row.title)
        row.title = title
        work.add(row)

    return rename


def test_what_a_job_lost_to_somebody_quicker_is_done_anew(world: World) -> None:
    note: Noted = world.door.perform(noting(), SYSTEM, Note(uuid4().hex))
    tries: list[str] = []
    rename = losing(note, "后来改好了", tries)
    world.door.perform(Action("test.rename_again", "改名", frozenset({Role.SYSTEM}), rename), SYSTEM)
    assert len(tries) == 2
    assert (
        world.read(lambda work: work.session.exec(select(Draft.title).where(Draft.id == note.id)).one()) == "后来改好了"
    )


def test_what_a_person_lost_to_somebody_quicker_is_not_done_anew(world: World) -> None:
    note: Noted = world.door.perform(noting(), SYSTEM, Note(uuid4().hex))
    tries: list[str] = []
    rename = losing(note, "盖过了新内容", tries)
    act: Action[Any, Any] = Action("test.rename_by_hand", "改名", EVERYBODY, rename)
    with pytest.raises(Conflict, match="该记录已被他人修改"):
        world.door.perform(act, world.caller("shi01"))
    assert len(tries) == 1


@pytest.mark.proves("D09")
def test_an_act_that_tells_nothing_by_itself_is_told_by_the_door(world: World) -> None:
    request = uuid4().hex

    def nothing(work: Work, order: None) -> None:
        """Write nothing."""

    act: Action[Any, Any] = Action("test.silent", "不记", EVERYBODY, nothing)
    world.door.perform(act, world.caller("shi01"), request_id=request)
    assert events(world, request) == [("DATA.STATE", "test.silent", "ok")]


@dataclass(frozen=True)
class Look:
    id: UUID


@pytest.mark.proves("H17")
def test_what_is_out_of_scope_is_answered_like_what_is_not_there(world: World) -> None:
    office = world.caller("longhua01").unit_id

    def put(work: Work) -> UUID:
        return work.add(Notice(to_unit=office, subject="另一单位的消息", body=Sealed.of_json(""))).id

    foreign = world.act(put)
    look: Query[Any, Any] = Query("test.look", "看", EVERYBODY, lambda work, order: work.get(Notice, order.id))
    told = []
    for row_id in (foreign, uuid4()):
        with pytest.raises(NotFound) as refused:
            world.door.ask(look, world.caller("huamu01"), Look(row_id))
        told.append(refused.value.message)
    assert told[0] == told[1]
    assert world.door.ask(look, world.caller("longhua01"), Look(foreign)).id == foreign


@pytest.mark.parametrize("row_id", ["", "'; DROP TABLE draft; --", "x" * 400, "00000000-0000-0000-0000-00000000000g"])
def test_an_id_that_is_none_is_not_found(world: World, row_id: str) -> None:
    with pytest.raises(NotFound):
        world.door.look(SYSTEM, lambda work: work.get(Notice, row_id))


def test_a_question_about_persons_is_in_the_audit_before_the_answer_is_out(world: World) -> None:
    request = uuid4().hex
    asked: Query[None, str] = Query("test.person", "问人", EVERYBODY, lambda work, order: "张三", personal=True)
    assert world.door.ask(asked, world.caller("huamu01"), None, request_id=request) == "张三"
    assert events(world, request) == [("PII.READ", "test.person", "ok")]


def test_reading_changes_nothing_even_when_it_tries(world: World) -> None:
    kind = uuid4().hex

    def write(work: Work, order: None) -> None:
        work.add(Draft(owner_id=OWNER, kind=kind, payload=Sealed.of_json("")))
        work.session.flush()

    # SQLite throws it away at the end, PostgreSQL is not even asked.
    with suppress(RuntimeError):
        world.door.ask(Query("test.write", "写", EVERYBODY, write), SYSTEM, None)
    assert notes_of(world, kind) == []


def test_a_database_that_cannot_answer_is_told_in_words(world: World) -> None:
    broken = "SELECT * FROM a_table_nobody_made"
    act: Action[Any, Any] = Action(
        "test.broken", "坏", EVERYBODY, lambda work, order: work.session.connection().execute(text(broken))
    )
    ask: Query[Any, Any] = Query(
        "test.broken", "坏", EVERYBODY, lambda work, order: work.session.connection().execute(text(broken))
    )
    with pytest.raises(Unavailable, match="您填写的内容已"):
        world.door.perform(act, world.caller("shi01"), None)
    # A job has filled in nothing.
    with pytest.raises(Unavailable, match="本次没有办理"):
        world.door.perform(act, SYSTEM, None)
    with pytest.raises(Unavailable, match="系统繁忙"):
        world.door.ask(ask, SYSTEM, None)


@pytest.mark.parametrize("hostile", ["张\x00三", "张\ud800三"])
def test_characters_no_database_takes_are_refused_in_words(world: World, hostile: str) -> None:
    find = select(Draft.id)
    ask: Query[Any, Any] = Query(
        "test.find", "找", EVERYBODY, lambda work, order: work.session.exec(find.where(Draft.title == order)).all()
    )
    assert _told(lambda: world.door.ask(ask, SYSTEM, hostile)) in {"[]", "内容含有无法处理的字符，请检查后重新输入"}


def _told(call: Callable[[], Any]) -> str:
    try:
        return str(call())
    except Refusal as refusal:
        return refusal.message
