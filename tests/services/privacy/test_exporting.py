"""Exports: nobody without the right, nothing long or clear without a second person, every file marked and counted (H23)."""

import csv
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from openpyxl import load_workbook
from sqlmodel import col, select

from models.access import Account, AccountState, Role
from models.audit import AuditEvent
from models.engine import Notice, Parameter
from models.file_pieces import FilePiece
from models.privacy import ExportRequest, ExportState, PersonAccess, Shown
from models.sealed import indexes_of
from services.engine.jobs import run_job
from services.engine.listings import ListRows
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.engine.work import Work
from services.privacy.export_download import DownloadExport, ExportedFile, download_export
from services.privacy.export_files import trace_export
from services.privacy.exports import (
    EXPORTS,
    DecideExport,
    RequestedExport,
    RequestExport,
    decide_export,
    request_export,
)
from services.privacy.reauthentication import Reauthenticate, reauthenticate
from tests.services.privacy.test_revealing import rows, set_parameter
from tests.services.tenancy.counter import Counter, Filed
from tests.world import sealer

REASON = "制作本单位月度台账"
#: A Pudong counter, its bureau, another district's bureau.
CLERK, BUREAU, ELSEWHERE = "huamu01", "pdju01", "xhju01"


@pytest.fixture(scope="module")
def leases(open_counter: Counter) -> list[Filed]:
    """Four filings of one counter."""
    open_counter.world.stand_at(2027, 3, 1)
    return [open_counter.filed() for _ in range(4)]


@pytest.fixture(autouse=True)
def defaults(counter: Counter, leases: list[Filed]) -> None:
    def forget(work: Work) -> None:
        for row in work.session.exec(select(Parameter)).all():
            work.session.delete(row)

    counter.world.act(forget)


def ask(counter: Counter, login: str = CLERK, **changes: Any) -> RequestedExport:
    order = {"listing": "filings", "criteria": {}, "media": "xlsx", "reason": REASON, **changes}
    return counter.world.door.perform(request_export, counter.clerk(login), RequestExport(**order))


def work_off(counter: Counter) -> None:
    assert run_job(counter.world.door, "exports.make")


def fetch(counter: Counter, request_id: UUID, login: str = CLERK) -> ExportedFile:
    return counter.world.door.ask(download_export, counter.clerk(login), DownloadExport(request_id))


def fetched(counter: Counter, login: str = CLERK, **changes: Any) -> bytes:
    asked = ask(counter, login, **changes)
    assert not asked.waits
    work_off(counter)
    return fetch(counter, asked.id, login).content


def row_of(counter: Counter, request_id: UUID) -> ExportRequest:
    (found,) = rows(counter.world, ExportRequest, ExportRequest.id == request_id)
    assert isinstance(found, ExportRequest)
    return found


def texts(content: bytes) -> list[list[str]]:
    if content.startswith(b"PK"):
        sheet: Any = load_workbook(BytesIO(content)).active
        return [["" if value is None else str(value) for value in row] for row in sheet.values]
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


@pytest.mark.proves("H23", "D07")
@pytest.mark.parametrize("media", ["xlsx", "csv"])
def test_h23_a_short_list_is_made_masked_with_its_line_and_counted(
    counter: Counter, leases: list[Filed], media: str
) -> None:
    asked = ask(counter, media=media)
    assert (asked.rows >= 4, asked.waits) == (True, False)
    work_off(counter)
    content = fetch(counter, asked.id).content
    found = texts(content)
    numbers = {line[0] for line in found}
    assert {lease.decision.filing_no for lease in leases} <= numbers
    whole = "\n".join("|".join(line) for line in found)
    for lease in leases:
        assert lease.tenant.name not in whole
        assert lease.tenant.id_no not in whole
    (line,) = [line[0] for line in found if asked.request_no in line[0]]
    assert counter.clerk().name in line
    assert counter.clerk().unit_name in line
    told = rows(counter.world, AuditEvent, AuditEvent.event == "PII.EXPORT", AuditEvent.object_id == str(asked.id))
    assert [event.act for event in sorted(told, key=lambda event: event.seq)] == [
        "exports.request",
        "exports.make",
        "exports.download",
    ]
    assert all(leases[0].tenant.name not in event.body for event in told)
    looks = rows(
        counter.world,
        PersonAccess,
        col(PersonAccess.id_no_index).in_(indexes_of(sealer(), "id_no", leases[0].tenant.id_no)),
        PersonAccess.object_id == asked.id,
    )
    assert [(look.what, look.account_id) for look in looks] == [(Shown.MASKED, counter.clerk().account_id)]


