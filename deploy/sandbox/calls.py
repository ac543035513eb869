"""Calls of a developer's own program as the sandbox saw them, refused ones too, with the text that should be signed."""

import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from integrations.wire.exchange import profile
from integrations.wire.exchange.answers import SignedReply
from integrations.wire.exchange.profile import ProfileError
from integrations.wire.exchange.request_judgement import Judged
from models.sealing import sm3_hex
from services.engine.clock import system_now

_KEPT = 60
#: The thirteen lines that are signed, as signing.md names them.
LINES = (
    *("规范名称", "方法", "X-Audience", "路径", "查询串", "X-App-Id", "X-Key-Id", "X-Timestamp", "X-Nonce"),
    *("X-Idempotency-Key", "媒体类型", "X-Body-Enc", "X-Content-SM3"),
)


@dataclass(frozen=True)
class Call:
    """A request and its answer; `canonical` is empty where the headers do not allow one."""

    at: datetime
    app_id: str
    nonce: str
    line: str
    canonical: str
    headers: str
    body: str
    body_sm3: str
    message: str
    status: int
    code: str
    told: str
    answer: str
    request_id: str

    def compared(self, theirs: str) -> list[str]:
        """Return what differs between the developer's text and ours, line by line."""
        own, other = self.canonical.split("\n"), theirs.replace("\r\n", "\n").split("\n")
        if len(own) != len(other):
            return [f"应有{len(own)}行，您的有{len(other)}行（末尾没有换行；没有内容的行也要留空行）"]
        named = zip(LINES, own, other, strict=True)
        return [
            f"第{number}行（{name}）应为“{ours}”，您的是“{yours}”"
            for number, (name, ours, yours) in enumerate(named, 1)
            if ours != yours
        ]


@dataclass
class Calls:
    """The newest calls of this process."""

    kept: deque[Call] = field(default_factory=lambda: deque(maxlen=_KEPT))

    def see(self, judged: Judged, problem: ProfileError | None, reply: SignedReply) -> None:
        """Keep a request with its reply."""
        request = judged.request
        texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers]
        told = {"code": problem.code, "msg": problem.message} if problem else {"code": "0", "data": judged.data}
        self.kept.appendleft(
            Call(
                at=system_now(),
                app_id=judged.app_id,
                nonce=judged.nonce,
                line=f"{request.method} {request.path.decode('latin-1')}",
                canonical=_canonical(judged),
                headers="\n".join(f"{name}: {value}" for name, value in texts if name.startswith(("x-", "content-t"))),
                body=request.body.decode("utf-8", "replace"),
                body_sm3=sm3_hex(request.body),
                message="" if judged.shown is None else json.dumps(judged.shown, ensure_ascii=False, indent=1),
                status=reply.status,
                code=problem.code if problem else "0",
                told=problem.message if problem else "",
                answer=json.dumps(told, ensure_ascii=False, indent=1),
                request_id=judged.request_id,
            )
        )

    def but(self, nonces: Iterable[str]) -> list[Call]:
        """Return the calls whose nonces are none of these, newest first."""
        known = set(nonces)
        return [call for call in list(self.kept) if call.nonce not in known]


def _canonical(judged: Judged) -> str:
    """The text that should be signed, of the bytes that came in."""
    request = judged.request
    try:
        head = profile.read_head(request.headers, keyed=judged.relay.changes if judged.relay else None)
        path, query = profile.canonical_path(request.path), profile.canonical_query(request.query)
    except ProfileError:
        return ""
    # Line 13 is of the body as it came, whatever the header says.
    text = profile.request_text(head, request.method, path, query).decode()
    return "\n".join([*text.split("\n")[:-1], sm3_hex(request.body)])


CALLS = Calls()
