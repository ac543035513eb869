"""Cards: every rare name is read back, the same card gives the same bytes, and all eight codes of a sheet scan."""

from __future__ import annotations

import io
from dataclasses import replace
from random import Random

import pypdf
import pytest
import zxingcpp
from PIL import Image, ImageFilter
from PIL.Image import Resampling

from printing.cards import ON_A_SHEET, WIDE, UnreadablePicture, corner, render, render_sheets
from printing.page import WIDTH
from tests.files_made import png
from tests.printing.reading import composed, fonts_of, page_sizes, pages_of, rastered, text_of
from tests.printing.samples import CARD
from tests.printing.test_fonts import rare_names

PNG = png()
EIGHT = [replace(CARD, card_no=f"SH26{n:07d}X", check_url=f"{CARD.check_url}{n}") for n in range(8)]


@pytest.mark.night
def test_every_rare_name_is_read_back_from_its_card() -> None:
    fronts = pages_of(render(*[replace(CARD, name=name) for name in rare_names()]))[::2]
    assert len(fronts) == 150
    assert [name for name, page in zip(rare_names(), fronts, strict=True) if composed(name) not in page] == []


def test_the_same_cards_give_the_same_bytes_with_all_fonts_inside() -> None:
    assert render_sheets(EIGHT) == render_sheets(EIGHT)
    assert all(fonts_of(render(CARD)).values())
    assert page_sizes(render(CARD)) == {(242.6, 153.1)}
    assert page_sizes(render_sheets(EIGHT)) == {(595.3, 841.9)}


def test_all_eight_codes_of_a_sheet_are_read() -> None:
    found = {code.text for code in zxingcpp.read_barcodes(rastered(render_sheets(EIGHT), 1, 150))}
    assert found == {card.check_url for card in EIGHT}


def dirtied(page: Image.Image, seed: int) -> Image.Image:
    """One dot in twenty made black or white."""
    chance, dots = Random(seed), bytearray(page.tobytes())
    for place in chance.sample(range(len(dots)), len(dots) // 20):
        dots[place] = chance.choice((0, 255))
    return Image.frombytes("L", page.size, bytes(dots))


def looked_at(page: Image.Image, blur: float) -> Image.Image:
    """A page out of focus and ten degrees askew."""
    return page.filter(ImageFilter.GaussianBlur(blur)).rotate(10, Resampling.BICUBIC, expand=True, fillcolor=255)


def grainy(seen: Image.Image, seed: int) -> Image.Image:
    """Every dot off by five percent of the range, as a sensor in poor light has it."""
    chance = Random(seed)
    return Image.frombytes(
        "L", seen.size, bytes(max(0, min(255, round(dot + chance.gauss(0, 12.75)))) for dot in seen.tobytes())
    )


#: Papers spoiled by chance: each by another.
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 5))]


@pytest.mark.parametrize("seed", SEEDS)
def test_all_eight_codes_are_read_from_dirty_paper_out_of_focus_askew_and_grainy(seed: int) -> None:
    worn = grainy(looked_at(dirtied(rastered(render_sheets(EIGHT), 1, 150), seed), 1.0), seed)
    assert {code.text for code in zxingcpp.read_barcodes(worn)} == {card.check_url for card in EIGHT}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("blur", [0.6, 1.0, 1.4])
def test_all_eight_codes_are_read_from_a_picture_with_dead_dots_by_a_reader_that_smooths(
    seed: int, blur: float
) -> None:
    worn = dirtied(looked_at(rastered(render_sheets(EIGHT), 1, 150), blur), seed)
    found = {code.text for code in zxingcpp.read_barcodes(worn.filter(ImageFilter.MedianFilter(3)))}
    assert found == {card.check_url for card in EIGHT}


@pytest.mark.parametrize("count", [1, 3, 9])
def test_backs_lie_behind_their_fronts_when_turned_at_the_long_edge(count: int) -> None:
    cards = [replace(CARD, card_no=f"SH26{n:07d}X", hotline=f"021-6000{n:04d}") for n in range(count)]
    pages = pages_of(render_sheets(cards))
    assert len(pages) == 2 * -(-count // ON_A_SHEET)
    for place, card in enumerate(cards):
        sheet = place // ON_A_SHEET * 2
        assert card.card_no in pages[sheet]
        assert card.hotline in pages[sheet + 1]
    for place in range(ON_A_SHEET):
        (x, y), (behind, level) = corner(place, mirrored=False), corner(place, mirrored=True)
        assert (round(behind, 6), level) == (round(WIDTH - WIDE - x, 6), y)


def test_a_photo_is_printed_without_what_the_camera_wrote() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    with io.BytesIO() as kept:
        Image.new("RGB", (600, 800), "teal").save(kept, "JPEG", exif=exif)
        photo = kept.getvalue()
    assert b"taken at home" in photo
    pdf = render(replace(CARD, photo=photo, logo=photo))
    images = [image.data for image in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].images]
    assert len(images) == 2
    assert not any(b"taken at home" in data for data in images)
    assert "无照片" not in text_of(pdf)


@pytest.mark.parametrize("broken", [b"no picture", PNG[: len(PNG) // 2], b"GIF89a" + bytes(40)])
def test_a_broken_picture_is_refused_by_its_name(broken: bytes) -> None:
    with pytest.raises(UnreadablePicture, match="照片"):
        render(replace(CARD, photo=broken))


def test_long_and_foreign_names_are_printed_whole_and_a_missing_photo_is_said() -> None:
    for name in ("阿不都热合曼·买买提", "Maria Fernanda González de la Cruz"):
        assert composed(name) in text_of(render(replace(CARD, name=name)))
    firm = "上海" + "示范住房租赁经营管理发展" * 5 + "有限公司"
    text = text_of(render(replace(CARD, firm=firm)))
    assert firm in text
    assert "无照片" in text
