"""Opens every module of demo accounts in Chromium, photographs it in widths and tones, and measures what nobody looks at.

    python -m tests.pictures.gallery --out build/gallery [--people huamu01,pdju01] [--widths 1440,390] [--once] [--url http://…]

Each account gets a contact sheet for each width and tone. `measures.tsv` has a line for each page in the first of the
widths: milliseconds until it is still, share of white below its last line, cells whose text is cut, what a table has out of
sight, words in Latin letters, errors of the browser. The weight of the shell is what a browser with nothing in its cache
loads until the workspace is still.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from deploy.setup import find_browser
from tests.browser import QUIET, ROOT, running_server
from tests.pictures.people import signed_in

#: One account of each workplace; together they see nearly every module.
PEOPLE = (
    "huamu01",
    "jiezhen01",
    "pudong01",
    "pdju01",
    "shi01",
    "huyu01",
    "pdchu01",
    "pdshen01",
    "shichu01",
    "pdkj01",
    "shenpu01",
    "binjiang01",
    "xitong01",
    "anquan01",
    "shenji01",
)
WIDTHS = (1440, 1280, 390)
_HEIGHTS = {1440: 900, 1280: 800, 390: 844}
#: Latin words that a page may show: names of papers, units, keys and the product's own codes.
_LATIN = (
    "A4 API CPU CSV Ctrl DPI DXF Esc Excel Fm GB GJ H5 IFC IP JSON KB MB PDF PgDn PgUp PM QR RSA SM2 SM3 SM4 SQLite VR"
)
#: On a contact sheet: pixels across a picture, pictures in a row, pictures on a sheet.
_LARGE, _SMALL = (640, 3, 9), (260, 7, 14)

#: Resolves when nothing in the page changed for 300 ms, with the time of the last change; after 15 s in any case.
STILL = """() => new Promise((done) => {
    const begun = performance.now();
    let last = begun;
    const seen = new MutationObserver((all) => {
        if (all.some((one) => !one.target.closest?.("#sf-clock, .sf-status"))) last = performance.now();
    });
    seen.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
    const look = setInterval(() => {
        const now = performance.now();
        if (now - last < 300 && now - begun < 15000) return;
        clearInterval(look);
        seen.disconnect();
        done(last);
    }, 50);
})"""

#: True once another tab than before is in front with something in it, and its list, if it is one, is counted.
_OPENED = """(before) => {
    const tab = document.querySelector(".sf-tabs .q-tab--active"), panel = document.querySelector(".sf-panels .sf-panel");
    if (!tab || tab.textContent === before || !panel?.innerText.trim()) return false;
    const count = panel.querySelector(".sf-pager span");
    return !count?.checkVisibility() || count.textContent.trim() !== "";
}"""

_MEASURE = """() => {
    const panel = document.querySelector(".sf-panels .sf-panel");
    if (!panel) return { white: 1, cut: [], latin: [], wide: 0, aside: 0 };
    const room = panel.getBoundingClientRect(), floor = Math.min(room.bottom, innerHeight);
    const shown = (el) => el.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
    let last = room.top;
    const latin = new Set(), known = new Set(KNOWN);
    const walk = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode.nodeValue.trim(), el = walk.currentNode.parentElement;
        if (!text || !el || !shown(el) || el.closest(".q-icon, .material-icons, style, script, .sf-pager")) continue;
        const box = el.getBoundingClientRect();
        if (box.bottom > last && box.top < floor) last = Math.min(box.bottom, floor);
        for (const word of text.match(/[A-Za-z][A-Za-z_.]{2,}/g) || []) if (!known.has(word)) latin.add(word);
    }
    // A list's foot lies at the bottom of its page whatever the list holds.
    const foot = ".sf-pager, .sf-grid-foot, .sf-list > :last-child";
    for (const el of panel.querySelectorAll("svg, canvas, img, input, textarea, button")) {
        if (el.closest(foot)) continue;
        const box = el.getBoundingClientRect();
        if (shown(el) && box.height && box.bottom > last && box.top < floor) last = Math.min(box.bottom, floor);
    }
    const cut = [...panel.querySelectorAll("td, th, .sf-shown, .sf-head, .sf-label, dd, dt, button")].filter((el) => {
        const how = getComputedStyle(el);
        return shown(el) && el.scrollWidth > el.clientWidth + 1 && how.overflowX !== "visible" && el.clientWidth > 0;
    }).map((el) => el.textContent.trim().slice(0, 24));
    const wide = document.documentElement.scrollWidth - innerWidth;
    const aside = Math.max(0, ...[...panel.querySelectorAll(".sf-sheet")].map((el) => el.scrollWidth - el.clientWidth));
    return { white: (floor - last) / Math.max(floor - room.top, 1), cut, latin: [...latin], wide, aside };
}""".replace("KNOWN", repr(_LATIN.split()))


@dataclass(frozen=True)
class Measure:
    """What was measured on a page; a line of `measures.tsv`."""

    person: str
    module: str
    title: str
    settled_ms: int
    white_percent: int
    cut_cells: int
    too_wide_px: int
    #: What a table has to the right of what is seen of it.
    table_aside_px: int
    latin: str
    cut: str
    faults: str


@dataclass(frozen=True)
class Shot:
    """A picture of a page in one width and tone."""

    title: str
    width: int
    dark: bool
    path: Path


def main() -> int:
    """Take the pictures of the wanted accounts, and write measures and contact sheets."""
    wanted = _wanted()
    out: Path = wanted.out
    out.mkdir(parents=True, exist_ok=True)
    measures: list[Measure] = []
    with sync_playwright() as tool, _product(wanted.url) as url:
        browser = tool.chromium.launch(executable_path=find_browser(), args=QUIET)
        for person in wanted.people:
            begun = time.monotonic()
            shots = list(visit(browser, url, person, out, wanted, measures))
            for width in wanted.widths:
                for dark in wanted.tones:
                    chosen = [one for one in shots if one.width == width and one.dark == dark]
                    _sheets(chosen, out, f"sheet-{person}-{width}-{'dark' if dark else 'light'}")
            sys.stdout.write(f"{person}\t{len(shots)} pictures\t{time.monotonic() - begun:.0f} s\n")
        sys.stdout.write(f"shell\t{shell_weight(browser, url, wanted.people[0]) / 1024:.0f} KB\n")
        browser.close()
    lines = ["\t".join(one.name for one in fields(Measure))]
    lines += ["\t".join(str(cell) for cell in astuple(one)) for one in measures]
    (out / "measures.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "gallery")
    parser.add_argument("--url", default="", help="a running demo; without it one is started")
    parser.add_argument("--people", default=PEOPLE, type=lambda text: tuple(text.split(",")))
    parser.add_argument("--modules", default=(), type=lambda text: tuple(text.split(",")))
    parser.add_argument("--widths", default=WIDTHS, type=lambda text: tuple(int(one) for one in text.split(",")))
    parser.add_argument("--once", action="store_true", help="each module for the first account that has it")
    parser.add_argument("--light-only", dest="tones", action="store_const", const=(False,), default=(False, True))
    return parser.parse_args()


@contextmanager
def _product(url: str) -> Iterator[str]:
    """Give the address of a running demo, or start one on a folder of its own."""
    if url:
        yield url
        return
    with TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'shenfang.db'}"
        with running_server(database, Path(folder), settings={"MODE": "demo"}) as server:
            yield server.url


def visit(
    browser: Browser, url: str, person: str, out: Path, wanted: argparse.Namespace, measures: list[Measure]
) -> Iterator[Shot]:
    """Open each module of the tree of a person, measure it and yield its pictures."""
    seen = {one.module for one in measures}
    with signed_in(browser, url, person) as one:
        page, faults = one.page, []
        page.on("pageerror", lambda problem: faults.append(str(problem)))
        page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
        page.evaluate(STILL)
        first: ViewportSize = {"width": wanted.widths[0], "height": _HEIGHTS.get(wanted.widths[0], 900)}
        for key, title in lines_of(page):
            if (wanted.modules and key not in wanted.modules) or (wanted.once and key in seen and key != "home"):
                continue
            seen.add(key)
            faults.clear()
            page.set_viewport_size(first)
            begun = page.evaluate("performance.now()")
            settled = open_module(page, key) - begun
            measured = page.evaluate(_MEASURE)
            measures.append(
                Measure(
                    person,
                    key,
                    title,
                    round(settled),
                    round(100 * measured["white"]),
                    len(measured["cut"]),
                    measured["wide"],
                    measured["aside"],
                    " ".join(measured["latin"][:12]),
                    "｜".join(measured["cut"][:6]).replace("\n", " "),
                    " ".join(faults)[:200].replace("\n", " "),
                )
            )
            yield from _pictures(page, out, f"{person}-{key}", title, wanted)
            page.set_viewport_size(first)
            page.keyboard.press("Alt+0")
            page.evaluate(STILL)


def open_module(page: Page, key: str) -> float:
    """Open a module of the tree, wait until it is drawn and still, and return when that was on the page's clock."""
    tab = page.locator(".sf-tabs .q-tab--active")
    before = tab.text_content() if key != "home" and tab.count() else ""
    page.locator(f".sf-tree button[data-module='{key}']").first.evaluate("(one) => one.click()")
    page.wait_for_function(_OPENED, arg=before)
    return float(page.evaluate(STILL))


