"""A document as a Word file: cover, contents, page numbers, pictures (python-docx)."""

from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from deploy.handover.blocks import Block, Bullets, Code, Document, Grid, Heading, Picture, Text, fitted, shares, size_of
from deploy.handover.edition import Edition

#: Faces of Chinese words, each with that of letters and numbers: those of a Chinese face are wider where it is not installed.
_SERIF, _SANS = ("宋体", "Times New Roman"), ("黑体", "Arial")
_WIDTH, _TALLEST = 16.0, 20.0


def write_word(document: Document, edition: Edition, path: Path) -> None:
    """Write a document as .docx."""
    made = docx.Document()
    _set_up(made, document, edition)
    _cover(made, document, edition)
    _contents(made, document)
    made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    for block, after in zip_longest(document.blocks, document.blocks[1:]):
        _DRAWN[type(block)](made, block)
        if isinstance(block, Text) and isinstance(after, Code | Grid):
            made.paragraphs[-1].paragraph_format.keep_with_next = True
    _mark_headings(made)
    made.core_properties.title = document.title
    made.core_properties.author = edition.product
    made.core_properties.created = made.core_properties.modified = edition.moment
    made.save(str(path))


def _set_up(made: Any, document: Document, edition: Edition) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = f"{edition.product}　{document.title}　{edition.version}"
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("第 ")
    _field(foot, "PAGE", "1")
    foot.add_run(" 页，共 ")
    _field(foot, "NUMPAGES", "1")
    foot.add_run(" 页")
    for name, face, size in (
        ("Normal", _SERIF, 10.5),
        *((f"Heading {level}", _SANS, 18 - 2 * level) for level in (1, 2, 3, 4)),
    ):
        style = made.styles[name]
        style.font.name, style.font.size = face[1], Pt(size)
        faces = style.element.get_or_add_rPr().get_or_add_rFonts()
        faces.set(qn("w:eastAsia"), face[0])
        # Word prefers the faces of its own theme where a style names them.
        for named in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            faces.attrib.pop(qn(f"w:{named}"), None)
    # Word fills in the contents when the file is opened.
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    made.settings.element.append(update)


def _cover(made: Any, document: Document, edition: Edition) -> None:
    for _ in range(7):
        made.add_paragraph()
    for text, size in ((edition.product, 17), (document.title, 28)):
        line = made.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(text)
        run.bold, run.font.size = True, Pt(size)
    for _ in range(9):
        made.add_paragraph()
    for text in edition.lines():
        made.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.CENTER
    made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _contents(made: Any, document: Document) -> None:
    """The headings as contents; a program that opens the file fills in the pages of their marks."""
    made.add_paragraph().add_run("目　录").bold = True
    for number, heading in enumerate(_listed(document)):
        line = made.add_paragraph(heading.text)
        line.paragraph_format.left_indent = Cm(0.75 * (heading.level - 1))
        line.paragraph_format.space_after = Pt(2)
        line.paragraph_format.tab_stops.add_tab_stop(Cm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        line.add_run("\t")
        _field(line, f"PAGEREF h{number} \\h", "")


def _listed(document: Document) -> list[Heading]:
    return [block for block in document.blocks if isinstance(block, Heading) and block.level <= 2]


def _mark_headings(made: Any) -> None:
    """Mark the headings that the contents name."""
    listed = [line for line in made.paragraphs if line.style.name in {"Heading 1", "Heading 2"}]
    for number, line in enumerate(listed):
        for kind, place in (("Start", 0), ("End", len(line._p))):
            mark = OxmlElement(f"w:bookmark{kind}")
            mark.set(qn("w:id"), str(number))
            if kind == "Start":
                mark.set(qn("w:name"), f"h{number}")
            line._p.insert(place + (kind == "Start" and line._p.pPr is not None), mark)


def _field(paragraph: Any, instruction: str, shown: str) -> None:
    _begin(paragraph, instruction)
    paragraph.add_run(shown)
    _mark(paragraph, "end")


def _begin(paragraph: Any, instruction: str) -> None:
    _mark(paragraph, "begin")
    asked = OxmlElement("w:instrText")
    asked.set(qn("xml:space"), "preserve")
    asked.text = instruction
    paragraph.add_run()._r.append(asked)
    _mark(paragraph, "separate")


def _mark(paragraph: Any, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


def _heading(made: Any, block: Heading) -> None:
    made.add_heading(block.text, block.level)


def _text(made: Any, block: Text) -> None:
    made.add_paragraph(block.text)


def _bullets(made: Any, block: Bullets) -> None:
    for number, item in enumerate(block.items, block.first):
        made.add_paragraph(f"{number}. {item}" if block.numbered else item, None if block.numbered else "List Bullet")


def _grid(made: Any, block: Grid) -> None:
    table = made.add_table(1, len(block.head), "Table Grid")
    table.autofit = False
    _narrow_margins(table)
    widths = [Cm(_WIDTH * share) for share in shares(block)]
    for cells, line, bold in ((table.rows[0].cells, block.head, True), *((None, row, False) for row in block.rows)):
        for cell, text, width in zip(cells or table.add_row().cells, line, widths, strict=True):
            cell.width = width
            run = cell.paragraphs[0].add_run(text)
            run.bold, run.font.size = bold, Pt(size_of(block))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        # One that is taller than a page is parted all the same.
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    # A whole line would make a page of its own below a table that ends the last one.
    below = made.add_paragraph().paragraph_format
    below.space_after, below.line_spacing = Pt(0), Pt(8)


def _narrow_margins(table: Any) -> None:
    """Leave the width of a cell to its words: with Word's own margins a day does not fit where the PDF shows it."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "57")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _picture(made: Any, block: Picture) -> None:
    width, height = fitted(block.path, _WIDTH, _TALLEST)
    made.add_picture(str(block.path), Cm(width), Cm(height))
    made.paragraphs[-1].paragraph_format.keep_with_next = True
    caption = made.add_paragraph(block.caption)
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _code(made: Any, block: Code) -> None:
    run = made.add_paragraph().add_run(block.text)
    run.font.name, run.font.size = "Consolas", Pt(8.5)


_DRAWN: dict[type[Block], Callable[[Any, Any], None]] = {
    Heading: _heading,
    Text: _text,
    Bullets: _bullets,
    Grid: _grid,
    Picture: _picture,
    Code: _code,
}
