"""Parsing of typed input into a lease form: a sentence for every wrong field, nothing lost (row 6)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from models.identity import check_document, check_mobile
from models.normal import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    BadText,
    clean_text,
    parse_area,
    parse_cert,
    parse_day,
    parse_money,
)
from models.tenancy_codes import IdType
from printing.fonts import missing
from services.engine.findings import Finding, Severity
from services.tenancy.lease_form import HouseForm, LeaseForm, PartyForm, ResidentForm

#: Widths of text fields in characters; what is not listed takes 60.
_WIDTHS = {
    "name": LONGEST_NAME,
    "agent_name": LONGEST_NAME,
    "address": LONGEST_ADDRESS,
    "other_terms": 4000,
    "add_occupant_rule": 300,
    "repair_rule": 1000,
    "use_rule": 1000,
    "return_state": 1000,
    "early_end_rule": 1000,
    "renew_rule": 1000,
    "breach": 1000,
    "rent_adjust_rule": 500,
    "deposit_deduct_rule": 500,
    "payee_account": 40,
}
_LONG = {key for key, width in _WIDTHS.items() if width >= 300}
_AREAS = {"build_area", "leased_area"}
_REQUIRED = {
    "start": "请填写起租日期",
    "end": "请填写止租日期",
    "rent": "请填写租金",
}


@dataclass(frozen=True)
class FormReading:
    """The form as far as it could be read, and what is wrong with the rest."""

    form: LeaseForm
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        return not self.findings


def read_lease_form(raw: Mapping[str, Any]) -> FormReading:
    """Read a whole typed form. Unknown keys are ignored: a draft of yesterday may carry them."""
    findings: list[Finding] = []
    form: LeaseForm = _read(LeaseForm, raw, "", findings)
    for key, sentence in _REQUIRED.items():
        if getattr(form, key) is None and not any(finding.field == key for finding in findings):
            findings.append(_wrong(key, sentence))
    if form.rent is not None and form.rent <= 0:
        findings.append(_wrong("rent", "租金应大于0"))
    if form.deposit is not None and form.deposit < 0:
        findings.append(_wrong("deposit", "押金不能为负数"))
    for side, word in (("lessors", "出租人"), ("lessees", "承租人")):
        if not getattr(form, side):
            findings.append(_wrong(side, f"请填写{word}"))
        for place, party in enumerate(getattr(form, side)):
            _check_party(party, f"{side}.{place}", word, findings)
    for place, resident in enumerate(form.residents):
        if not resident.name:
            findings.append(_wrong(f"residents.{place}.name", "请填写共同居住人姓名"))
    _check_glyphs(form, findings)
    # An unreadable value is reported once, not again as missing.
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.field, finding)
    return FormReading(form, tuple(first.values()))


def _check_glyphs(form: LeaseForm, findings: list[Finding]) -> None:
    """Report characters that no font can draw before the contract is to be printed."""
    texts: list[tuple[str, str]] = [("house.address", form.house.address), ("other_terms", form.other_terms)]
    for side in ("lessors", "lessees"):
        for place, party in enumerate(getattr(form, side)):
            texts.extend((f"{side}.{place}.{key}", getattr(party, key)) for key in ("name", "address", "agent_name"))
    texts.extend((f"residents.{place}.name", resident.name) for place, resident in enumerate(form.residents))
    if not missing("".join(text for _, text in texts)):
        return
    for path, text in texts:
        for char in missing(text)[:1]:
            findings.append(
                _wrong(path, f"“{char}”（U+{ord(char):04X}）字库中没有，无法打印，请按证件改用规范字或联系管理员")
            )


def _check_party(party: PartyForm, path: str, word: str, findings: list[Finding]) -> None:
    if not party.name:
        findings.append(_wrong(f"{path}.name", f"请填写{word}姓名（名称）"))
    if not party.id_no:
        findings.append(_wrong(f"{path}.id_no", f"请填写{word}证件号码"))
    if not party.mobile:
        findings.append(_wrong(f"{path}.mobile", f"请填写{word}联系电话"))


def _wrong(path: str, sentence: str) -> Finding:
    return Finding(code="FORM", message=sentence, field=path, severity=Severity.CORRECT)


@cache
def _fields(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    """Names and types of the fields of a part of the form, worked out once."""
    hints = get_type_hints(kind)
    return tuple((one.name, hints[one.name]) for one in fields(kind))


def _read(kind: type[Any], raw: Mapping[str, Any], path: str, findings: list[Finding]) -> Any:
    values: dict[str, Any] = {}
    for name, hint in _fields(kind):  # type: ignore[arg-type]
        if name not in raw:
            continue
        where = f"{path}{name}"
        try:
            value = _value(hint, raw[name], name, where, findings)
        except BadText as problem:
            findings.append(_wrong(where, str(problem)))
            continue
        except (ValueError, TypeError, KeyError):
            findings.append(_wrong(where, "填写的内容不正确，请重新选择或填写"))
            continue
        if value is not None:
            values[name] = value
    return _normal(kind(**values), path, findings)


def _value(hint: Any, raw: Any, name: str, where: str, findings: list[Finding]) -> Any:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        inner = next(arg for arg in get_args(hint) if arg is not type(None))
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        return _value(inner, raw, name, where, findings)
    if origin is frozenset:
        return frozenset(str(item) for item in raw)
    if origin is tuple:
        inner = get_args(hint)[0]
        items = raw if isinstance(raw, list | tuple) else []
        if is_dataclass(inner):
            return tuple(
                _read(inner, item, f"{where}.{place}.", findings)  # type: ignore[arg-type]
                for place, item in enumerate(items)
                if isinstance(item, Mapping)
            )
        return tuple(clean_text(str(item), 60) for item in items if str(item).strip())
    if is_dataclass(hint):
        return _read(hint, raw if isinstance(raw, Mapping) else {}, f"{where}.", findings)  # type: ignore[arg-type]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(str(raw))
    if hint is bool:
        return raw if isinstance(raw, bool) else str(raw).lower() in {"true", "1", "是"}
    if hint is int:
        return _whole(raw)
    if hint is Decimal:
        return parse_area(str(raw)) if name in _AREAS else parse_money(str(raw))
    if hint is date:
        return raw if isinstance(raw, date) else parse_day(str(raw))
    return clean_text("" if raw is None else str(raw), _WIDTHS.get(name, 60), multiline=name in _LONG)


def _whole(raw: Any) -> int:
    text = clean_text(str(raw), 12)
    if not text.isdecimal() or int(text) > 100_000:
        raise BadText("请填写不超过100000的整数")
    return int(text)


def _normal(made: Any, path: str, findings: list[Finding]) -> Any:
    """Convert numbers to normal form; a wrong number stays as typed, with a finding."""
    if isinstance(made, PartyForm | ResidentForm):
        changes: dict[str, Any] = {}
        pairs = [("id_type", "id_no")]
        if isinstance(made, PartyForm) and made.agent_id_no:
            pairs.append(("agent_id_type", "agent_id_no"))
        for type_key, number_key in pairs:
            number = getattr(made, number_key)
            kind: IdType = getattr(made, type_key)
            if not number:
                continue
            checked = check_document(kind.value, number)
            if checked.problem is None and checked.normal:
                changes[number_key] = checked.normal
            else:
                sentence = checked.problem.sentence if checked.problem else "证件号码有误，请按证件原样填写"
                findings.append(_wrong(f"{path}{number_key}", sentence))
        if made.mobile:
            phone = check_mobile(made.mobile)
            if phone.problem is None and phone.normal:
                changes["mobile"] = phone.normal
            else:
                findings.append(_wrong(f"{path}mobile", phone.problem.sentence if phone.problem else "手机号码有误"))
        return replace(made, **changes)
    if isinstance(made, HouseForm) and made.cert_no:
        cert = parse_cert(made.cert_no)
        return replace(made, cert_no=cert.stored) if cert else made
    return made
