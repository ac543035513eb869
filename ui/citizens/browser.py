"""The citizen's cookie and the secret in its forms; it shares nothing with the cookie of the workspaces."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from models.sealing import Sealer
from ui.guard import Gate, cookie_of, plain_cookie

#: The session, and the sign-in that is under way at the portal.
SESSION, SIGN_IN = "bl", "bl-in"
_SIGN_IN_SECONDS = 600


@dataclass(frozen=True)
class Cookies:
    """Cookies of citizens' pages: `__Host-` but on the demo's loopback. They are Lax, for the portal sends the browser back."""

    gate: Gate

    def read(self, request: Request, name: str) -> str:
        return cookie_of(request.headers.get("cookie", ""), self._named(request, name))

    def keep(self, request: Request, answer: Response, name: str, value: str) -> None:
        """Set a cookie until the browser is closed; the one of a sign-in for ten minutes."""
        answer.set_cookie(
            self._named(request, name),
            value,
            max_age=_SIGN_IN_SECONDS if name == SIGN_IN else None,
            path="/",
            secure=not self._plain(request),
            httponly=True,
            samesite="lax",
        )

    def forget(self, request: Request, answer: Response, name: str) -> None:
        answer.delete_cookie(
            self._named(request, name), path="/", secure=not self._plain(request), httponly=True, samesite="lax"
        )

    def _plain(self, request: Request) -> bool:
        return plain_cookie(self.gate, request.headers.get("host", ""))

    def _named(self, request: Request, name: str) -> str:
        return name if self._plain(request) else f"__Host-{name}"


def form_secret(sealer: Sealer, token: str) -> str:
    """Return what every form of a session carries, so that no other site can send one."""
    return sealer.session_digest(f"form|{token}")[:32]
