"""A worker that takes messages of the case library in, a process of its own: `python -m tests.bench.one_stop_worker URL SYSTEMS FILE`.

It says when it is ready, begins when it is told to, says what it took, and stays until its input ends.
"""

import json
import sys
import time
from pathlib import Path

import services.everything  # noqa: F401
from services.engine.callers import SYSTEM
from services.engine.door import Door
from services.one_stop.intake import TakeMessage, take_message
from tests.bench.ground import house_at
from tests.bench.sampler import sampled


def main(database_url: str, systems: str, messages: str) -> None:
    door = Door(house_at(database_url, json.loads(systems)))
    orders = [TakeMessage(one) for one in json.loads(Path(messages).read_text(encoding="utf-8"))]
    for order in orders[:10]:
        door.perform(take_message, SYSTEM, order)
    print("ready", flush=True)
    sys.stdin.readline()
    started, computed = time.perf_counter(), time.process_time()
    with sampled("one_stop_worker"):
        for order in orders[10:]:
            door.perform(take_message, SYSTEM, order)
    spent = time.perf_counter() - started, time.process_time() - computed
    print(json.dumps({"messages": len(orders) - 10, "seconds": spent[0], "computed": spent[1]}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
