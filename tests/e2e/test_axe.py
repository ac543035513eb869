"""WCAG 2.2 AA by axe: every module of one role in `make test`; every workplace, dark and narrow too, in `make soak`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import Server
from tests.pictures.gallery import PEOPLE, STILL, lines_of, open_module
from tests.pictures.people import SCREEN, signed_in

axe = pytest.importorskip("axe_playwright_python", reason="`make tools` installs it")
_SCRIPT = Path(axe.__file__).with_name("axe.min.js")
_RUN = """async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
    return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${node.html.slice(0, 160)}`));
}"""


def violations(page: Page) -> list[str]:
    """What axe finds on the page, a line each."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_SCRIPT.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_RUN)
    return found


def walked(page: Page) -> Iterator[str]:
    """Open one module of the tree after the other, and close it again; the start page stays."""
    page.evaluate(STILL)
    for key, title in lines_of(page):
        open_module(page, key)
        yield f"{key} {title}"
        page.keyboard.press("Alt+0")
        page.evaluate(STILL)


def test_every_page_of_the_counter_keeps_wcag(browser: Browser, live_server: Server) -> None:
    with signed_in(browser, live_server.url, "huamu01") as clerk:
        found = {where: wrong for where in walked(clerk.page) if (wrong := violations(clerk.page))}
    assert found == {}


@pytest.mark.soak
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("login", PEOPLE)
def test_every_page_of_every_workplace_keeps_wcag(
    browser: Browser, live_server: Server, login: str, width: int, dark: bool
) -> None:
    with signed_in(browser, live_server.url, login, screen={**SCREEN, "width": width}) as one:
        one.page.evaluate("(dark) => Quasar.Dark.set(dark)", dark)
        found = {where: wrong for where in walked(one.page) if (wrong := violations(one.page))}
    assert found == {}


@pytest.mark.soak
@pytest.mark.parametrize("login", PEOPLE)
def test_nothing_is_lost_at_two_hundred_percent(browser: Browser, live_server: Server, login: str) -> None:
    # 1440 pixels at 200 % are 720: what is wider than the window could only be reached by scrolling sideways.
    with signed_in(browser, live_server.url, login, screen={"width": 720, "height": 450}) as one:
        wide = {
            where: by
            for where in walked(one.page)
            if (by := one.page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0
        }
    assert wide == {}
