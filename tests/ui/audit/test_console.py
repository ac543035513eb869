"""The audit console: the auditor finds an event and its proof, verifies, exports; nobody else has the page (A6, H21)."""

import pytest
from sqlmodel import col, select

from models.audit import AuditEvent
from services.audit.checkpoints import checkpoint
from services.engine.callers import SYSTEM
from tests.services.engine.notes import Note, noting
from tests.ui.people import Crowd
from tests.ui.tenancy.hands import WAIT, key, pick, rows
from tests.world import World


def newest(world: World, event: str) -> AuditEvent:
    statement = select(AuditEvent).where(AuditEvent.event == event).order_by(col(AuditEvent.seq).desc()).limit(1)
    found: AuditEvent = world.read(lambda work: work.session.exec(statement).one())
    return found


@pytest.mark.proves("D06", "D09", "H21")
async def test_the_auditor_sees_an_event_to_the_letter_with_its_proof(crowd: Crowd, world: World) -> None:
    world.door.perform(noting(), SYSTEM, Note("console"))
    event = newest(world, "DATA.CREATE")
    checkpoint(world.door, at_once=True)
    user = await crowd.open("shenji01", f"/?open=audit&object={event.object_id}")
    await user.should_see("共 1 条", retries=WAIT)
    (line,) = rows(user, "grid")
    assert (line["act"], line["signed"]) == ("test.note", "已签名")
    pick(user, "grid", line["id"])
    await user.should_see("本事件在检查点之内，签名有效", retries=WAIT)
    await user.should_see(event.body)
    await user.should_see("shfg-rental/audit/app", retries=WAIT)


async def test_verification_from_the_page_is_told_on_it_and_in_the_audit(crowd: Crowd, world: World) -> None:
    checkpoint(world.door, at_once=True)
    user = await crowd.open("shenji01", "/?open=audit")
    await user.should_see("签名至第", retries=WAIT)
    key(user, "f6")
    await user.should_see("审计链完整", retries=4 * WAIT)
    assert newest(world, "AUDIT.VERIFY").result == "ok"


@pytest.mark.proves("H21", "D06")
@pytest.mark.parametrize("login", ["huamu01", "shi01", "anquan01", "xitong01"])
async def test_nobody_else_has_the_page(crowd: Crowd, login: str) -> None:
    user = await crowd.open(login, "/?open=audit")
    await user.should_not_see("审计查询")


async def test_the_auditor_has_no_other_business(crowd: Crowd) -> None:
    user = await crowd.open("shenji01", "/?open=filings")
    await user.should_not_see(marker="filter-number")
