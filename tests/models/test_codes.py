"""Codes: every member has a label, and a tone where the members of its enum have one."""

import copy
import pickle

import services.everything  # noqa: F401  (imports every module with a code)
from models.codes import Code, Toned
from models.records import RevisionState
from tests.report import each_in_turn

TONES = {"good", "info", "warn", "bad", "muted"}


def all_codes(kind: type[Code] = Code) -> list[type[Code]]:
    return [found for child in kind.__subclasses__() for found in (child, *all_codes(child))]


CODES = [kind for kind in all_codes() if kind.__module__.split(".")[0] in {"models", "services"}]


@each_in_turn("kind", CODES)
def test_either_all_members_of_a_code_have_a_tone_or_none_has(kind: type[Code]) -> None:
    tones = {member.tone for member in kind}
    assert tones == {""} or tones <= TONES


def test_every_state_has_a_tone() -> None:
    states = [kind for kind in CODES if kind.__name__.endswith(("State", "Outcome"))]
    assert len(states) > 30
    assert [kind.__name__ for kind in states for member in kind if not member.tone] == []


def test_a_stored_value_that_is_not_known_is_shown_in_red() -> None:
    assert (RevisionState.stored("?").label, RevisionState.stored("?").tone) == ("无法识别", "bad")


def test_a_toned_word_keeps_its_tone_when_it_is_copied() -> None:
    word = Toned("今天到期", "warn")
    assert word == "今天到期"
    assert copy.deepcopy(word).tone == pickle.loads(pickle.dumps(word)).tone == "warn"
