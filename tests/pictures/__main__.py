"""Starts the product on a folder of its own, walks through it and keeps what it looks like in docs/manual/pictures."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import Browser, sync_playwright

from deploy.setup import find_browser
from integrations.simulators import Simulators
from models.own_data import DATA
from tests.browser import QUIET, ROOT, running_server
from tests.pictures.album import Album, address_on
from tests.pictures.counter import (
    be_refused,
    cancel_lease,
    cut_off,
    file_lease,
    filings,
    find_lease,
    own_cases,
    query,
    take_in,
    unanswered,
)
from tests.pictures.people import PHONE, signed_in, visiting

PICTURES = ROOT / "docs" / "manual" / "pictures"
#: A Monday; the pictures show it, whatever day they are taken on.
DAY = "2027-03-01"


def main() -> int:
    """Take every picture anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    album = Album(PICTURES)
    simulators = Simulators(mode="demo")
    simulators.start(DATA)
    try:
        with TemporaryDirectory() as folder, sync_playwright() as tool:
            urls = "{" + ", ".join(f'"{name}": "{url}"' for name, url in simulators.urls().items()) + "}"
            settings = {"MODE": "demo", "SYSTEM_URLS": urls}
            database = f"sqlite:///{Path(folder) / 'shenfang.db'}"
            with running_server(database, Path(folder), settings=settings) as server:
                browser = tool.chromium.launch(executable_path=find_browser(), args=QUIET)
                _walk(browser, server.url, album, simulators)
                browser.close()
    finally:
        simulators.stop()
    return 0


def _walk(browser: Browser, url: str, album: Album, simulators: Simulators) -> None:
    with visiting(browser, url) as page:
        page.goto(f"{url}/login")
        album.take(page, "sign-in")
    with signed_in(browser, url, "shi01") as city:
        city.open("demo-clock", "实际日期")
        city.fill("调整为", DAY)
        city.button("调整日期")
        city.page.locator(".sf-dialog").get_by_role("button", name="调整").click()
        city.said(f"业务日期已调整为{DAY}")
        city.page.wait_for_function(f"document.getElementById('sf-clock').textContent.startsWith('{DAY}')")
        album.take(city.page, "demo-clock")
    with signed_in(browser, url, "huamu01") as clerk:
        take_in(clerk, album)
        filed = file_lease(clerk, album)
        album.take_paper(filed.notice, "notice")
        album.take_paper(filed.contract, "lease")
        _check_on_phone(browser, url, album, filed.notice)
        be_refused(clerk, album)
        own_cases(clerk, album)
        find_lease(clerk, album, filed.filing_no)
        album.take_paper(cancel_lease(clerk, album), "cancel-notice")
        album.take_paper(query(clerk, album), "query-certificate")
        cut_off(clerk, album)
        fault = {"fault": "error"}
        httpx.post(f"{simulators.base_url('property_register')}/sim/faults", json=fault).raise_for_status()
        unanswered(clerk, album)
        httpx.delete(f"{simulators.base_url('property_register')}/sim/faults").raise_for_status()
    with signed_in(browser, url, "pudong01") as district:
        filings(district, album)
    with signed_in(browser, url, "shi01") as city:
        city.open("parameters", "备案期限")
        city.page.get_by_role("row").filter(has_text="备案间隔").filter(has_text="月").first.click()
        city.see("提出修改")
        album.take(city.page, "parameters")


def _check_on_phone(browser: Browser, url: str, album: Album, paper: bytes) -> None:
    with visiting(browser, url, screen=PHONE) as page:
        page.goto(address_on(paper))
        page.get_by_role("heading", name="文书信息").wait_for()
        album.take(page, "check-phone")
    # Signing in once more would end the session of the clerk at the screen.
    with signed_in(browser, url, "huamu02", screen=PHONE) as clerk:
        clerk.open("intake", "证件号码")
        album.take(clerk.page, "intake-phone")


if __name__ == "__main__":
    sys.exit(main())
