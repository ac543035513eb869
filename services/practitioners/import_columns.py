"""The table of practitioners: its thirteen columns, what is repaired, what is refused and why (rows 39 and 42)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from models.identity import IdKind, age_on, check_credit_code, check_document, check_id_number, check_mobile
from models.names import name_problem
from models.normal import (
    DOTS,
    BadText,
    clean_name,
    clean_text,
    half_width,
    is_invisible,
    is_plainly_seen,
    without_blanks,
)
from models.own_data import read_rows
from services.engine.doubles import DOUBLE
from services.files.zip_of_pictures import JudgedEntry
from services.imports.sheets import Cell, Checks, ImportedRow, Level, Reader, Says, Sheet, SheetColumn, one_of, read_day
from services.practitioners.orders import LONGEST, POSTS, PersonData
from services.practitioners.registry import Registry

#: As many people are asked about at once.
MOST_PEOPLE = 200
RESIDENTS = "证件类型与号码不符，该号码是居民身份证号码"
CONTRACT_OVER = "劳动合同已到期，请核对"
_QUOTES = "'`‘’＇"
_SMALLEST_SIDE = 60
#: Height by width of an upright portrait; one inch has 1.4.
_LEAST_RATIO, _MOST_RATIO = 1.1, 1.8
ID_TYPES = {
    "居民身份证": "11",
    "港澳居民来往内地通行证": "21",
    "台湾居民来往大陆通行证": "23",
    "港澳台居民居住证": "25",
    "护照": "31",
    "外国人永久居留身份证": "32",
}
DEGREES = ("初中及以下", "高中(中专)", "大专", "本科", "硕士", "博士")
_ID_SAME = {"身份证": "居民身份证", "二代身份证": "居民身份证", "第二代身份证": "居民身份证"}
_DEGREE_SAME = {"高中": "高中(中专)", "中专": "高中(中专)", "大学本科": "本科", "大学专科": "大专"}
_ID_CODES = {"LENGTH": "ID_LENGTH", "OLD_15_DIGIT": "ID_OLD15", "SCIENTIFIC": "ID_SCIENTIFIC"}


def checks_of(
    registry: Registry,
    today: date,
    photos: Mapping[str, JudgedEntry] | None = None,
    own_code: str = "",
    ages: tuple[int, int] = (18, 70),
) -> Checks:
    """The checks of the table; `photos` are the archive's entries by name, None when no archive came with the table.

    `own_code` is the credit code of the firm that brings it, which may bring its own people only; `ages` are the least,
    and the most that goes without a warning.
    """
    folded = {key.casefold(): one for key, one in (photos or {}).items()}

    def check_row(row: ImportedRow) -> None:
        _check_identity(row, today, ages)
        _check_days(row, today)
        _check_photo(row, photos, folded)
        _check_firm(row, registry, own_code)

    return Checks(check_row, lambda rows: _check_people(rows, registry))


def _text(cell: Cell, says: Says) -> str:
    if is_plainly_seen(cell.text):
        return cell.text
    visible = "".join(char for char in cell.text if not is_invisible(char) and unicodedata.category(char) != "Cc")
    value = visible.strip()
    if value != cell.text:
        says.note("TRIMMED", "已去掉多余的空格和看不见的字符")
    return value


def _text_of(name: str) -> Reader:
    """Read a text that fits card and list as an application's does."""

    def read(cell: Cell, says: Says) -> str:
        value = _text(cell, says)
        try:
            clean_text(value, LONGEST[name])
        except BadText as bad:
            says.error("TEXT_LENGTH", bad.sentence)
        return value

    return read if name in LONGEST else _text


def _name(cell: Cell, says: Says) -> str:
    said = len(says.row.findings)
    text = _text(cell, says)
    if any(unicodedata.category(char) == "Co" for char in text):
        says.warn("NAME_PUA", "姓名含旧系统的自造字，已换成对应的汉字，请核对")
    try:
        name = clean_name(text)
    except BadText as bad:
        says.error("NAME_CHARS", bad.sentence)
        return ""
    if re.search(r"[\u2e80-\U0003ffff] +[\u2e80-\U0003ffff]", name):
        says.warn("NAME_SPACE", "姓名中间的空格已去掉，请核对")
        name = name.replace(" ", "")
    if any(char in DOTS for char in text):
        says.note("NAME_DOT", "姓名的间隔点已统一为“·”")
    if problem := name_problem(name):
        says.error("NAME_CHARS", problem)
    elif len(says.row.findings) == said:
        try:
            name.encode("gbk")
        except UnicodeEncodeError:
            says.note("NAME_RARE", "姓名含生僻字，已照原样读取")
    return name


