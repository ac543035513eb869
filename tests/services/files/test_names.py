"""Names of files: a path, a device, a header's end or a disguise in them does no harm (H42)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.files.names import clean_file_name, content_disposition


@pytest.mark.proves("H42")
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\win.ini", "win.ini.pdf"),
        ("/", "未命名.pdf"),
        ("..", "未命名.pdf"),
        ("合同\x00.exe", "合同.exe.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie x=1.pdf"),
        ("CON", "_CON.pdf"),
        ("con.pdf", "_con.pdf"),
        ("LPT1.txt", "_LPT1.txt.pdf"),
        ("合同\u202efdp.exe", "合同fdp.exe.pdf"),
        ("a\u200b\ufeffb.pdf", "ab.pdf"),
        ("租赁合同（甲方）.PDF", "租赁合同（甲方）.pdf"),
        ("𠀀丂.pdf", "𠀀丂.pdf"),
        ("x\ud800.pdf", "x.pdf"),
        ("  .pdf", "未命名.pdf"),
        ("字" * 300 + ".pdf", "字" * 116 + ".pdf"),
    ],
)
def test_a_hostile_name_is_kept_as_a_harmless_one_h42(name: str, kept: str) -> None:
    assert clean_file_name(name, "pdf") == kept


def test_a_name_ends_as_its_content_says() -> None:
    assert clean_file_name("照片.JPEG", "jpg") == "照片.jpg"
    assert clean_file_name("照片.png", "jpg") == "照片.png.jpg"


@pytest.mark.proves("H42")
@given(st.text(max_size=400))
def test_the_header_of_any_name_is_one_line_of_ascii_h42(name: str) -> None:
    header = content_disposition(clean_file_name(name, "pdf"))
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    header.encode("latin-1")


def test_a_chinese_name_reaches_whoever_understands_it() -> None:
    assert content_disposition("合同 1.pdf") == (
        "attachment; filename=\"1.pdf\"; filename*=UTF-8''%E5%90%88%E5%90%8C%201.pdf"
    )
