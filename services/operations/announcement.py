"""A stop for maintenance announced to users beforehand: a file of this host's data directory, read by its web processes.

A file and not a row, because it has to be set and shown also where the database is what is worked on.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from services.engine.clock import SHANGHAI, system_now

FILE = "announcement.json"
LONGEST_MINUTES, LONGEST_WORDS = 2_880, 80
_DAYS = "一二三四五六日"


@dataclass(frozen=True)
class Announcement:
    """When a stop begins, how long it takes, and what the administrator adds."""

    begins: datetime
    minutes: int
    words: str = ""

    @property
    def ends(self) -> datetime:
        return self.begins + timedelta(minutes=self.minutes)

    def sentence(self, now: datetime) -> str:
        """The sentence for users; empty once the time is over."""
        if now >= self.ends:
            return ""
        at = self.begins.astimezone(SHANGHAI)
        day = f"{at.month}月{at.day}日（周{_DAYS[at.weekday()]}）{at:%H:%M}"
        when = f"系统将于{day}停机维护" if now < self.begins else f"系统自{day}起停机维护"
        told = f"{when}，约{self.minutes}分钟，请提前办完或保存草稿"
        return f"{told}；{self.words}" if self.words else told


def announced(folder: Path) -> Announcement | None:
    """The announcement of this host, if there is one; a file that cannot be read announces nothing."""
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return Announcement(datetime.fromisoformat(told["begins"]), int(told["minutes"]), str(told["words"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def coming_stop(folder: Path) -> str:
    """The sentence that users of this host read now, empty where nothing is announced."""
    standing = announced(folder)
    return standing.sentence(system_now()) if standing else ""


def announce(folder: Path, announcement: Announcement | None) -> None:
    """Announce a stop instead of what was announced before; None announces nothing."""
    if announcement is None:
        (folder / FILE).unlink(missing_ok=True)
        return
    told = {
        "begins": announcement.begins.isoformat(),
        "minutes": announcement.minutes,
        "words": announcement.words,
    }
    fresh = folder / f".{FILE}.{os.getpid()}"
    fresh.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    fresh.replace(folder / FILE)
