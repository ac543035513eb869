"""合同查询及打印 at the counter: found exactly or not at all, masked, revealed for a reason, every print counted."""

import io

import pytest
from pypdf import PdfReader
from sqlmodel import col, select

from models.access import Reveal
from models.documents import IssuedDocument, PaperKind, PrintLog
from models.enterprise import CreditEntry
from models.tenancy_codes import FilingState
from services.engine.orders import Reasoned
from services.engine.work import Work
from services.tenancy.frozen_filings import SHAM, freeze_filing, unfreeze_filing
from services.tenancy.intake import NOT_FOUND
from tests.services.tenancy.counter import Counter, Filed
from tests.ui.people import Crowd, until, was_told
from tests.ui.tenancy.hands import WAIT, answer, choose, command, enter, key, press, put, rows, waits_for
from tests.world import World
from ui.tenancy.print_panel import PURPOSES

#: A clerk of another district than the one that filed.
ELSEWHERE = "longhua01"


@pytest.fixture(scope="session")
def lease(counter: Counter) -> Filed:
    return counter.filed()


def paper_of(world: World, filed: Filed, kind: PaperKind) -> IssuedDocument:
    def read(work: Work) -> IssuedDocument:
        return work.session.exec(
            select(IssuedDocument).where(IssuedDocument.filing_id == filed.filing_id, IssuedDocument.kind == kind)
        ).one()

    found: IssuedDocument = world.read(read)
    return found


def prints_of(world: World, paper: IssuedDocument) -> list[PrintLog]:
    return list(
        world.read(
            lambda work: work.session.exec(
                select(PrintLog).where(PrintLog.document_id == paper.id).order_by(col(PrintLog.copy_no))
            ).all()
        )
    )


@pytest.mark.row(9)
async def test_a_party_finds_his_lease_at_any_counter(crowd: Crowd, lease: Filed) -> None:
    user = await crowd.open(ELSEWHERE, "/?open=contract_find")
    put(user, "number", lease.decision.filing_no)
    put(user, "id_no", lease.tenant.id_no)
    press(user, "find")
    await user.should_see(f"合同 {lease.decision.contract_no}", retries=WAIT)
    await user.should_see("今日已核对证件", retries=WAIT)
    people = {row["side"]: row for row in rows(user, "当事人")}
    assert people["承租人"]["id_no"] == lease.tenant.id_no
    assert lease.landlord.id_no not in str(people["出租人"])
    assert lease.landlord.name not in str(people["出租人"])


@pytest.mark.row(9)
async def test_nobody_learns_whether_a_strangers_lease_exists(crowd: Crowd, lease: Filed) -> None:
    for number in (lease.decision.filing_no, "BA3101159999999999999"):
        user = await crowd.open(ELSEWHERE, "/?open=contract_find")
        put(user, "number", number)
        put(user, "id_no", "310106200002290041")
        press(user, "find")
        await user.should_see(NOT_FOUND, retries=WAIT)
        await user.should_not_see(marker="查到的合同")


async def test_a_search_without_a_party_is_told_beside_the_field(crowd: Crowd) -> None:
    user = await crowd.open(ELSEWHERE, "/?open=contract_find")
    put(user, "number", "HT000")
    press(user, "find")
    await user.should_see("请读取或输入当事人的证件号码", retries=WAIT)


async def test_an_unopened_lease_is_not_shown_by_its_address(crowd: Crowd, counter: Counter) -> None:
    user = await crowd.open(ELSEWHERE, f"/?open=contract&id={counter.filed().contract_id}")
    await user.should_see("没有查到", retries=WAIT)
    await user.should_not_see(marker="当事人")


async def test_a_masked_number_is_shown_for_a_reason_and_counted(crowd: Crowd, world: World, lease: Filed) -> None:
    user = await crowd.open("huamu02", f"/?open=contract&id={lease.contract_id}")
    await user.should_see(f"合同 {lease.decision.contract_no}", retries=WAIT)
    landlord = next(row for row in rows(user, "当事人") if row["side"] == "出租人")
    assert lease.landlord.id_no not in str(landlord)
    enter(user, "当事人", landlord["id"])
    await answer(user, "短")
    await user.should_see("请填写理由（不少于4个字）")
    user.find(marker="dialog-text").type("核对纸质材料")
    press(user, "dialog-yes")
    await user.should_see("已显示明文，请注意保护个人信息", retries=WAIT)
    assert lease.landlord.id_no in str(rows(user, "当事人"))
    told = world.read(lambda work: [row.reason.json() for row in work.session.exec(select(Reveal)).all()])
    assert "短核对纸质材料" in told


@pytest.mark.row(9)
async def test_every_print_is_counted_with_its_purpose_and_requester(
    crowd: Crowd, world: World, counter: Counter
) -> None:
    lease = counter.filed()
    notice = paper_of(world, lease, PaperKind.FILING_NOTICE)
    user = await crowd.open("huamu01", f"/?open=contract&id={lease.contract_id}")
    await user.should_see(f"合同 {lease.decision.contract_no}", retries=WAIT)
    choose(user, "paper", str(notice.id))
    press(user, "print")
    await user.should_see("请选择用途", retries=WAIT)
    await user.should_see("请填写申领人姓名")
    assert prints_of(world, notice) == []
    choose(user, "purpose", "子女入学")
    put(user, "name", lease.tenant.name)
    put(user, "capacity", "承租人")
    for copy in (1, 2, 3):
        press(user, "print")
        await user.should_see(f"第{copy}份", retries=WAIT)
    assert await was_told(user, f"printPdf('/papers/{notice.id}.pdf')")
    await user.should_see("补打第1次")
    await user.should_see("打印补打凭条")
    logs = prints_of(world, notice)
    assert [log.copy_no for log in logs] == [1, 2, 3]
    assert {log.purpose for log in logs} == {"子女入学"}
    assert logs[0].requester is not None
    assert logs[0].requester.json() == {"name": lease.tenant.name, "capacity": "承租人"}