def _number(cell: Cell, says: Says) -> str:
    value = cell.text.strip().strip(_QUOTES)
    value = half_width(without_blanks(value)).strip(_QUOTES).upper()
    if value != cell.text:
        says.note("ID_CLEANED", "已去掉空格、引号和看不见的字符，统一为半角大写")
    elif cell.kind == "n":
        says.warn("ID_NUMERIC", "号码是数值，开头的0可能已丢失，请核对")
    return value


def _mobile(cell: Cell, says: Says) -> str:
    found = check_mobile(cell.text)
    if found.problem or found.normal is None:
        says.error("MOBILE_INVALID", found.problem.sentence if found.problem else "手机号码无效，请核对")
        return ""
    if found.normal != cell.text or cell.kind == "n":
        says.note("MOBILE_FORMAT", "手机号已整理为11位数字")
    return found.normal


def _credit(cell: Cell, says: Says) -> str:
    found = check_credit_code(cell.text)
    if found.problem or found.normal is None:
        says.error("ENT_CODE_CHECK", found.problem.sentence if found.problem else "统一社会信用代码无效，请核对")
        return ""
    if found.normal != cell.text:
        says.note("TRIMMED", "统一社会信用代码已整理为半角大写")
    return found.normal


_CHOICES = {"证件类型": tuple(ID_TYPES), "岗位": POSTS, "学历": DEGREES}
_READERS: dict[str, Reader] = {
    "姓名": _name,
    "证件类型": one_of(tuple(ID_TYPES), "DOC_TYPE_UNKNOWN", _ID_SAME),
    "证件号码": _number,
    "手机号": _mobile,
    "岗位": one_of(POSTS, "POST_UNKNOWN"),
    "学历": one_of(DEGREES, "EDU_UNKNOWN", _DEGREE_SAME),
    "企业统一社会信用代码": _credit,
}


def _column(told: Mapping[str, str]) -> SheetColumn:
    label, is_day = told["label"], told["shape"] == "day"
    return SheetColumn(
        label,
        _READERS.get(label, read_day if is_day else _text_of(told["name"])),
        told["hint"],
        told["name"],
        tuple(told["aliases"].split("|")),
        required=bool(told["required"]),
        shape="day" if is_day else "text",
        choices=_CHOICES.get(label, ()),
        width=int(told["width"]),
        mask=told["mask"],
    )


SHEET = Sheet(
    "从业人员",
    [_column(told) for told in read_rows(Path(__file__).with_suffix(".csv"))],
    most_rows=20_000,
    key="证件号码",
    same_within_key="姓名",
    warn_twice="手机号",
)


def is_residents(id_type: str, number: str, today: date) -> bool:
    """Tell a number of a resident that is given under another kind of document."""
    return id_type != "11" and check_id_number(number, today=today).kind is IdKind.CITIZEN


def _check_identity(row: ImportedRow, today: date, ages: tuple[int, int]) -> None:
    kind, number = row.values["证件类型"], row.values["证件号码"]
    if not kind or not number:
        return
    found = check_document(ID_TYPES[kind], number, today=today)
    if is_residents(ID_TYPES[kind], number, today):
        row.find("证件类型", Level.ERROR, "DOC_TYPE_MISMATCH", RESIDENTS)
    elif found.problem:
        code = _ID_CODES.get(found.problem.code, f"ID_{found.problem.code}")
        row.find("证件号码", Level.ERROR, code, found.problem.sentence)
    elif found.birthday:
        age = age_on(found.birthday, today)
        if row.values["入职日期"] and row.values["入职日期"] < found.birthday.isoformat():
            row.find("入职日期", Level.ERROR, "HIRE_BEFORE_BIRTH", "入职日期早于出生日期，请核对")
        least, most = ages
        if age < least:
            row.find("证件号码", Level.ERROR, "AGE_UNDER_18", f"未满{least}周岁，不能登记为从业人员")
        elif age > most:
            row.find("证件号码", Level.WARNING, "AGE_OVER_70", f"年龄超过{most}周岁，请核对")


def _check_days(row: ImportedRow, today: date) -> None:
    now, begins, ends = today.isoformat(), row.values["劳动合同起"], row.values["劳动合同止"]
    if row.values["入职日期"] > now:
        row.find("入职日期", Level.ERROR, "HIRE_FUTURE", "入职日期晚于今天，请核对")
    if begins and ends and ends < begins:
        row.find("劳动合同止", Level.ERROR, "CONTRACT_ORDER", "劳动合同的止日早于起日，请核对")
    elif ends and ends < now:
        row.find("劳动合同止", Level.WARNING, "CONTRACT_EXPIRED", CONTRACT_OVER)


