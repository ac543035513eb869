"""Pinyin initials and variant characters, by which a name is found without its exact spelling (issue 19)."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, islice, product

from models.own_data import own_rows

#: Surnames of one character that are read otherwise than the word.
_SURNAMES = {
    "单": "s",
    "解": "x",
    "仇": "q",
    "查": "z",
    "区": "o",
    "乐": "y",
    "尉": "y",
    "覃": "q",
    "翟": "z",
    "种": "c",
}
_MOST_SPELLINGS = 32


@lru_cache(maxsize=1)
def _letters() -> Mapping[str, str]:
    return {char: row["letter"] for row in own_rows("names/initials.csv") for char in row["characters"]}


@lru_cache(maxsize=1)
def _variants() -> Mapping[str, str]:
    return {row["character"]: row["variants"] for row in own_rows("names/variants.csv")}


def initials(text: str) -> str:
    """Return the pinyin initials of Han characters (sfz finds 身份证); other letters and digits are kept."""
    known = _letters()
    return "".join(known.get(char) or char.casefold() for char in text if char.isalnum())


def name_letters(name: str) -> str:
    """Return the initials of a person's name, of a surname as it is read in names."""
    name = name.strip()
    return _SURNAMES.get(name[:1], initials(name[:1])) + initials(name[1:])


def spellings(text: str) -> tuple[str, ...]:
    """Return a text as written, then with one, two and three of its characters in a variant: 黃 for 黄; 32 at most."""
    known = _variants()
    places = [place for place, char in enumerate(text) if char in known]
    return tuple(islice(_changed(text, places, known), _MOST_SPELLINGS))


def _changed(text: str, places: Sequence[int], known: Mapping[str, str]) -> Iterator[str]:
    for count in range(4):
        for chosen in combinations(places, count):
            for others in product(*(known[text[place]] for place in chosen)):
                chars = list(text)
                for place, other in zip(chosen, others, strict=True):
                    chars[place] = other
                yield "".join(chars)


def same_character(one: str, other: str) -> bool:
    """Tell whether two characters are the same or variants of each other."""
    return one == other or other in _variants().get(one, "")


def are_letters(text: str) -> bool:
    """Tell whether a text may be initials: two ASCII letters and more."""
    return len(text) > 1 and text.isascii() and text.isalpha()


def is_named_in(word: str, text: str) -> bool:
    """Tell whether a text holds a word, in variant characters too, or its initials."""
    held = text.casefold()
    by_letters = are_letters(word) and word.casefold() in initials(text)
    return by_letters or any(one in held for one in spellings(word.casefold()))
