"""Reads what a site plan writes into its buildings: number, storeys above and below ground, height (row 81)."""

import re
import unicodedata
from dataclasses import dataclass

_NUMERAL = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_CHINESE = re.compile("[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]")
_CHINESE_STOREYS = re.compile(f"({_CHINESE.pattern})(?=层)")
_NUMBER = (
    re.compile(
        r"(?<![\d.A-Z])([A-Z]{0,2}\d{1,4}(?:-\d{1,3})?[A-Z]?)\s*(?:#|号[\u4e00-\u9fff]{0,4}楼|号房|号幢|幢|栋|座)(?!地)"
    ),
    re.compile(r"(?<![A-Z])([A-Z])\s*(?:#|号楼|幢|栋|座)"),
    re.compile(r"(?:楼号|栋号|幢号)\s*[:=]?\s*([A-Z]{0,2}\d{1,4}[A-Z]?)"),
    re.compile(r"#\s*(\d{1,4}[A-Z]?)\s*(?:楼|栋|幢)?$"),
)
_BELOW = (
    re.compile(r"地下\s*(\d{1,2})\s*(?:层|F)"),
    re.compile(r"(?<![\dA-Z])-\s*(\d{1,2})\s*(?:F|层|D)"),
    re.compile(r"(?<=F)-\s*(\d{1,2})\s*(?:F|层|D)"),
    re.compile(r"\d{1,3}\s*F?\s*/\s*-\s*(\d{1,2})(?!\d)"),
    re.compile(r"(?<![A-Z\d])B\s*(\d{1,2})(?![\d#])"),
    re.compile(r"[/+]\s*(\d{1,2})\s*D(?![A-Z])"),
)
_ABOVE = (
    re.compile(r"(?:地上|共)\s*(\d{1,3})\s*(?:层|F)"),
    re.compile(r"(?<![\d.\-+A-Z])(\d{1,3})\s*(?:F(?![A-Z])|层)"),
    re.compile(r"(?<![A-Z])F\s*(\d{1,3})(?![\d.])"),
    re.compile(r"(?<!地下)层数\s*[:=]\s*(\d{1,3})(?![\d.])"),
    re.compile(r"(?<![\d.\-A-Z:])(\d{1,3})\s*/\s*-\s*\d{1,2}(?!\d)"),
)
_HEIGHT = re.compile(
    r"(?:(?<![A-Z])H\s*[=:]?|(?<!层)高度?\s*(?:为|约)?\s*[=:]?)\s*(\d{1,3}(?:\.\d{1,3})?)\s*(?:M|米)?(?![\d#F层])"
)


@dataclass(frozen=True)
class Label:
    """The words of a text about a building; None for what it does not say."""

    number: str | None = None
    above: int | None = None
    below: int | None = None
    height: float | None = None

    @property
    def says(self) -> bool:
        return self != Label()

    def joined(self, other: "Label") -> "Label":
        """This label, completed by another one."""
        return Label(
            self.number or other.number,
            self.above if self.above is not None else other.above,
            self.below if self.below is not None else other.below,
            self.height if self.height is not None else other.height,
        )


def read_label(text: str) -> Label:
    """Read one text; its lines are read one by one and joined."""
    label = Label()
    for line in text.splitlines() or [text]:
        label = label.joined(_read_line(line))
    return label


def building_key(number: str) -> str:
    """A building's number as numbers are compared and reported: `1#` for 1号楼, １＃, 1幢."""
    plain = unicodedata.normalize("NFKC", number).strip().upper().replace(" ", "")
    found = _number(plain)
    return f"{found}#" if found else plain if plain.endswith("#") or not plain else f"{plain}#"


def _read_line(line: str) -> Label:
    text = _CHINESE_STOREYS.sub(_arabic, unicodedata.normalize("NFKC", line)).upper().strip()
    found = _number(text)
    below = _first(_BELOW, text)
    without = re.sub(r"地下\s*\d{1,2}\s*(?:层|F)", " ", text)
    above = _first(_ABOVE, without)
    height = _HEIGHT.search(text)
    return Label(
        f"{found}#" if found else None,
        int(above) if above and int(above) > 0 else None,
        int(below) if below else None,
        float(height[1]) if height and float(height[1]) > 0 else None,
    )


def _number(text: str) -> str:
    for pattern in _NUMBER:
        if found := pattern.search(text):
            return found[1].lstrip("0") or found[1]
    return ""


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> str:
    return next((found[1] for pattern in patterns if (found := pattern.search(text))), "")


def _arabic(found: re.Match[str]) -> str:
    word = found[1]
    if "十" not in word:
        return str(_NUMERAL[word])
    tens, _, ones = word.partition("十")
    return str((_NUMERAL[tens] if tens else 1) * 10 + (_NUMERAL[ones] if ones else 0))
