"""A window hands an application in reason by reason, a reviewer sees it side by side and decides by a key (rows 11, 12)."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from nicegui import background_tasks
from nicegui import ui as web
from nicegui.elements.upload_files import SmallFileUpload
from nicegui.testing import User
from sqlmodel import col

from models.access import Role, ScopeKind
from models.documents import IssuedDocument, PrintLog
from models.forced_review import CivilCase, ForcedReview, ReviewState
from models.streets import LinkDuty, StreetLink
from services.engine.callers import Caller, Scope
from services.engine.work import Work
from services.forced_review.civil_cases import hand_over
from services.forced_review.civil_orders import HandOver
from tests.files_made import png
from tests.services.forced_review.reviews import GROUNDS, OTHER, REVIEWER, STREET, TAKER, WHY, Reviews
from tests.services.tenancy.counter import Counter
from tests.ui.people import Crowd, page_of, until
from tests.ui.tenancy.hands import WAIT, command, key, press, put
from ui.forced_review.queue import ReviewDesk
from ui.shell.call import call

pytestmark = pytest.mark.row(11)


@pytest.fixture(scope="module")
def reviews(counter: Counter) -> Reviews:
    return Reviews(counter)


def _printed(reviews: Reviews, review_id: UUID) -> list[PrintLog]:
    """Prints of the papers of a review."""

    def read(work: Work) -> list[PrintLog]:
        papers = work.rows(IssuedDocument.id, IssuedDocument.object_id == review_id)
        return list(work.rows(PrintLog, col(PrintLog.document_id).in_(papers)))

    printed: list[PrintLog] = reviews.world.read(read)
    return printed


async def _upload(user: User, place: int = 0) -> None:
    boxes = sorted(user.find(web.upload).elements, key=lambda one: one.id)
    with page_of(user):
        await boxes[place].handle_uploads([SmallFileUpload(name="户籍证明.png", content_type="", _data=png(5, 5))])


def _tick(user: User, mark: str) -> None:
    user.find(marker=mark).elements.pop().value = True  # type: ignore[attr-defined]


async def test_a_window_applies_and_a_colleague_waives_by_f8(crowd: Crowd, reviews: Reviews) -> None:
    stopped = reviews.stopped()
    user = await crowd.open(TAKER, f"/?open=forced_apply&id={stopped.case_id}")
    await user.should_see(stopped.decision.case_no, retries=WAIT)
    key(user, "f8")
    await user.should_see("H02 出租人是登记的权利人", retries=WAIT)
    for mark in ("tick-H02-权利人与出租人关系证明", "tick--强制核验申请书", "tick--申请人身份证件"):
        _tick(user, mark)
    user.find(marker="pages-H02-权利人与出租人关系证明").elements.pop().value = 3  # type: ignore[attr-defined]
    await _upload(user)
    await user.should_see("户籍证明.png", retries=WAIT)
    for field, text in (("name", stopped.landlord.name), ("id_no", stopped.landlord.id_no), ("reason", WHY)):
        put(user, field, text)
    press(user, "send-review")
    await user.should_see("待审核", retries=WAIT)
    made = reviews.world.read(lambda work: work.only(ForcedReview, ForcedReview.case_id == stopped.case_id))
    assert made.state is ReviewState.ACCEPTED
    items = dict(reviews.papers(made.id))["收件清单"]["items"]
    assert ("权利人与出租人关系证明（H02）", "3") in [(one["name"], one["pages"]) for one in items]
    other = await crowd.open(REVIEWER, f"/?open=filing_reviews&id={made.id}")
    await other.should_see("《上海市租赁住房房源核验业务规则》", retries=WAIT)
    await other.should_see("剩3个工作日")
    await other.should_see(marker="waive-H02")
    await command(other, "打印文书")
    assert await until(lambda: len(_printed(reviews, made.id)) == 3)
    assert {log.set_id is None for log in _printed(reviews, made.id)} == {False}
    key(other, "f8")
    await other.should_see("同意强制核验？", retries=WAIT)
    press(other, "dialog-yes")
    await other.should_see("已同意，备案编号", retries=WAIT)
    row = reviews.world.read(lambda work: work.only(ForcedReview, ForcedReview.id == made.id))
    assert (row.state, row.waived_codes) == (ReviewState.DONE, "H02")


async def test_a_refusal_asks_for_its_reason(crowd: Crowd, reviews: Reviews) -> None:
    made = reviews.applied()
    user = await crowd.open(REVIEWER, f"/?open=filing_reviews&id={made.id}")
    await user.should_see(made.apply_no, retries=WAIT)
    key(user, "f9")
    await user.should_see("不同意强制核验", retries=WAIT)
    user.find(marker="dialog-text").elements.pop().value = GROUNDS  # type: ignore[attr-defined]
    press(user, "dialog-yes")
    await user.should_see("已办结，60秒内可以撤销", retries=WAIT)
    assert reviews.row(made).state is ReviewState.REFUSED
    await command(user, "撤销不同意（60秒内）")
    await user.should_see("已撤销，审核意见书作废", retries=WAIT)
    assert reviews.row(made).state is ReviewState.ACCEPTED


async def test_a_key_pressed_while_a_review_is_read_is_meant_for_it(
    crowd: Crowd, reviews: Reviews, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = reviews.applied()
    desks: list[ReviewDesk] = []
    monkeypatch.setattr(ReviewDesk, "above", lambda desk: desks.append(desk))
    user = await crowd.open(REVIEWER, "/?open=filing_reviews")
    assert await until(lambda: bool(desks) and str(made.id) in desks[0].grid.lines)
    reading, (desk,) = asyncio.Event(), desks
    assert desk.view is None

    async def slowly(*asked: Any, **told: Any) -> Any:
        await reading.wait()
        return await call(*asked, **told)

    monkeypatch.setattr("ui.shell.list_desk.call", slowly)
    chosen = background_tasks.create(desk.choose(desk.grid.lines[str(made.id)]))
    key(user, "f4")
    await asyncio.sleep(0.5)
    await user.should_not_see("请先选择")
    reading.set()
    await chosen
    await user.should_see("已打开，30分钟内其他人不能审核", retries=WAIT)


async def test_hard_reasons_are_told_where_no_review_is_open(crowd: Crowd, reviews: Reviews) -> None:
    stopped = reviews.stopped(start="2027-03-01", end="2027-03-10")
    user = await crowd.open(TAKER, f"/?open=forced_apply&id={stopped.case_id}")
    await user.should_see(stopped.decision.case_no, retries=WAIT)
    key(user, "f8")
    await user.should_see("下列原因不能强制核验", retries=WAIT)


@pytest.mark.row(12)
async def test_a_centre_begins_with_an_acceptance_and_the_form_is_filled_in(crowd: Crowd, reviews: Reviews) -> None:
    stopped = reviews.stopped(OTHER)
    world = reviews.world
    account = world.caller(STREET).account_id
    world.rewrite(StreetLink, col(StreetLink.account_id) == account, duty=LinkDuty.REVIEW)
    order = HandOver(
        "SQ-PAGE-1",
        "ST310115005",
        "hm017",
        "邹受理",
        stopped.landlord.name,
        stopped.landlord.id_no,
        world.door.clock.now(),
        gov_case_no=stopped.decision.case_no,
        matter="申请强制核验",
    )
    partner: Any = Caller("mz-shequ", (Scope(Role.PARTNER, ScopeKind.ORGANISATION, "mz-shequ"),))
    world.door.perform(hand_over, partner, order)
    row = world.read(lambda work: work.only(CivilCase, CivilCase.acceptance_no == "SQ-PAGE-1"))
    user = await crowd.open(STREET, f"/?open=civil_cases&id={row.id}")
    await user.should_see("SQ-PAGE-1", retries=WAIT)
    key(user, "f8")
    await user.should_see("审查无误，开始办理？", retries=WAIT)
    press(user, "dialog-yes")
    await user.should_see("H02 出租人是登记的权利人", retries=WAIT)
    assert user.find(marker="field-name").elements.pop().value == stopped.landlord.name  # type: ignore[attr-defined]
