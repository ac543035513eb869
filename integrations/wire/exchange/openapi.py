"""The partner API as an OpenAPI document, built from the declared relays; served in the sandbox only (D12)."""

from typing import Any

from integrations.wire.exchange.relay import ROOT, Relay, relays

_HEADERS = (
    ("X-Sign-Alg", "固定 SM2-SM3-V1", "^SM2-SM3-V1$"),
    ("X-Audience", "接收方的环境标识", "^[a-z0-9-]{3,32}$"),
    ("X-App-Id", "应用标识", "^[a-z0-9-]{3,32}$"),
    ("X-Key-Id", "签名密钥标识", "^[A-Za-z0-9._-]{1,40}$"),
    ("X-Timestamp", "Unix 毫秒", "^[0-9]{13}$"),
    ("X-Nonce", "随机数，不得重复", "^[0-9a-f]{32}$"),
    ("X-Body-Enc", "none 或 sm4-env-v1", "^(none|sm4-env-v1)$"),
    ("X-Content-SM3", "报文体的 SM3", "^[0-9a-f]{64}$"),
    ("X-Signature", "SM2 签名，DER 的 Base64", "^[A-Za-z0-9+/]{80,100}={0,2}$"),
)
_KEY = ("X-Idempotency-Key", "幂等键", "^[A-Za-z0-9_-]{8,64}$")
#: HTTP statuses the profile knows beside 200 (security.md 4.6).
_REFUSALS = (400, 401, 403, 404, 409, 413, 415, 422, 429, 503)


def openapi(title: str = "申房对接接口", server: str = "") -> dict[str, Any]:
    """OpenAPI 3.1. Bodies are described as they are before sealing; where `x-envelope` is true they are sent sealed."""
    schemas: dict[str, Any] = {
        "Refusal": {
            "type": "object",
            "required": ["code", "msg", "request_id"],
            "properties": {name: {"type": "string"} for name in ("code", "msg", "request_id")},
        },
    }
    paths: dict[str, Any] = {}
    for one in relays():
        paths.setdefault(ROOT + one.path, {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "SM2-SM3-V1", "description": "规范见对接手册；本文件只在沙箱提供。"},
        "servers": [{"url": server}] if server else [],
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _operation(one: Relay[Any, Any, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    for model in (one.message, one.answer):
        shape = model.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
        schemas.update(shape.pop("$defs", {}))
        schemas[model.__name__] = shape
    data = {"$ref": f"#/components/schemas/{one.answer.__name__}"}
    answered = {
        "type": "object",
        "required": ["code", "msg", "data"],
        "properties": {"code": {"const": "0"}, "msg": {"type": "string"}, "data": data},
    }
    headers = (*_HEADERS, _KEY) if one.changes else _HEADERS
    refused = {"description": "拒绝", "content": _content("Refusal")}
    return {
        "operationId": one.path.strip("/").replace("/", "_").replace("-", "_"),
        "summary": one.label,
        "x-scope": one.right,
        "x-envelope": one.encrypted,
        "x-idempotent": one.changes,
        "parameters": [
            {
                "name": name,
                "in": "header",
                "required": True,
                "description": told,
                "schema": {"type": "string", "pattern": form},
            }
            for name, told, form in headers
        ],
        "requestBody": {"required": True, "content": _content(one.message.__name__)},
        "responses": {
            "200": {
                "description": "已受理，或 data.accepted 为 false 并说明原因",
                "content": {"application/json": {"schema": answered}},
            },
            **{str(status): refused for status in _REFUSALS},
        },
    }


def _content(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
