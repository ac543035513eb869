"""The pages open on this process: each bound to its session, and sent to sign in when that session is over (H10-H14)."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from nicegui import Client, background_tasks, core, run
from socketio.exceptions import ConnectionRefusedError as SocketRefused

from services.access.sessions import SessionBook
from services.engine.callers import Caller
from ui.denials import Denials

log = logging.getLogger("shenfang.ui")

EVERY_SECONDS = 3.0
_ORIGINALS: dict[str, Callable[..., Any]] = {}
#: What the library breaks on in a message no page of ours sends; what a page's own handler breaks on it reports itself.
_MALFORMED = (AttributeError, LookupError, TypeError, ValueError)


class OpenPages:
    """Knows the session of each open page, because the library accepts events from any caller who knows a page's id."""

    def __init__(self, book: SessionBook) -> None:
        self.book = book
        self.denials = Denials(book.door)
        self._touched: set[str] = set()
        self._over = False

    def install(self) -> None:
        """Wrap the library's socket handlers; installing again replaces the earlier guard."""
        handlers = core.sio.handlers["/"]
        for name in ("connect", "disconnect", "handshake", "event", "javascript_response", "ack", "log"):
            _ORIGINALS.setdefault(name, handlers[name])
        _ORIGINALS.setdefault("message", core.sio.eio.handlers["message"])
        core.sio.eio.on("message", self._message)
        core.sio.on("connect", self._connect)
        core.sio.on("disconnect", _disconnect)
        core.sio.on("handshake", self._handshake)
        for name in ("event", "javascript_response", "ack", "log"):
            core.sio.on(name, self._checked(name))

    async def watch(self) -> None:
        """Look every few seconds whether the sessions of open pages still live."""
        while not self._over:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.sweep()
            except Exception as problem:
                log.error("open pages could not be checked: %s", type(problem).__qualname__)

    def stop(self) -> None:
        """Look no more. Cancelling alone is not enough: the library's `run.io_bound` swallows it."""
        self._over = True

    async def sweep(self) -> None:
        """Close the pages whose session ended, was idle too long, or whose account may no longer come in."""
        touched, self._touched = self._touched, set()
        callers: dict[str, Caller] = {}
        for client in list(Client.instances.values()):
            state = _state(client)
            if state.get("token") and not state.get("over"):
                callers[state["token"]] = state["caller"]
        found = await run.io_bound(_found, self.book, list(callers), touched)
        # Nothing while the process is stopping.
        for (token, known), now in zip(callers.items(), found or (), strict=False):
            if now is None:
                self._close(_with_token(token), await run.io_bound(self.book.why_over, token) or "over")
            elif now.scopes != known.scopes:
                self._close(_with_token(token), "changed")
                details = {"result": "ok", "reason": "RIGHTS_CHANGED"}
                await run.io_bound(self.book.door.tell, now, "SESS.KICK", "ui.close", **details)

    def close_session(self, session: str, why: str = "out") -> None:
        self._close(lambda state: state.get("session") == session, why)

    def close_account(self, account_id: UUID, *, but: str) -> None:
        """Close the pages of an account that belong to another session than `but`."""

        def other(state: dict[str, Any]) -> bool:
            caller = state.get("caller")
            return isinstance(caller, Caller) and caller.account_id == account_id and caller.session != but

        self._close(other, "kicked")

    def _close(self, chosen: Callable[[dict[str, Any]], bool], why: str) -> None:
        for client in list(Client.instances.values()):
            state = _state(client)
            if state.get("session") and chosen(state):
                self.book.forget(state.get("token", ""))
                close_page(client, why)

    async def _message(self, wire: str, content: Any) -> None:
        """Read one packet; what no library of ours would send is logged, not the library's way to its error."""
        try:
            await _ORIGINALS["message"](wire, content)
        except Exception:
            self._tell(core.sio.environ.get(wire) or {}, "message", "MALFORMED")

    async def _connect(self, sid: str, environ: Any = None, auth: Any = None, *more: Any) -> Any:
        if environ is None or environ is not core.sio.get_environ(sid):
            # A message with the name of the library's own event, whose content would count as the connection's.
            self._tell_malformed(sid, "connect")
            return False
        asked = parse_qs(environ.get("QUERY_STRING", "")).get("client_id", [""])[0]
        client = Client.instances.get(asked)
        if client is not None and not self._same(environ, client):
            self._tell(environ, "handshake")
            raise SocketRefused("not your page")
        return await _ORIGINALS["connect"](sid, environ, auth)

    async def _handshake(self, sid: str, *messages: Any) -> Any:
        if not self._may(sid, messages, "handshake"):
            return False
        try:
            return await _ORIGINALS["handshake"](sid, *messages)
        except _MALFORMED:
            self._tell_malformed(sid, "handshake")
            return False

    def _checked(self, name: str) -> Callable[..., None]:
        def handle(sid: str, *messages: Any) -> None:
            if self._may(sid, messages, name):
                if name == "event":
                    self._touched.add(_state(Client.instances[messages[0]["client_id"]]).get("token", ""))
                try:
                    _ORIGINALS[name](sid, *messages)
                except _MALFORMED:
                    self._tell_malformed(sid, name)

        return handle

    def _may(self, sid: str, messages: Sequence[Any], name: str) -> bool:
        asked = messages[0].get("client_id") if len(messages) == 1 and isinstance(messages[0], dict) else None
        if not isinstance(asked, str):
            self._tell_malformed(sid, name)
            return False
        client = Client.instances.get(asked)
        if client is None:
            # A page of before a restart.
            return False
        environ = core.sio.get_environ(sid) or {}
        if self._same(environ, client):
            return not _state(client).get("over")
        self._tell(environ, name)
        background_tasks.create(core.sio.disconnect(sid), name="foreign socket")
        return False

    def _tell_malformed(self, sid: str, name: str) -> None:
        self._tell(core.sio.get_environ(sid) or {}, name, "MALFORMED")

    def _same(self, environ: dict[str, Any], client: Client) -> bool:
        session = environ.get("asgi.scope", {}).get("state", {}).get("session", "")
        return bool(session) and session == _state(client).get("session")

    def _tell(self, environ: dict[str, Any], name: str, reason: str = "FOREIGN_PAGE") -> None:
        scope = environ.get("asgi.scope", {})
        address = str((scope.get("client") or ("", 0))[0])
        self.denials.tell(reason, address, scope.get("state", {}).get("caller"), act=f"ui.{name}")


