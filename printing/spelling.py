"""Characters that no font has, spelt by their code, so that working papers can always be printed.

Issued papers wait until the font is installed (`services/documents/rendition.py`).
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from printing.fonts import Face, MissingGlyph, missing

Page = TypeVar("Page")


def drawn(render: Callable[[Page], bytes], page: Page) -> bytes:
    """The page as it is; where a character cannot be printed, with `〔U+1F3E0〕` in its place."""
    try:
        return render(page)
    except MissingGlyph:
        return render(spelt(page))


def spelt(page: Page) -> Page:
    """Return the page data with every character that no font has spelt by its code."""
    whole: Page = _spelt(page)
    return whole


def _spelt(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _spelt(getattr(value, one.name)) for one in fields(value) if one.init})
    if type(value) is tuple:
        return tuple(_spelt(one) for one in value)
    return value


def _text(text: str) -> str:
    if text.isascii():
        return text
    unknown = {char for face in Face for char in missing(text, face) if not char.isspace()}
    return "".join(f"〔U+{ord(char):04X}〕" if char in unknown else char for char in text)
