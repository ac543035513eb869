"""Memory of an open page with a list of 50 beside bare NiceGUI clients: an empty page, and a table of as many rows (issue 20).

Both servers are processes of their own; the kernel's count of each (`VmRSS`) is read before and after so many clients opened
their page and connected their socket. The first pages warm up.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import httpx

from models.dialect import ROOT
from tests.bench.clerks import serving, until_up
from tests.bench.clerks_clients import Page
from tests.bench.ground import ENGINES, HOME, Ground
from tests.bench.measure import Figure, free_port, told

PAGES, WARMING, MOST = 60, 20, 1.5
_COLUMNS, _ROWS = 9, 50


def bench(ground: Ground, arguments: argparse.Namespace) -> Sequence[Figure]:
    empty, table = (_bare(what) for what in ("empty", "table"))
    figures = []
    for engine in [arguments.engine] if arguments.engine else ENGINES:
        with ground.passing(engine) as url, serving(url, PAGES + WARMING) as (address, tokens, server):
            known: list[str] = json.loads(tokens.read_text(encoding="utf-8"))
            own = asyncio.run(_opened(address, known, server, _searched))
        figures.append(
            told(
                Figure(
                    f"an open page with a list of {_ROWS}, {engine}",
                    f"{own:.0f} KB",
                    f"bare NiceGUI table {table:.0f} KB, empty page {empty:.0f} KB",
                    f"{own / table:.2f}x, {own / empty:.2f}x",
                    f"<= {MOST}x",
                    own <= MOST * table,
                )
            )
        )
    return figures


async def _opened(
    address: str, tokens: Sequence[str], process_id: int, furnish: Callable[[Page], Awaitable[None]] | None
) -> float:
    """KB that one more open page needs."""
    pages = [Page(address, token) for token in tokens]
    before = 0.0
    async with httpx.AsyncClient(timeout=60) as http:
        for place, page in enumerate(pages):
            if place == WARMING:
                before = _resident(process_id)
            await page.open(http, "filings")
            if furnish is not None:
                await furnish(page)
    await asyncio.sleep(2)
    found = (_resident(process_id) - before) / (len(pages) - WARMING)
    for page in pages:
        await page.close()
    return found


async def _searched(page: Page) -> None:
    await page.until("查询")
    await page.click("查询", '"rows":')


def _resident(process_id: int) -> float:
    lines = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8").splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("VmRSS:")))


def _bare(what: str) -> float:
    port = free_port()
    with (HOME / "open_pages.log").open("wb") as log:
        command = [sys.executable, "-m", "tests.bench.open_pages", what, str(port)]
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            until_up(port, server, HOME / "open_pages.log")
            return asyncio.run(_opened(f"http://127.0.0.1:{port}", [""] * (PAGES + WARMING), server.pid, None))
        finally:
            server.kill()
            server.wait()


def main(what: str, port: str) -> None:
    """Serve a page that NiceGUI alone draws."""
    from nicegui import ui

    @ui.page("/")
    def page() -> None:
        ui.label("备案记录")
        if what == "table":
            columns = [
                {"name": f"c{place}", "label": f"第{place}列", "field": f"c{place}"} for place in range(_COLUMNS)
            ]
            rows = [
                {f"c{place}": f"上海市浦东新区示范路{row}弄{place}号" for place in range(_COLUMNS)}
                for row in range(_ROWS)
            ]
            ui.table(columns=columns, rows=rows)

    ui.run(host="127.0.0.1", port=int(port), show=False, reload=False)


if __name__ == "__main__":
    os.environ.setdefault("TZ", "Asia/Shanghai")
    main(*sys.argv[1:])