def lines_of(page: Page) -> list[tuple[str, str]]:
    """Return the modules in the tree of a page, each with its title; favourites once."""
    found = page.locator(".sf-tree button[data-module]").evaluate_all(
        "all => all.map((one) => [one.dataset.module, one.querySelector('span').textContent.trim()])"
    )
    return list({key: (key, title) for key, title in found}.values())


def _pictures(page: Page, out: Path, name: str, title: str, wanted: argparse.Namespace) -> Iterator[Shot]:
    for width in wanted.widths:
        page.set_viewport_size({"width": width, "height": _HEIGHTS.get(width, 900)})
        for dark in wanted.tones:
            page.evaluate("(dark) => window.Quasar && Quasar.Dark.set(dark)", dark)
            page.wait_for_timeout(120)
            path = out / f"{name}-{width}-{'dark' if dark else 'light'}.png"
            try:
                page.screenshot(path=path, animations="disabled")
            except PlaywrightError as problem:
                sys.stderr.write(f"{name}: {problem}\n")
                continue
            yield Shot(title, width, dark, path)
    page.evaluate("window.Quasar && Quasar.Dark.set(false)")


def shell_weight(browser: Browser, url: str, person: str) -> int:
    """Return the bytes over the wire from an empty cache until the workspace of a person is still."""
    with signed_in(browser, url, person) as one:
        cookies = one.page.context.cookies()
        context = browser.new_context(locale="zh-CN")
        # A browser of its own, so that nothing of the sign-in page is there already.
        context.add_cookies([{**cookie} for cookie in cookies])  # type: ignore[typeddict-item]
        page = context.new_page()
        wire: Any = context.new_cdp_session(page)
        wire.send("Network.enable")
        loaded: list[int] = []
        wire.on("Network.loadingFinished", lambda told: loaded.append(int(told["encodedDataLength"])))
        page.goto(f"{url}/")
        page.locator(".sf-status").wait_for()
        page.evaluate(STILL)
        context.close()
        return sum(loaded)


