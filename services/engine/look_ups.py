"""Values that the lines of a page take from other tables, read for the whole page at once."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import col, select

from services.engine.work import Work


def values_by(work: Work, key: Any, value: Any, keys: Iterable[Any]) -> dict[Any, Any]:
    """The value of each key (an id, a number), for the keys that exist; `None` among the keys is left out."""
    wanted = {one for one in keys if one is not None}
    return dict(work.session.exec(select(key, value).where(col(key).in_(wanted))).all()) if wanted else {}
