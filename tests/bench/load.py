"""Requests a second of some addresses on loopback: by wrk where it is installed, else by a small client of our own."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_LUA = """local paths = {}
for line in io.lines("%s") do paths[#paths + 1] = line end
local place = 0
request = function()
  place = place %% #paths + 1
  return wrk.format("GET", paths[place])
end
"""


@dataclass(frozen=True)
class Load:
    """What one round found; `bad` counts answers that were not 200 and lines that broke."""

    per_second: float
    bad: int


def pinned(core: int) -> list[str]:
    """A prefix that keeps a process on one core, where the machine has several and `taskset` is there."""
    taskset = shutil.which("taskset")
    return [taskset, "-c", str(core)] if taskset and (os.cpu_count() or 1) > core else []


def load(port: int, paths: Sequence[str], seconds: float, connections: int = 32) -> Load:
    """Ask for these paths in turn over kept connections, from another process, for a bounded time."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "paths.txt"
        listed.write_text("\n".join(paths))
        if wrk := shutil.which("wrk"):
            script = Path(folder) / "paths.lua"
            script.write_text(_LUA % listed)
            order = [wrk, "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "-s", str(script), f"http://127.0.0.1:{port}"]
            told = subprocess.run([*pinned(1), *order], capture_output=True, text=True, check=True).stdout
            rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
            refused = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
            broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", told)
            bad = int(refused[1]) if refused else 0
            return Load(float(rate[1]) if rate else 0.0, bad + (sum(map(int, broken.groups())) if broken else 0))
        order = [sys.executable, "-m", "tests.bench.load", str(port), str(listed), str(seconds), str(connections)]
        told = subprocess.run([*pinned(1), *order], capture_output=True, text=True, check=True).stdout
        return Load(**json.loads(told))


async def _ask(port: int, paths: Sequence[str], until: float, counts: list[int], first: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    place = first
    while time.perf_counter() < until:
        writer.write(f"GET {paths[place % len(paths)]} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        place += 1
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = re.search(rb"content-length: (\d+)", head)
        await reader.readexactly(int(length[1]) if length else 0)
        counts[0 if b" 200 " in head.split(b"\r\n", 1)[0] else 1] += 1
    writer.close()


async def _main(port: int, paths: Sequence[str], seconds: float, connections: int) -> None:
    counts = [0, 0]
    start = time.perf_counter()
    step = len(paths) // connections
    await asyncio.gather(*(_ask(port, paths, start + seconds, counts, step * n) for n in range(connections)))
    print(json.dumps({"per_second": sum(counts) / (time.perf_counter() - start), "bad": counts[1]}))


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), Path(sys.argv[2]).read_text().split(), float(sys.argv[3]), int(sys.argv[4])))
