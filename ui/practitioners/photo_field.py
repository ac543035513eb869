"""The photo of a person: chosen by a button, set upright by the service, shown at once, its faults beside it."""

from collections.abc import Callable, Sequence
from uuid import UUID

from services.engine.findings import Finding
from services.practitioners.orders import KeepPortrait
from services.practitioners.photos import keep_portrait
from ui.practitioners.parts import portrait
from ui.practitioners.picture_upload import PictureUpload
from ui.shell.call import call


class PhotoField:
    """`portrait_id` is the picture kept; `taken` is called when it is another one."""

    def __init__(self, portrait_id: UUID | None, taken: Callable[[], object]) -> None:
        self.portrait_id, self._first, self._taken = portrait_id, portrait_id, taken
        self.upload = PictureUpload(
            "照片",
            self._take,
            mark="photo",
            most="500 KB",
            help="近期一寸免冠证件照，竖幅，JPG 或 PNG，不超过 500 KB",
        )
        self._draw()

    @property
    def changed(self) -> bool:
        return self.portrait_id != self._first

    def keep(self) -> None:
        """Return what is shown now is saved."""
        self._first = self.portrait_id

    def mark(self, findings: Sequence[Finding]) -> list[Finding]:
        """Show what was found about the photo; gives what is about something else."""
        own = [finding for finding in findings if finding.field == "portrait"]
        self.upload.tell("；".join(finding.message for finding in own))
        return [finding for finding in findings if finding.field != "portrait"]

    def _draw(self) -> None:
        self.upload.picture.clear()
        with self.upload.picture:
            portrait(self.portrait_id, "本人", large=True)

    async def _take(self, content: bytes, name: str) -> None:
        answer = await call(keep_portrait, KeepPortrait(content, name), quiet=True)
        if answer.gone:
            return
        if not answer.ok:
            self.upload.tell(answer.message)
            return
        kept = answer.value
        self.mark(kept.findings)
        if kept.portrait_id is not None:
            self.portrait_id = kept.portrait_id
            self._draw()
            self._taken()
