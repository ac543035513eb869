"""Long reports of supply as files that the worker makes with progress, asked for and found like any list's (row 83)."""

from dataclasses import fields
from typing import Any, NamedTuple

from models.access import Role
from models.privacy import ExportMedia
from services.engine.work import Work
from services.privacy.listings import Criteria, Drawing, Drawn, Listing, offer_listing
from services.supply.exports import as_csv, as_workbook, explained
from services.supply.report_forms import AskReport, Report
from services.supply.report_views import made
from services.supply.visibility import READERS

_LONGEST = 500_000


class _File(NamedTuple):
    """A report and what its file says about it."""

    found: Report
    about: tuple[tuple[str, str], ...]


def _made(work: Work, criteria: Criteria) -> Report:
    asked: dict[str, Any] = {name: text for name, text in criteria.items() if text}
    return made(work, AskReport(**asked))


def _read(work: Work, criteria: Criteria) -> Drawing:
    found = _made(work, criteria)
    return Drawing(_File(found, tuple(explained(work, found))), len(found.lines))


def _write(file: _File, media: ExportMedia, done: Any) -> bytes:
    return as_csv(file.found) if media is ExportMedia.CSV else as_workbook(file.found, file.about, done)


REPORT_FILE = offer_listing(
    Listing(
        name="supply_report",
        label="可供应量统计",
        roles=frozenset(READERS - {Role.SYSTEM}),
        columns=(),
        count=lambda work, criteria: len(_made(work, criteria).lines),
        filters=frozenset(one.name for one in fields(AskReport)),
        drawn=Drawn(_read, _write),
        longest=_LONGEST,
    )
)
