"""What both sides agreed on: its terms hold to the end, and nobody's code is bound by what nobody goes on with (row 53)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import col

from models.access import Account, AccountRole, AccountState
from models.companies import AdmissionState, HeadCompany, SubjectApplication
from models.records import PactState, Revision, RevisionState
from services.companies.admission import let_go
from services.companies.applications import APPLICATIONS
from services.companies.joint import cancel, confirm
from services.engine.cycle_orders import Submit
from services.engine.listings import ListRows
from services.engine.orders import OneRow, Reasoned
from services.engine.refusals import Conflict, NotAllowed, Rejected
from tests.conformance.story import Story
from tests.market import Market
from tests.services.companies.test_row_53 import Joint, begun, by_authority, codes

pytestmark = pytest.mark.row(53)


def submit(joint: Joint) -> None:
    order = Submit(joint.story.revision_id, joint.story.version(), joint.story.sample.reasons)
    joint.door.perform(joint.story.acts.submit, joint.story.submitter, order)


def returned(town: Market, joint: Joint, by: str) -> Any:
    """Sent, agreed to, reviewed and sent back."""
    application = joint.offer()
    joint.door.perform(confirm, town.caller(by), OneRow(application))
    joint.story.send_back()
    return application


def line_of(town: Market, login: str, application: Any) -> Any:
    lines = town.world.door.ask(APPLICATIONS.query, town.caller(login), ListRows()).lines
    return next(line for line in lines if line.id == application)


def rival(town: Market, uscc: str) -> Joint:
    """The same company, begun by 江海."""
    story = Story.of(town, "project_company")
    values = {**story.sample.values, "uscc": uscc}
    sample = replace(
        story.sample, agreed=None, drafter="jianghai_admin", submitter="jianghai_admin", about=None, values=values
    )
    story.sample = sample
    return Joint(town, story.begin().fill())


def test_sent_back_and_mended_in_other_things_needs_no_new_word(town: Market) -> None:
    joint = by_authority(town)
    returned(town, joint, "shenpu_admin")
    joint.story.fill({"contact_phone": "13800000177"})
    submit(joint)
    assert joint.state() is RevisionState.SUBMITTED


@pytest.mark.parametrize("change", [{"holding_ratio": "20.0000"}, {"intended_parcel": "另一地块"}])
def test_other_terms_than_agreed_need_the_other_sides_word_again(town: Market, change: dict[str, str]) -> None:
    joint = by_authority(town)
    first = returned(town, joint, "shenpu_admin")
    joint.story.fill(change)
    reasons = {"SUB-16": "合作协议约定由申浦负责"} if "holding_ratio" in change else {}
    joint.story.sample = replace(joint.story.sample, reasons={**joint.story.sample.reasons, **reasons})
    with pytest.raises(Rejected) as refused:
        submit(joint)
    assert "CNF" in codes(refused.value)
    second = joint.offer()
    assert town.row(SubjectApplication, first).state is PactState.RELEASED
    joint.door.perform(confirm, town.caller("shenpu_admin"), OneRow(second))
    assert joint.state() is RevisionState.SUBMITTED


def test_who_gives_up_after_a_return_frees_the_company(town: Market) -> None:
    joint = begun(town)
    application = returned(town, joint, "pdchu01")
    other = rival(town, joint.story.sample.values["uscc"])
    with pytest.raises(Conflict):
        other.offer()
    assert line_of(town, "shenpu_admin", application).may_cancel
    assert not line_of(town, "pdchu01", application).may_cancel
    with pytest.raises(NotAllowed):
        joint.door.perform(cancel, town.caller("pdchu01"), Reasoned(application, ""))
    joint.door.perform(cancel, town.caller("shenpu_admin"), Reasoned(application, "已转让股权，不再申请"))
    row = town.row(SubjectApplication, application)
    assert (row.state, row.open_key) == (PactState.RELEASED, None)
    assert other.offer()


def test_what_is_under_review_is_not_taken_back_beside_the_review(town: Market) -> None:
    joint = begun(town)
    application = joint.offer()
    joint.door.perform(confirm, town.caller("pdchu01"), OneRow(application))
    assert not line_of(town, "shenpu_admin", application).may_cancel
    with pytest.raises(Conflict, match="审核"):
        joint.door.perform(cancel, town.caller("shenpu_admin"), Reasoned(application, ""))


@pytest.mark.parametrize("agreed", [False, True])
def test_a_head_company_that_leaves_frees_what_it_had_under_way(town: Market, agreed: bool) -> None:
    joint = begun(town)
    application = joint.offer()
    if agreed:
        joint.door.perform(confirm, town.caller("pdchu01"), OneRow(application))

    def leave(work: Any) -> None:
        head = work.get(HeadCompany, town.shenpu)
        let_go(work, head)
        # The rest of the module still needs it.
        head.admission_state, head.exited_on = AdmissionState.ADMITTED, None

    accounts = ("shenpu_admin", "shenpu01")
    callers = {login: town.caller(login) for login in accounts}
    town.world.act(leave)
    try:
        row = town.row(SubjectApplication, application)
        assert (row.state in {PactState.CANCELLED, PactState.RELEASED}, row.open_key) == (True, None)
        assert town.row(Revision, joint.story.revision_id).state in {RevisionState.DRAFT, RevisionState.RETURNED}
        assert line_of(town, "pdchu01", application).next == "已结束"
        assert rival(town, joint.story.sample.values["uscc"]).offer()
    finally:
        _back(town, callers)


def _back(town: Market, callers: Any) -> None:
    """People of 申浦 sign in again."""
    ids = [caller.account_id for caller in callers.values()]
    town.world.rewrite(Account, col(Account.id).in_(ids), state=AccountState.ACTIVE)


def test_on_the_day_after_its_last_it_is_agreed_to_no_more(town: Market) -> None:
    """Before the night's job has come by, too; who began it may still take it back."""
    joint = begun(town)
    application = joint.offer()
    last = town.row(SubjectApplication, application).expires_on
    town.world.stand_at(last.year, last.month, last.day)
    assert joint.state() is RevisionState.DRAFT
    town.world.let_pass(days=1)
    with pytest.raises(Conflict, match="期限"):
        joint.door.perform(confirm, town.caller("pdchu01"), OneRow(application))
    assert joint.state() is RevisionState.DRAFT
    joint.door.perform(cancel, town.caller("shenpu_admin"), Reasoned(application, ""))
    assert joint.offer()


