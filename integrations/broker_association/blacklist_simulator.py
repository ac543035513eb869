"""The association's blacklist for demo and tests: a few invented entries, more on demand."""

from datetime import date
from pathlib import Path

from integrations.broker_association.blacklist_contract import LISTED, ListedEntry, ListReply, ListRequest
from integrations.wire.records import rows_of
from integrations.wire.simulator import Change, ContentFault, Ground, Simulator
from models.normal import normal_id_no

#: Beside the other fixtures; without the file the list is empty.
TABLE = Path("fixtures") / "blacklist.csv"
_STRANGER = "000000000000000000"


class EntryChange(Change):
    """An entry about a number from now on; without a category the number has none any more."""

    id_no: str
    category: str = ""
    since: date = date(2025, 1, 1)
    until: date | None = None


class BlacklistSimulator(Simulator):
    """Knows numbers; a name is not asked and would not count."""

    def __init__(self, ground: Ground) -> None:
        super().__init__("blacklist", "行业黑名单（模拟）", latency_ms=ground.latency_ms)
        self._entries: dict[str, list[ListedEntry]] = {}
        for entry in _read(ground.data_dir / TABLE):
            self._entries.setdefault(normal_id_no(entry.zjhm), []).append(entry)
        self.on_change(EntryChange, self._change)

        @self.app.post(LISTED.path)
        async def find(request: ListRequest, fault: ContentFault) -> ListReply:
            found: list[ListedEntry] = []
            if fault != "miss":
                for number in request.zjhm:
                    found += self._entries.get(normal_id_no(number), [])
            if fault == "mismatch":
                found.append(ListedEntry(zjhm=_STRANGER, lb="其他", qsrq=date(2025, 1, 1)))
            return ListReply(request_id=request.request_id, data_time=self.newest, jl=found)

    def _change(self, change: EntryChange) -> int:
        number = normal_id_no(change.id_no)
        if change.category:
            entry = ListedEntry(zjhm=number, lb=change.category, qsrq=change.since, zzrq=change.until)
            self._entries[number] = [entry]
        else:
            self._entries.pop(number, None)
        return 1


def _read(path: Path) -> list[ListedEntry]:
    if not path.exists():
        return []
    return [
        ListedEntry(
            zjhm=line["id_no"],
            lb=line["category"],
            qsrq=date.fromisoformat(line["since"]),
            zzrq=date.fromisoformat(line["until"]) if line["until"] else None,
        )
        for line in rows_of(path)
    ]
