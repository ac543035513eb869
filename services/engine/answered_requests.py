"""Answers once given to requests with an id, so that a repeated request gets the first one's answer."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import TypeAdapter

from models.engine import AnsweredRequest
from models.sealed import Sealed
from models.sealing import sm3_hex
from services.engine.adapters import adapter
from services.engine.refusals import Conflict
from services.engine.registry import Action, hints_of
from services.engine.work import Work

_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


def _adapter(action: Action[Any, Any]) -> TypeAdapter[Any]:
    return adapter(hints_of(action.handler)["return"])


def earlier_answer(work: Work, action: Action[Any, Any], fingerprint: str) -> tuple[Any] | None:
    """The answer once given to this request of this caller, or nothing."""
    row = work.first(
        AnsweredRequest,
        AnsweredRequest.caller == work.caller.key,
        AnsweredRequest.action == action.name,
        AnsweredRequest.request_id == work.request_id,
    )
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise Conflict("同一请求号已用于其他内容，请重新提交")
    return (_adapter(action).validate_json(row.answer.plain),)


def claim_request(work: Work, action: Action[Any, Any], fingerprint: str) -> AnsweredRequest:
    row = AnsweredRequest(
        caller=work.caller.key,
        action=action.name,
        request_id=work.request_id,
        fingerprint=fingerprint,
        answer=Sealed.of("null"),
        at=work.at,
    )
    work.session.add(row)
    work.session.flush()
    return row


def remember_answer(work: Work, action: Action[Any, Any], asked: AnsweredRequest, result: Any) -> None:
    asked.answer = Sealed.of(_adapter(action).dump_json(result).decode())
    work.session.add(asked)


def fingerprint_of(order: Any) -> str:
    return sm3_hex(json.dumps(_content(order), sort_keys=True, separators=(",", ":")).encode())


def _content(value: Any) -> Any:
    """Return an order as plain data that is equal in every process, with sets sorted."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _content(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _content(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_content(item) for item in value), key=json.dumps)
    if isinstance(value, list | tuple):
        return [_content(item) for item in value]
    if isinstance(value, bytes):
        return sm3_hex(value)
    if value is None or isinstance(value, str | int):
        return value
    return _ANYTHING.dump_python(value, mode="json", fallback=repr)
