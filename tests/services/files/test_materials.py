"""Materials are what their bytes are: renamed, doubled, bloated and active files (H41-H44)."""

import struct
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from services.files.file_refusals import FileRefused
from services.files.inspection import LARGEST, Inspected, inspect_material
from tests.files_made import chunk, file_id, jpeg, pdf, png, rezipped, stream, xlsx, zipped


def code(content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        inspect_material(content)
    assert refused.value.findings[0].code == refused.value.code
    return refused.value.code


def drawn() -> bytes:
    whole = BytesIO()
    canvas = Canvas(whole, pageCompression=1, invariant=1)
    canvas.drawString(72, 72, "JavaScript is a word here, and /S is two letters")
    canvas.linkURL("https://example.com", (0, 0, 9, 9))
    canvas.save()
    return whole.getvalue()


def saved(mode: str, kind: str, **options: object) -> bytes:
    whole = BytesIO()
    Image.new(mode, (33, 17)).save(whole, kind, **options)
    return whole.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (png(), "image/png"),
        (saved("RGBA", "PNG"), "image/png"),
        (saved("1", "PNG"), "image/png"),
        (saved("P", "PNG"), "image/png"),
        (saved("I;16", "PNG"), "image/png"),
        (jpeg(), "image/jpeg"),
        (jpeg(progressive=True), "image/jpeg"),
        (saved("L", "JPEG"), "image/jpeg"),
        (saved("CMYK", "JPEG"), "image/jpeg"),
        (jpeg() + b"\0" * 9 + jpeg(), "image/jpeg"),
        (pdf(), "application/pdf"),
        (drawn(), "application/pdf"),
    ],
    ids=file_id,
)
def test_sound_files_are_taken_for_what_they_are(content: bytes, media_type: str) -> None:
    inspected = inspect_material(content)
    assert (inspected.media_type, inspected.active) == (media_type, ())


@pytest.mark.proves("H41", "D17")
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "FILE-EMPTY"),
        (b"MZ\x90\0" + b"\0" * 600, "FILE-KIND"),
        (b"\x7fELF" + b"\0" * 600, "FILE-KIND"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "FILE-KIND"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "FILE-KIND"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "FILE-KIND"),
        (b"SIMPLE  =                    T" + b" " * 2850, "FILE-KIND"),
        (b"8BPS\0\x01" + b"\0" * 100, "FILE-KIND"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, "FILE-KIND"),
        (b"GIF89a" + b"\0" * 20, "FILE-KIND"),
        (b"II*\0" + b"\0" * 20, "FILE-KIND"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "FILE-KIND"),
        (xlsx(), "FILE-KIND"),
        (b" " + pdf(), "FILE-KIND"),
        (b"%PDF-1.4\n%%EOF", "FILE-BROKEN"),
        (b"%PDF-9.9\n" + pdf()[9:], "FILE-BROKEN"),
        (pdf() + b"<script>alert(1)</script>", "FILE-BROKEN"),
        (pdf()[: len(pdf()) // 2], "FILE-BROKEN"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40 + b"IEND", "FILE-BROKEN"),
        (b"\xff\xd8\xff" + b"0" * 40 + b"\xff\xd9", "FILE-BROKEN"),
    ],
    ids=file_id,
)
def test_a_renamed_file_is_refused_h41(content: bytes, expected: str) -> None:
    assert code(content) == expected


@pytest.mark.proves("H41")
@pytest.mark.parametrize(
    "content",
    [
        png() + zipped({"a": b"b"}),
        png() + b"<script>alert(1)</script>",
        png() + b"\0",
        png(extra=chunk(b"tEXt", b"Comment\0<ScRipt>alert(1)</script>")),
        png(extra=chunk(b"tEXt", b"Comment\0%PDF-1.4 1 0 obj")),
        jpeg() + zipped({"a": b"b"}),
        jpeg() + b"GIF89a",
        jpeg(comment=b"<html><script>alert(1)</script>"),
        jpeg(comment=b"<?php system($_GET[0]); ?>"),
        jpeg(comment=b"%PDF-1.4 1 0 obj"),
    ],
    ids=file_id,
)
def test_a_file_for_two_programs_is_refused_h41(content: bytes) -> None:
    assert code(content) == "FILE-POLYGLOT"


@pytest.mark.proves("H41")
def test_a_zip_inside_a_sound_pdf_is_seen_h41() -> None:
    """The directory's end claims the rest of the PDF as its comment."""
    small = zipped({"a": b"b"})
    whole = pdf(objects=[stream(b"", small[:-2] + b"\0\0")])
    at = whole.rfind(b"PK\x05\x06")
    length = len(whole) - at - 22
    whole = whole[: at + 20] + length.to_bytes(2, "little") + whole[at + 22 :]
    assert code(whole) == "FILE-POLYGLOT"


@pytest.mark.proves("H43")
@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (20_001, 1), (10_000, 10_000), (2**31, 1)])
def test_a_picture_too_large_to_decode_is_refused_by_its_head_h43(width: int, height: int) -> None:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )
    tracemalloc.start()
    assert code(bomb) == "FILE-PIXELS"
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


