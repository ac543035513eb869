"""Between messages and our words: orders, lease forms as typed, judged answers, and what is wrong with a message (4.6)."""

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from pydantic import BaseModel, Field, ValidationError, create_model

from services.engine.findings import Finding, Severity
from services.partners.wire_fields import WireModel

_SENTENCES = {
    "missing": "缺少必填项",
    "extra_forbidden": "没有这个字段，请按对接手册填写",
    "string_too_long": "内容过长",
    "string_too_short": "不能为空或过短",
    "string_pattern_mismatch": "格式不正确",
    "string_type": "应为文本",
    "int_type": "应为整数",
    "bool_type": "应为 true 或 false",
    "enum": "不是规定的代码",
    "list_type": "应为列表",
    "too_short": "至少填写一项",
    "too_long": "项数过多",
    "model_type": "应为一个对象",
    "greater_than_equal": "数值过小",
    "less_than_equal": "数值过大",
}
#: Faults reported of one message at most; a sender of more wrong fields has another mistake.
_MOST = 20


def values_of(message: BaseModel, kind: Any) -> dict[str, Any]:
    """The fields of a message that a dataclass has, as Python values; those without a value are left out."""
    read = {one.name: getattr(message, one.name, None) for one in fields(kind)}
    return {name: value for name, value in read.items() if value is not None}


def judged(number: str, *more: str) -> Callable[[Any], dict[str, Any]]:
    """Return what says how something numbered was judged: `accepted`, every reason with its code, and more of the answer."""
    return lambda answer: {
        "accepted": answer.accepted,
        "reasons": reasons_of(answer.reasons),
        number: answer.number,
        **{name: getattr(answer, name) for name in more},
    }


class JudgedReason(WireModel):
    """A reason in the answer to something numbered."""

    code: str = Field(title="原因代码", max_length=12)
    message: str = Field(title="说明", max_length=400)
    field: str | None = Field(None, title="字段", max_length=80)


def judged_answer(number: str, label: str, **more: str) -> type[WireModel]:
    """The form of what `judged` writes: the number and more texts with their titles."""
    texts: dict[str, Any] = {name: (str, Field(title=title)) for name, title in {number: label, **more}.items()}
    return create_model(
        "Judged" + "".join(part.title() for name in (number, *more) for part in name.split("_")),
        __base__=WireModel,
        accepted=(bool, Field(title="已受理")),
        reasons=(list[JudgedReason], Field(title="不予受理的原因，或提示")),
        **texts,
    )


def each_answer(item: type[WireModel]) -> type[WireModel]:
    """The form of what `each` writes."""
    items: Any = (list[item], Field(title="逐项结果，次序与请求相同"))  # type: ignore[valid-type]
    return create_model(f"Each{item.__name__}", __base__=WireModel, items=items)


def reasons_of(findings: Any) -> list[dict[str, str]]:
    """Code, sentence and field of each; a field is named only where it is known."""
    return [
        {"code": one.code, "message": one.message, **({"field": one.field} if one.field else {})} for one in findings
    ]


def each(reply: Callable[[Any], dict[str, Any]]) -> Callable[[list[Any]], dict[str, Any]]:
    """Return what writes a list of answers as `items`."""
    return lambda answers: {"items": [reply(one) for one in answers]}


def typed(message: BaseModel) -> dict[str, Any]:
    """A message's fields as a lease form takes them: text, lists and mappings; what was not sent is left out."""
    written: dict[str, Any] = message.model_dump(mode="json", exclude_none=True)
    return written


def faults_of(problem: ValidationError) -> tuple[Finding, ...]:
    """Every wrong field with its path; values are never repeated."""
    told: dict[str, Finding] = {}
    for error in problem.errors(include_url=False, include_input=False, include_context=False):
        path = ".".join(str(part) for part in error["loc"])[:60]
        words = _SENTENCES.get(error["type"], "填写不正确")
        told.setdefault(path, Finding("FORM", f"{path or '内容'}：{words}", path, Severity.CORRECT))
    return tuple(told.values())[:_MOST]


def faults_in(item: Any, model: type[BaseModel], *, no_object: str, unreadable: str) -> tuple[Finding, ...]:
    """Find the faults of an item of a batch that is not as `model` describes it."""
    if not isinstance(item, dict):
        return (Finding("FORM", f"{no_object}应为一个对象，请按对接手册填写", "", Severity.CORRECT),)
    try:
        model.model_validate_json(json.dumps(item))
    except ValidationError as problem:
        return faults_of(problem)
    except ValueError:
        pass
    return (Finding("FORM", f"{unreadable}无法读取，请按对接手册填写", "", Severity.CORRECT),)


def text_within(value: Any, longest: int) -> str:
    """A text of an item that is not as described, empty where it is no text or too long."""
    return value if isinstance(value, str) and len(value) <= longest else ""
