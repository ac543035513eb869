"""Homes of the workspaces, as each looks on the first day of the demo."""

from playwright.sync_api import Browser

from tests.pictures.album import Album
from tests.pictures.people import signed_in

#: The login and the picture of its home; that of the counter is taken after a lease was filed.
HOMES = (("pdju01", "home-district"), ("shi01", "home-city"), ("shenpu01", "home-head"), ("huyu01", "home-firm"))


def homes(browser: Browser, url: str, album: Album, wanted: tuple[tuple[str, str], ...] = HOMES) -> None:
    """Open the homes, without the greeting of a first visit."""
    for login, name in wanted:
        with signed_in(browser, url, login) as person:
            person.page.locator(".sf-home .sf-band").wait_for()
            for greeting in person.page.get_by_role("button", name="不用了").all():
                greeting.click()
            person.page.wait_for_timeout(300)
            album.take(person.page, name)
