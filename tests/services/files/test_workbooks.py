"""Workbooks are judged before anything reads them: bombs, document types, far cells, formulas and what acts (H36-H39)."""

import re
import struct
import tracemalloc
import zipfile
from collections.abc import Mapping
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from services.engine.sheets import write_xlsx
from services.files.file_refusals import FileRefused
from services.files.workbooks import Limits, guard_workbook
from services.files.zip_of_pictures import judged_pictures
from tests.files_made import file_id, jpeg, png, rezipped, xlsx, zipped

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def code(content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        guard_workbook(content)
    return refused.value.code


def sheet(body: str, head: str = "") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet xmlns="{NAMESPACE}">{body}</worksheet>'.encode()


def rows(body: str) -> bytes:
    return sheet(f"<sheetData>{body}</sheetData>")


def with_parts(parts: Mapping[str, bytes | None]) -> bytes:
    return rezipped(xlsx(), parts)


def test_what_a_reader_of_values_does_not_tell_is_told() -> None:
    book = openpyxl.Workbook()
    first = book.worksheets[0]
    first.title = "人员"
    for row in (["姓名", "年龄"], ["张三", "=1+1"], ["李四", 3]):
        first.append(row)
    first.column_dimensions["B"].hidden = True
    first.row_dimensions[3].hidden = True
    first.merge_cells("A5:B5")
    second: Worksheet = book.create_sheet("参照")
    second.sheet_state = "veryHidden"
    whole = BytesIO()
    book.save(whole)
    people, reference = guard_workbook(whole.getvalue())
    assert (people.name, people.hidden, people.rows, people.columns) == ("人员", False, 3, 2)
    assert (people.formulas, people.hidden_columns, people.hidden_rows) == (
        {(2, 2): False},
        {2},
        {3},
    )
    assert people.merged == ["A5:B5"]
    assert (reference.name, reference.hidden, reference.rows) == ("参照", True, 0)


def test_a_formula_with_its_last_value_is_told_apart() -> None:
    content = with_parts({SHEET: rows('<row r="2"><c r="C2"><f>A1*2</f><v>4</v></c><c r="D2"><f>A1</f></c></row>')})
    assert guard_workbook(content)[0].formulas == {(2, 3): True, (2, 4): False}


def test_our_own_exports_pass() -> None:
    (marks,) = guard_workbook(write_xlsx("清单", ["=甲", "乙"], [["=1+1", 5]], marks={"a": "b"}))
    assert (marks.name, marks.rows, marks.columns, marks.formulas) == ("清单", 2, 2, {})


@pytest.mark.proves("H36")
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (with_parts({"xl/media/a.bin": b"\0" * (30 << 20)}), "ZIP-RATIO"),
        (with_parts({f"xl/media/{number}": b"a" for number in range(2_000)}), "ZIP-PARTS"),
        (with_parts({"xl/media/a.dat": zipped({"b": b"c"})}), "ZIP-NESTED"),
        (with_parts({"xl/media/../../x": b"a"}), "ZIP-NAME"),
        (with_parts({"/etc/passwd": b"a"}), "ZIP-NAME"),
        (with_parts({"xl\\x": b"a"}), "ZIP-NAME"),
        (with_parts({"XL/WORKSHEETS/SHEET1.XML": b"a"}), "ZIP-BROKEN"),
        (b"MZ" + xlsx(), "XLSX-KIND"),
        (xlsx() + b"x", "ZIP-BROKEN"),
        (xlsx()[:-30], "ZIP-BROKEN"),
        (b"PK\x03\x04" + b"\0" * 100, "ZIP-BROKEN"),
    ],
    ids=file_id,
)
def test_a_zip_bomb_is_refused_before_it_is_read_h36(content: bytes, expected: str) -> None:
    assert code(content) == expected


@pytest.mark.proves("H36")
def test_unpacked_size_is_counted_and_not_believed_h36() -> None:
    """The directory says ten bytes; what inflates is counted."""
    body = bytes(range(256)) * 400
    parts = {f"xl/media/{number}": body * 8 for number in range(270)}
    tracemalloc.start()
    assert code(with_parts(parts)) in {"ZIP-SIZE", "ZIP-RATIO"}
    tracemalloc.stop()
    lying = bytearray(zipped({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b" " * 100_000}))
    at = lying.rfind(b"PK\x01\x02")
    lying[at + 24 : at + 28] = struct.pack("<I", 10)
    assert code(bytes(lying)) in {"ZIP-BROKEN", "XLSX-BROKEN"}


