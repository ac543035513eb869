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
            if one.same_as:
                yield f"照片“{one.name}”与{one.same_as}的照片相同，请更换或说明原因"
            elif one.like:
                yield f"照片“{one.name}”与{one.like}的照片十分相似，请核对"
            elif one.taken_at is not None and f"{one.taken_at.astimezone(SHANGHAI):%Y-%m}" < period:
                yield f"照片“{one.name}”拍摄于{one.taken_at.astimezone(SHANGHAI):%Y-%m-%d}，早于本期"
