"""One word for one outcome: the table of models/GLOSSARY.md against screens, papers and manuals (issue 19)."""

import re
from collections.abc import Iterator
from pathlib import Path

from models.direct_pay_codes import PilotState
from models.engine import ParameterState
from models.forced_review import CivilState, ReviewState
from models.partners import ChangeState
from models.rights import BindingState
from models.tenancy_codes import CaseState
from models.verification_codes import ForcedState, VerificationState
from services.engine.findings import Outcome, Result
from tests.browser import ROOT

_TABLE = ROOT / "models" / "GLOSSARY.md"
_READ = {
    "ui": ("py", "js", "html", "toml"),
    "services": ("py", "toml"),
    "printing": ("py",),
    "models": ("py",),
    "integrations": ("py",),
}
#: A paper whose title the city's forms fix, whoever names it.
_TITLED = re.compile("不予备案（退件）告?知?书?")


def outcomes() -> dict[str, tuple[str, ...]]:
    """Return the word of each outcome with the words that are not used for it."""
    part = _TABLE.read_text(encoding="utf-8").split("## Outcomes")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in part.splitlines() if line.startswith("|")]
    return {word: tuple(others.split("、")) for _, word, others in rows[2:]}


def texts() -> Iterator[tuple[Path, str]]:
    for folder, kinds in _READ.items():
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix[1:] in kinds:
                yield path, path.read_text(encoding="utf-8")
    for part in ("manual", "admin", "partners", "handover"):
        for path in sorted((ROOT / "docs" / part).glob("*.md")):
            yield path, path.read_text(encoding="utf-8")


def test_no_screen_paper_or_manual_has_another_word_for_an_outcome() -> None:
    others = [word for words in outcomes().values() for word in words]
    assert len(others) > 12
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path, text in texts()
        for word in others
        if word in _TITLED.sub("", text)
    ]
    assert found == []


def test_the_states_have_the_words_of_the_table() -> None:
    words = outcomes()
    assert {Outcome.REFUSE.label, CaseState.RETURNED.label, CaseState.REFUSED.label, Result.FAIL.label} <= set(words)
    assert Outcome.REFUSE.label == CaseState.RETURNED.label


def test_what_a_person_does_not_agree_to_has_one_word() -> None:
    reviews = (ReviewState.REFUSED, CivilState.REFUSED, ForcedState.REFUSED)
    seconds = (PilotState.REJECTED, ParameterState.REJECTED, ChangeState.REFUSED, BindingState.REFUSED)
    assert {one.label for one in (*reviews, *seconds)} == {"未同意"}
    assert VerificationState.FAILED_FINAL.label == "强制核验未同意"
