"""Requirements of passwords (security.md D01)."""

import re
import secrets
import string

from services.engine.refusals import Rejected

_COMMON = (
    "password",
    "passw0rd",
    "12345678",
    "qwerty",
    "iloveyou",
    "admin",
    "letmein",
    "abcd1234",
    "welcome",
    "111111",
)
_CONTEXT = ("上海", "房管", "申房", "shenfang", "shanghai", "fangguan")
MAX_AGE_DAYS = 90
ONE_TIME_HOURS = 24


def check_new_password(password: str, login: str) -> None:
    """Refuse a weak password with everything that is wrong with it."""
    folded = password.casefold()
    wrong = []
    if len(password) < 10:
        wrong.append("不少于10位")
    if sum(bool(re.search(kind, password)) for kind in (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")) < 3:
        wrong.append("大写字母、小写字母、数字、符号至少三类")
    if any(word in folded for word in _COMMON):
        wrong.append("不能含常见口令")
    if any(word in folded for word in _CONTEXT) or (login and login.casefold() in folded):
        wrong.append("不能含登录名、单位或系统名称")
    if wrong:
        raise Rejected("口令不符合要求：" + "；".join(wrong))


def one_time_password() -> str:
    """Return a random password, to be typed once and changed."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(14)) + "-9aZ"
