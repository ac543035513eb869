"""Normal forms of typed text for storage, index and comparison (H28-H30, H32, H33)."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from models.letters import name_letters
from models.own_data import own_rows
from models.places_data import cert_signs

DOTS = "\u2022\u30fb\uff65\u2027\u2219\u22c5\uff0e\u0387"
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\uff0d"
#: Characters of a name and of an address at most, at every door they come in by.
LONGEST_NAME, LONGEST_ADDRESS = 100, 200
_NEUTRAL_BLANKS = " \t\r\n\u00a0\u3000"
_HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_BRACKETS = str.maketrans("（）〔〕【】［］[]", "()()()()()")
_TWINS = {full: half for full, half in _HALF_WIDTH.items() if chr(half).isalnum()}
_TO_DOT = str.maketrans(dict.fromkeys(DOTS, "·"))
_HAN = re.compile("[\u4e00-\u9fff]+")
# Invisible though Unicode files them under letters and marks: fillers, joiners of glyphs, variation selectors.
_INVISIBLE_LETTERS = frozenset(map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0)))


class BadText(ValueError):
    """A text that is refused; `sentence` says what to change."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Cert:
    """A title number in its parts; `form` is new, old or public."""

    form: str
    sign: str
    year: int | None
    serial: str

    @property
    def stored(self) -> str:
        """The form that is kept and indexed: half-width brackets, no blanks."""
        if self.form == "new":
            return f"沪({self.year}){self.sign}字不动产权第{self.serial}号"
        if self.form == "old":
            return f"沪房地{self.sign}字({self.year})第{self.serial}号"
        return f"沪公租凭{self.sign}字第{self.serial}号"

    @property
    def printed(self) -> str:
        """The form that papers show: full-width brackets."""
        return printed_cert(self.stored)


# ------------------------------------------------------------------ cleaning


def half_width(text: str) -> str:
    """Full-width Latin letters, digits, signs and the ideographic blank as their half-width twins."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def digits_and_letters(text: str) -> str:
    """Full-width digits and letters as their twins; brackets of a name stay as they are written in Chinese."""
    return text if text.isascii() else text.translate(_TWINS)


def normal_number(text: str) -> str:
    """A certificate's, contract's or company's number as it is compared: half-width, one kind of brackets, no blanks,
    upper case."""
    return normal_cert_no(half_width(unicodedata.normalize("NFC", text)).translate(_BRACKETS))


_BUILDING = re.compile(r"([0-9A-Z]+)(?:#|号楼|号|幢|栋|座|楼)?")


def normal_building_no(text: str) -> str:
    """A building's number in its one spelling: 18号楼, 18＃ and 18 are 18#; other texts without blanks, in upper case."""
    plain = normal_number(text)
    found = _BUILDING.fullmatch(plain)
    return f"{found[1]}#" if found else plain


#: Signs of ASCII and common Han characters: nothing in such a text is a blank, invisible or unacceptable.
_SEEN = re.compile("[!-~\u4e00-\u9fff]*")


def is_plainly_seen(text: str) -> bool:
    """True for most texts: every character of it prints and is no blank; others may be as good."""
    return _SEEN.fullmatch(text) is not None


def is_invisible(char: str) -> bool:
    """True for characters that print nothing and are no blank: zero-width, bidi controls, selectors, fillers."""
    if char in _INVISIBLE_LETTERS or 0xFE00 <= ord(char) <= 0xFE0F or 0xE0000 <= ord(char) <= 0xE01EF:
        return True
    return unicodedata.category(char) == "Cf"


def clean_text(value: str, max_code_points: int, *, multiline: bool = False) -> str:
    """Return the text in NFC, trimmed, private-use characters replaced; `BadText` for invisible characters."""
    text = value.strip(_NEUTRAL_BLANKS)
    if multiline:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", text.translate(_gbk_private_use()))
    for place, char in enumerate("" if _SEEN.fullmatch(text) else text, 1):
        if char == "\n" and multiline:
            continue
        if problem := _unacceptable(char):
            raise BadText(f"第{place}个字符（U+{ord(char):04X}）是{problem}，请删除后重新填写。")
    if len(text) > max_code_points:
        raise BadText(f"最多可填写{max_code_points}个字，现有{len(text)}个字，请缩短。")
    return text


def clean_name(value: str, max_code_points: int = 60) -> str:
    """Return a name in its stored form: clean text, a single kind of middle dot, single blanks."""
    return _one_blank(clean_text(value, max_code_points).translate(_TO_DOT))