def _sheets(shots: list[Shot], out: Path, name: str) -> None:
    """Put the pictures of one person, width and tone on sheets, each under its title."""
    if not shots:
        return
    thumb, columns, most = _LARGE if shots[0].width > 400 else _SMALL
    first = Image.open(shots[0].path)
    tall = round(first.height * thumb / first.width)
    for page in range(0, len(shots), most):
        chosen = shots[page : page + most]
        rows = -(-len(chosen) // columns)
        sheet = Image.new("RGB", (columns * (thumb + 8), rows * (tall + 30)), "#888")
        pen, font = ImageDraw.Draw(sheet), _font()
        for number, shot in enumerate(chosen):
            left, top = number % columns * (thumb + 8), number // columns * (tall + 30)
            pen.text((left + 4, top + 2), shot.title, fill="white", font=font)
            picture = Image.open(shot.path).convert("RGB").resize((thumb, tall), Image.Resampling.LANCZOS)
            sheet.paste(picture, (left, top + 26))
        sheet.save(out / f"{name}-{page // most + 1}.png")


def _font() -> Any:
    """A font that has Chinese characters, as set-up unpacks it."""
    found = ROOT / "build" / "fonts" / "NotoSansSC-Regular.ttf"
    return ImageFont.truetype(str(found), 16) if found.exists() else ImageFont.load_default(16)


if __name__ == "__main__":
    sys.exit(main())
