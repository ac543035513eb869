"""Visibility of handbooks and archives: by the scope keys of their project."""

from models.handbooks import Handbook, HandbookArchive
from services.engine.kept_visibility import by_scope
from services.engine.work import visible_rows

visible_rows(Handbook)(by_scope)
visible_rows(HandbookArchive)(by_scope)
