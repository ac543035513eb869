"""The three administrators at work: accounts, rights, certificates, keys, alarms, the audit; pictures on the way."""

import argparse
import io
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from deploy.commands import certificate
from deploy.settings import Settings
from tests.deploy.trees import no_house
from tests.people_made import id_number
from tests.pictures.album import Album
from tests.pictures.people import Person, visiting

LOGIN, NAME, PASSWORD = "sunli01", "孙莉", "Chuang-kou-2027"
OFFICE = "花木街道社区事务受理服务中心"


@dataclass(frozen=True)
class Card:
    """Where a test certificate and its key lie, and what both sides read out to each other."""

    certificate: Path
    key: Path
    fingerprint: str


def pick(who: Person, words: str) -> None:
    """A row of the list by some words of it."""
    who.page.locator(".sf-panel .sf-grid tbody tr").filter(has_text=words).filter(visible=True).first.click()


def agree(who: Person, button: str, text: str = "") -> None:
    """Answer the question that stands there."""
    dialog = who.page.locator(".sf-dialog")
    if text:
        dialog.locator("textarea").fill(text)
    dialog.get_by_role("button", name=button, exact=True).click()
    dialog.wait_for(state="detached")


def search(who: Person) -> None:
    """The list's own button; a menu is called the same."""
    who.page.locator(".sf-filters").get_by_role("button", name="查询", exact=True).click()


def new_account(who: Person, album: Album) -> str:
    """An account for a clerk; gives the link to its first password."""
    who.open("units", "单位编码")
    pick(who, OFFICE)
    who.see("办公时间")
    album.take(who.page, "admin-units")
    who.open("accounts", "登录名")
    who.press("F2")
    who.see("建立后由安全管理员授权")
    who.fill("登录名", LOGIN)
    who.fill("姓名", NAME)
    who.fill("身份证号码", id_number(4711))
    who.fill("手机号", "19300004711")
    who.choose("所属单位", OFFICE)
    who.fill("窗口", "7号窗口")
    album.take(who.page, "admin-account-new")
    who.button("建立账号")
    link = who.page.get_by_label("首次口令链接", exact=True)
    link.wait_for()
    said = link.inner_text().strip()
    album.take(who.page, "admin-account-link")
    who.page.get_by_role("button", name="已交付，关闭").click()
    who.said("待安全管理员授权")
    return said


def propose(who: Person, album: Album, card: Card) -> None:
    """The certificate's fingerprint goes to the account."""
    who.open("accounts", "登录名")
    pick(who, LOGIN)
    who.see("有效期、单位和窗口")
    who.fill("证书指纹", card.fingerprint)
    album.take(who.page, "admin-account")
    who.button("登记证书")
    who.said("待安全管理员确认")


def grant(who: Person, album: Album) -> None:
    """The second administrator says what the account may do, and believes the certificate."""
    who.open("grants", "登录名")
    pick(who, LOGIN)
    who.see("尚未授权，账号不能登录")
    who.choose("岗位", "街镇窗口人员")
    who.choose("区、街镇", "浦东新区 花木街道")
    who.fill("依据", "岗位聘任通知")
    album.take(who.page, "admin-grant")
    who.button("授予")
    who.said("岗位已授予")
    who.button("确认绑定")
    who.see("请核对证书持有人就是账号本人")
    album.take(who.page, "admin-binding")
    agree(who, "确认绑定")
    who.said("证书已绑定")


def card_for(folder: Path, made: Path, login: str = LOGIN) -> Card:
    """A certificate of the installation's own authority, as `main.py certificate issue` makes it, put into `made`."""
    said = _heard("issue", login, "--out", str(made), data_dir=folder)
    fingerprint = re.search(r"指纹\t(\S+)", said)
    assert fingerprint is not None
    return Card(made / f"{login}.cer", made / f"{login}.key", fingerprint[1])


def _heard(*words: str, data_dir: Path) -> str:
    """What `main.py certificate` says."""
    parser = argparse.ArgumentParser()
    certificate.arguments(parser)
    said = io.StringIO()
    with redirect_stdout(said):
        assert certificate.run(Settings(data_dir=data_dir, mode="demo"), parser.parse_args(words), no_house) == 0
    return said.getvalue()


@contextmanager
def sign_in(browser: Browser, url: str, album: Album, card: Card, link: str) -> Iterator[Person]:
    """The new clerk's first morning: a password of her own at the link, then certificate, challenge and password."""
    with visiting(browser, url) as page:
        page.goto(f"{url}{urlsplit(link).path}")
        album.take(page, "first-password")
        choose_password(page, PASSWORD)
        _fill_in(page, card, PASSWORD)
        page.locator("#signature").scroll_into_view_if_needed()
        album.take(page, "sign-in-certificate")
        page.get_by_role("button", name="登录", exact=True).click()
        page.locator(".sf-status").wait_for()
        page.goto(f"{url}/password")
        album.take(page, "password")
        page.goto(url)
        page.locator(".sf-status").wait_for()
        expect(page.locator(".sf-who")).to_contain_text(NAME)
        yield Person(page, url)


