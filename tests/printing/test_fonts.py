"""Fonts: rare names come out as written, and what no font has is refused by name."""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from mmap import mmap
from pathlib import Path
from typing import Any

import pytest

from printing import fonts, reprint_slip
from printing.fonts import Face, MissingGlyph, missing, runs, unpack, width
from printing.page import Paper
from tests.printing.reading import composed, text_of
from tests.printing.samples import REPRINT, issue

NAMES = Path(__file__).parent.parent / "data" / "names" / "rare_names_sample.csv"


def rare_names() -> list[str]:
    with NAMES.open(encoding="utf-8-sig", newline="") as file:
        return [row["name"] for row in csv.DictReader(file)]


def test_every_rare_name_is_printed_and_read_back() -> None:
    paper = Paper("姓名", issue(seal=None))
    for name in rare_names():
        paper.write(name)
    text = text_of(paper.pdf())
    assert len(rare_names()) == 150
    assert [name for name in rare_names() if composed(name) not in text] == []


@pytest.mark.parametrize("face", list(Face))
def test_every_face_falls_back_to_the_rare_fonts(face: Face) -> None:
    assert runs("王㐀", face)[0][0] == face.value
    assert {font for name in rare_names() for font, _ in runs(name, face)} >= {face.value, "ShenfangRareHanA"}


def test_last_font_of_the_chain_is_reached() -> None:
    assert runs("\U00020023", Face.SERIF) == [("ShenfangRareHanB", "\U00020023")]


@pytest.mark.parametrize(
    ("char", "code"), [("\U0003fff0", "U+3FFF0"), ("ꙮ", "U+A66E"), ("\u202e", "U+202E"), ("\x00", "U+0000")]
)
def test_a_character_without_glyph_is_refused_by_name(char: str, code: str) -> None:
    with pytest.raises(MissingGlyph) as refused:
        reprint_slip.render(replace(REPRINT, requester=f"张{char}"))
    assert refused.value.char == char
    assert refused.value.codepoint == code
    assert code in str(refused.value)


def test_the_refusal_shows_a_visible_character() -> None:
    with pytest.raises(MissingGlyph, match="无法打印字符“ꙮ”"):
        width("ꙮ", Face.SERIF, 10)


def test_what_could_not_be_printed_is_told_before_printing() -> None:
    assert missing("张ꙮ三ꙮ\u202e") == ["ꙮ", "\u202e"]
    assert missing("".join(rare_names())) == []


def test_threads_print_what_one_thread_prints() -> None:
    pages = [replace(REPRINT, requester=name) for name in rare_names()[:40]]
    alone = [reprint_slip.render(page) for page in pages]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(reprint_slip.render, pages)) == alone


def test_a_font_stays_on_disk() -> None:
    face: Any = fonts.FONTS.font(Face.SERIF.value).face
    assert isinstance(face._ttf_data, mmap)


def test_unpacking_twice_writes_once(tmp_path: Path) -> None:
    packed = tmp_path / "packed"
    packed.mkdir()
    source = fonts.PACKED / "NotoSansSC-Bold.woff2"
    (packed / source.name).write_bytes(source.read_bytes())
    folder = tmp_path / "fonts"
    assert [path.name for path in unpack(packed, folder)] == ["NotoSansSC-Bold.ttf"]
    assert unpack(packed, folder) == []
    assert [path.name for path in folder.iterdir()] == ["NotoSansSC-Bold.ttf"]


def test_fonts_come_from_the_folder_given(tmp_path: Path) -> None:
    mine = fonts.FontSet()
    mine.folder = tmp_path
    assert mine.font("NotoSansSC-Bold").face.filename == str(tmp_path / "NotoSansSC-Bold.ttf")