def _disconnect(sid: str, *more: Any) -> None:
    _ORIGINALS["disconnect"](sid)


def close_page(client: Client, why: str) -> None:
    """Send a page to sign in and take no more events from it."""
    _state(client)["over"] = True
    client.run_javascript(f"window.sfOver ? sfOver('{why}') : location.replace('/login?why={why}')")
    background_tasks.create(hang_up(client), name="hang up")


async def hang_up(client: Client) -> None:
    """Close a page's sockets after showing the reason; a script that remains connected receives nothing more."""
    for _ in range(20):
        if not client.outbox.messages:
            break
        await asyncio.sleep(0.1)
    # What was taken out of the queue is still on its way.
    await asyncio.sleep(0.2)
    for sid, wire in list(core.sio.manager.get_participants("/", client.id)):
        # The first keeps an honest script from connecting again, the second does not ask the script.
        await core.sio.disconnect(sid)
        await core.sio.eio.disconnect(wire)


def session_of(client: Client) -> str:
    """The session a page belongs to; empty for none."""
    return str(_state(client).get("session", ""))


def _state(client: Client) -> dict[str, Any]:
    # A client without a request belongs to the library itself.
    if client._request is None:
        return {}
    state: dict[str, Any] = client.request.scope.get("state", {})
    return state


def _with_token(token: str) -> Callable[[dict[str, Any]], bool]:
    return lambda state: state.get("token") == token


def _found(book: SessionBook, tokens: Sequence[str], touched: set[str]) -> list[Caller | None]:
    book.look_at(tokens)
    return [book.find(token, active=token in touched) for token in tokens]
