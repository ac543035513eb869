"""Row 52: a head company applies, two levels review, the city opens its account; it leaves, and may come back."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, select

from models.access import Account, OrgUnit, Role
from models.companies import AdmissionState, HeadCompany
from models.documents import Attachment, FileState
from models.records import Revision, RevisionState
from services.access.sign_in import SignIn, sign_in
from services.companies.accounts import (
    ACCOUNTS,
    OpenAccount,
    open_account,
    reset_account,
)
from services.companies.public_application import (
    Applied,
    Apply,
    AskStanding,
    HandedIn,
    apply,
    public_choices,
    public_prefill,
    public_standing,
)
from services.engine.callers import SYSTEM
from services.engine.cycle import acts
from services.engine.cycle_orders import Begin, Decide, StartUpdate, Submit
from services.engine.cycle_reassignment import Reassign, reassign
from services.engine.listings import ListRows
from services.engine.orders import Reasoned
from services.engine.refusals import Conflict, NotFound, Refusal, Rejected
from services.public_practitioners.visitor import visitor
from tests.conformance.story import Story
from tests.files_made import png
from tests.land import Land
from tests.market import Market
from tests.people_made import id_number

pytestmark = pytest.mark.row(52)
HEAD = acts("head_company")
FILES = (HandedIn("licence", "营业执照.png", png()), HandedIn("authority", "授权书.png", png()))


def typed(town: Market, fixture: str = "C-1", **changes: str) -> dict[str, str]:
    line = town.lines[fixture]
    return {
        "uscc": line["uscc"],
        "name": line["name"],
        "reg_place": "上海市黄浦区中山东一路1号",
        "legal_representative": line["legal_rep"],
        "established_on": line["established_on"],
        "registry_status": "EXISTING",
        "ownership_type": line["ownership"],
        "registered_capital": line["capital"],
        "paid_in_capital": line["paid"],
        "qualification_grade": "SECOND",
        "qualification_no": "沪房开证字第00009号",
        "qualification_valid_to": "2030-12-31",
        "reg_district": "310115",
        "independent": "on",
        "contact_name": line["contact"],
        "contact_phone": line["phone"],
    } | changes


def applied(town: Market, **changes: Any) -> Applied:
    order = Apply(typed(town, **changes), FILES, "已核对，情况属实")
    made: Applied = town.world.door.perform(apply, visitor("127.0.0.1"), order)
    return made


def standing(town: Market, made: Applied) -> Any:
    return town.world.door.ask(public_standing, visitor("127.0.0.1"), AskStanding(made.receipt_no, made.code))


def open_revision(town: Market, name: str) -> Revision:
    def read(work: Any) -> Revision:
        of_heads = select(Revision).where(Revision.kind == "head_company").order_by(col(Revision.id))
        rows = work.session.exec(of_heads).all()
        found: Revision = next(row for row in reversed(rows) if row.title.json() == name and row.open_key)
        return found

    found: Revision = town.world.read(read)
    return found


def decide(town: Market, act: Any, login: str, revision_id: UUID, words: str = "材料齐全，情况属实") -> None:
    caller = town.caller(login)
    view = town.world.door.ask(HEAD.revision, caller, revision_id)
    town.world.door.perform(act, caller, Decide(revision_id, view.version, words))


def admitted(town: Market, name: str) -> HeadCompany:
    revision = open_revision(town, name)
    decide(town, HEAD.approve, "pdshen01", revision.id)
    decide(town, HEAD.approve, "shishen01", revision.id)
    row: HeadCompany = town.row(HeadCompany, revision.record_id)
    return row


def codes(refusal: Refusal) -> set[str]:
    return {finding.code for finding in refusal.findings}


def test_a_company_applies_without_account_and_comes_back_to_see(town: Market) -> None:
    made = applied(town)
    told = standing(town, made)
    assert (told.company, told.level) == (town.lines["C-1"]["name"], "区级审核")
    with pytest.raises(NotFound) as wrong:
        town.world.door.ask(public_standing, visitor("127.0.0.1"), AskStanding(made.receipt_no, "AAAAAAAAAA"))
    with pytest.raises(NotFound) as unknown:
        town.world.door.ask(public_standing, visitor("127.0.0.1"), AskStanding("ZR310000000000000000", made.code))
    assert wrong.value.message == unknown.value.message
    # Its files are apart until somebody looks: nothing from outside is shown in a page.
    revision = open_revision(town, town.lines["C-1"]["name"])
    files = town.world.read(
        lambda work: work.session.exec(select(Attachment).where(Attachment.object_id == revision.record_id)).all()
    )
    assert {file.state for file in files} == {FileState.QUARANTINED}
    # Twice the same company.
    with pytest.raises(Rejected) as refused:
        applied(town)
    assert "SUB-03" in codes(refused.value)
    company = admitted(town, town.lines["C-1"]["name"])
    assert company.admission_state is AdmissionState.ADMITTED
    assert company.head_company_id == company.id
    assert standing(town, made).state == RevisionState.EFFECTIVE.label
    with pytest.raises(Rejected):
        applied(town)


def test_everything_missing_is_told_and_nothing_is_kept(town: Market) -> None:
    before = town.world.read(lambda work: len(work.session.exec(select(Revision)).all()))
    with pytest.raises(Rejected) as refused:
        town.world.door.perform(apply, visitor("127.0.0.1"), Apply({"uscc": "91310115MA1H8R7C6D"}))
    fields = {finding.field for finding in refused.value.findings}
    assert {"uscc", "name", "contact_phone", "licence"} <= {field.split(".")[-1] for field in fields}
    assert town.world.read(lambda work: len(work.session.exec(select(Revision)).all())) == before


def test_a_revoked_company_is_not_admitted(town: Market) -> None:
    with pytest.raises(Rejected) as refused:
        applied(town, fixture="C-4")
    assert "SUB-02" in codes(refused.value)


def test_revoked_between_submission_and_approval(town: Market) -> None:
    made = applied(town, fixture="C-3", reg_district="310115")
    revision = open_revision(town, made.company)
    url = town.world.simulators.base_url("legal_entities")
    try:
        httpx.post(f"{url}/sim/change", json={"uscc": town.lines["C-3"]["uscc"], "status": "吊销"}).raise_for_status()
        with pytest.raises(Rejected) as refused:
            decide(town, HEAD.approve, "pdshen01", revision.id)
        assert "SUB-02" in codes(refused.value)
    finally:
        httpx.post(f"{url}/sim/change", json={"uscc": town.lines["C-3"]["uscc"], "status": "存续"}).raise_for_status()
    decide(town, HEAD.reject, "pdshen01", revision.id, "经核实已吊销，不予准入")
    assert standing(town, made).opinion == "经核实已吊销，不予准入"


def test_sent_back_and_handed_in_again_by_number_and_code(town: Market) -> None:
    made = applied(town, fixture="C-2")
    revision = open_revision(town, made.company)
    decide(town, HEAD.send_back, "pdshen01", revision.id, "授权书未盖章，请重新上传")
    told = standing(town, made)
    assert told.again
    assert told.opinion == "授权书未盖章，请重新上传"
    again = Apply(
        typed(town, "C-2", reg_place="上海市浦东新区世纪大道9号"),
        (HandedIn("authority", "授权书盖章.png", png()),),
        "已重新盖章上传",
        made.receipt_no,
        made.code,
    )
    town.world.door.perform(apply, visitor("127.0.0.1"), again)
    row = town.row(Revision, revision.id)
    assert row.state is RevisionState.SUBMITTED
    files = row.payload.json()["files"]
    assert (len(files["licence"]), len(files["authority"])) == (1, 1)
    with pytest.raises(Conflict):
        town.world.door.perform(apply, visitor("127.0.0.1"), again)
    decide(town, HEAD.reject, "pdshen01", revision.id, "项目公司应由总公司申请")


def test_a_silent_registry_leaves_it_open_for_the_reviewer(town: Market) -> None:
    town.world.fault("legal_entities", "error")
    story = Story.of(town, "head_company").begin().fill().submit()
    found = town.row(Revision, story.revision_id).rule_results.json()["findings"]
    assert ("SUB-02", "PENDING") in {(one["code"], one["severity"]) for one in found}


@pytest.mark.parametrize("values", [{"name": "<script>alert(1)</script>"}, {"contact_name": "' OR 1=1 --"}])
def test_strange_words_are_kept_as_words_or_refused(town: Market, values: dict[str, str]) -> None:
    order = Apply(typed(town, "C-4", **values), FILES, "测试")
    with pytest.raises(Refusal):
        town.world.door.perform(apply, visitor("127.0.0.1"), order)


@pytest.mark.parametrize("text", ["\ud800", "\x00", "长" * 100_000])
def test_what_no_page_sends_is_refused_kindly(town: Market, text: str) -> None:
    with pytest.raises(Refusal):
        town.world.door.perform(apply, visitor("127.0.0.1"), Apply(typed(town, "C-1", name=text), FILES, text))
    with pytest.raises(Refusal):
        town.world.door.ask(public_standing, visitor("127.0.0.1"), AskStanding(text, text))


def test_the_public_form_tells_nothing_of_persons(town: Market) -> None:
    told = town.world.door.ask(public_prefill, visitor("127.0.0.1"), town.lines["H-1"]["uscc"])
    assert told["name"] == town.lines["H-1"]["name"]
    assert town.lines["H-1"]["legal_rep"] not in told.values()
    assert town.world.door.ask(public_prefill, visitor("127.0.0.1"), "91310115MA1H8R7C67") == {}
    assert town.world.door.ask(public_choices, visitor("127.0.0.1"), None)


# ------------------------------------------------------------------ accounts, exit, return


def account_order(company_id: UUID, login: str, **more: Any) -> OpenAccount:
    who = (id_number(5201), "19300005201")
    return OpenAccount(company_id, login, "郑好", more.pop("role", Role.HEAD_ADMIN), more.pop("valid_to", None), *who)


def leave(town: Market, company_id: UUID) -> None:
    story = Story.of(town, "head_exit")
    values = {**story.sample.values, "company_name": town.row(HeadCompany, company_id).name}
    story.sample = replace(story.sample, about=company_id, values=values)
    story.effective()


def test_the_city_opens_the_account_and_a_name_in_use_is_refused(town: Market) -> None:
    company_id = town.head_company()
    made = town.world.door.perform(open_account, town.caller("shichu01"), account_order(company_id, "xinkai_admin"))
    assert made.token
    with pytest.raises(Rejected, match="已被使用"):
        town.world.door.perform(open_account, town.caller("shichu01"), account_order(company_id, "Xinkai_Admin"))
    lines = town.world.door.ask(ACCOUNTS.query, town.caller("shichu01"), ListRows({"company": str(company_id)})).lines
    assert [(line.login, line.role) for line in lines] == [("xinkai_admin", Role.HEAD_ADMIN)]


def test_five_wrong_passwords_lock_it_and_a_reset_opens_it(town: Market) -> None:
    company_id = town.head_company()
    made = town.world.door.perform(open_account, town.caller("shichu01"), account_order(company_id, "suoding_admin"))
    for _ in range(5):
        town.world.door.perform(sign_in, SYSTEM, SignIn("suoding_admin", "wrong", "127.0.0.9"))

    def word() -> str:
        found = town.world.door.ask(
            ACCOUNTS.query, town.caller("shichu01"), ListRows({"company": str(company_id)})
        ).lines
        return str(found[0].word.label)

    assert word() == "锁定"
    town.world.door.perform(reset_account, town.caller("shichu01"), Reasoned(made.account_id, "本人来电核实后重置"))
    assert word() == "待设口令"


def test_exit_disables_accounts_and_a_return_keeps_the_number(town: Market) -> None:
    company_id = town.head_company()
    made = town.world.door.perform(open_account, town.caller("shichu01"), account_order(company_id, "tuichu_admin"))
    number = town.row(HeadCompany, company_id).record_no
    leave(town, company_id)
    company = town.row(HeadCompany, company_id)
    assert company.admission_state is AdmissionState.EXITED
    assert town.row(Account, made.account_id).state.value == "DISABLED"
    with pytest.raises(Conflict):
        town.world.door.perform(open_account, town.caller("shichu01"), account_order(company_id, "tuichu_two"))
    # History stays readable, and another version of the same record admits it again.
    assert town.world.door.ask(HEAD.record, town.caller("shichu01"), company_id).versions
    story = Story.of(town, "head_company")
    story.record_id = company_id
    begun = town.world.door.perform(HEAD.update, story.drafter, StartUpdate(company_id, "退出后重新准入"))
    story.revision_id = begun.revision_id
    story.sample = replace(story.sample, values={**story.sample.values, "name": company.name, "uscc": company.uscc})
    story.fill().submit().approve()
    back = town.row(HeadCompany, company_id)
    assert (back.admission_state, back.record_no, back.version_no) == (AdmissionState.ADMITTED, number, 2)
    assert back.exited_on is None


def test_who_has_project_companies_or_parcels_does_not_leave(town: Market) -> None:
    story = Story.of(town, "head_exit")
    values = {**story.sample.values, "company_name": town.row(HeadCompany, town.jianghai).name}
    story.sample = replace(story.sample, about=town.jianghai, values=values)
    story.begin().fill()
    with pytest.raises(Rejected) as refused:
        story.submit()
    assert "SUB-21" in codes(refused.value)
    town.world.door.perform(story.acts.drop, story.drafter, story.one())


def test_a_linked_parcel_holds_a_head_company(town: Market) -> None:
    company_id = town.head_company()
    land = Land(replace(town, ids={**town.ids, "H-9": company_id}))
    land.link_head(land.parcel(), "H-9")
    story = Story.of(town, "head_exit")
    values = {**story.sample.values, "company_name": town.row(HeadCompany, company_id).name}
    story.sample = replace(story.sample, about=company_id, values=values)
    story.begin().fill()
    with pytest.raises(Rejected) as refused:
        story.submit()
    assert "SUB-21" in codes(refused.value)


def test_while_an_exit_is_under_review_nothing_else_is_applied_for(town: Market) -> None:
    company_id = town.head_company()
    exit_story = Story.of(town, "head_exit")
    values = {**exit_story.sample.values, "company_name": town.row(HeadCompany, company_id).name}
    exit_story.sample = replace(exit_story.sample, about=company_id, values=values)
    exit_story.begin().fill().submit()
    assert town.row(HeadCompany, company_id).admission_state is AdmissionState.EXITING
    with pytest.raises(Conflict):
        town.world.door.perform(acts("head_exit").begin, town.caller("shichu01"), Begin(company_id))
    company = town.row(HeadCompany, company_id)
    with pytest.raises(Rejected) as refused:
        applied(town, uscc=company.uscc, name=company.name)
    assert "SUB-03" in codes(refused.value)
    story = Story.of(town, "head_company")
    story.record_id = company_id
    begun = town.world.door.perform(HEAD.update, story.drafter, StartUpdate(company_id, "更新联系方式"))
    story.revision_id = begun.revision_id
    story.sample = replace(story.sample, values={**story.sample.values, "name": company.name, "uscc": company.uscc})
    story.fill()
    with pytest.raises(Rejected) as updating:
        story.submit()
    assert "SUB-03" in codes(updating.value)
    # What was drafted is stopped by the exit, and what waited for review goes back.
    exit_story.approve()
    with pytest.raises(Refusal):
        town.world.door.perform(
            HEAD.approve, town.caller("pdshen01"), Decide(begun.revision_id, 1, "材料齐全，情况属实")
        )


def test_what_waited_for_review_stops_with_the_exit(town: Market) -> None:
    company_id = town.head_company()
    company = town.row(HeadCompany, company_id)
    story = Story.of(town, "head_company")
    story.record_id = company_id
    begun = town.world.door.perform(HEAD.update, story.drafter, StartUpdate(company_id, "更新联系方式"))
    story.revision_id = begun.revision_id
    story.sample = replace(story.sample, values={**story.sample.values, "name": company.name, "uscc": company.uscc})
    story.fill().submit()
    order = Reassign(begun.revision_id, story.version(), story.reviewer(0).account_id, "原承办人因病请假")
    overseer = replace(town.caller("shichu01"), account_id=story.stranger.account_id)
    town.world.door.perform(reassign, overseer, order)
    leave(town, company_id)
    stopped = town.row(Revision, begun.revision_id)
    assert (stopped.state, stopped.assigned_to, stopped.review_due) == (RevisionState.RETURNED, None, None)


def test_two_drafts_of_one_code_are_caught_at_the_latest_at_approval(town: Market) -> None:
    first = Story.of(town, "head_company").begin().fill()
    second = Story.of(town, "head_company")
    second.sample = replace(second.sample, values={**second.sample.values, "uscc": first.sample.values["uscc"]})
    second.begin().fill()
    first.submit()
    with pytest.raises(Rejected) as refused:
        town.world.door.perform(
            HEAD.submit, second.submitter, Submit(second.revision_id, second.version(), second.sample.reasons)
        )
    assert "SUB-03" in codes(refused.value)


def test_a_company_has_one_office_for_its_accounts(town: Market) -> None:
    company_id = town.head_company()
    for login in ("yiji_admin", "yiji_admin2"):
        town.world.door.perform(open_account, town.caller("shichu01"), account_order(company_id, login))
    units = town.world.read(
        lambda work: work.session.exec(select(OrgUnit).where(OrgUnit.enterprise_id == company_id)).all()
    )
    assert len(units) == 1