@pytest.mark.proves("H36")
def test_entries_that_share_bytes_are_refused_h36() -> None:
    """Every directory entry points at the same deflated bytes: small in the file, endless when unpacked."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"a" * 1000)
        first = archive.infolist()[0]
        archive.filelist.append(zipfile.ZipInfo("[Content_Types].xml"))
        for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
            setattr(archive.filelist[1], name, getattr(first, name))
        archive._didModify = True  # type: ignore[attr-defined]
    assert code(whole.getvalue()) in {"FILE-POLYGLOT", "ZIP-BROKEN"}


@pytest.mark.proves("H36")
@pytest.mark.parametrize("hidden", [b"MZ\x90\0evil", b"x"])
def test_bytes_between_entries_are_refused_h36(hidden: bytes) -> None:
    content = xlsx()
    start = content.rindex(b"PK\x05\x06")
    directory = int.from_bytes(content[start + 16 : start + 20], "little")
    moved = content[:directory] + hidden + content[directory:-6] + struct.pack("<I", directory + len(hidden)) + b"\0\0"
    assert code(moved) == "FILE-POLYGLOT"


@pytest.mark.proves("H37")
@pytest.mark.parametrize(
    "part",
    [SHEET, "xl/styles.xml", "xl/sharedStrings.xml", "docProps/core.xml", "customXml/item1.xml", "xl/media/a.png"],
)
def test_a_document_type_in_any_part_is_refused_h37(part: str) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert code(with_parts({part: bomb})) == "XLSX-DOCTYPE"


@pytest.mark.proves("H37")
def test_a_document_type_across_two_pieces_is_seen_h37() -> None:
    assert code(with_parts({SHEET: sheet("", " " * (65_536 - 45) + "<!DOCTYPE a>")})) == "XLSX-DOCTYPE"


@pytest.mark.proves("H37")
@pytest.mark.parametrize(
    "body",
    [
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16"),
        '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16-le"),
        b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a>',
        b"<?xml version='1.0'\n encoding = 'cp037'?><a/>",
    ],
    ids=file_id,
)
def test_a_document_type_in_another_encoding_is_not_hidden_h37(body: bytes) -> None:
    assert code(with_parts({"xl/styles.xml": body})) == "XLSX-ENCODING"


@pytest.mark.proves("H38")
@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "XLSX-ROWS"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "XLSX-COLUMNS"),
        ('<row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>', "XLSX-COLUMNS"),
        ('<row r="9999999999"><c r="A1"><v>1</v></c></row>', "XLSX-BROKEN"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "XLSX-BROKEN"),
        ('<row r="1"><c r="ZZZZ1"><v>1</v></c></row>', "XLSX-BROKEN"),
        ('<row r="1"><c r="A1"><v>1</v></row>', "XLSX-BROKEN"),
        ('<row r="1"><c r="A1"><f>cmd|\' /C calc\'!A0</f><v>1</v></c></row>', "XLSX-DDE"),
        ("<row><c><v>1</v></c></row>" * 6_000, "XLSX-ROWS"),
    ],
    ids=file_id,
)
def test_a_far_or_impossible_cell_is_refused_without_allocation_h38(cell: str, expected: str) -> None:
    content = with_parts({SHEET: rows(cell)})
    tracemalloc.start()
    assert code(content) == expected
    assert tracemalloc.get_traced_memory()[1] < 3_000_000
    tracemalloc.stop()


@pytest.mark.proves("H38")
def test_formats_far_below_the_data_are_no_rows_h38() -> None:
    content = with_parts(
        {SHEET: rows('<row r="2"><c r="B2"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>')}
    )
    assert [(one.rows, one.columns) for one in guard_workbook(content, Limits(2, 2))] == [(2, 2)]


@pytest.mark.proves("H38")
def test_a_hidden_range_over_all_columns_takes_no_memory_h38() -> None:
    content = with_parts({SHEET: sheet('<cols><col min="3" max="16384" hidden="1"/></cols><sheetData/>')})
    assert guard_workbook(content, Limits(10, 5))[0].hidden_columns == {3, 4, 5}


def relation(kind: str, target: str = "http://example.com/x", mode: str = "External") -> bytes:
    return (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" TargetMode="{mode}" Target="{target}" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
    ).encode()


def content_types(kind: str) -> bytes:
    with zipfile.ZipFile(BytesIO(xlsx())) as archive:
        plain = archive.read("[Content_Types].xml")
    return re.sub(rb"application/vnd\.openxmlformats[^\"]*sheet\.main\+xml", kind.encode(), plain)


@pytest.mark.proves("H39")
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"xl/vbaProject.bin": b"a"}, "XLSX-MACRO"),
        ({"xl/VbaProject.bin": b"a"}, "XLSX-MACRO"),
        ({"xl/macrosheets/sheet1.xml": b"<a/>"}, "XLSX-MACRO"),
        ({"[Content_Types].xml": content_types("application/vnd.ms-excel.sheet.macroEnabled.main+xml")}, "XLSX-MACRO"),
        ({"xl/externalLinks/externalLink1.xml": b"<a/>"}, "XLSX-EXTERNAL"),
        ({"xl/connections.xml": b"<a/>"}, "XLSX-EXTERNAL"),
        ({"xl/worksheets/_rels/sheet1.xml.rels": relation("image")}, "XLSX-EXTERNAL"),
        ({"xl/worksheets/_rels/sheet1.xml.rels": relation("oleObject", mode="external")}, "XLSX-EXTERNAL"),
        ({"xl/embeddings/oleObject1.bin": b"a"}, "XLSX-OBJECT"),
        ({"xl/activeX/activeX1.xml": b"<a/>"}, "XLSX-OBJECT"),
        ({"xl/workbook.bin": b"a"}, "XLSX-KIND"),
        ({"xl/workbook.xml": None}, "XLSX-KIND"),
        ({"xl/_rels/workbook.xml.rels": None}, "XLSX-BROKEN"),
        ({"xl/workbook.xml": b"<workbook/>"}, "XLSX-BROKEN"),
        ({SHEET: None}, "XLSX-BROKEN"),
    ],
)
def test_what_acts_or_leads_elsewhere_is_refused_h39(parts: dict[str, bytes | None], expected: str) -> None:
    assert code(with_parts(parts)) == expected


@pytest.mark.proves("H39")
@pytest.mark.parametrize(
    ("content", "expected", "advice"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "XLSX-OLD", "另存为“Excel工作簿(.xlsx)”"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"\0" * 504
            + b"\x09\x08\x10\x00\x00\x06\x05\x00"
            + b"\0" * 12
            + b"\x2f\x00\x36\x00",
            "XLSX-PASSWORD",
            "去掉密码",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99 + "EncryptionInfo".encode("utf-16-le"),
            "XLSX-PASSWORD",
            "去掉密码",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99 + "EncryptedPackage".encode("utf-16-le"),
            "XLSX-PASSWORD",
            "去掉密码",
        ),
        (b"<html><table><tr><td>1</td></tr></table>", "XLSX-KIND", "另存为"),
        (b"name,age\n1,2\n", "XLSX-KIND", "另存为"),
    ],
    ids=file_id,
)
def test_another_format_renamed_to_xlsx_is_told_what_to_do_h39(content: bytes, expected: str, advice: str) -> None:
    with pytest.raises(FileRefused) as refused:
        guard_workbook(content)
    assert (refused.value.code, advice in refused.value.message) == (expected, True)


def test_a_link_a_person_may_click_stays() -> None:
    content = with_parts({"xl/worksheets/_rels/sheet1.xml.rels": relation("hyperlink")})
    assert guard_workbook(content)[0].rows == 2


@pytest.mark.proves("H36", "D17")
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (zipped({"a.zip": zipped({"b.png": png()})}), "ZIP-NESTED"),
        (zipped({"../a.png": png()}), "ZIP-NAME"),
        (zipped({f"{number}.png": png() for number in range(2_001)}), "ZIP-PARTS"),
        (b"", "ZIP-BROKEN"),
        (zipped({}), "FILE-POLYGLOT"),
    ],
    ids=file_id,
)
def test_a_zip_of_pictures_holds_nothing_else(content: bytes, expected: str) -> None:
    with pytest.raises(FileRefused) as refused:
        list(judged_pictures(content))
    assert refused.value.code == expected


def test_pictures_of_a_zip_come_with_their_names() -> None:
    bad = {"王五.jpg": b"MZ", "赵六.png": png()[:-9]}
    content = zipped(
        {"照片/张三.jpg": jpeg(), "李四.png": png(), "__MACOSX/._李四.png": b"x", "Thumbs.db": b"x", **bad}
    )
    assert [(one.name, one.picture and one.picture.media_type) for one in judged_pictures(content)] == [
        ("李四.png", "image/png"),
        ("张三.jpg", "image/jpeg"),
        ("王五.jpg", None),
        ("赵六.png", None),
    ]


def test_names_of_chinese_windows_are_read() -> None:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("aaaa.png", png())
    content = whole.getvalue().replace(b"aaaa.png", "张三".encode("gb18030") + b".png")
    assert [one.name for one in judged_pictures(content)] == ["张三.png"]
