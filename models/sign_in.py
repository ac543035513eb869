"""Sign-in challenges and gateway assertions, each usable once by any process (M1, H08)."""

from datetime import datetime
from uuid import UUID

from models.base import Table
from models.columns import ident, moment, text


class SpentToken(Table, table=True):
    """A challenge or assertion that was used: its keyed digest, kept until it would be refused for its age anyway."""

    __table_args__ = (
        {
            "info": {
                "unprotected": "a token is short-lived and single-use: what is taken away is refused by its age, what is put in refuses one sign-in"
            }
        },
    )

    id: UUID = ident()
    digest: str = text("摘要", max=64, unique=True)
    kind: str = text("类别", max=12)
    until: datetime = moment("保留至", index=True)
