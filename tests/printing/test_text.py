"""Line and page breaking: nothing overflows, nothing is lost, and no mark stands where it must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing.page import HEADING, Issue, Paper
from printing.table import LABEL, Cell, grid, table
from printing.text import NEVER_FIRST, NEVER_LAST, Span, Style, filled, lines, plain
from tests.printing.reading import pages_of

STYLE = Style()
ISSUE = Issue("A1", "单位", date(2026, 1, 1))
CHINESE = st.text(alphabet="租赁合同当事人，。；（）《》、：“”0123456789ABCxyz .-%㎡", max_size=200)


@given(CHINESE, st.integers(30, 400))
def test_no_line_is_wider_than_its_column(text: str, room: int) -> None:
    assert all(line.width <= room + 0.1 for line in lines(text, room, STYLE))


@given(CHINESE, st.integers(30, 400))
def test_breaking_loses_nothing_but_blanks(text: str, room: int) -> None:
    broken = "".join(line.text for line in lines(text, room, STYLE))
    assert broken.replace(" ", "") == text.replace(" ", "")


@given(
    st.lists(
        st.sampled_from(["租赁", "（合同）", "《条例》，", "“当事人”。", "自2026-11-25起", "计8,500.00元，"]),
        min_size=1,
    )
)
def test_marks_and_numbers_stay_with_their_words(words: list[str]) -> None:
    text = "".join(words)
    broken = [line.text for line in lines(text, 90, STYLE)]
    assert [line for line in broken if line[0] in NEVER_FIRST or line[-1] in NEVER_LAST] == []
    for number in ("2026-11-25", "8,500.00"):
        assert sum(line.count(number) for line in broken) == text.count(number)


@pytest.mark.parametrize("room", [20, 90, 300])
def test_a_word_longer_than_the_line_is_cut_and_kept_whole(room: int) -> None:
    word = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 5
    broken = lines(word, room, STYLE)
    assert "".join(line.text for line in broken) == word
    assert all(line.width <= room for line in broken)


def test_line_ends_of_all_systems_are_line_ends() -> None:
    assert [line.text for line in lines("甲\r\n乙\r丙\n丁\t戊", 300, STYLE)] == ["甲", "乙", "丙", "丁\u3000戊"]


def test_a_filled_value_keeps_the_rule_at_its_ends() -> None:
    broken = lines(["租金为人民币", filled("8,500.00 元"), "整"], 75, STYLE)
    ruled = [piece.text for line in broken for piece in line.pieces if piece.underline]
    assert plain(ruled).replace("\u00a0", "") == "8,500.00元" or plain(ruled) == "\u00a08,500.00 元\u00a0"
    assert all(text.strip("\u00a0") for text in ruled)


def test_bold_spans_keep_their_place() -> None:
    (line,) = lines(["普通", Span("加粗", bold=True), "普通"], 300, STYLE)
    assert [(piece.text, piece.face == STYLE.bold) for piece in line.pieces] == [
        ("普通", False),
        ("加粗", True),
        ("普通", False),
    ]


@pytest.mark.parametrize("before", range(30, 44))
def test_a_heading_is_never_left_alone(before: int) -> None:
    paper = Paper("题目", ISSUE)
    for number in range(before):
        paper.write(f"第{number}行")
    paper.heading("独立标题")
    paper.write("正文" * 100)
    (page,) = [text for text in pages_of(paper.pdf()) if "独立标题" in text]
    assert "独立标题正文正文" in page


@pytest.mark.parametrize("before", range(30, 44))
def test_a_paragraph_leaves_no_single_line_on_either_page(before: int) -> None:
    paper = Paper("题目", ISSUE)
    for _ in range(before):
        paper.write("行")
    count = len(lines("长" * 200, 483, STYLE))
    paper.write("长" * 200)
    shown = [page.count("长") for page in pages_of(paper.pdf()) if "长" in page]
    per_line = max(len(line.text) for line in lines("长" * 200, 483, STYLE))
    assert count > 3
    assert sum(shown) == 200
    assert all(characters > per_line for characters in shown)


def test_a_row_longer_than_a_page_goes_on_with_its_label() -> None:
    paper = Paper("题目", ISSUE)
    table(paper, (0.2, 0.8), [(Cell("标签", style=LABEL), Cell("内容" * 2000))])
    pages = pages_of(paper.pdf())
    assert len(pages) > 2
    assert all("标签" in page for page in pages)
    assert sum(page.count("内") for page in pages) == 2000


def test_grid_head_is_repeated_on_each_page() -> None:
    paper = Paper("题目", ISSUE)
    grid(paper, (("列甲", 1), ("列乙", 1)), [(str(number), "值") for number in range(200)])
    pages = pages_of(paper.pdf())
    assert len(pages) > 3
    assert all(page.count("列甲列乙") == 1 for page in pages)
    assert sum(page.count("值") for page in pages) == 200


def test_styles_change_without_touching_the_original() -> None:
    assert HEADING.but(size=30) == replace(HEADING, size=30)
    assert HEADING.size == 12
