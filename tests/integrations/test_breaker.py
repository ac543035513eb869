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
def told() -> Queue[str]:
    return Queue()


def ask(client: PoliceClient) -> str:
    """What the client says: nothing when it was answered."""
    answer = client.same_person(PersonQuestion("张三", "11", "1"))
    client.close()
    return answer.note if answer.silent else ""


def wire_to(url: str, breaker: Breaker) -> PoliceClient:
    return PoliceClient(url, outside(), Timeout(connect=0.3, read=0.3), breaker=breaker)


@pytest.mark.proves("H64")
def test_a_system_that_is_not_reached_is_left_alone_and_told_once_h64(told: Queue[str]) -> None:
    breaker = Breaker("公安人口库", in_a_row=3, rest=3600, told=told.put)
    assert [ask(wire_to(NOBODY, breaker)) for _ in range(6)] == ["无法连接"] * 3 + [RESTING] * 3
    assert told.get(timeout=10) == "公安人口库"
    assert told.empty()


@pytest.mark.proves("H64")
def test_a_reply_that_drips_counts_as_waiting_in_vain_h64(told: Queue[str]) -> None:
    breaker = Breaker("公安人口库", in_a_row=1, rest=3600, told=told.put)
    with server((200, JSON, said()), drip=True) as url:
        assert [ask(wire_to(url, breaker)) for _ in range(2)] == ["超时", RESTING]
    assert told.get(timeout=10) == "公安人口库"


@pytest.mark.parametrize("reply", [(500, JSON, b"{}"), (200, JSON, b"["), (200, {"Content-Type": "text/html"}, b"<p>")])
def test_nonsense_keeps_nobody_waiting_and_stops_nothing(reply: tuple[int, dict[str, str], bytes]) -> None:
    breaker = Breaker("公安人口库", in_a_row=2, rest=3600)
    with server(reply) as url:
        assert RESTING not in [ask(wire_to(url, breaker)) for _ in range(4)]


def test_after_its_rest_one_question_finds_out(told: Queue[str]) -> None:
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
