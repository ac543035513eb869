"""Visibility of handbooks and archives: by the scope keys of their project; auditors verify every archive."""

from typing import Any

import sqlalchemy as sa

from models.access import Role
from models.handbooks import Handbook, HandbookArchive
from services.engine.kept_visibility import by_scope
from services.engine.work import Work, visible_rows

visible_rows(Handbook)(by_scope)


@visible_rows(HandbookArchive)
def archives(work: Work, table: Any) -> Any:
    return sa.true() if work.caller.has(Role.AUDITOR) else by_scope(work, table)
