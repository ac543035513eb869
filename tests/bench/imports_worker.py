"""The worker of the imports bench: a process of its own that works sessions off and tells its peak memory at the end."""

import json
import resource
import sys
import threading
import time

import services.everything  # noqa: F401
from services.engine.door import Door
from services.imports.jobs import work_off
from tests.bench.ground import house_at
from tests.bench.sampler import sampled


def main(url: str, systems: str) -> None:
    door = Door(house_at(url, json.loads(systems)))
    idle, began = _megabytes(), time.process_time()
    over = threading.Event()

    def listen() -> None:
        sys.stdin.readline()
        over.set()

    threading.Thread(target=listen, daemon=True).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    with sampled("imports_worker"):
        while not over.wait(0.5):
            work_off(door)
    sys.stdout.write(json.dumps({"idle": idle, "peak": _megabytes(), "cpu": time.process_time() - began}) + "\n")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
