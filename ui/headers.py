"""Security headers of every answer, and the nonce that lets only our own scripts run on workspace pages."""

import re

from starlette.types import Message, Send

ALWAYS = {
    b"cache-control": b"no-store",
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
#: For a year, and for every name below ours: no browser asks in clear again.
HSTS = "max-age=31536000; includeSubDomains"
ONLY_TLS = {b"strict-transport-security": HSTS.encode()}
PLAIN_PAGE = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
WORKSPACE = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; font-src 'self' data:; worker-src 'self' blob:; "
    "frame-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
#: Papers, sheets of kept records and their files stand in frames of our own pages.
FRAMED = ("/papers/", "/records/print/", "/records/file/")
_SCRIPT = re.compile(rb"<script\b")


def secure_headers(send: Send, path: str, *, only_tls: bool = False) -> Send:
    """`send` that adds what an answer did not say itself; papers may be framed by our own pages, nothing else may."""

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [pair for pair in message["headers"] if pair[0].lower() not in (b"server", b"x-powered-by")]
            said = {name.lower() for name, _ in headers}
            wanted = ALWAYS | (ONLY_TLS if only_tls else {})
            # A PDF of any page is looked at in a frame of ours.
            if path.startswith(FRAMED) or (b"content-type", b"application/pdf") in headers:
                wanted |= {b"x-frame-options": b"SAMEORIGIN", b"content-security-policy": b"frame-ancestors 'self'"}
            else:
                wanted |= {b"x-frame-options": b"DENY", b"content-security-policy": PLAIN_PAGE.encode()}
            headers += [(name, value) for name, value in wanted.items() if name not in said]
            message = {**message, "headers": headers}
        await send(message)

    return with_headers


def finish_page(send: Send, nonce: str) -> Send:
    """`send` that gives every script of a workspace page this answer's nonce; other answers pass as they are."""
    start: Message | None = None
    body = bytearray()

    async def finished(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start" and _is_page(message):
            start = message
            return
        if start is None:
            await send(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body"):
            return
        page = _SCRIPT.sub(b'<script nonce="' + nonce.encode() + b'"', bytes(body))
        # An open page keeps its request, which keeps this function.
        body.clear()
        headers = [pair for pair in start["headers"] if pair[0].lower() != b"content-length"]
        headers += [
            (b"content-length", str(len(page)).encode()),
            (b"content-security-policy", WORKSPACE.format(nonce=nonce).encode()),
        ]
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": page})

    return finished


def _is_page(message: Message) -> bool:
    headers = {name.lower(): value for name, value in message["headers"]}
    return b"x-nicegui-content" in headers and b"text/html" in headers.get(b"content-type", b"")
