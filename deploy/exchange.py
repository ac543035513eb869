"""The partner API as main.py puts it before the application: under which name, and past whom its requests may not come."""

import re
from collections.abc import Callable
from typing import Any

from starlette.types import Scope

import integrations.endpoints  # noqa: F401  (declares every endpoint)
from integrations.cloud_crypto.refusal import StartRefused
from integrations.wire.exchange.receiver import PartnerApi
from services.engine.door import Door

_NAME = re.compile(r"[a-z0-9-]{3,32}")


def environment_id_of(settings: Any) -> str:
    """Return the name under which partners know this installation, or refuse a name they could not use."""
    name = settings.environment_id or f"shfg-rental-{settings.mode}"
    if not _NAME.fullmatch(name):
        raise StartRefused("ENVIRONMENT_ID 设置有误：应为3至32位小写字母、数字和连字符，如 shfg-rental-prod")
    return name


def open_partner_api(door: Door, front: Any) -> PartnerApi:
    """Return the partner API behind the front, which ignores callers that bypass the gateway."""
    return PartnerApi(door, enter=_entering(front))


def _entering(front: Any) -> Callable[[Scope], str | None]:
    def enter(scope: Scope) -> str | None:
        entry = front.enter(scope)
        if front.required and not (entry.by_gateway and entry.encrypted):
            return None
        return str((scope.get("client") or ("", 0))[0])

    return enter
