"""What hands do at a page: type into a field, choose, press, and copy what a dialog asks for."""

import asyncio
from typing import Any

from nicegui import background_tasks
from nicegui import ui as web
from nicegui.testing import User

from tests.ui.people import page_of
from ui.shell.workspace import Workspace

WAIT = 200


def put(user: User, key: str, text: str) -> None:
    """Type into an empty field of the form."""
    user.find(marker=f"field-{key}").type(text)


def put_instead(user: User, key: str, text: str) -> None:
    """Type over what stands in a field."""
    user.find(marker=f"field-{key}").clear().type(text)


def choose(user: User, key: str, value: str | bool) -> None:
    """Choose one of named values, or tick."""
    control: Any = user.find(marker=f"field-{key}").elements.pop()
    control.set_value(value)


def press(user: User, marker: str) -> None:
    user.find(marker=marker).click()


async def command(user: User, label: str) -> None:
    """Press a button of the toolbar as soon as it may be pressed."""
    for _ in range(WAIT):
        await user.should_see(kind=web.button, content=label, retries=WAIT)
        buttons: set[Any] = user.find(kind=web.button, content=label).elements
        if not any(button.props.get("aria-disabled") for button in buttons):
            break
        await asyncio.sleep(0.05)
    user.find(kind=web.button, content=label).click()


def waits_for(user: User, label: str) -> str | None:
    """What a button of the toolbar says it waits for; nothing while it may be pressed."""
    button: Any = user.find(kind=web.button, content=label).elements.pop()
    found: str | None = button.props.get("title") if button.props.get("aria-disabled") else None
    return found


def key(user: User, combo: str) -> None:
    """Press a hotkey of the page in front."""
    client = page_of(user)
    workspace: Workspace = client.request.scope["state"]["workspace"]
    background_tasks.create(workspace.hotkey(combo), context=client)


async def answer(user: User, text: str) -> None:
    """Fill in what a dialog asks for and agree."""
    await user.should_see(marker="dialog-text", retries=WAIT)
    user.find(marker="dialog-text").type(text)
    press(user, "dialog-yes")


def enter(user: User, table: str, row_id: object) -> None:
    """Open a row of a table."""
    user.find(marker=table).trigger("enter", str(row_id))


def pick(user: User, table: str, row_id: object) -> None:
    user.find(marker=table).trigger("pick", str(row_id))


def rows(user: User, table: str) -> list[dict[str, Any]]:
    """What a table shows."""
    sheet: Any = user.find(marker=table).elements.pop()
    return list(sheet.rows)


async def read_card(user: User, *numbers: str) -> None:
    """Type the numbers of those who stand at the counter, one after another."""
    for number in numbers:
        key(user, "f4")
        await user.should_see(marker="card-line", retries=WAIT)
        user.find(marker="card-line").trigger("keydown.enter", number)
        await user.should_see(marker="field-card", retries=WAIT)
        for _ in range(WAIT):
            if any((row["id_no"], row["present"]) == (number, "到场") for row in rows(user, "当事人")):
                break
            await asyncio.sleep(0.05)
        else:
            raise AssertionError("the card was not taken")


def home_lines(user: User, title: str) -> list[Any]:
    """The entries of a tile of the home in front."""
    tiles: Any = user.find(marker="home").elements.pop()
    return [entry for panel in tiles.view.panels() if panel.title == title for entry in panel.entries]


async def open_figure(user: User, key: str) -> None:
    """Press a figure or a line of the home, by its key."""
    tiles: Any = user.find(marker="home").elements.pop()
    place = next(place for place, figure in enumerate(tiles.known) if figure.key == key)
    user.find(marker="home").trigger("open", place)


async def see_home(user: User) -> None:
    """Wait until the home has its tiles."""
    await user.should_see(marker="home", retries=WAIT)
    for _ in range(WAIT):
        tiles: Any = user.find(marker="home").elements.pop()
        if tiles.view is not None:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the home was not drawn")
