"""Facts of a report's photos: their number, when they were taken, and which were used before (PRG-10)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from services.engine.clock import SHANGHAI


@dataclass(frozen=True)
class SeenPhoto:
    """A photo by its file name: when it was taken, and the report that had the same or a very similar picture."""

    name: str
    taken_at: datetime | None = None
    same_as: str = ""
    like: str = ""

    def told(self, period: str) -> str:
        """Return what speaks against the photo as one of this month."""
        if self.same_as:
            return f"与{self.same_as}的照片相同"
        if self.like:
            return f"与{self.like}的照片十分相似"
        taken = self.taken_at.astimezone(SHANGHAI) if self.taken_at is not None else None
        if taken is not None and f"{taken:%Y-%m}" < period:
            return f"拍摄于{taken:%Y-%m-%d}，早于本期"
        return ""


@dataclass(frozen=True)
class SeenPhotos:
    """The photos of a report."""

    photos: tuple[SeenPhoto, ...] = ()

    @property
    def number(self) -> int:
        return len(self.photos)

    def told(self, period: str) -> Iterator[str]:
        """Yield a sentence for each photo that does not show this month."""
        for one in self.photos:
            if words := one.told(period):
                yield f"照片“{one.name}”{words}，请更换或说明原因"
