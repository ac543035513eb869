"""People in front of the product, each with a browser of his own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeout

_PAPERS = "**/papers/**"
#: Milliseconds anything on a page may take on a busy machine before a browser test gives it up.
PATIENCE = 90_000
SCREEN, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@dataclass(frozen=True)
class Person:
    """Somebody signed in; what he does is what his keyboard and mouse do."""

    page: Page
    url: str

    def open(self, module: str, wait: str) -> None:
        """Open a module in a fresh page and wait for some words of it."""
        self.page.goto(f"{self.url}/?open={module}")
        self.see(wait)
        # The first words are drawn before the handlers of the last elements are there.
        self.page.wait_for_function("window.socket && window.socket.connected")

    def see(self, words: str) -> Locator:
        """Wait until some words are on the screen."""
        found = self.page.get_by_text(words).filter(visible=True).first
        found.wait_for()
        return found

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def fill(self, label: str, value: str) -> None:
        """Type into a field and leave it, as the next key would."""
        box = self.page.get_by_label(label, exact=True).filter(visible=True).first
        box.fill(value)
        box.press("Tab")

    def choose(self, label: str, option: str, *, within: str = "body") -> None:
        """Pick from a list by its text; `within` leaves out a filter of the same name.

        What is sought on the server is taken when its answer comes: a button pressed before would not know of it.
        """
        box = self.page.locator(within).get_by_role("combobox", name=label, exact=True).filter(visible=True).first
        box.fill(option)
        box.press("Enter")
        expect(box).to_have_attribute("aria-expanded", "false", timeout=PATIENCE)

    def button(self, name: str) -> None:
        self.page.get_by_role("button", name=name).filter(visible=True).first.click()

    def card(self, number: str) -> None:
        """F4 and a card on the reader."""
        self.press("F4")
        box = self.page.locator(".sf-dialog").get_by_label("证件号码")
        box.wait_for()
        box.fill(number)
        box.press("Enter")
        self.page.locator(".sf-dialog").wait_for(state="detached")

    def asked_by(self, button: Locator) -> Locator:
        """Press a button that asks something and give its dialog; pressed again when a detail drawn anew lost the press."""
        dialog = self.page.locator(".sf-dialog")
        for _ in range(PATIENCE // 5_000):
            button.press("Enter")
            try:
                dialog.wait_for(timeout=5_000)
            except PlaywrightTimeout:
                continue
            return dialog
        raise AssertionError("The button opened no dialog.")

    def step(self, title: str) -> None:
        """Wait until a step of the filing form is in hand."""
        self.page.locator(".sf-title", has_text=title).wait_for()

    def said(self, words: str) -> None:
        """Wait for what the message area tells."""
        self.page.locator(".sf-message", has_text=words).wait_for()

    def sign(self) -> None:
        """A stroke on the signature pad."""
        box = self.page.locator("canvas.sf-pad-sign").bounding_box()
        assert box is not None
        points = [(40, 90), (80, 40), (110, 100), (150, 50), (190, 95), (240, 45), (300, 80)]
        mouse = self.page.mouse
        mouse.move(box["x"] + points[0][0], box["y"] + points[0][1])
        mouse.down()
        for across, down in points[1:]:
            mouse.move(box["x"] + across, box["y"] + down, steps=6)
        mouse.up()

    def printed(self, act: Callable[[], object]) -> bytes:
        """Do what ends in the print dialog; gives the paper that was sent there."""
        with self.page.expect_request(_PAPERS) as asked:
            act()
        return bytes(self.page.context.request.get(asked.value.url).body())


@contextmanager
def signed_in(browser: Browser, url: str, login: str, *, screen: dict[str, int] = SCREEN) -> Iterator[Person]:
    """Somebody who pressed his button on the sign-in page."""
    with visiting(browser, url, screen=screen) as page:
        page.goto(f"{url}/login")
        page.locator(f"button[name=login][value={login}]").click()
        page.locator(".sf-status, form[action='/street']").first.wait_for()
        if page.locator("form[action='/street']").count():
            # A user of several streets chooses one; the one under the cursor is where he works by himself.
            page.keyboard.press("Enter")
        page.locator(".sf-status").wait_for()
        try:
            yield Person(page, url)
        except PlaywrightError as problem:
            # What did not come is in the error; what stood there instead is what helps.
            problem.add_note(f"{login} at {page.url} was told: {page.locator('.sf-message').all_inner_texts()}")
            raise


@contextmanager
def visiting(browser: Browser, url: str, *, screen: dict[str, int] = SCREEN) -> Iterator[Page]:
    """Anybody's browser."""
    settings: dict[str, Any] = {"viewport": screen, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
    context = browser.new_context(**settings)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    # The browser's own viewer does not bear to be driven; the papers are fetched and drawn apart.
    page.route(_PAPERS, lambda route: route.fulfill(content_type="text/html", body=""))
    yield page
    context.close()