def test_a_declared_list_leaves_with_the_columns_and_the_order_it_is_shown_in(
    counter: Counter, leases: list[Filed]
) -> None:
    found = texts(fetched(counter, listing="cases", columns=("unit", "case_no"), sort="case_no", media="csv"))
    assert found[0][:2] == ["受理单位", "办件编号"]
    numbers = [line[1].rstrip() for line in found[1:-1]]
    assert numbers == sorted(numbers)
    assert {lease.decision.case_no for lease in leases} <= set(numbers)
    with pytest.raises(Rejected, match="列的设置不正确"):
        ask(counter, listing="cases", columns=("case_no",) * 61)


@pytest.mark.proves("H23")
def test_h23_who_has_no_right_is_refused_and_it_is_told(counter: Counter) -> None:
    scopes = counter.clerk().scopes
    firm = replace(counter.clerk(), scopes=(replace(scopes[0], role=Role.ENTERPRISE_USER),))
    with pytest.raises(NotAllowed):
        counter.world.door.perform(request_export, firm, RequestExport("filings", {}, "xlsx", REASON))
    told = rows(counter.world, AuditEvent, AuditEvent.act == "exports.request")[-1]
    assert (told.event, told.result) == ("AUTHZ.DENY", "deny")


@pytest.mark.proves("H23")
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": "  看 "}, "请填写导出用途"),
        ({"media": "exe"}, "请选择导出格式"),
        ({"criteria": {"password": "1"}}, "查询条件不正确"),
        ({"criteria": {"number": "BA000"}}, "没有符合条件的记录"),
        ({"full": True}, "请先重新输入登录口令"),
    ],
)
def test_h23_what_does_not_fit_is_refused(counter: Counter, changes: dict[str, Any], message: str) -> None:
    before = len(rows(counter.world, ExportRequest))
    with pytest.raises((Rejected, NotAllowed), match=message):
        ask(counter, **changes)
    assert len(rows(counter.world, ExportRequest)) == before


def test_h23_a_list_nobody_offers_is_not_found(counter: Counter) -> None:
    with pytest.raises(NotFound):
        ask(counter, listing="account")


@pytest.mark.proves("H23")
def test_h23_the_bureau_that_approves_exports_does_not_approve_its_own(counter: Counter) -> None:
    set_parameter(counter.world, "export.row_limit", "3")
    asked = ask(counter, "shiju01")
    assert asked.waits
    with pytest.raises(NotAllowed, match="申请人不能审批"):
        counter.world.door.perform(decide_export, counter.clerk("shiju01"), DecideExport(asked.id, True))
    assert row_of(counter, asked.id).state is ExportState.REQUESTED


@pytest.mark.proves("H23")
def test_h23_above_the_limit_a_second_person_of_the_superior_decides(counter: Counter) -> None:
    set_parameter(counter.world, "export.row_limit", "3")
    asked, perform = ask(counter), counter.world.door.perform
    assert asked.waits
    work_off(counter)
    assert row_of(counter, asked.id).state is ExportState.REQUESTED
    with pytest.raises(Rejected, match="尚未生成"):
        fetch(counter, asked.id)
    # Not himself, not a colleague, not the bureau of another district.
    for login, refusal in ((CLERK, NotAllowed), ("huamu02", NotAllowed), (ELSEWHERE, NotFound)):
        with pytest.raises(refusal):
            perform(decide_export, counter.clerk(login), DecideExport(asked.id, True))
    with pytest.raises(Rejected, match="不批准的理由"):
        perform(decide_export, counter.clerk(BUREAU), DecideExport(asked.id, False, "不"))
    perform(decide_export, counter.clerk(BUREAU), DecideExport(asked.id, True))
    with pytest.raises(Conflict):
        perform(decide_export, counter.clerk(BUREAU), DecideExport(asked.id, True))
    work_off(counter)
    assert texts(fetch(counter, asked.id).content)
    assert row_of(counter, asked.id).downloads == 1
    told = rows(counter.world, Notice, Notice.to_account == counter.clerk().account_id)
    assert any(asked.request_no in notice.body.json() for notice in told)


@pytest.mark.proves("H23")
@pytest.mark.parametrize(
    ("login", "decider", "not_this_one"), [("pdju01", "shi01", "pdju01"), ("shi01", "shiju01", "shi02")]
)
def test_h23_each_level_is_decided_by_the_one_above(
    counter: Counter, login: str, decider: str, not_this_one: str
) -> None:
    set_parameter(counter.world, "export.row_limit", "0")
    asked = ask(counter, login, listing="cases")
    with pytest.raises(NotAllowed):
        counter.world.door.perform(decide_export, counter.clerk(not_this_one), DecideExport(asked.id, True))
    counter.world.door.perform(decide_export, counter.clerk(decider), DecideExport(asked.id, False, "请缩小范围"))
    assert row_of(counter, asked.id).state is ExportState.REFUSED


