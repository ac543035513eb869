"""Row 28: the window takes an application for forced review in, of failed verifications with forceable reasons only."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader
from sqlmodel import col

from models.documents import Attachment, FileState
from models.verification_codes import CodeState, ForcedState, VerificationState
from services.documents.stored_papers import open_paper
from services.engine.refusals import Conflict, NotAllowed, NotFound, Rejected
from services.verification.forced_materials import HEIRSHIP, MANDATE, Capacity, wanted
from services.verification.forced_review import SayForced, apply_forced, withdraw_forced
from tests.people_made import id_number
from tests.services.verification.firm import Firms
from tests.services.verification.forced import OTHER_WINDOW, WINDOW, Forced

pytestmark = pytest.mark.row(28)


@pytest.fixture
def forced(firms: Firms) -> Forced:
    return Forced(firms)


def test_the_owner_applies_in_person_and_gets_number_receipt_and_day(forced: Forced) -> None:
    home, told = forced.failed()
    assert (told.codes, told.forceable) == (("H02",), True)
    made = forced.perform(apply_forced, WINDOW, forced.order(home, told))
    row = forced.row(made)
    assert (row.state, row.waived_codes, row.attempt) == (ForcedState.ACCEPTED, "H02", 1)
    assert made.apply_no.startswith("QH")
    assert made.receipt_no.startswith("HS")
    # Monday 1 March and three working days.
    assert made.due_on is not None
    assert made.due_on.isoformat() == "2027-03-04"
    assert forced.firms.request(told.id).state is VerificationState.REVIEWING
    assert made.receipt_id is not None
    content = open_paper(forced.firms.world.door, forced.firms.world.caller(WINDOW), made.receipt_id).content
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content or b"")).pages)
    assert "受理回执" in text
    assert made.receipt_no in text
    assert "权利人与出租人关系证明" in text


def test_only_failed_verifications_with_forceable_reasons(forced: Forced) -> None:
    home, told = forced.failed(mandate_no="")
    assert told.codes == ("H02", "V04")
    with pytest.raises(Rejected, match="不能强制核验"):
        forced.perform(apply_forced, WINDOW, forced.order(home, told))
    good = forced.firms.home(forced.flat())
    with pytest.raises(Conflict, match="只有未通过"):
        forced.perform(apply_forced, WINDOW, forced.order(good, forced.firms.verify(good)))


def test_an_application_under_review_is_not_made_twice(forced: Forced) -> None:
    home, told = forced.failed()
    made = forced.perform(apply_forced, WINDOW, forced.order(home, told))
    with pytest.raises(Conflict, match=made.apply_no):
        forced.perform(apply_forced, WINDOW, forced.order(home, told))


def test_a_broker_without_mandate_is_sent_away(forced: Forced) -> None:
    home, told = forced.failed()
    broker: dict[str, Any] = {"applicant_name": "周经纪", "applicant_id_no": id_number(28)}
    with pytest.raises(NotAllowed, match="权利人本人"):
        forced.perform(apply_forced, WINDOW, forced.order(home, told, **broker))
    without = tuple(one for one in wanted(told.codes, Capacity.AGENT) if one != MANDATE)
    with pytest.raises(NotAllowed, match="授权委托书"):
        forced.perform(
            apply_forced, WINDOW, forced.order(home, told, capacity=Capacity.AGENT, originals=without, **broker)
        )
    made = forced.perform(apply_forced, WINDOW, forced.order(home, told, capacity=Capacity.AGENT, **broker))
    assert forced.row(made).applicant_capacity == "AGENT"


def test_heirs_show_their_paper(forced: Forced) -> None:
    home, told = forced.failed()
    heir: dict[str, Any] = {"capacity": Capacity.HEIR, "applicant_name": "陈继", "applicant_id_no": id_number(29)}
    without = tuple(one for one in wanted(told.codes, Capacity.HEIR) if one != HEIRSHIP)
    with pytest.raises(NotAllowed, match="继承"):
        forced.perform(apply_forced, WINDOW, forced.order(home, told, originals=without, **heir))
    assert forced.perform(apply_forced, WINDOW, forced.order(home, told, **heir)).due_on is not None


def test_every_original_that_was_not_seen_is_named(forced: Forced) -> None:
    home, told = forced.failed()
    with pytest.raises(Rejected) as refused:
        forced.perform(apply_forced, WINDOW, forced.order(home, told, originals=(), scans=()))
    assert [one.message for one in refused.value.findings] == [
        "还需核对原件：强制核验申请书",
        "还需核对原件：权属证明",
        "还需核对原件：申请人身份证件",
        "还需核对原件：权利人与出租人关系证明",
        "请扫描上传材料",
    ]


def test_a_scan_that_cannot_be_used_is_refused(forced: Forced) -> None:
    home, told = forced.failed()
    with pytest.raises(Rejected, match="重新扫描"):
        forced.perform(apply_forced, WINDOW, forced.order(home, told, scans=(uuid4(),)))
    bad = forced.scan()
    forced.firms.world.rewrite(Attachment, col(Attachment.id) == bad, state=FileState.QUARANTINED)
    with pytest.raises(Rejected, match="重新扫描"):
        forced.perform(apply_forced, WINDOW, forced.order(home, told, scans=(bad,)))
    assert forced.firms.request(told.id).state is VerificationState.FAILED


def test_a_reason_that_is_gone_by_now_passes_at_once(forced: Forced) -> None:
    flat = forced.flat()
    filed = forced.firms.counter.filed(flat)
    home, told = forced.failed(flat, owner_name=flat.owners[0].name)
    assert told.codes == ("V02",)
    forced.firms.counter.cancel(filed)
    made = forced.perform(apply_forced, WINDOW, forced.order(home, told))
    row = forced.row(made)
    assert (made.passed, row.state, row.closed_note) == (True, ForcedState.DONE, "复核时原因已消失，核验通过")
    code = forced.firms.code(told.code_no)
    assert (code.state, code.forced) == (CodeState.VALID, False)


def test_the_reason_of_the_application_says_something(forced: Forced) -> None:
    home, told = forced.failed()
    with pytest.raises(Rejected, match="不少于10个字"):
        forced.perform(apply_forced, WINDOW, forced.order(home, told, reason="情况属实"))


def test_an_application_withdrawn_may_be_made_again(forced: Forced) -> None:
    home, told = forced.failed()
    made = forced.perform(apply_forced, WINDOW, forced.order(home, told))
    forced.perform(withdraw_forced, WINDOW, SayForced(made.id, "申请人撤回申请"))
    assert forced.firms.request(told.id).state is VerificationState.FAILED
    again = forced.perform(apply_forced, WINDOW, forced.order(home, told))
    assert forced.row(again).attempt == 2


def test_the_window_of_another_district_finds_nothing(forced: Forced) -> None:
    home, told = forced.failed()
    order = forced.order(home, told, scans=(forced.scan(OTHER_WINDOW),))
    with pytest.raises(NotFound):
        forced.perform(apply_forced, OTHER_WINDOW, order)