def choose_password(page: Page, password: str) -> None:
    """Both fields of the link's page, and on to the sign-in page."""
    page.locator("input[name=new]").fill(password)
    page.locator("input[name=again]").fill(password)
    page.get_by_role("button", name="设置口令").click()
    expect(page.get_by_role("status")).to_contain_text("口令已设置")


def _fill_in(page: Page, card: Card, password: str) -> None:
    page.locator("#login").fill(LOGIN)
    page.locator("#password").fill(password)
    expect(page.locator(".file[data-empty]")).to_be_visible()
    page.locator("#certificate").set_input_files(card.certificate)
    expect(page.locator(".file[data-empty]")).to_have_count(0)
    challenge = page.locator("#challenge").input_value()
    said = _heard("sign", challenge, "--key", str(card.key), data_dir=card.key.parent)
    page.locator("#signature").fill(said.strip())


def rights(who: Person, album: Album) -> None:
    """The policies of delegation, the signed list, the matrix."""
    who.open("delegation", "新建策略")
    who.press("F2")
    who.see("不填为长期")
    album.take(who.page, "admin-delegation")
    who.open("access_list", "核对结果")
    who.see("最近变更")
    album.take(who.page, "admin-access-list")
    who.open("matrix", "街镇窗口人员")
    who.choose("岗位", "街镇窗口人员")
    search(who)
    album.take(who.page, "admin-matrix")


def keys(who: Person, album: Album) -> None:
    """A key is followed by a new one."""
    who.open("keys", "轮换此类密钥")
    pick(who, "二维码校验")
    who.see("轮换此类密钥")
    album.take(who.page, "admin-keys")
    pick(who, "配置加密")
    who.press("F8")
    who.see("轮换后新数据使用新密钥")
    album.take(who.page, "admin-keys-rotate")
    agree(who, "确定", "每年定期轮换")
    who.said("已生成新密钥")


def tamper(database: Path, login: str) -> str:
    """Somebody prolongs a lease that a clerk's office has filed, past the product; gives its number."""
    with closing(sqlite3.connect(database, timeout=30)) as raw:
        number: str = raw.execute(
            "select filing_no from lease_filing where unit_id = (select unit_id from account where login = ?)"
            " order by filing_no desc limit 1",
            (login,),
        ).fetchone()[0]
    move_end(database, number, "+1 year")
    return number


def look_for(who: Person, number: str) -> None:
    """The filing with a number, in the list."""
    who.open("filings", "备案编号")
    who.page.locator(".sf-grid tbody tr").first.wait_for()
    who.fill("备案编号", number)
    search(who)


def move_end(database: Path, number: str, by: str) -> None:
    """Write another last day into a filing, as SQLite reckons it."""
    with closing(sqlite3.connect(database, timeout=30)) as raw, raw:
        raw.execute("update lease_filing set valid_to = date(valid_to, ?) where filing_no = ?", (by, number))


def alarms(who: Person, album: Album) -> None:
    """What was found changed: seen to, looked at."""
    who.open("alarms", "次数")
    pick(who, "内容与校验值不符")
    who.press("F4")
    who.said("已接手")
    album.take(who.page, "admin-alarms")
    who.open("locked_rows", "发现时间")
    pick(who, "内容与校验值不符")
    who.see("锁定期间任何人都看不到该记录")
    album.take(who.page, "admin-locked-rows")


def running(who: Person, album: Album) -> None:
    """How the installation stands."""
    who.open("standing", "主机日志与访问控制基线")
    who.see("每日备份")
    album.take(who.page, "admin-standing")
    who.open("self_check", "数据库写入")
    album.take(who.page, "admin-self-check")


def audit(who: Person, album: Album) -> None:
    """The auditor finds an event, proves it, and signs what waits."""
    who.open("audit", "签名证明")
    who.button("立即签署")
    who.said("已签署")
    who.choose("事件", "权限变更")
    search(who)
    pick(who, "确认")
    who.see("本事件在检查点之内，签名有效")
    album.take(who.page, "audit")
    who.press("F6")
    who.said("审计链完整")
    who.press("F8")
    who.see("导出当前查询结果")
    album.take(who.page, "audit-export")
    agree(who, "取消")
    who.open("data_catalogue", "责任单位")
    pick(who, "合同当事人")
    who.see("责任单位")
    album.take(who.page, "admin-catalogue")