def _unacceptable(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cc":
        return "控制字符"
    if category == "Cs":
        return "残缺的字符"
    if category == "Co":
        return "自造字，其他系统无法显示"
    if category in ("Zl", "Zp"):
        return "换行控制符"
    if is_invisible(char):
        return "看不见的字符"
    # Unassigned is no reason: the tables of Python are older than some characters in names.
    if char == "\ufffd" or ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF:
        return "乱码"
    return ""


@lru_cache(maxsize=1)
def _gbk_private_use() -> Mapping[int, str]:
    """Private-use code points of old GBK systems and the characters that took their place."""
    return {int(row["pua"][2:], 16): row["char"] for row in own_rows("names/gbk_pua_map.csv")}


def _one_blank(text: str) -> str:
    return re.sub(r"\s*·\s*", "·", " ".join(text.split()))


def without_blanks(text: str) -> str:
    """The text without blanks and invisible characters."""
    if _SEEN.fullmatch(text):
        return text
    return "".join(char for char in text if not (char.isspace() or is_invisible(char)))


# ------------------------------------------------------------------ forms for the index


def normal(domain: str, text: str) -> str:
    """The form under which a value of this index domain is found; never fails on odd text."""
    return _FORMS[domain](text)


def normal_name(text: str) -> str:
    # Most names are Han characters only, which every step below leaves as they are.
    if _HAN.fullmatch(text):
        return text
    visible = "".join(char for char in text.translate(_gbk_private_use()) if not is_invisible(char))
    # The full-width stop is a dot variant and must not become an ASCII one.
    plain = half_width(visible.translate(_TO_DOT))
    return unicodedata.normalize("NFC", _one_blank(unicodedata.normalize("NFC", plain)).casefold())


def normal_id_no(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.upper()
    plain = half_width(without_blanks(text)).lstrip("'").upper()
    # Only dashes between characters separate groups; a leading one is a wrong number, not a separator.
    return re.sub(rf"(?<=[0-9A-Z])[{DASHES}](?=[0-9A-Z])", "", plain)


def normal_phone(text: str) -> str:
    """Return the digits without +86; a foreign number keeps its plus so that it does not look domestic."""
    if len(text) == 11 and text.isascii() and text.isdigit() and text[0] == "1":
        return text
    plain = half_width(without_blanks(text)).lstrip("'").removesuffix(".0")
    digits = re.sub(r"[^0-9]", "", plain)
    if home := re.fullmatch(r"(?:0086|86)?(1[0-9]{10})", digits):
        foreign = plain.startswith("+") and not digits.startswith("86")
        return f"+{digits}" if foreign else home[1]
    if plain.startswith("+86"):
        return digits[2:]
    return f"+{digits}" if plain.startswith("+") else digits


def normal_cert_no(text: str) -> str:
    plain = half_width(without_blanks(unicodedata.normalize("NFC", text)))
    return plain.translate(str.maketrans("〔〕[]", "()()")).upper()


def normal_acct(text: str) -> str:
    return re.sub(r"[^0-9]", "", half_width(text))


_FORMS: Mapping[str, Callable[[str], str]] = {
    "name": normal_name,
    "id_no": normal_id_no,
    "phone": normal_phone,
    "cert_no": normal_cert_no,
    "acct": normal_acct,
    "letters": name_letters,
}


# ------------------------------------------------------------------ title numbers


def printed_cert(text: str) -> str:
    """A title number with the full-width brackets of the paper."""
    return text.replace("(", "（").replace(")", "）")


def parse_cert(text: str) -> Cert | None:
    """Parse a title number of this city, whatever its brackets and blanks."""
    plain = normal_cert_no(text)
    if new := re.fullmatch(r"沪\(([0-9]{4})\)(.)字不动产权第([0-9]{6})号", plain):
        cert = Cert("new", new[2], int(new[1]), new[3])
        return cert if 2016 <= int(new[1]) <= 2099 and cert.sign in cert_signs() | {"市"} else None
    if old := re.fullmatch(r"沪房地(.)字\(((?:19|20)[0-9]{2})\)第([0-9]{6})号", plain):
        cert = Cert("old", old[1], int(old[2]), old[3])
        return cert if cert.sign in cert_signs() | {"市"} else None
    if public := re.fullmatch(r"沪公租凭(.)字第([0-9]{8})号", plain):
        return Cert("public", public[1], None, public[2]) if public[1] in cert_signs() else None
    return None


# ------------------------------------------------------------------ money, areas, days


def parse_money(text: str) -> Decimal:
    """An amount of yuan, at most twelve digits before the point and two after it."""
    return _parse_number(text, "金额", "元", whole=12, places=2)


def parse_area(text: str, places: int = 2) -> Decimal:
    """An area in square metres, at most ten digits before the point."""
    return _parse_number(text, "面积", "平方米", whole=10, places=places)


def _parse_number(text: str, what: str, unit: str, *, whole: int, places: int) -> Decimal:
    plain = half_width(text).strip()
    if not plain:
        raise BadText(f"请填写{what}。")
    if re.fullmatch(r"-[0-9.]+", plain):
        raise BadText(f"{what}不能为负数。")
    if not re.fullmatch(r"(0|[1-9][0-9]*)(\.[0-9]+)?", plain):
        raise BadText(f"{what}请只填写数字，例如1234.50，不要带逗号、单位（{unit}）或其他符号。")
    before, _, after = plain.partition(".")
    if len(before) > whole:
        raise BadText(f"{what}过大，整数部分最多{whole}位，请核对。")
    if len(after) > places:
        raise BadText(f"{what}最多保留{places}位小数。")
    return Decimal(plain)


def parse_day(text: str, *, earliest: date = date(1900, 1, 1), latest: date = date(2199, 12, 31)) -> date:
    """A calendar day written 2026-03-01, 2026/3/1, 2026年3月1日 or 20260301."""
    plain = half_width(text).strip()
    if not plain:
        raise BadText("请填写日期。")
    parts = (
        re.fullmatch(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})", plain)
        or re.fullmatch(r"([0-9]{4})(年)([0-9]{1,2})月([0-9]{1,2})日", plain)
        or re.fullmatch(r"([0-9]{4})()([0-9]{2})([0-9]{2})", plain)
    )
    if not parts:
        raise BadText("日期请按年月日填写，例如2026-03-01或20260301。")
    try:
        day = date(int(parts[1]), int(parts[3]), int(parts[4]))
    except ValueError:
        raise BadText(f"没有{int(parts[1])}年{int(parts[3])}月{int(parts[4])}日这一天，请核对日期。") from None
    if not earliest <= day <= latest:
        raise BadText(f"日期应在{earliest.isoformat()}至{latest.isoformat()}之间，请核对。")
    return day
