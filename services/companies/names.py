"""Names and codes of companies in the one form under which they are compared."""

import re
import unicodedata

from models.normal import half_width

_BRACKETS = str.maketrans("〔〕【】［］[]", "()()()()")
_IDLE = re.compile(r"[\s\u00b7.,，。、\-_'\"“”‘’]+")


def name_key(name: str) -> str:
    """A company's name without what people write in more than one way: width, brackets, blanks, case."""
    text = half_width(unicodedata.normalize("NFKC", name)).translate(_BRACKETS)
    return _IDLE.sub("", text).casefold()[:220]


def code_key(uscc: str) -> str:
    """Return a credit code in its normal form."""
    return re.sub(r"\s+", "", half_width(uscc)).upper()
