"""The only way from a page to the door: session checked again, off the loop, refusals shown in Chinese."""

from asyncio import CancelledError
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, overload

from nicegui import Client, run
from nicegui import ui as web

from services.engine.findings import Finding
from services.engine.refusals import NotSignedIn, Refusal
from services.engine.registry import Action, Query
from ui.plain import note
from ui.shell.desk import Desk, desk_of
from ui.shell.open_pages import close_page

Order = TypeVar("Order")
Result = TypeVar("Result")
_NOTHING = object()


class Ended(CancelledError):
    """Ends the task that answers an event: its page is gone, its session over, or its call refused."""


@dataclass
class Answer(Generic[Result]):
    """Result of a call. `ok` is false when it was refused or failed; then there is no `value`."""

    ok: bool = False
    message: str = ""
    findings: tuple[Finding, ...] = ()
    #: The refusal's number, such as 409 for what was overtaken by another user; 0 when nothing was refused.
    status: int = 0
    _value: Any = field(default=_NOTHING, repr=False)

    @property
    def value(self) -> Result:
        """The result; asking a refused call for it is a mistake of the page."""
        if self._value is _NOTHING:
            raise RuntimeError("a refused call has no value")
        result: Result = self._value
        return result

    def or_end(self) -> Result:
        """The result; where there is none, the refusal has been shown, and nothing more is done about the event."""
        if not self.ok:
            raise Ended
        return self.value


@overload
async def call(
    what: Action[None, Result] | Query[None, Result],
    order: None = None,
    *,
    button: web.button | None = None,
    request_id: str = "",
    quiet: bool = False,
) -> Answer[Result]: ...


@overload
async def call(
    what: Action[Order, Result] | Query[Order, Result],
    order: Order,
    *,
    button: web.button | None = None,
    request_id: str = "",
    quiet: bool = False,
) -> Answer[Result]: ...


async def call(
    what: Action[Any, Result] | Query[Any, Result],
    order: Any = None,
    *,
    button: web.button | None = None,
    request_id: str = "",
    quiet: bool = False,
) -> Answer[Result]:
    """Perform an action or query; meanwhile `button` is disabled, then a refusal is shown and counters follow an action.

    With `quiet` they do not. What follows is not run when the page is gone meanwhile (`Ended`).
    """
    client = web.context.client
    desk = desk_of(client)
    if button is not None:
        if not button.enabled:
            return Answer()
        button.disable()
        button.props("loading")
    try:
        # A tuple, because `io_bound` gives a bare None while the process is stopping.
        done = await run.io_bound(_through_the_door, desk, what, order, request_id)
    except NotSignedIn:
        why = await run.io_bound(desk.book.why_over, desk.token)
        if not client.is_deleted:
            close_page(client, why or "over")
        raise Ended from None
    except Refusal as refusal:
        return _refused(
            client, desk, Answer(message=refusal.message, findings=refusal.findings, status=refusal.status), quiet=quiet
        )
    except Exception as problem:
        reference = note(problem, what.name)
        message = f"系统出错，未能完成“{what.label}”，请稍后重试（编号 {reference}）"
        return _refused(client, desk, Answer(message=message), quiet=False)
    finally:
        if button is not None and not client.is_deleted and not button.is_deleted:
            button.props(remove="loading")
            button.enable()
    if done is None or client.is_deleted:
        raise Ended
    if isinstance(what, Action) and not quiet:
        desk.acted()
    return Answer(ok=True, _value=done[0])


def _through_the_door(desk: Desk, what: Any, order: Any, request_id: str) -> tuple[Any]:
    caller = desk.book.find(desk.token)
    if caller is None:
        raise NotSignedIn("登录已失效，请重新登录")
    desk.caller = caller
    if isinstance(what, Query):
        return (desk.door.ask(what, caller, order, request_id=request_id),)
    return (desk.door.perform(what, caller, order, request_id=request_id),)


def _refused(client: Client, desk: Desk, answer: Answer[Any], *, quiet: bool) -> Answer[Any]:
    if client.is_deleted:
        raise Ended
    if not quiet:
        desk.say(answer.message, "bad")
    return answer
