"""Documents of the acceptance: complete by the order's list, true to the last run, readable as Word and PDF."""

import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image as Pixels
from pypdf import PdfReader

import services.everything  # noqa: F401
from deploy import security_table
from deploy.handover import documents
from deploy.handover.blocks import (
    Block,
    Bullets,
    Code,
    Document,
    Grid,
    Heading,
    Picture,
    Text,
    from_markdown,
    shares,
    size_of,
)
from deploy.handover.documents import CONTENTS, functions, modules
from deploy.handover.edition import Edition
from deploy.handover.pdf_file import filled, write_pdf
from deploy.handover.typed import broken, width_of
from deploy.handover.word_file import write_word
from models.own_data import read_rows
from printing.fonts import FONTS, Face
from services.catalogue.requirements import AcceptanceFile, Requirement
from services.engine.clock import SHANGHAI
from tests.browser import ROOT

EDITION = Edition("1.2.0", "37", "abc1234", datetime(2026, 11, 30, 9, tzinfo=SHANGHAI))
PAGE = """# 题目

一行
接着一行，见[手册](x.md)和 `命令`，python_full_version 不变。

1. 先做：

   ```
   make setup
   ```

2. 后做
   - 细目一
   - 细目二

| 名称 | 说明 |
|---|---|
| 甲 | `a|b` 一<br>二 |

```
make run
```

- [ ] 核对
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("handover") / "page.md"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_the_list_is_that_of_the_order() -> None:
    titles = "".join(title for title, _ in CONTENTS)
    for part in (
        "需求说明书",
        "概要设计",
        "详细设计",
        "数据库设计",
        "接口规范",
        "功能清单",
        "需求跟踪矩阵",
        "测试报告",
    ):
        assert part in titles
    for part in (
        "性能测试报告",
        "安全自查表",
        "用户使用手册",
        "部署文档",
        "维护手册",
        "应急预案",
        "培训教材",
        "供应链物料清单",
    ):
        assert part in titles


def test_every_module_has_its_page_in_the_manual() -> None:
    assert [row.row for row in modules()] == list(range(1, 86))
    missing = {row.row: page for row in modules() for page in row.pages if not page.exists()}
    assert missing == {}


def test_a_page_of_a_handbook_keeps_its_words_tables_and_code(page: Path) -> None:
    heading, text, step, typed_there, steps, table, typed, boxes = from_markdown(page)
    assert heading == Heading(1, "题目")
    assert text == Text("一行接着一行，见手册和 命令，python_full_version 不变。")
    assert (step, typed_there) == (Bullets(("先做：",), numbered=True), Code("make setup"))
    assert steps == Bullets(("后做：细目一；细目二",), numbered=True, first=2)
    assert table == Grid(("名称", "说明"), (("甲", "`a|b` 一\n二"),))
    assert typed == Code("make run")
    assert boxes == Bullets(("□ 核对",))


def test_what_stands_within_a_list_keeps_its_form_and_a_list_its_numbers(tmp_path: Path) -> None:
    Pixels.new("RGB", (10, 10)).save(tmp_path / "a.png")
    (tmp_path / "a.md").write_text(
        "1. 看结果。\n   - 房屋。\n   - 备案。\n2. 方式：\n\n   | 方式 | 结果 |\n   |---|---|\n   | 双方 | 当场 |\n\n   代理的打钩。\n"
        "\n![图](a.png)\n\n3. 完成。\n\n| 通知书 |\n|---|\n| ![甲](a.png) |\n",
        encoding="utf-8",
    )
    assert list(from_markdown(tmp_path / "a.md")) == [
        Bullets(("看结果：房屋；备案。", "方式："), numbered=True),
        Grid(("方式", "结果"), (("双方", "当场"),)),
        Text("代理的打钩。"),
        Picture(tmp_path / "a.png", "图"),
        Bullets(("完成。",), numbered=True, first=3),
        Picture(tmp_path / "a.png", "甲"),
    ]


def test_no_line_of_a_table_stands_beside_it() -> None:
    """An empty line within a table of a handbook makes a paragraph of the lines after it."""
    parts = [block for title in (documents.upkeep, documents.deployment, documents.performance) for block in title()]
    assert len(parts) > 300
    assert not [block.text[:60] for block in parts if isinstance(block, Text) and block.text.startswith("|")]


def test_what_did_not_run_is_not_called_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "last_results", dict)
    monkeypatch.setattr(documents, "shipped", dict)
    rows = [row for block in functions() if isinstance(block, Grid) for row in block.rows]
    assert len(rows) == 85
    assert all("通过" not in row[-1] and "未运行" in row[-1] for row in rows)


@pytest.mark.night
def test_results_of_tests_that_are_gone_are_not_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stands = "tests/deploy/test_handover.py::test_results_of_tests_that_are_gone_are_not_told"
    told = {
        name: {"outcome": "passed", "at": 1795951034.0}
        for name in (stands, f"{stands}_any_more", "tests/test_x.py::test_y")
    }
    (tmp_path / "results.json").write_text(json.dumps(told), encoding="utf-8")
    monkeypatch.setattr(documents, "RESULTS", tmp_path / "results.json")
    blocks = list(documents.test_report())
    said = next(block.text for block in blocks if isinstance(block, Text) and "最近一次" in block.text)
    assert said.startswith("最近一次（2026年11月29日19:17至2026年11月29日19:17）：通过 1，未通过 0，跳过 0。")
    assert next(block.rows for block in blocks if isinstance(block, Grid)) == (
        ("deploy/test_handover.py", "1", "0", "0"),
    )


def test_without_a_run_the_results_of_the_release_are_told_with_their_day(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(documents, "last_results", dict)
    monkeypatch.setattr(documents, "RESULTS", tmp_path / "none.json")
    one = Requirement(
        5, "子系统", "模块", "要求", (), built=True, files=(AcceptanceFile("ui/test_a.py", 3, 1, 0, 2, "2026-11-29"),)
    )
    monkeypatch.setattr(documents, "shipped", lambda: {5: one})
    assert documents.result_of(5) == "通过 3，未通过 1，未运行 2（2026-11-29）"
    grids = [block for block in documents.test_report() if isinstance(block, Grid)]
    assert grids[0].rows == (("页面", "3", "1", "0", "2"),)
    assert len(grids[1].rows) == 85


def test_word_and_pdf_have_cover_contents_and_page_numbers(page: Path, tmp_path: Path) -> None:
    picture = ROOT / "docs" / "manual" / "pictures" / "intake.png"
    blocks = (
        *from_markdown(page),
        *(Heading(2, f"第{number}节") for number in range(1, 90)),
        Picture(picture, "窗口受理"),
        Picture(picture.with_name("intake-phone.png"), "手机上的受理"),
    )
    made = Document(2, "系统概要设计说明书", blocks)
    write_word(made, EDITION, tmp_path / "a.docx")
    write_pdf(made, EDITION, tmp_path / "a.pdf")
    word = docx.Document(str(tmp_path / "a.docx"))
    words = [paragraph.text for paragraph in word.paragraphs]
    assert "版本 1.2.0　构建号 37　源码版本 abc1234" in words
    assert "2026年11月30日" in words
    assert word.tables[0].cell(1, 0).text == "甲"
    assert [shape.height.cm <= 20.01 for shape in word.inline_shapes] == [True, True]
    after_pictures = [words.index(caption) - 1 for caption in ("窗口受理", "手机上的受理")]
    assert all(word.paragraphs[number].paragraph_format.keep_with_next for number in after_pictures)
    assert [column.width for column in word.tables[0].columns] == [cell.width for cell in word.tables[0].rows[0].cells]
    # Word takes the faces of its theme where a style names them.
    assert not [name for name in word.styles["Heading 1"].element.rPr.rFonts.attrib if "heme" in name]
    assert "第89节\t" in words
    marks = re.findall(r'w:bookmarkStart w:id="\d+" w:name="(h\d+)"', word.element.xml)
    assert len(marks) == 90
    assert re.findall(r"PAGEREF (h\d+) ", word.element.xml) == marks
    assert "PAGE" in word.sections[0].footer._element.xml
    pdf = PdfReader(tmp_path / "a.pdf")
    assert "2026年11月30日" in pdf.pages[0].extract_text()
    contents = pdf.pages[1].extract_text()
    assert "题目" in contents
    last = next(number for number, one in enumerate(pdf.pages, 1) if number > 4 and "第89节" in one.extract_text())
    listed = re.search(r"(\d+)\s*第89节", "\n".join(one.extract_text() for one in pdf.pages[1:4]))
    assert listed is not None
    assert int(listed[1]) == last
    assert len(pdf.outline) >= 1
    assert f"第 {len(pdf.pages)} 页" in pdf.pages[-1].extract_text()


def test_a_line_of_the_pdf_begins_with_no_mark_and_a_heading_stays_with_its_picture(tmp_path: Path) -> None:
    picture = Picture(ROOT / "docs" / "manual" / "pictures" / "intake-phone.png", "手机上的受理")
    sentences = [
        Text("系统逐项核对房屋、当事人和合同" + "字" * number + "，不符的说明原因；按提示办理") for number in range(40)
    ]
    blocks = [*sentences, *(part for number in range(5) for part in (Heading(1, f"图{number}"), Text("说"), picture))]
    blocks += [part for number in range(5, 9) for part in (Heading(1, f"图{number}"), picture)]
    write_pdf(Document(11, "手册", tuple(blocks)), EDITION, tmp_path / "a.pdf")
    pages = [page.extract_text().splitlines() for page in PdfReader(tmp_path / "a.pdf").pages[2:]]
    assert not [line for page in pages for line in page if line[:1] in "，；：、。”"]
    assert [line for page in pages for line in page if line.startswith("图")] == [f"图{number}" for number in range(9)]
    for page in pages:
        shown = [line for line in page if "手机" in line or line.startswith("图")]
        assert not shown or not shown[-1].startswith(("图5", "图6", "图7", "图8"))


@pytest.mark.parametrize(("size", "pictures", "lines"), [((1440, 900), 2, 7), ((390, 844), 1, 15)])
def test_a_picture_is_set_smaller_rather_than_on_a_page_of_its_own(
    size: tuple[int, int], pictures: int, lines: int, tmp_path: Path
) -> None:
    Pixels.new("RGB", size).save(tmp_path / "shot.png")
    blocks: tuple[Block, ...] = (Text("说明\n" * lines), *[Picture(tmp_path / "shot.png", "图")] * pictures)
    write_pdf(Document(1, "样本", blocks), EDITION, tmp_path / "full.pdf")
    assert len(PdfReader(tmp_path / "full.pdf").pages) - 2 == 1


def test_typed_chinese_is_copied_without_blanks_and_no_bracket_goes_over_alone(tmp_path: Path) -> None:
    typed = Code("\n".join(["{", *['  "message": "已达到集中出租规模，请落实"'] * 68, "}"]))
    write_pdf(Document(5, "接口", (typed,)), EDITION, tmp_path / "a.pdf")
    pages = [page.extract_text().splitlines() for page in PdfReader(tmp_path / "a.pdf").pages[2:]]
    assert all("已达到集中出租规模，请落实" in line for page in pages for line in page if "规" in line)
    assert len(pages) == 2
    assert len([line for line in pages[1] if line.strip()[:1] in {'"', "}"}]) >= 3


def test_a_sign_of_the_librarys_own_writing_parts_no_line(tmp_path: Path) -> None:
    cell = "仅在 python_full_version < '3.12' 时安装"
    write_pdf(Document(16, "清单", (Grid(("组件", "说明"), (("numpy", cell),), (4, 1)),)), EDITION, tmp_path / "a.pdf")
    assert "python_full_version" in PdfReader(tmp_path / "a.pdf").pages[-1].extract_text()


def test_a_line_cuts_no_word_and_ends_with_no_bracket() -> None:
    FONTS.font(Face.SERIF.value)
    text = (
        "占用将近100%时先按区分成几条链（decisions/performance.md 110），再不够就分成几个库，见 keys.json；《多台主机》"
    )
    for width in range(120, 180, 3):
        lines = [line for _, line in filled(text, [width], Face.SERIF.value, 8)]
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(any(word in line for line in lines) for word in ("decisions/performance.md", "keys.json；", "（d"))
        assert not [line for line in lines if line[-1] in "（《" or line[0] in "，；）》" or line != line.strip()]
    cut = [line for _, line in filled("/opt/shenfang/releases", [40], Face.SERIF.value, 8)]
    assert len(cut) == 3
    assert "".join(cut) == "/opt/shenfang/releases"
    name = "services/test_row_7.py::test_a_new_filing_is_told_to_the_audit_with_its_case"
    parts = [line for _, line in filled(name, [130], Face.SERIF.value, 8)]
    assert "".join(parts) == name
    assert all(part[-1] in "_/:." for part in parts[:-1])


def test_what_says_what_is_shown_stays_with_its_first_lines(tmp_path: Path) -> None:
    shown: list[Block] = [Text("应答："), Code("\n".join(["{", *['  "x": 1,'] * 5, "}"]))]
    blocks: list[Block] = [part for number in range(90) for part in (Text("说明" * (number * 7 % 60)), *shown)]
    write_pdf(Document(5, "接口", tuple(blocks)), EDITION, tmp_path / "a.pdf")
    ends = [page.extract_text().splitlines()[-1] for page in PdfReader(tmp_path / "a.pdf").pages[2:]]
    assert len(ends) > 5
    assert "应答：" not in ends


def test_columns_are_wide_enough_for_their_numbers_and_names() -> None:
    line = ("1", "GATEWAY_ADDRESSES", "12,000", "一段很长的说明" * 20, *(["300,000"] * 4))
    widths = shares(Grid(("倍", "组件", "数", "说明", *(["数"] * 4)), (line,)))
    assert round(widths[1] * 100) >= 1.3 * len(line[1])
    assert sum(widths) == pytest.approx(1)
    assert [round(width * 100) >= len(cell) for cell, width in zip(line[4:], widths[4:], strict=True)] == [True] * 4
    assert widths[3] == max(widths)


def test_letters_are_smaller_where_long_numbers_stand_beside_each_other() -> None:
    number = "BA3101152611018000012"
    grid = Grid(
        ("备案编号", "合同编号", "证件号码", "租期", "月租金", "说明"),
        ((number, number, number[3:], "2026-11-01", "4200.00", "说明"),),
    )
    assert size_of(grid) == 8
    wider = replace(grid, head=(*grid.head, "备注"), rows=((*grid.rows[0], "GATEWAY_ADDRESSES"),))
    assert size_of(wider) == 6.5
    room = [share * 100 * 8 / 6.5 for share in shares(wider)]
    assert all(width >= len(cell) for width, cell in zip(room, wider.rows[0], strict=True))


@pytest.mark.parametrize("columns", [6, 15])
def test_a_day_and_a_large_number_stay_whole_in_a_narrow_column_of_a_word_file(tmp_path: Path, columns: int) -> None:
    """Beside long sentences, or among many columns; in a wide face, as where the usual ones are not installed."""
    short = "2026-11-29" if columns == 6 else "60,000"
    head = ("日期", *(["应用主机合计"] * (columns - 2)), "结果")
    grid = Grid(head, ((short, *(["12,000"] * (columns - 2)), "一段很长的说明" * 40),))
    write_word(Document(9, "报告", (grid,)), EDITION, tmp_path / "a.docx")
    (table,) = docx.Document(str(tmp_path / "a.docx")).tables
    cell = table.rows[1].cells[0]
    margins = sum(int(one.get(qn("w:w"))) for one in table._tbl.tblPr.find(qn("w:tblCellMar"))) / 20
    assert cell.width.pt - margins >= 0.6 * cell.paragraphs[0].runs[0].font.size.pt * len(short)


def test_the_manual_follows_its_first_page() -> None:
    chapters = [block.text for block in documents.manual() if isinstance(block, Heading) and block.level == 1]
    assert chapters[:3] == ["申房使用手册", "街镇窗口的一天", "区租赁中心和区房屋管理局的一天"]
    assert len(chapters) == len(list((ROOT / "docs" / "manual").glob("*.md"))) == len(set(chapters))


def test_without_a_run_the_security_table_tells_what_was_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "last_results", dict)
    rows = [row for block in documents.security() if isinstance(block, Grid) for row in block.rows]
    recorded = security_table.PAGE.read_text(encoding="utf-8")
    assert len(rows) == len(security_table.lines())
    assert all(re.search(rf"^\| {re.escape(row[0])} \|.*\| {re.escape(row[3])} \|$", recorded, re.M) for row in rows)


def test_a_step_names_the_actions_that_take_it() -> None:
    grids = [block for block in documents.design() if isinstance(block, Grid) and block.head[1:] == ("从", "到")]
    rows = {row for grid in grids for row in grid.rows}
    assert ("接手处置", "待处置", "处置中") in rows
    # Taken by what the action calls; by the answer to a message; where a function or its caller chooses the step; after an event.
    assert ("审批导出", "待审批", "未批准") in rows
    assert ("对方收到报文后的应答", "待推送、已推送、已制证、制证失败", "已制证") in rows
    assert ("到期备案即时失效、到期自动失效、重新备案", "有效", "已到期") in rows
    assert sum(told == "随其他办理" for told, *_ in rows) < 20


def test_the_same_contents_give_the_same_pdf(page: Path, tmp_path: Path) -> None:
    made = Document(3, "手册", tuple(from_markdown(page)))
    for name in ("a", "b"):
        write_pdf(made, EDITION, tmp_path / f"{name}.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_the_performance_report_says_every_target_in_chinese_with_the_figures_that_were_measured() -> None:
    measured = documents.measured()
    said = {line["target"]: line for line in read_rows(documents.WRITTEN / "performance.csv")}
    assert list(said) == list(measured)
    assert len(documents.targets()) == len(measured) > 20
    for target, (_, figure) in measured.items():
        shown, known = (set(re.findall(r"\d[\d.,]*\d|\d", text)) for text in (said[target]["result"], figure))
        # A line that refers to a table below names figures of that table.
        assert shown <= known or "see " in figure, f"{target}: {shown - known} are not in docs/performance.md"


def test_typed_text_breaks_at_spaces_and_keeps_its_cells() -> None:
    line = "cd /opt/shenfang && RELEASE_PUB=/etc/shenfang/release.pub .venv/bin/python deploy/launch.py release verify"
    parts = list(broken(line, 60))
    assert all(width_of(part) <= 60 for part in parts)
    assert "".join(part.removeprefix("    ") + " " for part in parts).split() == line.split()
    assert width_of("主库 db01") == 9
    assert list(broken("vi .pgpass      # 一行：" + "甲" * 30, 60)) == [
        "vi .pgpass",
        f"    # 一行：{'甲' * 24}",
        f"    #   {'甲' * 6}",
    ]
    assert list(broken("甲" * 40, 60)) == ["甲" * 30, "    " + "甲" * 10]


@pytest.mark.parametrize(("rows", "pages"), [(41, 1), (42, 2)])
def test_a_table_that_fills_its_page_leaves_no_empty_one(rows: int, pages: int, tmp_path: Path) -> None:
    table = Grid(("名称", "说明"), tuple((f"甲{row}", "乙") for row in range(rows)))
    write_pdf(Document(1, "样本", (Heading(1, "一章"), table)), EDITION, tmp_path / "full.pdf")
    # Behind cover and contents.
    assert len(PdfReader(tmp_path / "full.pdf").pages) - 2 == pages
