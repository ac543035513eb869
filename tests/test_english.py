"""Docstrings and comments are plain English: the lint finds riddles, and finds none in the source."""

from pathlib import Path

import pytest

from deploy.english import ROOT, problem_of, problems, sources


def test_no_docstring_or_comment_is_a_riddle() -> None:
    found = [f"{path.relative_to(ROOT)}:{line}: {problem}" for path in sources() for line, problem in problems(path)]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "Whose number of eighteen characters it is.",
        "The same of many projects by two statements.",
        "Take it off what stands; `quiet` while its condition lasts.",
        "Nothing of the record is another for that.",
        "Lock the row; somebody was told meanwhile.",
    ],
)
def test_riddles_are_found(text: str) -> None:
    assert problem_of(text)


def test_a_comment_is_held_to_the_same_words(tmp_path: Path) -> None:
    path = tmp_path / "made_up.py"
    path.write_text('"""Module."""\n\n# Whoever comes second waits.\nNAME = "# told"  # What a page shows.\n')
    assert [line for line, _ in problems(path)] == [3]


@pytest.mark.parametrize(
    "text",
    [
        "End an alert. With `quiet`, do not reopen it while its condition still holds.",
        "A sample message; `told` is the sentence in the handbook.",
        "Return whether a rule runs on a day.",
    ],
)
def test_plain_sentences_pass(text: str) -> None:
    assert problem_of(text) == ""
