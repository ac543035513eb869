"""Counts the keys from the home page to each of the twenty commonest acts, pressed in Chromium without a mouse (issue 19).

    python -m tests.pictures.keystrokes --url http://… [--out build/keys.tsv] [--only 注销]

The demo must be freshly loaded: the lease of a flat is filed once, and again only after the filing interval.

An act is a text: keys by name, `'text` is typed, `#text` is typed and not counted (a number read from a paper, `{filed}` that of the lease just filed), `?text` waits
until the page shows it, `@label` until the cursor is there, `~ms` waits. A pen's signature counts as a key.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from deploy.setup import find_browser
from tests.browser import QUIET, ROOT
from tests.pictures.gallery import STILL
from tests.pictures.people import signed_in


@dataclass(frozen=True)
class Act:
    """An act from the home page of an account, with the keys it took on 2026-11-28 where they were counted then."""

    login: str
    name: str
    before: int | None
    keys: str


#: Intake of both cards and the terms up to the check, as docs/manual/filing.md tells it.
_LEASE = (
    "F2 @证件号码 '1 Enter ?权属证明编号 ~900 Enter @下一步 ~300 Enter ~700 F4 @证件号码 '2 Enter @下一步 Enter ~700 "
    "PageDown @租金 '6500 Enter ?陆仟伍佰元整 F8 ~500 @下一步 Enter @双方确认 Enter ~700 @纸质签字页编号 'QZ01 F8 ~900 "
    "@纸质签字页编号 'QZ02 F8 ~900 @下一步 Enter ~700 @提交备案 Enter @打印"
)
_CANCEL = (
    "Control+k 'htzx ~600 Enter @编号 #{filed} F4 ~600 @证件号码 '1 Enter ~900 @读取证件 F4 ~600 @证件号码 '2 Enter ~1200 "
    "F9 @解约协议 'JY1 F9 ?符合注销条件 F8 @确认内容 '注销 Enter ?备案已注销"
)
#: The acts, each with its account, the keys of 2026-11-28 where they were counted then, and the keys of now.
ACTS = (
    Act("huamu01", "开始受理，读到第一张证件", None, "F2 @证件号码 '1 Enter ?权属证明编号"),
    Act("huamu01", "录入一份租约，得到备案编号", 42, _LEASE),
    Act("huamu01", "注销这份租约，双方到场", 21, _CANCEL),
    Act("huamu01", "打开合同查询及打印", None, "Control+k 'htcx ~600 Enter @编号"),
    Act(
        "huamu01",
        "打开备案信息综合查询，读申请人证件",
        None,
        "Control+k 'baxx ~600 Enter @证件号码 F4 @证件号码 '1 Enter ~900",
    ),
    Act(
        "huamu01",
        "向本人出示谁看过他的信息",
        None,
        "Control+k 'skg ~600 Enter ?查看记录 ~600 F4 ~600 @证件号码 '1 Enter ?的查看记录",
    ),
    Act(
        "pdju01",
        "验看一份信息卡：打开、领取、通过（P）",
        None,
        "Control+k 'xxkyk ~600 Enter ?下一条 ~900 j ?核验结果 Enter ~1500 p ?通过",
    ),
    Act(
        "pdju01",
        "打开待本局审核的备案强制核验，开始审核",
        None,
        "Control+k 'baqz ~600 Enter ?强制核验编号 ~900 Control+ArrowDown ArrowDown Enter ?申请材料 ~900 F4 ?30分钟内",
    ),
    Act("pdju01", "打开注销申请", None, "Control+k 'zxsq ~600 Enter ?申请编号"),
    Act("pdju01", "打开房源强制核验", None, "Control+k 'fyqz ~600 Enter ~900"),
    Act("pdshen01", "打开待审核的第一份档案", None, "Control+k 'gljl ~600 Enter ?业务编号 ~900 j ?计划日期"),
    Act("shichu01", "看可供应量统计", None, "Control+k 'kgyl ~600 Enter @报表"),
    Act("shi01", "看未送达报文", None, "Control+k 'wsd ~600 Enter ~900"),
    Act("binjiang01", "打开一个项目", None, "Control+k 'spxhw ~1200 Enter ?项目名称"),
    Act("binjiang01", "打开待说明的风险预警", None, "Control+k 'fxyj ~600 Enter ?首次发现"),
    Act("huyu01", "新增一名从业人员（到第一栏）", None, "Control+k 'cyry ~600 Enter ?卡号 ~600 F2 @证件号码"),
    Act("huyu01", "打开委托与出账", None, "Control+k 'wtycz ~600 Enter ?委托书编号"),
    Act("huyu01", "申请房源核验（到第一栏）", None, "Control+k 'sqfy ~600 Enter @权属证明编号"),
    Act("xitong01", "看运行状况", None, "Control+k 'yxzk ~600 Enter ~900"),
    Act("shenji01", "核验审计链", None, "Control+k 'sjcx ~600 Enter ?审计 ~600 F6 ?审计链完整"),
)


def perform(page: Page, keys: str) -> int:
    """Press the keys of an act and return how many count."""
    count = 0
    for token in keys.split():
        mark, text = token[0], token[1:]
        if mark == "?":
            page.get_by_text(text).filter(visible=True).first.wait_for(timeout=20_000)
        elif mark == "@":
            page.wait_for_function(
                "(label) => ((document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || '')"
                ".trim().startsWith(label))",
                arg=text,
                timeout=20_000,
            )
        elif mark == "~":
            page.wait_for_timeout(float(text))
        elif mark in "'#":
            page.keyboard.type(text)
            count += len(text) if mark == "'" else 0
        else:
            page.keyboard.press(token)
            count += 1
    return count


def counted(browser: Browser, url: str, act: Act, filed: list[str]) -> str:
    """Perform an act from a fresh home and return its line; the number of a lease filed is kept for its cancellation."""
    begun = time.monotonic()
    with signed_in(browser, url, act.login) as one:
        one.page.goto(f"{url}/?open=home")
        one.page.wait_for_function("window.did_handshake === true")
        one.page.evaluate(STILL)
        try:
            now = str(perform(one.page, act.keys.replace("{filed}", filed[-1] if filed else "")))
            if (number := one.page.locator("output.sf-number-big")).count():
                filed.append(number.inner_text().strip())
        except Error as problem:
            one.page.screenshot(path=ROOT / "build" / f"keys-{act.name}.png")
            now = f"—（{str(problem).splitlines()[0]}）"
    return "\t".join((act.name, act.login, str(act.before or "—"), now, f"{time.monotonic() - begun:.1f}"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "keys.tsv")
    parser.add_argument("--only", default="")
    parser.add_argument(
        "--filed", default=[], nargs="*", help="number of a lease to cancel, where none is filed before"
    )
    wanted = parser.parse_args()
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=find_browser(), args=QUIET)
        lines = []
        for act in ACTS:
            if wanted.only in act.name:
                lines.append(counted(browser, wanted.url, act, wanted.filed))
                sys.stdout.write(lines[-1] + "\n")
                sys.stdout.flush()
        browser.close()
    if not wanted.only:
        wanted.out.write_text("\n".join(("要办的事\t账号\t以前\t现在\t秒", *lines)) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
