"""A page of a list: which rows are wanted, and in which declared order."""

from dataclasses import dataclass

from services.engine.refusals import Rejected

#: No list is paged further than this row; the caller narrows the search instead.
DEEPEST = 10_000
#: No `deep` list has more rows.
BOTTOM = 10_000_000


@dataclass(frozen=True)
class Paging:
    """A page of a list. `sort` is a column's key, with a leading minus for descending; unknown keys are refused.

    `after` is the id of the last line of the page before, where the list is `deep`: new rows then shift no page.
    """

    page: int = 1
    size: int = 50
    sort: str = ""
    after: str = ""

    def bounds(self, deepest: int = DEEPEST) -> tuple[int, int]:
        """Offset and number of the wanted rows, or a refusal."""
        if not 1 <= self.size <= 200 or self.page < 1 or (self.page - 1) * self.size >= deepest:
            raise Rejected(f"只能查看前{deepest}条，请缩小查询范围")
        return (self.page - 1) * self.size, self.size
