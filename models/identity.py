"""Numbers of identity documents, credit codes and mobiles: what is right, and what a person should change (P02, P03)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from models.normal import half_width, normal_id_no, normal_phone, without_blanks
from models.places_data import districts

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHARACTERS = "10X98765432"
_CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# Registering department and kind of body; new kinds are added by circular, so the second place is not listed out.
_DEPARTMENT = re.compile(r"[1-9ANY][1-9]")
_PROVINCES = frozenset(
    f"{zone}{province}"
    for zone, provinces in {"1": "12345", "2": "123", "3": "1234567", "4": "123456", "5": "01234", "6": "12345"}.items()
    for province in provinces
) | {"71", "81", "82"}
# Districts and counties that are gone; the numbers given there stay valid for life.
_FORMER_SHANGHAI = frozenset(
    {"310102", "310103", "310108", "310111", "310119"} | {f"3102{county}" for county in range(21, 31)}
)
# New ranges are opened from time to time; extend here when the ministry announces one.
_MOBILE = re.compile(r"1(3[0-9]|4[579]|5[0-35-9]|6[2567]|7[0-35-8]|8[0-9]|9[0-35-9])[0-9]{8}")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)


class Sex(StrEnum):
    """Sex as encoded in the identity number."""

    MALE = "男"
    FEMALE = "女"


class IdKind(StrEnum):
    """Kind of document that an 18-character identity number belongs to."""

    CITIZEN = "居民身份证"
    HMT_RESIDENCE = "港澳台居民居住证"
    PERMANENT_RESIDENCE = "外国人永久居留身份证"


@dataclass(frozen=True, slots=True)
class NumberProblem:
    """A fault of a number: a code for programs, a sentence for the person who typed it."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """Result of checking a number: its normal form or the problem, and the facts an identity number encodes."""

    normal: str | None
    problem: NumberProblem | None = None
    birthday: date | None = None
    sex: Sex | None = None
    kind: IdKind | None = None

    @property
    def ok(self) -> bool:
        return self.problem is None


# ------------------------------------------------------------------ eighteen characters


def id_check_character(first17: str) -> str:
    """The last character of an identity number (GB 11643, MOD 11-2)."""
    return _ID_CHARACTERS[sum(int(digit) * weight for digit, weight in zip(first17, _ID_WEIGHTS, strict=True)) % 11]


def check_id_number(text: str, *, today: date | None = None) -> NumberCheck:
    """Check a number of 18 characters; a birthday after `today` (if not given: of this machine) is refused."""
    number = normal_id_no(text)
    if problem := _id_shape(number):
        return NumberCheck(None, problem)
    kind = _id_kind(number)
    if kind is None:
        return _wrong("REGION", "证件号码前6位不是有效的地区代码，请按证件原样填写。")
    # A region code younger than the birthday is genuine: numbers are also given at a later registration.
    birthday = _day(number[6:14])
    if birthday is None:
        return _wrong("BIRTHDAY", "证件号码第7至14位的出生日期不存在，请按证件原样填写。")
    if birthday > (today or _latest_today()):
        return _wrong("BIRTHDAY_FUTURE", "证件号码中的出生日期晚于今天，请按证件原样填写。")
    if birthday.year < 1900:
        return _wrong("BIRTHDAY_TOO_OLD", "证件号码中的出生日期早于1900年，请按证件原样填写。")
    if id_check_character(number[:17]) != number[17]:
        return _wrong("CHECK_DIGIT", "证件号码校验不通过，可能有数字录错或顺序颠倒，请按证件原样填写。")
    return NumberCheck(
        normal=number,
        birthday=birthday,
        sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE,
        kind=kind,
    )


def _latest_today() -> date:
    # The day that begins first on earth: where it is already morning, today must not be refused as a day in the future.
    return (datetime.now(UTC) + timedelta(hours=14)).date()


def age_on(birthday: date, day: date) -> int:
    """Full years of age on a day; who was born on 29 February is a year older on 1 March."""
    return day.year - birthday.year - ((day.month, day.day) < (birthday.month, birthday.day))


def _wrong(code: str, sentence: str) -> NumberCheck:
    return NumberCheck(None, NumberProblem(code, sentence))


def _id_shape(number: str) -> NumberProblem | None:
    if not number:
        return NumberProblem("EMPTY", "请填写证件号码。")
    if _SCIENTIFIC.fullmatch(number):
        return NumberProblem("SCIENTIFIC", "证件号码被表格软件改成了科学计数，原号码已丢失，请设为文本格式后重新填写。")
    if re.fullmatch(r"[0-9]{15}", number):
        return NumberProblem("OLD_15_DIGIT", "15位旧号码已停用，请填写现行证件上的18位号码。")
    if len(number) != 18:
        return NumberProblem("LENGTH", f"证件号码应为18位，现有{len(number)}位，请按证件原样填写。")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return NumberProblem("CHARSET", "证件号码只能由数字组成，末位可以是X，请检查是否把数字录成了字母或符号。")
    return None


def _id_kind(number: str) -> IdKind | None:
    if number[0] == "9":
        # 9, province of issue, country of nationality
        return IdKind.PERMANENT_RESIDENCE if number[1:3] in _PROVINCES else None
    if number[0] == "8":
        return IdKind.HMT_RESIDENCE if number[:6] in ("810000", "820000", "830000") else None
    return IdKind.CITIZEN if _region_exists(number[:6]) else None


def _region_exists(code: str) -> bool:
    """True for every county of this city, past and present; elsewhere for every province."""
    return code in _shanghai_regions() if code.startswith("31") else code[:2] in _PROVINCES


@lru_cache(maxsize=1)
def _shanghai_regions() -> frozenset[str]:
    return _FORMER_SHANGHAI | {district.code for district in districts()}


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


# ------------------------------------------------------------------ bodies


def credit_check_character(first17: str) -> str:
    """The last character of a unified social credit code (GB 32100)."""
    total = sum(_CREDIT_CHARACTERS.index(char) * weight for char, weight in zip(first17, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_CHARACTERS[-total % 31]


def org_check_character(first8: str) -> str:
    """The last character of an organisation code (GB 11714)."""
    total = sum(int(char, 36) * weight for char, weight in zip(first8, _ORG_WEIGHTS, strict=True))
    rest = -total % 11
    return "X" if rest == 10 else str(rest)


def check_credit_code(text: str) -> NumberCheck:
    """Check a unified social credit code; the digit inside it may be wrong, for old codes were carried over with errors."""
    code = normal_id_no(text)
    problem = _credit_problem(code)
    return NumberCheck(None if problem else code, problem)


def _credit_problem(code: str) -> NumberProblem | None:
    if not code:
        return NumberProblem("EMPTY", "请填写统一社会信用代码。")
    if re.fullmatch(r"[0-9]{15}", code):
        return NumberProblem("OLD_REG_NO", "15位工商注册号已停用，请填写营业执照上的18位统一社会信用代码。")
    if re.fullmatch(r"[0-9A-Z]{8}-?[0-9X]", code):
        return NumberProblem("OLD_ORG_CODE", "9位组织机构代码已停用，请填写18位统一社会信用代码。")
    if len(code) != 18:
        return NumberProblem("LENGTH", f"统一社会信用代码应为18位，现有{len(code)}位，请按证照原样填写。")
    if not all(char in _CREDIT_CHARACTERS for char in code):
        return NumberProblem("CHARSET", "统一社会信用代码只含数字和大写字母，且不用字母I、O、S、V、Z，请核对。")
    if not _DEPARTMENT.match(code):
        return NumberProblem("DEPARTMENT", "统一社会信用代码前2位不是有效的登记部门和机构类别，请按证照原样填写。")
    # 100000 is the code of bodies registered with the state itself.
    if not re.fullmatch(r"[0-9]{6}", code[2:8]) or (code[2:8] != "100000" and code[2:4] not in _PROVINCES):
        return NumberProblem("REGION", "统一社会信用代码第3至8位不是有效的地区代码，请按证照原样填写。")
    if credit_check_character(code[:17]) != code[17]:
        return NumberProblem("CHECK_CHAR", "统一社会信用代码校验不通过，可能有字符录错，请按证照原样填写。")
    return None


# ------------------------------------------------------------------ documents by kind


def check_document(id_type: str, number: str, *, today: date | None = None) -> NumberCheck:
    """Check a number against the rules of its document kind (codes of D-IDTYPE)."""
    check = _DOCUMENTS.get(id_type)
    if check is None:
        return _wrong("UNKNOWN_KIND", "请选择证件种类。")
    return check(number, today)


def _eighteen(wanted: IdKind) -> Callable[[str, date | None], NumberCheck]:
    def check(number: str, today: date | None) -> NumberCheck:
        found = check_id_number(number, today=today)
        if found.kind is not None and found.kind is not wanted:
            return _wrong("WRONG_KIND", f"该号码属于{found.kind.value}，请改选相应的证件种类。")
        return found

    return check


def _pattern(
    pattern: str, sentence: str, *, mistaken: Mapping[str, str] | None = None
) -> Callable[[str, date | None], NumberCheck]:
    def check(text: str, today: date | None) -> NumberCheck:
        number = normal_id_no(text)
        if not number:
            return _wrong("EMPTY", "请填写证件号码。")
        if re.fullmatch(pattern, number):
            return NumberCheck(number)
        for other, correction in (mistaken or {}).items():
            if re.fullmatch(other, number):
                return _wrong("WRONG_KIND", correction)
        return _wrong("FORMAT", sentence)

    return check


def _free(longest: int) -> Callable[[str, date | None], NumberCheck]:
    def check(text: str, today: date | None) -> NumberCheck:
        # Dashes may be part of such a number; only the index does without them.
        number = half_width(without_blanks(text)).upper()
        if not number:
            return _wrong("EMPTY", "请填写证件号码。")
        if len(number) > longest:
            return _wrong("LENGTH", f"证件号码最多{longest}位，请按证件原样填写。")
        if not re.search(r"[0-9A-Z]", number) or "*" in number:
            return _wrong("FORMAT", "证件号码应含数字或字母，请按证件原样填写。")
        # Some of these documents carry Chinese characters; controls and private signs never belong to them.
        if any(not (char.isalnum() or char in "()-/·.") for char in number):
            return _wrong("CHARSET", "证件号码含有不能使用的符号，请按证件原样填写。")
        return NumberCheck(number)

    return check


def _permanent_residence(text: str, today: date | None) -> NumberCheck:
    if re.fullmatch(r"[A-Z]{3}[0-9]{12}", normal_id_no(text)):
        return NumberCheck(normal_id_no(text))
    found = _eighteen(IdKind.PERMANENT_RESIDENCE)(text, today)
    if found.problem and found.problem.code in ("LENGTH", "OLD_15_DIGIT", "CHARSET"):
        return _wrong("FORMAT", "永久居留身份证号码应为18位数字，旧版为3个字母加12位数字，请按证件原样填写。")
    return found


def _org_code(text: str, today: date | None) -> NumberCheck:
    code = normal_id_no(text)
    if not code:
        return _wrong("EMPTY", "请填写组织机构代码。")
    if len(code) == 9 and re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code):
        if org_check_character(code[:8]) == code[8]:
            return NumberCheck(code)
        return _wrong("CHECK_CHAR", "组织机构代码校验不通过，可能有字符录错，请按证件原样填写。")
    return _wrong("FORMAT", "组织机构代码应为9位数字或大写字母，请按证件原样填写。")


_HONG_KONG_ID = {r"[A-Z]{1,2}[0-9]{6}\(?[0-9A]\)?": "该号码像是香港身份证号，请改选相应的证件种类，或填写通行证号码。"}
_EXIT_PERMIT = {r"C([0-9]{8}|[A-HJ-NP-Z][0-9]{7})": "该号码属于内地居民的往来港澳通行证，请填写来往内地通行证号码。"}
_EXIT_TAIWAN = {
    r"[LT][0-9]{8}": "该号码属于大陆居民的往来台湾通行证，请填写来往大陆通行证号码。",
    r"[A-Z][0-9]{9}": "该号码像是台湾身份证号，请填写来往大陆通行证号码。",
}

_citizen = _eighteen(IdKind.CITIZEN)
_DOCUMENTS: Mapping[str, Callable[[str, date | None], NumberCheck]] = {
    "11": _citizen,
    # A household book is no number of its own: it contains the child's citizen number.
    "12": _citizen,
    "13": _free(20),
    "14": _pattern(
        r"E[0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|G[0-9]{8}|(DE|SE|PE)[0-9]{7}",
        "中国护照号码应为E或G开头的9位，例如E12345678，请按护照原样填写。",
    ),
    "21": _pattern(
        r"[HM][0-9]{8}([0-9]{2})?",
        "来往内地通行证号码应为H或M加8位数字，请按证件原样填写。",
        mistaken=_EXIT_PERMIT | _HONG_KONG_ID,
    ),
    "22": _free(20),
    "23": _pattern(
        r"[0-9]{8}|[0-9]{10}[A-Z]?",
        "来往大陆通行证号码应为8位数字，请按证件原样填写。",
        mistaken=_EXIT_TAIWAN,
    ),
    "24": _free(20),
    "25": _eighteen(IdKind.HMT_RESIDENCE),
    "31": _pattern(r"[A-Z0-9]{5,20}", "外国护照号码应为5至20位字母和数字，请按护照原样填写。"),
    "32": _permanent_residence,
    "51": lambda text, today: check_credit_code(text),
    "52": lambda text, today: check_credit_code(text),
    "53": _org_code,
    "54": _free(40),
    "55": _free(40),
}


# ------------------------------------------------------------------ telephones


def check_mobile(text: str, *, foreign: bool = False) -> NumberCheck:
    """Check a mainland mobile; for a foreigner a number of another country with + and its code passes too."""
    plain = without_blanks(text)
    number = normal_phone(text)
    if not plain:
        return _wrong("EMPTY", "请填写手机号码。")
    if "*" in plain or "＊" in plain:
        return _wrong("MASKED", "手机号码不能带星号，请填写完整号码。")
    if re.search(r"[0-9].*[/、,，;；].*[0-9]", plain):
        return _wrong("SEVERAL", "只能填写一个手机号码。")
    if re.search(r"[^0-9０-９+＋\-－()（）'.]", plain):
        if _SCIENTIFIC.fullmatch(plain):
            return _wrong("SCIENTIFIC", "手机号码被表格软件改成了科学计数，请设为文本格式后重新填写。")
        return _wrong("CHARSET", "手机号码只能由数字组成，请核对。")
    if number.startswith("+"):
        if foreign and re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
            return NumberCheck(number)
        if foreign:
            return _wrong("FORMAT", "境外号码请按“+国家或地区代码 号码”填写，例如+85260000000。")
        return _wrong("FOREIGN", "请填写中国内地的11位手机号码。")
    if (number.startswith("0") and len(number) in (10, 11, 12)) or len(number) in (7, 8):
        return _wrong("LAND_LINE", "这是固定电话，请填写11位手机号码。")
    if len(number) != 11:
        return _wrong("LENGTH", f"手机号码应为11位，现有{len(number)}位，请核对。")
    if not _MOBILE.fullmatch(number):
        return _wrong("PREFIX", "手机号码的号段不存在，请核对前3位。")
    return NumberCheck(number)
