"""Starts the product on a folder of its own, walks through it and keeps what it looks like in docs/manual/pictures."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import Browser, sync_playwright

from deploy.setup import find_browser
from integrations.simulators import Simulators
from models.own_data import DATA
from tests.browser import QUIET, ROOT, running_server
from tests.e2e.test_counter_queries import leases
from tests.pictures import (
    administrators,
    citizens,
    construction,
    homes,
    listings,
    market_pages,
    partners,
    practitioners,
    privacy,
    progress,
    public,
)
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
    """Take every picture anew, with `market` those before the date is moved, with `rest` those after it,
    with `later` those after the counter's."""
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
                # The market's days are counted from today: its pictures come before the date is moved.
                if not {"rest", "later"} & set(sys.argv[1:]):
                    construction.take(browser, server.url, album)
                    progress.take(browser, server.url, album)
                    market_pages.take(browser, server.url, album)
                    listings.take(browser, server.url, album)
                    homes.homes(browser, server.url, album)
                if "market" not in sys.argv[1:]:
                    _move_date(browser, server.url, album)
                    if "later" not in sys.argv[1:]:
                        _walk(browser, server.url, album, simulators)
                    _parameters(browser, server.url, album)
                    _practitioners(browser, server.url, album, Path(folder))
                    public.look_up(browser, server.url, album)
                    citizens.apply(browser, server.url, album, DAY)
                    _privacy(browser, server.url, album)
                    _consoles(browser, server.url, album, Path(folder))
                    partners.take(browser, album)
                browser.close()
    finally:
        simulators.stop()
    return 0


def _move_date(browser: Browser, url: str, album: Album) -> None:
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


def _walk(browser: Browser, url: str, album: Album, simulators: Simulators) -> None:
    """A day at the counter, and the list of a district."""
    with signed_in(browser, url, "huamu01") as clerk:
        take_in(clerk, album)
        filed = file_lease(clerk, album, lambda: silent(simulators, "property_register"))
        album.take_paper(filed.notice, "notice")
        album.take_paper(filed.contract, "lease")
        _check_on_phone(browser, url, album, filed.notice)
        be_refused(clerk, album)
        own_cases(clerk, album)
        find_lease(clerk, album, filed.filing_no)
        album.take_paper(cancel_lease(clerk, album), "cancel-notice")
        album.take_paper(query(clerk, album), "query-certificate")
        cut_off(clerk, album)
        with silent(simulators, "property_register"):
            unanswered(clerk, album)
    with signed_in(browser, url, "pudong01") as district:
        filings(district, album)


def _parameters(browser: Browser, url: str, album: Album) -> None:
    with signed_in(browser, url, "shi01") as city:
        city.open("parameters&words=备案间隔", "备案间隔")
        city.page.get_by_role("row").filter(has_text="备案间隔").filter(has_text="月").first.click()
        city.see("提出修改")
        album.take(city.page, "parameters")


def _consoles(browser: Browser, url: str, album: Album, data_dir: Path) -> None:
    """The three administrators; the keys of a person lie outside the installation's folder."""
    with TemporaryDirectory() as own:
        card = administrators.card_for(data_dir, Path(own))
        with signed_in(browser, url, "xitong01") as system:
            link = administrators.new_account(system, album)
            administrators.propose(system, album, card)
        with signed_in(browser, url, "anquan01") as security:
            administrators.grant(security, album)
        with administrators.sign_in(browser, url, album, card, link):
            pass
    number = administrators.tamper(data_dir / "shenfang.db", "pudong01")
    with signed_in(browser, url, "pudong01") as clerk:
        administrators.look_for(clerk, number)
        clerk.see("没有符合条件的备案")
    with signed_in(browser, url, "anquan01") as security:
        administrators.alarms(security, album)
        administrators.rights(security, album)
        administrators.keys(security, album)
    with signed_in(browser, url, "xitong01") as system:
        administrators.running(system, album)
    with signed_in(browser, url, "shenji01") as auditor:
        administrators.audit(auditor, album)


def _practitioners(browser: Browser, url: str, album: Album, folder: Path) -> None:
    """People from their firm's table to the window's second word."""
    some = practitioners.people()
    returned, *passed = some
    with signed_in(browser, url, practitioners.FIRM) as firm:
        practitioners.bring_in(firm, album, folder, some, date.fromisoformat(DAY))
        practitioners.apply_for_one(firm, album)
    with signed_in(browser, url, practitioners.INSPECTOR) as district:
        practitioners.inspect(district, album, returned, passed)
    with signed_in(browser, url, practitioners.FIRM) as firm:
        practitioners.activate(firm, album, passed)
        number = practitioners.card_of(firm, passed[0])
        album.take(firm.page, "card-people")
        with signed_in(browser, url, practitioners.INSPECTOR) as district:
            practitioners.brand(firm, district, album)
    with signed_in(browser, url, practitioners.CLERK) as clerk:
        practitioners.cancel_at_window(clerk, album, passed[0])
    with signed_in(browser, url, practitioners.SECOND) as second:
        practitioners.confirm(second, album, passed[0], number)


def _privacy(browser: Browser, url: str, album: Album) -> None:
    """A field in clear, a list as a file, and what the citizen is told of both."""
    lease = next(leases())
    with signed_in(browser, url, "pudong01") as clerk:
        privacy.reveal(clerk, album, lease.contract_no, lease.tenants[0])
        privacy.export(clerk, album)
    with signed_in(browser, url, "pdju01") as bureau:
        privacy.approve(bureau, album)
    with signed_in(browser, url, "pudong01") as clerk:
        privacy.download(clerk, album)
        privacy.who_looked(clerk, album, lease.landlord)


@contextmanager
def silent(simulators: Simulators, system: str) -> Iterator[None]:
    """One outside system answers with faults for a while."""
    address = f"{simulators.base_url(system)}/sim/faults"
    httpx.post(address, json={"fault": "error"}).raise_for_status()
    yield
    httpx.delete(address).raise_for_status()


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
