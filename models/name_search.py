"""Names found by a part of them, by variant characters and by pinyin initials (issue 19)."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.dialect import contains
from models.letters import are_letters, spellings


def holds_text(word: str, *columns: Any) -> Any:
    """Build the clause that one of the columns holds a text, in variant characters too; names also by their initials."""
    found = [contains(column, one) for column in columns for one in spellings(word)]
    if are_letters(word):
        found += [clause for column in columns if (clause := _holds_letters(column, word.casefold())) is not None]
    return sa.or_(*found)


def _holds_letters(column: Any, word: str) -> Any:
    """Build the clause that the initials of a name hold a word; those of a copied name are with the record it is of."""
    letters = beside(column, f"{column.key}_letters")
    if letters is not None:
        return letters.contains(word, autoescape=True)
    table, _, name = column.info.get("follows", "").partition(".") if hasattr(column, "info") else ("", "", "")
    if not table:
        return None
    source = SQLModel.metadata.tables[table].c
    named_so = sa.select(source.id).where(source[f"{name}_letters"].contains(word, autoescape=True))
    return beside(column, f"{table}_id").in_(named_so)


def beside(column: Any, name: str) -> Any:
    """Return another column of the same table, or None where it has none."""
    return getattr(column.parent.entity, name, None) if hasattr(column, "parent") else None
