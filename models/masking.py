"""Masks of personal values: profile I for internal lists, profile P for the public, partners and logs."""

import re
from collections.abc import Callable, Mapping

_HOUSE_NUMBER = re.compile(r"[0-9０-９]|[零〇一二两三四五六七八九十百千]+(?=[号弄幢室楼])")
_DISTRICT = re.compile(r"^[^0-9０-９]{1,12}?(?<![小社园校街景厂矿库])[区县]")
_LAND_LINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2})-?)([0-9]{7,8})")
_CERT = re.compile(
    r"(?P<new>沪[(（][0-9]{4}[)）])(?P<of_new>.字不动产权第)(?P<s1>[0-9]+)号"
    r"|(?P<old>沪房地)(?P<of_old>.字[(（][0-9]{4}[)）]第)(?P<s2>[0-9]+)号"
    r"|(?P<public>沪公租凭)(?P<of_public>.字第)(?P<s3>[0-9]+)号"
)


def mask(kind: str, value: str, profile: str = "I") -> str:
    """Mask a value for a profile. An unknown kind shows nothing; an unknown profile is the public one."""
    text = value.strip()
    masks = _MASKS.get(kind)
    if not text or masks is None:
        return _hidden(text)
    return masks[0 if profile == "I" else 1](text)


def _hidden(text: str) -> str:
    return "*" * len(text)


def _ends(text: str, head: int, tail: int) -> str:
    """The text with its middle hidden; too short a text is hidden whole."""
    if len(text) <= head + tail:
        return _hidden(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def _name_inside(text: str) -> str:
    if len(text) == 1:
        return "*"
    if len(text) == 2:
        return text[0] + "*"
    latin = text[0].isascii() and text[0].isalpha()
    return text[0] + "*" * min(len(text) - 2, 3 if latin else 2) + text[-1]


def _name_public(text: str) -> str:
    return "*" if len(text) == 1 else text[0] + "*" * min(len(text) - 1, 2)


#: How a body's name ends, or what only a body's name holds: such a name is not a person's.
_BODY = re.compile(
    r"公司|集团|企业|合伙|银行|基金|中心|委员会|管理局|厂$|事务所|研究[院所]|大学|医院|政府|信托|合作社"
    r"|\b(?:ltd|limited|inc|llc|gmbh|corp|corporation|plc|holdings?|s\.a\.|b\.v\.)\b\.?",
    re.IGNORECASE,
)


def _party(text: str, person: Callable[[str], str]) -> str:
    """A body's name is shown, a person's masked."""
    return text if len(text) > 4 and _BODY.search(text) else person(text)


def _id_inside(text: str) -> str:
    if re.fullmatch(r"[0-9]{17}[0-9Xx]", text):
        return _ends(text, 3, 4)
    return _ends(text, 3, 3) if re.fullmatch(r"[0-9]{15}", text) else _ends(text, 2, 2)


def _id_public(text: str) -> str:
    return _ends(text, 1, 1 if re.fullmatch(r"[0-9]{17}[0-9Xx]", text) else 0)


def _phone(text: str, *, inside: bool) -> str:
    digits = re.sub(r"[\s-]", "", text.removeprefix("+86").strip())
    if re.fullmatch(r"1[0-9]{10}", digits):
        return _ends(digits, 3, 4 if inside else 0)
    if land := _LAND_LINE.fullmatch(text):
        return land[1] + _ends(land[2], 0, 4 if inside else 0)
    return _ends(text, 0, 4) if inside and len(text) >= 8 else _hidden(text)


def _acct_inside(text: str) -> str:
    return "*" * 12 + text[-4:] if len(text) >= 8 else _hidden(text)


def _addr_inside(text: str) -> str:
    number = _HOUSE_NUMBER.search(text)
    if number is None:
        return _addr_public(text)
    return text[: number.start()] + "***" if number.start() else _hidden(text)


def _addr_public(text: str) -> str:
    found = _DISTRICT.match(text)
    return found[0] + "***" if found else _hidden(text)


def _serial(digits: str) -> str:
    return "*" * (len(digits) - 2) + digits[-2:] if len(digits) > 2 else _hidden(digits)


def _cert_inside(text: str) -> str:
    if found := _CERT.fullmatch(text):
        head, of, serial = (part for part in found.groups() if part is not None)
        return f"{head}{of}{_serial(serial)}号"
    runs = list(re.finditer(r"[0-9]+", text))
    if not runs or len(runs[-1][0]) < 4:
        return _hidden(text)
    last = runs[-1]
    return text[: last.start()] + _serial(last[0]) + text[last.end() :]


def _cert_public(text: str) -> str:
    if found := _CERT.fullmatch(text):
        return f"{found['new'] or found['old'] or found['public']}****号"
    return _hidden(text)


def _email_inside(text: str) -> str:
    local, at, host = text.rpartition("@")
    return f"{local[0]}***@{host}" if at and local and host else _hidden(text)


def _birth_inside(text: str) -> str:
    return f"{text[:4]}-**-**" if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else _hidden(text)


_MASKS: Mapping[str, tuple[Callable[[str], str], Callable[[str], str]]] = {
    "name": (_name_inside, _name_public),
    "party": (lambda text: _party(text, _name_inside), lambda text: _party(text, _name_public)),
    "id": (_id_inside, _id_public),
    "phone": (lambda text: _phone(text, inside=True), lambda text: _phone(text, inside=False)),
    "acct": (_acct_inside, lambda text: "****"),
    "addr": (_addr_inside, _addr_public),
    "cert": (_cert_inside, _cert_public),
    "email": (_email_inside, lambda text: "***"),
    "birth": (_birth_inside, lambda text: "****"),
    "picture": (lambda text: "（图片）", lambda text: "（图片）"),
}
