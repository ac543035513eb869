"""Taking pictures that are small and look the same each time: a screen, a phone, a page of a paper."""

import io
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import zxingcpp
from PIL import Image
from playwright.sync_api import Page

from deploy.setup import packages, stop

LARGEST = 200_000
_COLOURS = (192, 128, 64, 32)
#: A paper is shown at this width; its own is 595 points.
_PAPER_WIDTH = 800
_DPI = 150


@dataclass(frozen=True)
class Album:
    """The folder the pictures go to."""

    folder: Path

    def take(self, page: Page, name: str) -> None:
        """What the screen shows, once fonts and pictures are there and nothing moves."""
        page.evaluate("document.fonts.ready")
        page.wait_for_function("document.getElementById('sf-clock')?.textContent !== ''")
        page.evaluate("Promise.all([...document.images].map((one) => one.decode().catch(() => null)))")
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        self._keep(name, page.screenshot(animations="disabled"))

    def take_paper(self, pdf: bytes, name: str, *, number: int = 1) -> None:
        """One page of a paper."""
        picture = paper_picture(pdf, number)
        picture = picture.resize(
            (_PAPER_WIDTH, round(picture.height * _PAPER_WIDTH / picture.width)), Image.Resampling.LANCZOS
        )
        whole = io.BytesIO()
        picture.save(whole, "PNG")
        self._keep(name, whole.getvalue())

    def _keep(self, name: str, png: bytes) -> None:
        path = self.folder / f"{name}.png"
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        for colours in _COLOURS:
            # Without dithering letters stay sharp and the file small.
            small = picture.quantize(colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
            small.save(path, "PNG", optimize=True)
            if path.stat().st_size <= LARGEST:
                break
        else:
            raise RuntimeError(f"{path.name} cannot be made smaller than {LARGEST} bytes")
        sys.stdout.write(f"{path.name}\t{path.stat().st_size // 1024} KB\n")


class Unseen(Album):
    """For whoever walks the same way without a camera."""

    def __init__(self) -> None:
        super().__init__(Path())

    def take(self, page: Page, name: str) -> None:
        """Nothing."""

    def take_paper(self, pdf: bytes, name: str, *, number: int = 1) -> None:
        """Nothing."""


def paper_picture(pdf: bytes, number: int = 1) -> Image.Image:
    """A page as it would be printed."""
    if shutil.which("pdftoppm") is None:
        packages("poppler-utils", why="文书图片需要 poppler-utils")
    if (program := shutil.which("pdftoppm")) is None:
        stop("文书图片需要 poppler-utils，请先执行：sudo apt-get install -y poppler-utils")
    command = [program, "-png", "-r", str(_DPI), "-f", str(number), "-l", str(number), "-singlefile", "-"]
    return Image.open(io.BytesIO(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout))


def address_on(pdf: bytes) -> str:
    """Where the code on the first page leads."""
    return str(zxingcpp.read_barcodes(paper_picture(pdf))[0].text)
