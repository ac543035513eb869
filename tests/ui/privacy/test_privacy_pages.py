"""At the pages: in clear for a minute, a list asked for, decided and fetched, and a citizen sees who looked at him."""

import io

import pytest
from nicegui import ui as web
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlmodel import col, select

from models.privacy import ExportRequest, ExportState, PersonAccess
from services.engine.jobs import run_job
from services.engine.work import Work
from services.privacy.who_looked import AskWhoLooked, who_looked
from services.tenancy.contract_views import contract_view
from tests.market_rules import parameter
from tests.services.tenancy.counter import Counter, Filed
from tests.ui.people import Crowd, page_of, until, was_told
from tests.ui.tenancy.hands import WAIT, enter, key, pick, press, rows
from tests.world import World
from ui.shell.workspace import Workspace


@pytest.fixture(scope="session")
def lease(counter: Counter) -> Filed:
    return counter.filed()


@pytest.mark.proves("H24")
async def test_what_is_revealed_is_masked_again_when_the_page_is_left(crowd: Crowd, lease: Filed) -> None:
    user = await crowd.open("huamu02", f"/?open=contract&id={lease.contract_id}")
    await user.should_see(f"合同 {lease.decision.contract_no}", retries=WAIT)
    press(user, "reveal")
    await user.should_see("请先选择一位当事人", retries=WAIT)
    tenant = next(row for row in rows(user, "当事人") if row["side"] == "承租人")
    pick(user, "当事人", tenant["id"])
    press(user, "reveal")
    await user.should_see(marker="dialog-text", retries=WAIT)
    user.find(marker="dialog-text").type("核对纸质材料")
    press(user, "dialog-yes")
    await user.should_see("已显示明文，请注意保护个人信息", retries=WAIT)
    assert lease.tenant.id_no in str(rows(user, "当事人"))
    workspace: Workspace = page_of(user).request.scope["state"]["workspace"]
    with page_of(user):
        await workspace.open("filings")
    assert await until(lambda: lease.tenant.id_no not in str(rows(user, "当事人")))


@pytest.mark.proves("H24")
async def test_everybody_at_once_wants_the_password_again(crowd: Crowd, lease: Filed) -> None:
    user = await crowd.open("huamu02", f"/?open=contract&id={lease.contract_id}")
    await user.should_see(f"合同 {lease.decision.contract_no}", retries=WAIT)
    press(user, "reveal-all")
    await user.should_see(marker="dialog-text", retries=WAIT)
    user.find(marker="dialog-text").type("核对双方纸质材料")
    press(user, "dialog-yes")
    await user.should_see(marker="password-again", retries=WAIT)
    user.find(marker="password-again").type("不对的口令")
    press(user, "password-yes")
    await user.should_see("口令不正确", retries=WAIT)
    assert lease.landlord.id_no not in str(rows(user, "当事人"))
    user.find(marker="password-again").clear().type("huamu02")
    press(user, "password-yes")
    await user.should_see("已显示明文，请注意保护个人信息", retries=WAIT)
    shown = str(rows(user, "当事人"))
    assert lease.landlord.id_no in shown
    assert lease.tenant.id_no in shown


