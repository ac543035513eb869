"""A silent system is left alone for a while and those on duty are told once (H64)."""

from queue import Queue

import pytest

from integrations.police.client import PoliceClient
from integrations.wire.breaker import Breaker
from integrations.wire.client import Timeout
from services.ports.answers import PersonQuestion
from tests.integrations.test_wire import JSON, said, server
from tests.world import outside

NOBODY = "http://127.0.0.1:1"
RESTING = "对方持续无应答，暂停访问"


@pytest.fixture
def told() -> Queue[tuple[str, str]]:
    """Each system that was told of, and why its answers were of no use."""
    return Queue()


def breaker_of(told: Queue[tuple[str, str]], in_a_row: int) -> Breaker:
    return Breaker("公安人口库", in_a_row=in_a_row, rest=3600, told=lambda source, why: told.put((source, why)))


def ask(client: PoliceClient) -> str:
    """What the client says: nothing when it was answered."""
    answer = client.same_person(PersonQuestion("张三", "11", "1"))
    client.close()
    return answer.note if answer.silent else ""


def wire_to(url: str, breaker: Breaker) -> PoliceClient:
    return PoliceClient(url, outside(), Timeout(connect=0.3, read=0.3), breaker=breaker)


@pytest.mark.proves("H64")
def test_a_system_that_is_not_reached_is_left_alone_and_told_once_h64(told: Queue[tuple[str, str]]) -> None:
    breaker = breaker_of(told, 3)
    assert [ask(wire_to(NOBODY, breaker)) for _ in range(6)] == ["无法连接"] * 3 + [RESTING] * 3
    assert told.get(timeout=10) == ("公安人口库", "")
    assert told.empty()


@pytest.mark.proves("H64")
def test_a_reply_that_drips_counts_as_waiting_in_vain_h64(told: Queue[tuple[str, str]]) -> None:
    breaker = breaker_of(told, 1)
    with server((200, JSON, said()), drip=True) as url:
        assert [ask(wire_to(url, breaker)) for _ in range(2)] == ["超时", RESTING]
    assert told.get(timeout=10) == ("公安人口库", "")


@pytest.mark.proves("H64")
@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ((500, JSON, b"{}"), "对方返回状态500"),
        ((200, JSON, b"["), "应答不是有效的JSON"),
        ((200, {"Content-Type": "text/html"}, b"<p>"), "应答不是JSON"),
        ((200, JSON, said(lsh="another-question")), "应答与所问不符"),
    ],
)
def test_nonsense_keeps_nobody_waiting_stops_nothing_and_is_told_once_in_a_row(
    told: Queue[tuple[str, str]], reply: tuple[int, dict[str, str], bytes], why: str
) -> None:
    breaker = breaker_of(told, 3)
    with server(reply) as url, server((200, JSON, said())) as sound:
        assert [ask(wire_to(one, breaker)) for one in (url, url, sound, url, url)] == [why, why, "", why, why]
        assert told.empty()
        assert [ask(wire_to(url, breaker)) for _ in range(3)] == [why] * 3
    assert told.get(timeout=10) == ("公安人口库", why)
    assert told.empty()


def test_after_its_rest_one_question_finds_out(told: Queue[tuple[str, str]]) -> None:
    breaker = Breaker("公安人口库", in_a_row=2, rest=0)
    for _ in range(3):
        assert ask(wire_to(NOBODY, breaker)) == "无法连接"
    with server((200, JSON, said())) as url:
        assert ask(wire_to(url, breaker)) == ""
    breaker.waited_in_vain()
    assert breaker.lets_through()


def test_whoever_tries_again_holds_the_others_back() -> None:
    now = [100.0]
    breaker = Breaker("公安人口库", in_a_row=1, rest=15, clock=lambda: now[0])
    breaker.waited_in_vain()
    assert not breaker.lets_through()
    now[0] += 16
    assert (breaker.lets_through(), breaker.lets_through()) == (True, False)
    breaker.answered()
    assert (breaker.is_open, breaker.lets_through(), breaker.lets_through()) == (False, True, True)
