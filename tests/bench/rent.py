"""A mandate, a bill and a result of direct payment, read, judged, recorded and answered; signatures are `partner` (issue 20)."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from time import thread_time
from typing import TypeVar

from tests.bench.ground import ENGINES, Ground, world_at
from tests.bench.measure import Figure, milliseconds, told
from tests.services.direct_pay.rent_month import DirectPay
from tests.services.tenancy.counter import Counter

MOST = 0.008
WARMING, TIMES = 8, 40
Given = TypeVar("Given")
Made = TypeVar("Made")


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, world_at(url) as world:
            world.stand_at(2027, 3, 1)
            pay = DirectPay(Counter(world)).found()
            figures += [told(_figure(f"{name}, {engine}", times)) for name, times in _measured(pay).items()]
    return figures


def _measured(pay: DirectPay) -> dict[str, list[float]]:
    """Return the seconds the door's thread computed for each message; what is refused stops the bench."""
    bodies = [pay.mandate(pay.lease()) for _ in range(WARMING + TIMES)]
    answers, mandates = _spent(partial(pay.call, "/direct-pay/entrustments", pay.fund), bodies)
    numbers = [body["entrust_no"] for body, answer in zip(bodies, answers, strict=True) if answer["accepted"]]
    pay.arrive("entrustment")
    for number in numbers:
        pay.acknowledge("ENTRUSTMENT", number)
    bills, billed = _spent(pay.billed, numbers)
    pay.arrive("bill")
    told, results = _spent(pay.send_results, [pay.result(*pair) for pair in zip(numbers, bills, strict=True)])
    assert [answer["accepted"] for [answer] in told] == [True] * len(bodies), (answers[0], told[0])
    return {"mandate": mandates, "bill": billed, "result": results}


def _spent(send: Callable[[Given], Made], given: Sequence[Given]) -> tuple[list[Made], list[float]]:
    made, seconds = [], []
    for one in given:
        before = thread_time()
        made.append(send(one))
        seconds.append(thread_time() - before)
    return made, seconds[WARMING:]


def _figure(name: str, times: Sequence[float]) -> Figure:
    found = median(times)
    return Figure(
        f"a {name}",
        f"{milliseconds(found)} of the door's thread, least {milliseconds(min(times))}",
        "",
        "",
        f"<= {MOST * 1000:.0f} ms",
        found <= MOST,
    )