@pytest.mark.proves("H23")
async def test_a_list_is_asked_for_decided_and_fetched(crowd: Crowd, world: World, lease: Filed) -> None:
    # Others share the world: their exports must not wait for an approval.
    with parameter(world, "export.row_limit", "0"):
        user = await crowd.open("huamu01", f"/?open=filings&number={lease.decision.filing_no}")
        await user.should_see("共 1 条", retries=WAIT)
        user.find(kind=web.button, content="导出").click()
        await user.should_see(marker="field-media", retries=WAIT)
        press(user, "dialog-yes")
        await user.should_see("请填写用途", retries=WAIT)
        user.find(marker="dialog-text").type("制作月度台账")
        press(user, "dialog-yes")
        await user.should_see("已提交上级单位审批", retries=WAIT)

    def newest(work: Work) -> ExportRequest:
        statement = select(ExportRequest).order_by(col(ExportRequest.requested_at).desc()).limit(1)
        return work.session.exec(statement).one()

    row: ExportRequest = world.read(newest)
    district = lease.flat.line["district_code"]
    assert (row.state, row.rows) == (ExportState.REQUESTED, 1), district
    bureau = await crowd.open("pdju01", "/?open=exports")
    await bureau.should_see("第 1 / 1 页", retries=WAIT)
    enter(bureau, "grid", row.id)
    await bureau.should_see("批准这次导出？", retries=WAIT)
    await bureau.should_see("制作月度台账")
    press(bureau, "dialog-yes")
    await bureau.should_see("已批准，文件由系统生成", retries=WAIT)
    assert run_job(world.door, "exports.make")

    clerk = await crowd.open("huamu01", "/?open=exports")
    await clerk.should_see("第 1 / 1 页", retries=WAIT)
    browser = await crowd.browser("huamu01")
    answered = await browser.get(f"/exports/{row.id}")
    assert answered.status_code == 200
    assert "attachment" in answered.headers["content-disposition"]
    assert answered.headers["cache-control"] == "no-store"
    sheet = load_workbook(io.BytesIO(answered.content)).active
    assert sheet is not None
    assert lease.decision.filing_no in str(list(sheet.values))
    assert lease.tenant.name not in str(list(sheet.values))
    for login in ("huamu02", "pdju01"):
        assert (await (await crowd.browser(login)).get(f"/exports/{row.id}")).status_code == 404
    assert (await browser.get("/exports/1")).status_code == 404


@pytest.mark.proves("D23")
async def test_a_citizen_is_shown_who_looked_and_takes_the_sheet_home(crowd: Crowd, world: World, lease: Filed) -> None:
    world.door.ask(contract_view, world.caller("huamu01"), lease.contract_id)
    user = await crowd.open("longhua01", "/?open=who_looked")
    user.find(marker="looks-number").type(lease.tenant.id_no)
    press(user, "looks-search")
    await user.should_see("的查看记录（共", retries=WAIT)
    shown = rows(user, "查看记录")
    assert any(row["unit"] == "花木街道社区事务受理服务中心" and row["official"] == "李*" for row in shown)
    assert lease.tenant.id_no not in str(shown)
    key(user, "ctrl+p")
    assert await was_told(user, "printPdf('/privacy/looks/")
    key(user, "f3")
    await user.should_see("请读取证件或输入证件号码", retries=WAIT)


@pytest.mark.proves("D23")
async def test_the_sheet_is_only_for_whoever_asked(crowd: Crowd, world: World, lease: Filed) -> None:
    look = world.door.perform(who_looked, world.caller("longhua01"), AskWhoLooked(lease.tenant.id_no)).look_id
    assert world.read(lambda work: work.session.exec(select(PersonAccess).where(PersonAccess.id == look)).one())
    own, other = await crowd.browser("longhua01"), await crowd.browser("huamu01")
    answered = await own.get(f"/privacy/looks/{look}.pdf")
    assert answered.status_code == 200
    assert "个人信息查看记录" in PdfReader(io.BytesIO(answered.content)).pages[0].extract_text()
    assert (await other.get(f"/privacy/looks/{look}.pdf")).status_code == 404


async def test_an_investigation_states_its_reason(crowd: Crowd, world: World, lease: Filed) -> None:
    world.door.ask(contract_view, world.caller("huamu01"), lease.contract_id)
    user = await crowd.open("shi01", "/?open=who_looked")
    user.find(marker="looks-number").type(lease.tenant.id_no)
    press(user, "looks-search")
    await user.should_see("请填写调查事由", retries=WAIT)
    user.find(marker="looks-reason").type("核查市民投诉")
    press(user, "looks-search")
    await user.should_see("的查看记录（共", retries=WAIT)
    assert any("huamu01" in row["official"] for row in rows(user, "查看记录"))
