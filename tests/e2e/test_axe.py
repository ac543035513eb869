"""WCAG 2.2 AA by axe: every module of one role in `make test`; every workplace, dark and narrow too, in `make soak`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import Server
from tests.pictures.gallery import PEOPLE, STILL, lines_of, open_module
from tests.pictures.people import PHONE, SCREEN, signed_in

axe = pytest.importorskip("axe_playwright_python", reason="`make tools` installs it")
_SCRIPT = Path(axe.__file__).with_name("axe.min.js")
_RUN = """async (rules) => {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const runOnly = rules.length ? { type: "rule", values: rules } : { type: "tag", values: tags };
    const found = await axe.run(document, { runOnly, resultTypes: ["violations"] });
    return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${node.html.slice(0, 160)}`));
}"""

#: What the dark look can break: it changes nothing but colours.
IN_DARK = ("color-contrast", "link-in-text-block")


def violations(page: Page, rules: tuple[str, ...] = ()) -> list[str]:
    """What axe finds on the page, a line each; of some rules, or of all WCAG has."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_SCRIPT.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_RUN, list(rules))
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
@pytest.mark.parametrize("login", PEOPLE)
def test_every_page_of_every_workplace_keeps_wcag(browser: Browser, live_server: Server, login: str) -> None:
    with signed_in(browser, live_server.url, login) as one:
        # A colour that is still changing is no colour of the page.
        one.page.emulate_media(reduced_motion="reduce")
        found: dict[str, list[str]] = {}
        for where in walked(one.page):
            for width, rules in (
                (SCREEN["width"], ()),
                (PHONE["width"], ()),
                (PHONE["width"], IN_DARK),
                (SCREEN["width"], IN_DARK),
            ):
                one.page.set_viewport_size({"width": width, "height": SCREEN["height"]})
                one.page.evaluate("(dark) => Quasar.Dark.set(dark)", bool(rules))
                one.page.evaluate(STILL)
                if wrong := violations(one.page, rules):
                    found[f"{where} at {width}{' dark' if rules else ''}"] = wrong
            one.page.evaluate("Quasar.Dark.set(false)")
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