def shape_fault(width: int, height: int) -> str:
    """Return the fault in the shape of a portrait; empty for an upright one (K07)."""
    if _LEAST_RATIO <= height / width <= _MOST_RATIO:
        return ""
    return f"照片不符合要求：应为竖幅证件照，现为{width}×{height}像素"


def _check_photo(row: ImportedRow, photos: Mapping[str, JudgedEntry] | None, folded: Mapping[str, JudgedEntry]) -> None:
    says, name = Says(row, "照片文件名"), row.values["照片文件名"]
    if row.failed("照片文件名"):
        return
    if not name:
        says.error("PHOTO_MISSING", "请填写照片文件名")
    elif photos is not None:
        entry = photos.get(name)
        if entry is None and (entry := folded.get(name.casefold())):
            says.note("PHOTO_NAME_CASE", "照片文件名的大小写与压缩包内不同，已对应")
        if entry is None:
            says.error("PHOTO_MISSING", "压缩包内没有这张照片，请放入后重新上传")
        elif entry.picture is None:
            says.error("PHOTO_FORMAT", "照片不是完整的JPG或PNG图片，请更换" if entry.size else "照片是空文件，请更换")
        elif min(entry.picture.width, entry.picture.height) < _SMALLEST_SIDE:
            says.warn("PHOTO_SIZE", f"照片尺寸异常（{entry.picture.width}×{entry.picture.height}），请核对")
        elif told := shape_fault(entry.picture.width, entry.picture.height):
            says.error("PHOTO_SHAPE", told)


def _check_firm(row: ImportedRow, registry: Registry, own_code: str) -> None:
    code, store = row.values["企业统一社会信用代码"], row.values["门店"]
    if own_code and code and code != own_code:
        row.find("企业统一社会信用代码", Level.ERROR, "ENT_OTHER", "这一行是另一企业的人员，只能导入本企业的人员")
        return
    status = registry.firm_status(code) if code else None
    if status is not None and status != "在册":
        told = f"企业的状态为{status}，不能登记从业人员" if status else "企业不在册，请核对代码"
        row.find("企业统一社会信用代码", Level.ERROR, "ENT_INACTIVE" if status else "ENT_NOT_FOUND", told)
    owner = registry.store_firm(store) if store else None
    if owner == "":
        row.find("门店", Level.ERROR, "STORE_NOT_FOUND", "没有这家门店，请核对名称")
    elif owner and status == "在册" and owner != code:
        row.find("门店", Level.ERROR, "STORE_OTHER_ENT", "这家门店属于另一企业，请核对")


def _check_people(rows: Sequence[ImportedRow], registry: Registry) -> None:
    sound = [row for row in rows if not row.failed("姓名", "证件类型", "证件号码")]
    for at in range(0, len(sound), MOST_PEOPLE):
        batch = sound[at : at + MOST_PEOPLE]
        for row, known in zip(batch, registry.about([person_of(row) for row in batch]), strict=True):
            says = Says(row, "证件号码")
            if known.firm and known.firm != row.values["企业统一社会信用代码"]:
                says.error("ALREADY_REGISTERED", "该人员已在其他企业在册")
            elif known.has_card:
                says.error("CARD_HELD", "该人员在本企业已有信息卡，信息有变动的请办理变更")
            elif known.open_no:
                says.error("APPLY_OPEN", f"该人员已有一份申请 {known.open_no}，请在该申请上继续办理")
            elif known.alike:
                says.warn(DOUBLE, known.alike)
            if known.blacklisted:
                says.error("BLACKLISTED", "该人员在黑名单中，不能登记")
            elif known.blacklisted is None:
                says.warn("BLACKLIST_PENDING", "黑名单核验没有答复，稍后自动重试")
            if known.two_factor == "mismatch":
                says.error("TWO_FACTOR_MISMATCH", "姓名与证件号码不一致，请核对")
            elif known.two_factor == "not_found":
                says.error("TWO_FACTOR_NOT_FOUND", "查无此证件号码，请核对")
            elif known.two_factor == "timeout":
                says.warn("TWO_FACTOR_PENDING", "身份核验没有答复，稍后自动重试")


def person_of(row: ImportedRow) -> PersonData:
    """Return whom a row is about, as far as registers are asked."""
    values = row.values
    return PersonData(values["姓名"], ID_TYPES[values["证件类型"]], values["证件号码"], values["手机号"])
