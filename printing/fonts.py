"""The fonts of the papers: found, unpacked when missing, registered once, and chosen per character."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import TTFont

ROOT = Path(__file__).resolve().parent.parent
PACKED = ROOT / "deploy" / "fonts"


class Face(StrEnum):
    """A typeface a paper may ask for; the value is the font's file name."""

    SERIF = "NotoSerifSC-Regular"
    SERIF_BOLD = "NotoSerifSC-Bold"
    SANS = "NotoSansSC-Regular"
    SANS_BOLD = "NotoSansSC-Bold"


RARE = ("ShenfangRareHanA", "ShenfangRareHanB")
CHAINS: dict[Face, tuple[str, ...]] = {
    Face.SERIF: (Face.SERIF.value, *RARE),
    Face.SERIF_BOLD: (Face.SERIF_BOLD.value, Face.SERIF.value, *RARE),
    Face.SANS: (Face.SANS.value, Face.SERIF.value, *RARE),
    Face.SANS_BOLD: (Face.SANS_BOLD.value, Face.SANS.value, Face.SERIF.value, *RARE),
}


class MissingGlyph(LookupError):
    """Raised when no font of the chain has a character; a paper with an empty box in a name must not be issued."""

    def __init__(self, char: str) -> None:
        self.char = char
        self.codepoint = f"U+{ord(char):04X}"
        shown = f"“{char}”" if char.isprintable() else "（不可见字符）"
        super().__init__(
            f"无法打印字符{shown}（{self.codepoint}）：现有字库没有此字，请核对录入或联系系统管理员补充字库。"
        )


class Glyph(NamedTuple):
    """The registered font that draws a character, and the character's width in thousandths of the size."""

    font: str
    width: float


class FontSet:
    """The fonts of a folder; each is read when a character first needs it."""

    def __init__(self) -> None:
        self.folder = ROOT / "build" / "fonts"
        self.lock = threading.RLock()
        self.loaded: dict[str, TTFont] = {}
        self.chosen: dict[Face, Chosen] = {face: Chosen(self, face) for face in Face}

    def font(self, name: str) -> TTFont:
        """The font, registered with reportlab under its file name."""
        with self.lock:
            if name not in self.loaded:
                path = self.folder / f"{name}.ttf"
                if not path.exists():
                    unpack(PACKED, self.folder)
                with _mapped(path) as file:
                    font = TTFont(name, file, asciiReadable=0)
                pdfmetrics.registerFont(font)
                self.loaded[name] = font
            return self.loaded[name]


class _Mapped:
    """A font file whose bytes stay on disk: all processes share what the kernel keeps of it."""

    def __init__(self, path: Path, number: int) -> None:
        self.name, self._number = str(path), number

    def read(self) -> mmap:
        return mmap(self._number, 0, access=ACCESS_READ)


@contextmanager
def _mapped(path: Path) -> Iterator[_Mapped]:
    with path.open("rb") as file:
        yield _Mapped(path, file.fileno())


class Chosen(dict[str, Glyph]):
    """Cache of characters already found in the chain of a face."""

    def __init__(self, fonts: FontSet, face: Face) -> None:
        super().__init__()
        self.fonts = fonts
        self.face = face

    def __missing__(self, char: str) -> Glyph:
        point = ord(char)
        for name in CHAINS[self.face]:
            metrics = self.fonts.font(name).face
            if point in metrics.charToGlyph:
                glyph = self[char] = Glyph(name, metrics.charWidths.get(point, metrics.defaultWidth))
                return glyph
        raise MissingGlyph(char)


def load(*faces: Face) -> None:
    """Read the given faces now, so that a first use costs nothing more."""
    for face in faces or (Face.SERIF, Face.SERIF_BOLD):
        FONTS.font(face.value)


def glyphs(face: Face) -> Chosen:
    """Return the font and width of each character for a face; raises `MissingGlyph` for a character no font has."""
    return FONTS.chosen[face]


def width(text: str, face: Face, size: float) -> float:
    """Return the width of a text in points."""
    known = FONTS.chosen[face]
    return sum([known[char].width for char in text]) * size / 1000


def runs(text: str, face: Face) -> list[tuple[str, str]]:
    """Split a text into (font name, piece), each piece in a single registered font."""
    known = FONTS.chosen[face]
    names = [known[char].font for char in text]
    if len(set(names)) <= 1:
        return [(names[0], text)] if text else []
    pieces: list[tuple[str, str]] = []
    for name, char in zip(names, text, strict=True):
        if pieces and pieces[-1][0] == name:
            pieces[-1] = (name, pieces[-1][1] + char)
        else:
            pieces.append((name, char))
    return pieces


def missing(text: str, face: Face = Face.SERIF) -> list[str]:
    """The characters that could not be printed, each once, for a check when a name is entered."""
    known = FONTS.chosen[face]
    found: dict[str, None] = {}
    for char in text:
        try:
            known[char]
        except MissingGlyph:
            found[char] = None
    return list(found)


def fresh(unpacked: Path, packed: Path) -> bool:
    """Return whether the unpacked font exists and is not older than its source."""
    if not unpacked.exists():
        return False
    return not packed.exists() or unpacked.stat().st_mtime >= packed.stat().st_mtime


def absent() -> list[str]:
    """Names of the fonts that this machine has neither unpacked nor packed."""
    names = (*(face.value for face in Face), *RARE)
    return [
        name
        for name in names
        if not any(path.exists() for path in (FONTS.folder / f"{name}.ttf", PACKED / f"{name}.woff2"))
    ]


def unpack(source: Path, folder: Path) -> list[Path]:
    """Write a TrueType file for each WOFF2 file that has none yet; return the files written."""
    # The worker and the web process may both find the fonts missing: each writes aside, the rename settles it.
    from fontTools.ttLib import TTFont as Outlines

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for packed in sorted(source.glob("*.woff2")):
        target = folder / f"{packed.stem}.ttf"
        if fresh(target, packed):
            continue
        aside = folder / f".{packed.stem}.{os.getpid()}.{threading.get_ident()}"
        with Outlines(packed, recalcBBoxes=False, recalcTimestamp=False) as font:
            font.flavor = None
            font.save(aside)
        aside.replace(target)
        written.append(target)
    return written


def to_unicode_utf16(fontname: str, subset: Any) -> str:
    """reportlab's ToUnicode map with characters beyond U+FFFF as UTF-16 pairs, as ISO 32000 9.10.3 asks."""
    text = PLAIN_TO_UNICODE(fontname, subset)
    for index, point in enumerate(subset):
        if point > 0xFFFF:
            pair = chr(point).encode("utf-16-be").hex().upper()
            text = text.replace(f"<{index:02X}> <{point:04X}>", f"<{index:02X}> <{pair}>")
    return text


# Without this, names with such characters are drawn right but searched and copied wrong.
PLAIN_TO_UNICODE = ttfonts.makeToUnicodeCMap
ttfonts.makeToUnicodeCMap = to_unicode_utf16
FONTS = FontSet()
