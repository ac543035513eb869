"""What the server answers to a command takes nothing from somebody who is typing already."""

from typing import Any

from tests.ui.people import Crowd
from tests.ui.tenancy.hands import WAIT, key
from ui.tenancy.sheet import focus_selector


def control(user: Any, name: str) -> Any:
    return user.find(marker=f"field-{name}").elements.pop()


async def test_an_untouched_field_marked_wrong_leaves_what_is_typed_meanwhile(crowd: Crowd) -> None:
    user = await crowd.open("huamu01", "/?open=filing_form")
    key(user, "f8")
    await user.should_see("请填写权属证明编号", retries=WAIT)
    sent = control(user, "house.cert_no")._to_dict()
    # The browser keeps its own text: the server, which has not heard of it yet, would send an empty one.
    assert sent["props"]["error"] is True
    assert sent["preserved_props"] == ["value"]


async def test_a_value_the_server_puts_there_does_reach_the_browser(crowd: Crowd) -> None:
    user = await crowd.open("huamu01", "/?open=filing_form")
    field = control(user, "house.cert_no")
    user.find(marker="field-house.cert_no").trigger("update:value", "沪（2021）")
    assert field.value == "沪（2021）"
    assert field._to_dict()["preserved_props"] == ["value"]
    with user:
        field.set_value("沪（2021）浦字不动产权第000001号")
    assert "preserved_props" not in field._to_dict()


async def test_the_keyboard_is_not_taken_from_who_types(crowd: Crowd, monkeypatch: Any) -> None:
    user = await crowd.open("huamu01", "/?open=filing_form")
    sent: list[str] = []
    client = control(user, "house.cert_no").client
    monkeypatch.setattr(client, "run_javascript", lambda code, **_: sent.append(code))
    focus_selector(client, "#somewhere")
    assert "sfTyping()) return;" in sent[0]
