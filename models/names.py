"""Names of persons as documents write them: what is wrong with one, and text damaged by a wrong character set."""

import re
import unicodedata

#: Characters of a name that is not in Latin letters, and of such a name or part of one without a dot, hyphen or blank.
_LONGEST, _LONGEST_PART = 30, 20
#: Beside letters: the dot, hyphen and blank between parts, the apostrophe as keyboards, phones and Word write it.
_BETWEEN = "·'‘’＇-. "
_PARTED = f"[{re.escape(_BETWEEN)}]"
#: Marks one letter may bear; more are no writing.
_MOST_MARKS = 4
#: What replacement characters and uninitialised memory become when they are read as GBK.
_LEFTOVERS = ("锟斤拷", "烫烫烫", "屯屯屯", "\ufffd")
DAMAGED = "文字已损坏，请从原系统重新导出为 UTF-8 或 xlsx"


def name_problem(name: str) -> str:
    """Return what is wrong with a cleaned name, as a Chinese sentence that names the character; empty if nothing is."""
    if is_garbled(name):
        return DAMAGED
    if len(name) > _LONGEST and not name.isascii():
        return f"姓名超过{_LONGEST}个字，请按证件原样填写"
    if not name.isascii() and any(len(part) > _LONGEST_PART for part in re.split(_PARTED, name)):
        return f"姓名连续超过{_LONGEST_PART}个字，请按证件原样填写，各段之间用“·”分开"
    marks = _MOST_MARKS
    for char in name:
        if _is_letter(char):
            marks = 0
        elif unicodedata.category(char) in ("Mn", "Mc") and marks < _MOST_MARKS:
            # Scripts of India and vowel signs: part of the letter before.
            marks += 1
        elif char in _BETWEEN:
            marks = _MOST_MARKS
        else:
            return _sentence(char)
    return ""


def _is_letter(char: str) -> bool:
    # 〇 of names such as 李〇 is a number to Unicode; characters of the far planes may be younger than the tables of Python.
    return char.isalpha() or char == "〇" or 0x20000 <= ord(char) <= 0x3FFFF


def _sentence(char: str) -> str:
    canonical = unicodedata.normalize("NFKC", char)
    if canonical != char and canonical.isalpha():
        return f"姓名中的“{char}”是部首或符号，与“{canonical}”字形相同但不是同一个字，请改为“{canonical}”"
    if unicodedata.category(char).startswith("C"):
        return "姓名含看不见的字符，请按证件原样填写"
    kind = "数字" if char.isdecimal() else "符号"
    return f"姓名含{kind}“{char}”，请按证件原样填写"


def is_garbled(text: str) -> bool:
    """Return whether a text was read in the wrong character set: GBK or UTF-8 as Latin-1, UTF-8 as GBK, or replacement characters.

    张三 becomes ÕÅÈý, å¼ ä¸‰ or 寮犱笁. A foreign name in Latin letters with accents is none, nor a Chinese one that happens to be
    valid UTF-8 but is written in characters of GB 2312 only.
    """
    if text.isascii():
        return False
    if any(leftover in text for leftover in _LEFTOVERS):
        return True
    letters = [char for char in text if char.isalpha() or ord(char) > 0x7F]
    western = len(letters) >= 2 and all(0x80 <= ord(char) <= 0xFF for char in letters)
    if western and _is_chinese(_read_again("".join(letters), "latin-1", "gbk")):
        return True
    if (content := _western_bytes(text)) is not None:
        return _is_chinese(_decoded(content, "utf-8"))
    if _in_set(text, "gb2312"):
        return False
    return _is_chinese(_read_again(text, "gbk", "utf-8"))


def _read_again(text: str, wrong: str, right: str) -> str:
    try:
        return _decoded(text.encode(wrong), right)
    except UnicodeError:
        return ""


def _decoded(content: bytes, character_set: str) -> str:
    try:
        return content.decode(character_set)
    except UnicodeError:
        return ""


def _western_bytes(text: str) -> bytes | None:
    """Return the bytes of a text of Windows' western set, whose gaps stand for themselves; None for any other text."""
    try:
        return b"".join(char.encode("latin-1" if ord(char) <= 0xFF else "cp1252") for char in text)
    except UnicodeError:
        return None


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text) and all(
        "\u4e00" <= char <= "\u9fff" or "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef" or char.isascii()
        for char in text
    )


def _in_set(text: str, character_set: str) -> bool:
    try:
        text.encode(character_set)
    except UnicodeError:
        return False
    return True
