"""Row 24: filings of centralized rooms are made again, one or three hundred at once, each settled by itself."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlmodel import col

from models.documents import IssuedDocument, PaperKind
from models.enterprise import PriceFiling
from models.rooms import CentralProject, CentralRoom, CentralRoomState, ProjectKind
from models.tenancy import LeaseContract, LeaseFiling
from models.tenancy_codes import Channel, ContractState, FilingState, FilingWay
from services.engine.listings import BulkRows
from services.engine.notices import my_notices
from services.engine.refusals import Conflict, NotFound, Rejected
from services.privacy.export_download import DownloadExport, download_export
from services.privacy.export_files import make_waiting
from services.privacy.exports import RequestExport, request_export
from services.tenancy.contract_views import contract_view
from services.tenancy.refiling import Refile, refile
from services.tenancy.refiling_list import NOTICES, REFILINGS
from tests.services.check_ins.platform import MARKET, Platform
from tests.world import at_once

pytestmark = pytest.mark.row(24)
FIRM = "huyu01"


def again(platform: Platform, filing: LeaseFiling, rent: Decimal | None = None, login: str = FIRM) -> Any:
    return platform.world.door.perform(refile, platform.world.caller(login), Refile(filing.id, rent))


def by_id(platform: Platform, filing_id: UUID) -> LeaseFiling:
    row: LeaseFiling
    (row,) = platform.rows(LeaseFiling, LeaseFiling.id == filing_id)
    return row


def refused(platform: Platform, filing: LeaseFiling) -> set[str]:
    with pytest.raises(Rejected) as no:
        again(platform, filing)
    assert by_id(platform, filing.id).state is not FilingState.REPLACED
    return {one.code for one in no.value.findings if one.severity != "WARN"}


def test_a_filing_near_its_end_is_continued_without_gap_or_overlap(platform: Platform) -> None:
    old = platform.running_out(20)
    done = again(platform, old)
    new = by_id(platform, done.filing_id)
    assert (new.way, new.channel, new.previous_id) == (FilingWay.REFILE, Channel.ENT, old.id)
    assert new.valid_from == old.valid_to + timedelta(days=1)
    (lease,) = platform.rows(LeaseContract, LeaseContract.id == old.contract_id)
    assert (new.contract_id, new.valid_to, lease.state) == (old.contract_id, lease.end, ContractState.EFFECTIVE)
    page = platform.world.door.ask(contract_view, platform.world.caller(FIRM), lease.id)
    assert page.filing is not None
    assert page.filing.filing.id == new.id
    assert {one.object_id for one in page.papers} >= {old.id, new.id}
    # The old one counts until its last day, then it is the replaced one.
    assert by_id(platform, old.id).state is FilingState.ACTIVE
    platform.world.door.clock.stand_at(platform.world.door.clock.now() + timedelta(days=21))
    platform.run("tenancy.expire")
    assert by_id(platform, old.id).state is FilingState.REPLACED
    assert by_id(platform, new.id).state is FilingState.ACTIVE


def test_a_filing_that_is_over_is_continued_from_today_and_its_room_is_let_again(platform: Platform) -> None:
    old = platform.running_out(-40)
    platform.run("tenancy.expire")
    room = CentralRoom.house_id == old.house_id
    platform.world.rewrite(CentralRoom, room, state=CentralRoomState.FREE)
    done = again(platform, old)
    assert (done.valid_from, by_id(platform, old.id).state) == (platform.today, FilingState.EXPIRED)
    assert platform.rows(CentralRoom, room)[0].state is CentralRoomState.LET


def test_a_filing_over_before_the_nightly_job_is_expired_on_the_way(platform: Platform) -> None:
    old = platform.running_out(-1)
    assert by_id(platform, old.id).state is FilingState.ACTIVE
    done = again(platform, old)
    assert done.valid_from == platform.today
    assert by_id(platform, old.id).state is FilingState.EXPIRED


def test_no_filing_outlasts_three_years(platform: Platform) -> None:
    done = again(platform, platform.running_out(10, months=80))
    assert done.valid_to == date(2030, 3, 11)


def test_a_new_notice_is_issued_and_the_lease_is_not(platform: Platform) -> None:
    done = again(platform, platform.running_out(10))
    papers = platform.rows(IssuedDocument, IssuedDocument.filing_id == done.filing_id)
    assert [one.kind for one in papers] == [PaperKind.FILING_NOTICE]


# ------------------------------------------------------------------ edges


def test_a_lease_that_is_over_is_not_filed_again(platform: Platform) -> None:
    old = platform.running_out(-5)
    platform.world.rewrite(
        LeaseContract, col(LeaseContract.id) == old.contract_id, end=platform.today - timedelta(days=1)
    )
    assert "F15" in refused(platform, old)


def test_too_early_is_refused_with_the_day_it_becomes_possible(platform: Platform) -> None:
    with pytest.raises(Rejected) as no:
        again(platform, platform.running_out(31))
    assert "原备案到期前30日内方可办理" in no.value.message
    again(platform, platform.running_out(30))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": CentralRoomState.CANCELLED}, "F16"),
        ({"state": CentralRoomState.OUT}, "F16"),
        ({"in_library": False}, "F16"),
        ({"usable_area": Decimal("9.00")}, "F15"),
    ],
)
def test_a_room_changed_or_cancelled_since_is_refused(platform: Platform, change: dict[str, Any], code: str) -> None:
    old = platform.running_out(10)
    platform.world.rewrite(CentralRoom, col(CentralRoom.house_id) == old.house_id, **change)
    assert code in refused(platform, old)


def test_a_project_no_longer_open_is_refused(platform: Platform) -> None:
    old = platform.running_out(10)
    platform.world.rewrite(CentralProject, col(CentralProject.project_no) == MARKET, opened=False)
    try:
        assert "F16" in refused(platform, old)
    finally:
        platform.world.rewrite(CentralProject, col(CentralProject.project_no) == MARKET, opened=True)


def test_another_rent_needs_another_lease(platform: Platform) -> None:
    old = platform.running_out(10)
    with pytest.raises(Conflict) as no:
        again(platform, old, Decimal("3300.00"))
    assert "请另签合同后备案" in no.value.message
    assert again(platform, old, old.month_rent).filing_no.startswith("BA")


def test_a_filing_is_made_again_once(platform: Platform) -> None:
    old = platform.running_out(10)
    done = again(platform, old)
    with pytest.raises(Conflict) as no:
        again(platform, old)
    assert done.filing_no in no.value.message


def test_two_clerks_at_once_make_one_filing(platform: Platform) -> None:
    old = platform.running_out(10)

    def file() -> Any:
        try:
            return again(platform, old)
        except (Conflict, Rejected):
            return None

    done = [one for one in at_once([file, file]) if one is not None]
    assert len(done) == 1
    assert len(platform.rows(LeaseFiling, LeaseFiling.previous_id == old.id)) == 1


def test_a_tenant_who_left_is_not_filed_again(platform: Platform) -> None:
    stay, answer = platform.move_in()
    platform.leave(stay)
    with pytest.raises(Rejected) as no:
        again(platform, platform.filing(answer.filing_no))
    assert "F15" in {one.code for one in no.value.findings}


def test_the_right_to_operate_cuts_the_new_filing_and_warns(platform: Platform) -> None:
    old = platform.running_out(10)
    until = platform.today + timedelta(days=100)
    project = col(CentralProject.project_no) == MARKET
    before = platform.rows(CentralProject, project)[0].operate_to
    platform.world.rewrite(CentralProject, project, operate_to=until)
    try:
        done = again(platform, old)
        assert done.valid_to == until
        assert any(str(until) in one for one in done.warnings)
        platform.world.rewrite(CentralProject, project, operate_to=platform.today - timedelta(days=1))
        assert "F16" in refused(platform, running_out_later(platform, until))
    finally:
        platform.world.rewrite(CentralProject, project, operate_to=before)


def running_out_later(platform: Platform, until: date) -> LeaseFiling:
    """Another filing, made while the project could still be operated."""
    project = col(CentralProject.project_no) == MARKET
    platform.world.rewrite(CentralProject, project, operate_to=until + timedelta(days=2000))
    made = platform.running_out(10)
    platform.world.rewrite(CentralProject, project, operate_to=platform.today - timedelta(days=1))
    return made


def test_an_affordable_room_whose_price_filing_ran_out_is_refused(platform: Platform) -> None:
    old = platform.running_out(10)
    project = col(CentralProject.project_no) == MARKET
    (row,) = platform.rows(CentralProject, project)
    (room,) = platform.rows(CentralRoom, CentralRoom.house_id == old.house_id)
    platform.world.rewrite(CentralProject, project, kind=ProjectKind.AFFORDABLE)
    ended = platform.today - timedelta(days=1)
    platform.world.act(
        lambda work: (
            work.add(
                PriceFiling(
                    project_id=row.id,
                    room_no=room.room_no,
                    month_price=Decimal("5000.00"),
                    valid_from=date(2026, 1, 1),
                    valid_to=ended,
                )
            )
            and None
        )
    )
    try:
        assert "T10" in refused(platform, old)
        price = col(PriceFiling.room_no) == room.room_no
        platform.world.rewrite(PriceFiling, price, valid_to=platform.today + timedelta(days=400))
        assert again(platform, old).filing_no
    finally:
        platform.world.rewrite(CentralProject, project, kind=ProjectKind.MARKET)


def test_other_firms_and_ordinary_filings_are_not_found(platform: Platform) -> None:
    old = platform.running_out(10)
    with pytest.raises(NotFound):
        again(platform, old, login="anju01")


# ------------------------------------------------------------------ many at once


def test_many_are_filed_at_once_each_by_itself(platform: Platform) -> None:
    good = [platform.running_out(10) for _ in range(4)]
    early, cancelled = platform.running_out(200), platform.running_out(10)
    platform.world.rewrite(
        CentralRoom, col(CentralRoom.house_id) == cancelled.house_id, state=CentralRoomState.CANCELLED
    )
    ids = tuple(one.id for one in (*good[:2], early, *good[2:], cancelled))
    order = BulkRows(refile.name, ids)
    results = platform.world.door.perform(REFILINGS.each, platform.world.caller(FIRM), order)
    assert [one.done for one in results] == [True, True, False, True, True, False]
    assert "原备案到期前30日内方可办理" in results[2].message
    assert "已注销" in results[5].message or "房间" in results[5].message
    assert [one.label for one in results] == [one.filing_no for one in (*good[:2], early, *good[2:], cancelled)]


def test_the_list_tells_what_runs_out_and_what_is_over(platform: Platform) -> None:
    soon, over = platform.running_out(20), platform.running_out(-20)
    ordinary = platform.running_out(200)

    def listed(**filters: str) -> set[str]:
        page = platform.world.listed(REFILINGS, FIRM, size=200, **filters)  # type: ignore[arg-type]
        return {line.filing_no for line in page.lines}

    assert soon.filing_no in listed(due="soon")
    assert over.filing_no in listed(due="over")
    assert not {ordinary.filing_no, over.filing_no} & listed(due="soon")
    assert {soon.filing_no, over.filing_no, ordinary.filing_no} <= listed(project=MARKET)
    (line,) = platform.world.listed(REFILINGS, FIRM, number=soon.filing_no).lines
    assert line.due == "将到期，还有20天"
    again(platform, soon)
    assert soon.filing_no not in listed()


def test_a_firm_hears_once_of_its_filings_that_may_be_made_again_from_today(platform: Platform) -> None:
    """Leasing-domain 3.3: thirty days before the end, with how many of the leases go on; those made again are left out."""
    # To a day on which no filing of another test ends.
    platform.world.let_pass(days=4)
    soon, later, made_again = (platform.running_out(days) for days in (30, 31, 30))
    again(platform, made_again)
    platform.run("tenancy.remind_expiring")
    platform.run("tenancy.remind_expiring")
    day = soon.valid_to
    subject = f"备案将于{day.year}年{day.month}月{day.day}日到期"
    notices = platform.world.door.ask(my_notices, platform.world.caller(FIRM), 200)
    (told,) = (one for one in notices if one.subject == subject)
    assert [filing.filing_no in told.body for filing in (soon, later, made_again)] == [True, False, False]
    assert "，共1件，其中1件合同尚未到期" in told.body


def test_notices_leave_as_one_document(platform: Platform) -> None:
    made = [again(platform, platform.running_out(10)) for _ in range(3)]
    door, caller = platform.world.door, platform.world.caller(FIRM)
    criteria = {"ids": ",".join(str(one.filing_id) for one in made)}
    asked = door.perform(
        request_export, caller, RequestExport(NOTICES.name, criteria, NOTICES.media[0].value, "合并打印备案通知书")
    )
    make_waiting(door)
    content = door.ask(download_export, caller, DownloadExport(asked.id)).content
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    assert all(one.filing_no in text for one in made)
    assert "重新备案" in text
