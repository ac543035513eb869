"""Rules made with the words of a file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from services.engine.findings import Severity
from services.engine.rule_declaration import Catalogue, Fault
from services.engine.thresholds import Thresholds

WORDS = """
[laws]
ordinance = "条例"
practice = "惯例"
referred = "规定（参照第{}条）"

[places]
here = "窗口"

[X02]
label = "先"
message = "先一条"
basis = ["ordinance 五", "referred 六"]
where = "here"

[X01]
label = "后"
message = "后一条"
basis = "practice"
where = "别处"
"""


@dataclass(frozen=True)
class Facts:
    thresholds: Thresholds = field(default_factory=lambda: Thresholds(date(2026, 6, 30), {}))


def always(facts: Facts) -> Iterator[Fault]:
    yield Fault("field")


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    (tmp_path / "words.toml").write_text(WORDS, encoding="utf-8")
    return Catalogue(tmp_path / "words.toml")


def test_rules_run_in_the_order_of_the_file_with_its_words(catalogue: Catalogue) -> None:
    catalogue.rule("X01", Severity.WARN)(always)
    catalogue.rule("X02", Severity.REFUSE, forceable=True)(always)
    first, second = catalogue.rules("X")
    assert (first.code, first.basis, first.where, first.forceable) == (
        "X02",
        "条例第五条；规定（参照第六条）",
        "窗口",
        True,
    )
    assert (second.code, second.basis, second.where) == ("X01", "惯例", "别处")
    assert [finding.message for finding in first.check(Facts())] == ["先一条"]


def test_words_without_a_rule_and_a_rule_without_words_are_refused(catalogue: Catalogue) -> None:
    catalogue.rule("X01", Severity.WARN)(always)
    with pytest.raises(KeyError):
        catalogue.rules()
    with pytest.raises(KeyError):
        catalogue.rule("X03", Severity.WARN)


def test_a_catalogue_knows_the_names_of_another(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(
        '[Y01]\nlabel = "又"\nmessage = "又一条"\nbasis = "ordinance"\n', encoding="utf-8"
    )
    own = Catalogue(tmp_path / "own.toml", known=catalogue)
    assert own.rule("Y01", Severity.WARN)(always).basis == "条例"
