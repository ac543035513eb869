"""A progress report with sixty photos of 4 MB: taken in, made small, judged and submitted, and what memory it takes (row 74)."""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence

from tests.bench.ground import ENGINES, Ground
from tests.bench.measure import Figure, told
from tests.bench.site_photos_worker import PHOTOS

MOST_SECONDS, MOST_MEGABYTES = 20.0, 400.0


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    figures: list[Figure] = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url:
            command = [sys.executable, "-m", "tests.bench.site_photos_worker", url]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            found = json.loads(done.stdout.splitlines()[-1])
            figures.append(
                told(
                    Figure(
                        f"a report with {PHOTOS} photos of {found['size']:.1f} MB, {engine}",
                        f"{found['seconds']:.1f} s ({found['seconds'] / PHOTOS * 1000:.0f} ms a photo)",
                        "",
                        "",
                        f"< {MOST_SECONDS:.0f} s",
                        found["seconds"] < MOST_SECONDS,
                    )
                )
            )
            figures.append(
                told(
                    Figure(
                        f"peak memory of the process that takes them in, {engine}",
                        f"{found['peak']:.0f} MB",
                        f"idle {found['idle']:.0f} MB",
                        "",
                        f"< {MOST_MEGABYTES:.0f} MB",
                        found["peak"] < MOST_MEGABYTES,
                    )
                )
            )
    return figures
