"""A reason half written is kept on the server, sealed: a line that drops or a page that is reloaded loses none of it."""

from dataclasses import dataclass
from uuid import UUID

from services.engine.drafts import BESIDE_A_RECORD, SaveDraft, drop_draft, my_drafts, open_draft, save_draft
from ui.shell.call import call


@dataclass(frozen=True)
class Begun:
    """An unfinished reason: its decision, and the words so far."""

    letter: str
    words: str


class KeptReasons:
    """The unfinished reasons of one person in one queue."""

    def __init__(self, queue: str) -> None:
        self._kind = f"{BESIDE_A_RECORD}{queue}"[:40]
        self._drafts: dict[str, UUID] = {}
        self._looked = False

    async def of(self, row_id: UUID) -> Begun | None:
        """Return what he began about a record, however long ago."""
        if not self._looked:
            answer = await call(my_drafts, self._kind, quiet=True)
            if not answer.ok:
                return None
            self._looked = True
            self._drafts = {line.title: line.id for line in answer.value}
        draft_id = self._drafts.get(str(row_id))
        if draft_id is None:
            return None
        opened = await call(open_draft, draft_id, quiet=True)
        if not opened.ok:
            return None
        kept = opened.value.payload
        return Begun(str(kept.get("letter", "")), str(kept.get("words", "")))

    async def keep(self, row_id: UUID, letter: str, words: str) -> None:
        """Save the words so far."""
        payload = {"letter": letter, "words": words}
        order = SaveDraft(self._kind, str(row_id), payload, self._drafts.get(str(row_id)))
        answer = await call(save_draft, order, quiet=True)
        if answer.ok:
            self._drafts[str(row_id)] = answer.value.id

    async def drop(self, row_id: UUID) -> None:
        """They were said, or are not wanted any more."""
        draft_id = self._drafts.pop(str(row_id), None)
        if draft_id is not None:
            await call(drop_draft, draft_id, quiet=True)
