"""`python -m tests.pictures.board PROMETHEUS FOLDER`: the Grafana board drawn from a Prometheus, where no Grafana can be had.

Each panel of `deploy/monitoring/grafana.json` is asked of Prometheus by its own expressions and drawn in its own place; two pictures, so that their words can be read on a printed page.
"""

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from PIL import Image, ImageDraw, ImageFont

from models.dialect import ROOT

BOARD = ROOT / "deploy" / "monitoring" / "grafana.json"
FONT = ROOT / "build" / "fonts" / "NotoSansSC-Regular.ttf"
#: Pixels of a cell of the board, which is 24 cells wide, and between panels.
CELL_WIDTH, CELL_HEIGHT, GAP = 72, 48, 10
#: The row at which the second picture begins.
HALF = 21
COLOURS = ("#3274d9", "#e0752d", "#299c46", "#b877d9", "#d44a3a", "#5a6472", "#c4a000", "#1f9fa8")
GROUND, PANEL, INK, QUIET = "#f4f5f5", "#ffffff", "#1c2430", "#8a93a0"
_MOST_SERIES = 8


@dataclass(frozen=True)
class Series:
    """One line of a panel: its name and its points, by second."""

    name: str
    points: tuple[tuple[float, float], ...]


def series_of(client: httpx.Client, panel: dict[str, Any], since: float, until: float) -> list[Series]:
    """Ask Prometheus for what a panel shows."""
    found = []
    for target in panel.get("targets", ()):
        asked = {"query": target["expr"], "start": since, "end": until, "step": max(5, (until - since) / 120)}
        answer = client.get("/api/v1/query_range", params=asked).raise_for_status().json()
        for one in answer["data"]["result"]:
            name = target.get("legendFormat") or ""
            for label, value in one["metric"].items():
                name = name.replace("{{" + label + "}}", value)
            points = tuple((float(at), float(value)) for at, value in one["values"] if value not in ("NaN", "+Inf"))
            if points:
                found.append(Series(name or panel["title"], points))
    found.sort(key=lambda one: -max(value for _, value in one.points))
    return found[:_MOST_SERIES]


def short(value: float) -> str:
    """Return a number as an axis shows it."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e4)):
        if abs(value) >= size:
            return f"{value / (1e3 if unit == 'k' else size):.3g}{unit}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


class Board:
    """The picture of some panels of a board, which are put where the board has them."""

    def __init__(self, panels: list[dict[str, Any]]) -> None:
        self.top = min(one["gridPos"]["y"] for one in panels)
        rows = max(one["gridPos"]["y"] + one["gridPos"]["h"] for one in panels) - self.top
        self.image = Image.new("RGB", (24 * CELL_WIDTH, rows * CELL_HEIGHT), GROUND)
        self.pen = ImageDraw.Draw(self.image)
        self.text, self.large = (ImageFont.truetype(str(FONT), size) for size in (25, 60))

    def draw(self, panel: dict[str, Any], shown: list[Series], since: float, until: float) -> None:
        place = panel["gridPos"]
        left, top = place["x"] * CELL_WIDTH + GAP, (place["y"] - self.top) * CELL_HEIGHT + GAP
        right, bottom = left + place["w"] * CELL_WIDTH - GAP, top + place["h"] * CELL_HEIGHT - GAP
        self.pen.rounded_rectangle((left, top, right, bottom), 8, fill=PANEL, outline="#d8dce2")
        self.pen.text((left + 18, top + 8), panel["title"], INK, self.text)
        if not shown:
            self.pen.text((left + 18, (top + bottom) / 2), "没有数据", QUIET, self.text)
        elif panel["type"] in ("stat", "gauge"):
            newest = shown[0].points[-1][1]
            self.pen.text(((left + right) / 2, (top + bottom) / 2), short(newest), INK, self.large, anchor="mm")
        else:
            self._lines((left + 84, top + 56, right - 40, bottom - 84), shown, since, until)
            x = left + 18
            for number, one in enumerate(shown):
                name = one.name if len(one.name) <= 24 else f"{one.name[:23]}…"
                if x + self.text.getlength(name) > right - 40:
                    break
                self.pen.rectangle((x, bottom - 32, x + 16, bottom - 16), fill=COLOURS[number])
                self.pen.text((x + 22, bottom - 40), name, QUIET, self.text)
                x += int(self.text.getlength(name)) + 44

    def _lines(self, box: tuple[float, float, float, float], shown: list[Series], since: float, until: float) -> None:
        left, top, right, bottom = box
        most = max(max(value for _, value in one.points) for one in shown) or 1.0
        for share in (0.0, 0.5, 1.0):
            y = bottom - share * (bottom - top)
            self.pen.line((left, y, right, y), fill="#e6e9ee")
            self.pen.text((left - 10, y), short(most * share), QUIET, self.text, anchor="rm")
        for at in (since, until):
            told = time.strftime("%H:%M", time.localtime(at))
            self.pen.text((left if at == since else right, bottom + 20), told, QUIET, self.text, anchor="mm")
        for number, one in enumerate(shown):
            drawn = [
                (left + (at - since) / (until - since) * (right - left), bottom - value / most * (bottom - top))
                for at, value in one.points
            ]
            if len(drawn) > 1:
                self.pen.line(drawn, fill=COLOURS[number], width=3)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.pictures.board", description=__doc__)
    parser.add_argument("prometheus")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=int, default=15)
    order = parser.parse_args()
    panels = [one for one in json.loads(BOARD.read_text(encoding="utf-8"))["panels"] if one.get("targets")]
    until = time.time()
    since = until - order.minutes * 60
    order.folder.mkdir(parents=True, exist_ok=True)
    with httpx.Client(base_url=order.prometheus, trust_env=False, timeout=30) as client:
        for name in ("board", "board-2"):
            half = [one for one in panels if (one["gridPos"]["y"] < HALF) == (name == "board")]
            board = Board(half)
            for panel in half:
                board.draw(panel, series_of(client, panel, since, until), since, until)
            board.image.quantize(64).save(order.folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
