"""Waiting for a drawing that the worker reads: what it is at, its place in the queue, and what becomes of it (rows 80, 81)."""

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from nicegui import background_tasks
from nicegui import ui as web

from models.space_models import DrawingState
from services.space.drawing_queue import DrawingStatus, drawing_status
from services.space.site_plan import STEPS
from ui.shell.call import call
from ui.shell.parts import note

_SAVED = "图纸已保存，等待读取……"


class DrawingWait:
    """Asks every second how far a drawing is; calls `read` with the last status, or `refused` with the reason."""

    def __init__(
        self,
        reading_id: UUID,
        *,
        read: Callable[[DrawingStatus], Coroutine[Any, Any, None]],
        refused: Callable[[str], None],
    ) -> None:
        self.reading_id = reading_id
        self._read, self._refused = read, refused
        self.step = note(_SAVED)
        self.step.props("role=status").mark("drawing-step")
        self._timer = web.timer(1.0, self._look, immediate=False)

    async def _look(self) -> None:
        answer = await call(drawing_status, self.reading_id, quiet=True)
        if self.step.is_deleted:
            self._timer.cancel()
            return
        status: DrawingStatus | None = answer.value if answer.ok else None
        if status is not None and status.state is DrawingState.WAITING:
            self.step.text = _told(status)
            return
        self._timer.cancel()
        if status is None:
            self._refused(answer.message)
        elif status.state is DrawingState.REFUSED:
            self._refused(status.refusal)
        else:
            # A task of its own: what is drawn now takes this timer away, which would end what runs within it.
            background_tasks.create(self._read(status), name="use a drawing")


def _told(status: DrawingStatus) -> str:
    if status.step:
        place = STEPS.index(status.step) + 1 if status.step in STEPS else 1
        return f"正在读取，第{place}步，共{len(STEPS)}步：{status.step}……"
    return f"排队等待读取，前面还有{status.ahead}份图纸……" if status.ahead else _SAVED