@pytest.mark.proves("H43")
def test_a_jpeg_too_large_to_decode_is_refused_by_its_head_h43() -> None:
    small = jpeg(8, 8)
    at = small.index(b"\xff\xc0")
    assert code(small[: at + 5] + struct.pack(">HH", 50_000, 50_000) + small[at + 9 :]) == "FILE-PIXELS"


@pytest.mark.proves("H43")
@pytest.mark.parametrize(
    "content",
    [
        png()[:-13],
        png()[:-30] + png()[-12:],
        png(pixels=b"\0\x80\x80"),
        png(pixels=b"\0" * 5_000_000),
        png().replace(b"IDAT", b"IDAU"),
        jpeg(64, 64)[:-40],
        jpeg(64, 64)[:200],
        saved("RGB", "PNG")[:60],
    ],
    ids=file_id,
)
def test_a_truncated_or_bloated_picture_is_refused_h43(content: bytes) -> None:
    assert code(content) == "FILE-BROKEN"


JAVASCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def objects(inner: bytes, words: bytes = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode") -> bytes:
    """A PDF whose object 9 stands in a compressed stream."""
    return pdf(objects=[stream(words, zlib.compress(b"9 0 " + inner))])


@pytest.mark.proves("H44")
@pytest.mark.parametrize(
    ("content", "what"),
    [
        (pdf(b"/OpenAction " + JAVASCRIPT), "脚本"),
        (pdf(b"/OpenAction 3 0 R"), "打开时自动执行的动作"),
        (pdf(objects=[b"<< /S /J#61vaScript /JS 3 0 R >>"]), "脚本"),
        (pdf(objects=[b"<< /S /Java#53cript >>"]), "脚本"),
        (pdf(objects=[b"<< /S /Launch /F (cmd.exe) >>"]), "启动程序"),
        (pdf(objects=[b"<< /Type /Filespec /EF << /F 5 0 R >> >>"]), "内嵌文件"),
        (pdf(objects=[stream(b"/Type /EmbeddedFile", b"MZ")]), "内嵌文件"),
        (pdf(b"/AA << /WC 4 0 R >>"), "自动执行的动作"),
        (pdf(b"/AcroForm << /XFA [(a) 4 0 R] >>"), "动态表单"),
        (pdf(objects=[b"<< /Subtype /RichMedia >>"]), "内嵌媒体"),
        (pdf(objects=[b"<< /S /SubmitForm /F (http://x) >>"]), "提交表单的动作"),
        (pdf(objects=[b"<< /Filter /Standard >>"]).replace(b"/Root", b"/Encrypt 4 0 R /Root"), "加密内容"),
        (objects(JAVASCRIPT), "脚本"),
        (objects(b"<< /AA << /O 4 0 R >> >>"), "自动执行的动作"),
        (objects(JAVASCRIPT, b"/Type /ObjStm /N 1 /First 4 /Filter [ /Fl ]"), "脚本"),
        (objects(b"<<>>", b"/Type /ObjStm /N 1 /First 4 /Filter [/ASCII85Decode /FlateDecode]"), "无法检查的压缩内容"),
        (
            objects(b"<<>>", b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /DecodeParms << /Predictor 12 >>"),
            "无法检查的压缩内容",
        ),
        (objects(b"<<>>", b"/Type /ObjStm /N 1 /First 4 /X (" + b"9 0 obj" * 2000 + b")"), "无法检查的压缩内容"),
    ],
    ids=file_id,
)
def test_an_active_pdf_is_told_by_what_it_does_h44(content: bytes, what: str) -> None:
    assert what in inspect_material(content).active


@pytest.mark.parametrize(
    "content",
    [objects(b"<< /Type /Font >>"), pdf(objects=[stream(b"/Filter /FlateDecode", zlib.compress(b"/JS (x)"))])],
)
def test_compressed_objects_without_actions_are_no_reason(content: bytes) -> None:
    assert inspect_material(content) == Inspected("application/pdf", "pdf")


@pytest.mark.proves("H44")
def test_a_pdf_that_unfolds_without_end_is_refused_h44() -> None:
    bomb = zlib.compress(b"\0" * (100 << 20), 9)
    assert code(pdf(objects=[stream(b"/Filter /FlateDecode", bomb)] * 3)) == "FILE-PDF-BOMB"


def test_more_than_the_limit_is_refused() -> None:
    assert code(png() + b"\0" * LARGEST) == "FILE-SIZE"


_MADE: tuple[Callable[[], bytes], ...] = (png, jpeg, pdf, drawn)


@settings(deadline=None)
@given(st.sampled_from(_MADE), st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_any_damage_is_a_file_or_a_refusal(made: Callable[[], bytes], at: int, damage: bytes) -> None:
    content = made()
    at %= len(content)
    with suppress(FileRefused):
        assert inspect_material(content[:at] + damage + content[at + len(damage) :]).extension in ("pdf", "jpg", "png")


def test_a_workbook_cannot_pass_for_a_material() -> None:
    assert code(rezipped(xlsx(), {})) == "FILE-KIND"
