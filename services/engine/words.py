"""Checks of free text that a person types: a reason, an opinion, an explanation."""

from models.normal import BadText, clean_text
from services.engine.refusals import Rejected

LEAST_WORDS, MOST_WORDS = 5, 1000


def enough_words(text: str, what: str, *, least: int = LEAST_WORDS, most: int = MOST_WORDS) -> str:
    """Clean text of at least `least` characters, blanks not counted, or a refusal that names the field."""
    said = some_words(text, what, most=most)
    if len("".join(said.split())) < least:
        raise Rejected(f"请填写{what}（不少于{least}个字）")
    return said


def some_words(text: str, what: str, *, most: int = MOST_WORDS) -> str:
    """Clean text that may be empty; refuses what is too long and characters that no reader can see (H28)."""
    try:
        return clean_text(text, most, multiline=True)
    except BadText as problem:
        raise Rejected(f"{what}：{problem.sentence}") from problem
