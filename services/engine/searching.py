"""What somebody types to search by: taken as it stands or refused in a sentence (H26, H28)."""

from typing import TypeVar

from models.codes import Code
from models.normal import BadText, clean_text
from services.engine.refusals import Rejected

Kind = TypeVar("Kind", bound=Code)


def search_word(text: str, longest: int = 60) -> str:
    """The word without blanks around it. What cannot be seen is no word: some databases end a pattern at it."""
    try:
        return clean_text(text, longest)
    except BadText as problem:
        raise Rejected(problem.sentence) from problem


def chosen(codes: type[Kind], value: str) -> Kind:
    """The code a filter names; one that does not exist was not chosen on our page."""
    try:
        return codes.of(value)
    except ValueError:
        raise Rejected("筛选条件不正确，请重新选择") from None
