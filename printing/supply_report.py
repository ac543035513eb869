"""可供应量统计月报: eight pages with figures, tables and charts, each page of a subject (row 83, market 5.5)."""

from dataclasses import dataclass

from printing.charts import PaperChart, draw_chart
from printing.page import BODY, NOTE, ROOM, Issue, Paper
from printing.table import DENSE, grid
from printing.text import Align

TITLE = "上海市商品房可供应量统计月报"
#: From so many rows a table leaves out, and says so.
MOST_ROWS = 44


@dataclass(frozen=True)
class PaperTable:
    """A table: its columns, whose widths share the page, the places of those that hold text, and its rows."""

    columns: tuple[tuple[str, float], ...]
    texts: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    #: Words under it, such as how many rows were left out.
    note: str = ""


@dataclass(frozen=True)
class PaperSection:
    """A page: head, sentences, charts with their heights, tables."""

    head: str
    sentences: tuple[str, ...] = ()
    charts: tuple[tuple[PaperChart, float], ...] = ()
    tables: tuple[PaperTable, ...] = ()


@dataclass(frozen=True)
class SupplyPaper:
    """The monthly report, ready to be drawn."""

    issue: Issue
    about: str
    sections: tuple[PaperSection, ...]


def render(report: SupplyPaper) -> bytes:
    """The report as PDF; equal figures give equal bytes."""
    paper = Paper(TITLE, report.issue, number_label="报告期")
    paper.write(report.about, NOTE)
    for number, section in enumerate(report.sections, 1):
        if number > 1:
            paper.turn()
        paper.heading(f"{number}　{section.head}")
        for sentence in section.sentences:
            paper.write(sentence, BODY.but(after=3))
        for chart, height in section.charts:
            draw_chart(paper, chart, height)
        for table in section.tables:
            whole = sum(share for _, share in table.columns)
            columns = [(label, share * ROOM / whole) for label, share in table.columns]
            centred = [at for at in range(len(columns)) if at not in table.texts]
            grid(paper, columns, table.rows, centred=centred, style=DENSE.but(size=7.6, leading=11))
            paper.gap(4)
            if table.note:
                paper.write(table.note, NOTE.but(align=Align.LEFT))
    return paper.pdf()