async def test_another_purpose_must_be_told(crowd: Crowd, lease: Filed) -> None:
    user = await crowd.open("huamu01", f"/?open=contract&id={lease.contract_id}")
    await user.should_see(f"合同 {lease.decision.contract_no}", retries=WAIT)
    choose(user, "purpose", "其他")
    press(user, "print")
    await user.should_see("请填写用途说明", retries=WAIT)
    assert "其他" in PURPOSES


@pytest.mark.row(9)
async def test_a_preview_names_who_looks_and_is_for_no_stranger(crowd: Crowd, world: World, lease: Filed) -> None:
    paper = paper_of(world, lease, PaperKind.CONTRACT)
    browser = await crowd.browser("huamu01")
    answered = await browser.get(f"/papers/preview/{paper.id}.pdf")
    assert answered.status_code == 200
    text = PdfReader(io.BytesIO(answered.content)).pages[0].extract_text()
    assert world.caller("huamu01").name in text
    stranger = await crowd.browser("xuhui01")
    assert (await stranger.get(f"/papers/preview/{paper.id}.pdf")).status_code == 404
    assert (await browser.get("/papers/preview/1.pdf")).status_code == 404


@pytest.mark.row(9)
async def test_a_lease_on_paper_only_prints_its_record_sheet(crowd: Crowd, world: World, counter: Counter) -> None:
    lease = counter.filed(paper_lease=True, way="FILING_ONLY", materials=["不动产权证", "租赁合同"])
    user = await crowd.open("huamu01", f"/?open=contract&id={lease.contract_id}")
    await user.should_see("仅有纸质文本", retries=WAIT)
    choose(user, "paper", "sheet")
    choose(user, "purpose", "居住证或户籍办理")
    put(user, "name", lease.tenant.name)
    press(user, "print")
    await user.should_see("已送浏览器打印：第1份", retries=WAIT * 3)
    sheet = paper_of(world, lease, PaperKind.CONTRACT)
    assert sheet.title == "住房租赁合同备案记录单"
    content = (await (await crowd.browser("huamu01")).get(f"/papers/{sheet.id}.pdf")).content
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert lease.decision.filing_no in text
    assert lease.tenant.id_no not in text


@pytest.mark.row(9)
async def test_an_heirs_papers_are_seen_by_a_second_clerk(crowd: Crowd, lease: Filed) -> None:
    asking = await crowd.open("huamu01", "/?open=contract_find")
    put(asking, "lease_no", lease.decision.contract_no)
    choose(asking, "capacity", "HEIR")
    put(asking, "papers", "（2026）沪证字第123号公证书")
    asking.find("提交复核").click()
    await asking.should_see("已提交，请本单位另一名工作人员在此列表中复核", retries=WAIT)
    request = rows(asking, "今日凭文书查询申请")[-1]
    enter(asking, "今日凭文书查询申请", request["id"])
    await asking.should_see("此类查询须由本单位另一名工作人员复核", retries=WAIT)

    second = await crowd.open("huamu02", "/?open=contract_find")
    await second.should_see(marker="今日凭文书查询申请", retries=WAIT)
    enter(second, "今日凭文书查询申请", request["id"])
    await second.should_see("是否已查看申请人的文书原件", retries=WAIT)
    press(second, "dialog-yes")
    await second.should_see("已复核，合同当日内对申请人员开放", retries=WAIT)
    key(second, "f3")


@pytest.mark.row(8)
async def test_a_frozen_filing_greys_what_the_rules_refuse_and_says_why(crowd: Crowd, counter: Counter) -> None:
    filed = counter.filed(counter.free_flat("310115"))
    why = Reasoned(filed.filing_id, "浦东法院协助执行通知书，文号同附件")
    counter.world.door.perform(freeze_filing, counter.clerk("pdju01"), why)
    user = await crowd.open("huamu01", f"/?open=contract&id={filed.contract_id}")
    await user.should_see(f"合同 {filed.decision.contract_no}", retries=WAIT)
    said = "该备案已冻结，解除冻结后才能办理"
    assert await until(lambda: {waits_for(user, label) for label in ("注销", "变更", "续租")} == {said})
    counter.world.door.perform(unfreeze_filing, counter.clerk("pdju01"), why)
    key(user, "f3")
    assert await until(lambda: waits_for(user, "注销") is None)


@pytest.mark.row(7)
async def test_the_city_revokes_a_filing_and_says_which_side_is_at_fault(crowd: Crowd, counter: Counter) -> None:
    filed = counter.filed(counter.free_flat("310115"))
    user = await crowd.open("shi01", f"/?open=contract&id={filed.contract_id}")
    await command(user, "撤销备案")
    await user.should_see("出租人有责", retries=WAIT)
    choose(user, "LESSOR", False)
    put(user, "reason", "区局查实承租人伪造租赁材料")
    press(user, "dialog-yes")
    assert await until(lambda: counter.filing(filed.filing_id).state is FilingState.REVOKED)
    entries = counter.world.read(lambda work: work.rows(CreditEntry, CreditEntry.kind == SHAM))
    of_both = {filed.landlord.id_no, filed.tenant.id_no}
    assert [one.id_no.plain for one in entries if one.id_no.plain in of_both] == [filed.tenant.id_no]
