"""The administrators' stories in a real browser: an account's life, the auditor's day, a row changed past the product."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import ROOT, LoadedDemo, Server, running_server
from tests.e2e.test_counter_queries import leases
from tests.pictures import administrators as consoles
from tests.pictures import privacy
from tests.pictures.album import Unseen
from tests.pictures.people import Person, signed_in
from tests.printing.reading import text_of

UNSEEN = Unseen()
VERIFIER = ROOT / "deploy" / "standalone" / "verify_evidence.py"


@pytest.fixture(scope="module")
def server(loaded_demo: LoadedDemo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A product of these stories' own: they end sessions and lock rows that others would miss."""
    folder = tmp_path_factory.mktemp("consoles")
    loaded_demo.copy_to(folder, folder / "shenfang.db")
    with running_server(f"sqlite:///{folder / 'shenfang.db'}", folder, demo=loaded_demo) as running:
        yield running


@pytest.fixture(scope="module")
def folder(server: Server) -> Path:
    return server.log.parent


def search(who: Person) -> None:
    consoles.search(who)


@pytest.mark.row(85)
@pytest.mark.proves("D01", "D06", "D24")
def test_two_administrators_make_an_account_that_signs_in_with_its_certificate(
    browser: Browser, server: Server, folder: Path, tmp_path: Path
) -> None:
    card = consoles.card_for(folder, tmp_path)
    with signed_in(browser, server.url, "xitong01") as system:
        link = consoles.new_account(system, UNSEEN)
        consoles.propose(system, UNSEEN, card)
    with signed_in(browser, server.url, "anquan01") as security:
        consoles.grant(security, UNSEEN)
    arriving = consoles.sign_in(browser, server.url, UNSEEN, card, link)
    with arriving as clerk, signed_in(browser, server.url, "xitong01") as system:
        clerk.open("intake", "证件号码")
        system.open("accounts", "登录名")
        consoles.pick(system, consoles.LOGIN)
        system.button("停用")
        consoles.agree(system, "停用账号", "离职交接完毕")
        system.said("账号已停用")
        clerk.page.wait_for_url("**/login**")


@pytest.mark.proves("D07", "D06")
@pytest.mark.night
def test_rights_are_delegated_checked_and_handed_out_as_a_workbook(browser: Browser, server: Server) -> None:
    with signed_in(browser, server.url, "anquan01") as security:
        consoles.rights(security, UNSEEN)
        with security.page.expect_download() as coming:
            security.press("F8")
        content = Path(coming.value.path()).read_bytes()
        assert content.startswith(b"PK")
        security.said("与签名清单中的一致")
        security.open("delegation", "新建策略")
        security.press("F2")
        security.choose("委托内容", "总公司管理员开立项目公司管理员")
        security.fill("名额", "20")
        security.fill("依据", "按开户管理办法")
        security.button("建立策略")
        security.said("策略已建立")


@pytest.mark.proves("D09", "H21")
@pytest.mark.night
def test_the_auditor_proves_exports_and_prints(browser: Browser, server: Server, tmp_path: Path) -> None:
    with signed_in(browser, server.url, "huamu01") as clerk:
        clerk.open("home", "消息")
    with signed_in(browser, server.url, "shenji01") as auditor:
        auditor.open("audit", "签名证明")
        auditor.button("立即签署")
        auditor.said("已签署")
        auditor.choose("事件", "登录")
        search(auditor)
        consoles.pick(auditor, "huamu01")
        auditor.see("本事件在检查点之内，签名有效")
        auditor.press("F6")
        auditor.said("审计链完整")
        with auditor.page.expect_download() as coming:
            auditor.press("F8")
            consoles.agree(auditor, "导出")
        with zipfile.ZipFile(coming.value.path()) as whole:
            assert {"selection.events", "manifest.json"} <= set(whole.namelist())
        with auditor.page.expect_download() as coming:
            auditor.press("F9")
        sheet = text_of(Path(coming.value.path()).read_bytes())
        assert "值班" in sheet
        assert "sig.audit" in sheet
        with auditor.page.expect_download() as coming:
            auditor.button("证据包")
            consoles.agree(auditor, "导出", next(leases()).contract_no)
        package = tmp_path / "package.zip"
        coming.value.save_as(package)
    checked = subprocess.run([sys.executable, "-I", str(VERIFIER), str(package)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.proves("D19", "H65", "D16")
@pytest.mark.night
def test_a_row_changed_past_the_product_is_found_locked_restored_and_released(
    browser: Browser, server: Server, folder: Path
) -> None:
    database = folder / "shenfang.db"
    number = consoles.tamper(database, "pudong01")
    with signed_in(browser, server.url, "pudong01") as clerk:
        consoles.look_for(clerk, number)
        clerk.see("没有符合条件的备案")
    with signed_in(browser, server.url, "anquan01") as security:
        consoles.alarms(security, UNSEEN)
        security.press("F8")
        consoles.agree(security, "解除锁定", "尚未恢复就想解除")
        security.said("该记录仍未恢复原样")
        consoles.move_end(database, number, "-1 year")
        security.press("F8")
        consoles.agree(security, "解除锁定", "已按备份恢复该记录")
        security.said("已解除锁定")
        security.open("alarms", "次数")
        consoles.pick(security, "内容与校验值不符")
        security.press("F8")
        consoles.agree(security, "关闭告警", "已按备份恢复并解除锁定")
        security.said("告警已关闭")
    with signed_in(browser, server.url, "pudong01") as clerk:
        consoles.look_for(clerk, number)
        expect(clerk.page.locator(".sf-grid tbody tr").filter(has_text=number)).to_have_count(1)


@pytest.mark.proves("H23", "D23")
@pytest.mark.night
def test_personal_data_is_revealed_for_a_reason_exported_with_consent_and_told_to_the_citizen(
    browser: Browser, server: Server
) -> None:
    lease = next(leases())
    with signed_in(browser, server.url, "pudong01") as clerk:
        privacy.reveal(clerk, UNSEEN, lease.contract_no, lease.tenants[0])
        privacy.export(clerk, UNSEEN)
    with signed_in(browser, server.url, "pdju01") as bureau:
        privacy.approve(bureau, UNSEEN)
    with signed_in(browser, server.url, "pudong01") as clerk:
        privacy.download(clerk, UNSEEN)
        with clerk.page.expect_download() as coming:
            clerk.press("F8")
        assert Path(coming.value.path()).read_bytes().startswith(b"PK")
        privacy.who_looked(clerk, UNSEEN, lease.landlord)
        clerk.see("电话核对合同当事人")


@pytest.mark.proves("D21")
@pytest.mark.night
def test_keys_are_rotated_and_the_installation_tells_how_it_stands(browser: Browser, server: Server) -> None:
    with signed_in(browser, server.url, "anquan01") as security:
        consoles.keys(security, UNSEEN)
        security.see("dek.cfg.2")
    with signed_in(browser, server.url, "xitong01") as system:
        consoles.running(system, UNSEEN)