def test_on_its_last_day_it_is_agreed_to(town: Market) -> None:
    joint = begun(town)
    application = joint.offer()
    last = town.row(SubjectApplication, application).expires_on
    town.world.stand_at(last.year, last.month, last.day)
    joint.door.perform(confirm, town.caller("pdchu01"), OneRow(application))
    assert joint.state() is RevisionState.SUBMITTED


@pytest.mark.parametrize("lost", ["role", "account"])
def test_who_lost_his_right_meanwhile_has_nothing_submitted_in_his_name(town: Market, lost: str) -> None:
    joint = begun(town)
    application = joint.offer()
    me = town.caller("shenpu_admin").account_id
    over: dict[str, Any]
    table: Any
    if lost == "role":
        table, where, over = AccountRole, AccountRole.account_id == me, {"ended_at": datetime(2027, 3, 1, tzinfo=UTC)}
    else:
        table, where, over = Account, Account.id == me, {"valid_to": date(2027, 2, 28)}
    town.world.rewrite(table, where, **over)
    try:
        with pytest.raises(Conflict, match="发起"):
            joint.door.perform(confirm, town.caller("pdchu01"), OneRow(application))
        assert town.row(SubjectApplication, application).state is PactState.OFFERED
    finally:
        town.world.rewrite(table, where, **dict.fromkeys(over))
    joint.door.perform(confirm, town.caller("pdchu01"), OneRow(application))
    assert joint.state() is RevisionState.SUBMITTED