@pytest.mark.proves("H23", "H24")
def test_h23_names_in_clear_need_password_approval_and_password(counter: Counter, leases: list[Filed]) -> None:
    perform, clerk = counter.world.door.perform, counter.clerk()
    assert perform(reauthenticate, clerk, Reauthenticate(CLERK)).ok
    asked = ask(counter, full=True)
    assert asked.waits
    perform(decide_export, counter.clerk(BUREAU), DecideExport(asked.id, True))
    work_off(counter)
    content = fetch(counter, asked.id).content
    assert leases[0].tenant.name in str(texts(content))
    looks = rows(
        counter.world,
        PersonAccess,
        col(PersonAccess.id_no_index).in_(indexes_of(sealer(), "id_no", leases[0].tenant.id_no)),
        PersonAccess.object_id == asked.id,
    )
    assert [look.what for look in looks] == [Shown.FULL]
    # Another session has not typed the password.
    with pytest.raises(NotAllowed, match="请先重新输入登录口令"):
        counter.world.door.ask(download_export, replace(clerk, session="another"), DownloadExport(asked.id))


@pytest.mark.proves("H23")
def test_h23_a_file_is_its_requesters_alone_and_for_three_days(counter: Counter) -> None:
    asked = ask(counter)
    work_off(counter)
    for login in ("huamu02", BUREAU, "shi01", "longhua01"):
        with pytest.raises(NotFound):
            fetch(counter, asked.id, login)
    with pytest.raises(NotFound):
        fetch(counter, uuid4())
    counter.world.let_pass(days=3, seconds=1)
    with pytest.raises(Rejected, match="已过期"):
        fetch(counter, asked.id)
    assert run_job(counter.world.door, "exports.expire")
    kept = row_of(counter, asked.id)
    assert (kept.state, kept.pieces) == (ExportState.EXPIRED, 0)
    assert rows(counter.world, FilePiece, FilePiece.file_id == asked.id) == []


def test_h23_the_file_is_sealed_and_the_criteria_too(counter: Counter, leases: list[Filed]) -> None:
    asked = ask(counter, criteria={"id_no": leases[0].tenant.id_no}, media="csv")
    work_off(counter)
    kept = row_of(counter, asked.id)
    (piece,) = rows(counter.world, FilePiece, FilePiece.file_id == asked.id)
    assert kept.pieces == 1
    assert leases[0].decision.filing_no.encode() not in piece.content
    assert leases[0].decision.filing_no in str(texts(fetch(counter, asked.id).content))
    assert leases[0].tenant.id_no not in kept.criteria.token


def test_h23_the_worker_sees_with_the_requesters_eyes(counter: Counter, leases: list[Filed]) -> None:
    other = counter.filed(caller=counter.clerk("longhua01"))
    content = fetched(counter)
    assert other.decision.filing_no not in str(texts(content))
    asked = ask(counter)
    counter.world.act(lambda work: _set_state(work, CLERK, AccountState.DISABLED))
    work_off(counter)
    counter.world.act(lambda work: _set_state(work, CLERK, AccountState.ACTIVE))
    assert row_of(counter, asked.id).state is ExportState.FAILED


def _set_state(work: Work, login: str, state: AccountState) -> None:
    account = work.session.exec(select(Account).where(Account.login == login)).one()
    account.state = state
    work.add(account)


def test_h23_a_file_changed_on_the_disk_is_not_handed_out(counter: Counter) -> None:
    asked = ask(counter)
    work_off(counter)

    def tamper(work: Work) -> None:
        row = work.session.exec(select(ExportRequest).where(ExportRequest.id == asked.id)).one()
        row.digest = "0" * 64
        work.add(row)

    counter.world.act(tamper)
    assert fetch(counter, asked.id).content == b""


def test_the_list_shows_what_is_mine_and_what_i_decide(counter: Counter) -> None:
    set_parameter(counter.world, "export.row_limit", "3")
    asked = ask(counter)

    def line(login: str) -> Any:
        page = counter.world.door.ask(EXPORTS.query, counter.clerk(login), ListRows())
        return next((one for one in page.lines if one.id == asked.id), None)

    mine, bureau = line(CLERK), line(BUREAU)
    assert (mine.mine, mine.may_decide, bureau.mine, bureau.may_decide) == (True, False, False, True)
    assert bureau.reason == REASON
    assert line("huamu02") is None
    assert line(ELSEWHERE) is None


@pytest.mark.proves("H23")
@pytest.mark.parametrize("media", ["xlsx", "csv"])
def test_h23_a_leaked_file_tells_whose_it_is(counter: Counter, media: str) -> None:
    asked = ask(counter, media=media)
    work_off(counter)
    content = fetch(counter, asked.id).content
    traced = counter.world.door.ask(trace_export, counter.clerk("shi01"), content)
    assert traced is not None
    assert traced.request_no == asked.request_no
    assert CLERK in traced.who
