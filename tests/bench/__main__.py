"""`python -m tests.bench [names…] [--rows N]`: run the benches and print what they found."""

import argparse
import importlib
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict

from tests.bench.ground import HOME, Ground, standing
from tests.bench.measure import Figure, machine, table
from tests.bench.sampler import FOLDER, sampled

NAMES = (
    "start",
    "notice",
    "sealing",
    "filing",
    "check",
    "clerks",
    "search",
    "audit",
    "partner",
    "rent",
    "push",
    "cards",
    "imports",
    "people",
    "records",
    "alerts",
    "rooms",
    "one_stop",
    "sublets",
    "verification",
    "space",
    "sales",
    "estates",
    "supply",
    "handbook",
    "site_photos",
    "building_tables",
    "citizens",
    "watch",
    "homes",
    "looks",
    "warm",
    "open_pages",
    "replay",
    "meters",
)
#: Only when they are named: they make and keep bases of millions.
LARGE = ("plans", "growth")
Bench = Callable[[Ground, argparse.Namespace], Sequence[Figure]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        choices=[*NAMES, *LARGE, []],
        default=[],
        help=f"of {', '.join((*NAMES, *LARGE))}; all but the last two if none",
    )
    parser.add_argument(
        "--rows",
        type=int,
        default=1_000_000,
        help="filings of the search bench, applications of the one-stop list; 0 for none",
    )
    parser.add_argument("--cases", type=int, default=5_000, help="cases of the one-stop stream")
    parser.add_argument("--engine", choices=("postgresql", "sqlite"), help="only one engine")
    parser.add_argument("--profile", action="store_true", help="say where the processor time goes, by package")
    arguments = parser.parse_args()
    if arguments.profile:
        os.environ[FOLDER] = str(HOME)
    print(time.strftime("%Y-%m-%d %H:%M"), machine(), flush=True)
    HOME.mkdir(parents=True, exist_ok=True)
    with standing() as ground:
        for name in arguments.names or NAMES:
            bench: Bench = importlib.import_module(f"tests.bench.{name}").bench
            started = time.perf_counter()
            with sampled(name):
                figures = list(bench(ground, arguments))
            print(f"\n## {name} ({time.perf_counter() - started:.0f} s)\n\n{table(figures)}", flush=True)
            kept = {"at": time.strftime("%F %T"), "machine": machine(), "figures": [asdict(one) for one in figures]}
            (HOME / f"{name}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
