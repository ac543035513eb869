"""Lists of short names and logos: a firm's own, and those the districts review (row 38)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.enterprise import Enterprise
from models.practitioner_codes import BrandState
from models.practitioners import Brand
from services.access.visibility import CITY, ENTERPRISE
from services.engine.list_pages import lines_of
from services.engine.listings import Bulk, Column, Line, Listing, either, listed, named, part, through
from services.engine.registry import query
from services.engine.work import Work
from services.practitioners.brands import approve_brand
from services.practitioners.list_parts import claim_cells, last_words, rows_by_id
from services.practitioners.orders import Told
from services.practitioners.records import kept_file
from services.practitioners.visibility import DISTRICT

READERS = ENTERPRISE | DISTRICT | CITY


def _cells(work: Work, rows: Sequence[Any]) -> Mapping[str, Callable[[Any], Any]]:
    firms = rows_by_id(work, Enterprise, (row.enterprise_id for row in rows))

    def standing(row: Any, key: str, none: Any) -> Any:
        """Return a value of the brand in force while another one is under review."""
        firm = firms[row.enterprise_id]
        return getattr(firm, key) if firm.brand_id != row.id else none

    return {
        "firm": lambda row: firms[row.enterprise_id].name,
        "in_force": lambda row: firms[row.enterprise_id].brand_id == row.id,
        "standing": lambda row: standing(row, "short_name", ""),
        "standing_brand_id": lambda row: standing(row, "brand_id", None),
        "words": last_words,
        **claim_cells(work, rows),
    }


OWN_BRANDS = listed(
    Listing(
        name="own_brands",
        label="历次申报",
        roles=ENTERPRISE,
        table=Brand,
        columns=(
            Column("short_name", "企业简称"),
            Column("state", "状态", width=80),
            Column("submitted_at", "提交时间", width=126),
            Column("decided_at", "审核时间", width=126),
            Column("words", "审核意见", wraps=True),
            Column("created_at", "填写时间", shown=False),
        ),
        sort="-created_at",
        look_up=_cells,
        also=("version", "taken_at"),
        empty="还没有申报过企业简称与图标",
    )
)

BRANDS = listed(
    replace(
        OWN_BRANDS,
        name="brand_review",
        label="企业简称图标审核",
        roles=DISTRICT | CITY,
        # What a firm has not handed in is its own affair.
        rows=lambda work: work.visible(Brand).where(Brand.state != BrandState.DRAFT),
        columns=(
            Column("firm", "企业"),
            Column("short_name", "企业简称", width=150),
            Column("standing", "现行简称", width=120),
            Column("submitted_at", "提交时间", sortable=True, width=126),
            Column("decided_at", "审核时间", shown=False),
            Column("created_at", "填写时间", shown=False),
            Column("taken_by", "领取人", width=70),
            Column("state", "状态", width=76),
        ),
        filters=(
            named(
                "view",
                "范围",
                {
                    "": ("待审核", col(Brand.state) == BrandState.SUBMITTED),
                    "returned": ("已退回", col(Brand.state) == BrandState.RETURNED),
                    "approved": ("已通过", col(Brand.state) == BrandState.APPROVED),
                },
                sorts={"returned": "-created_at", "approved": "-created_at"},
            ),
            either(
                "word",
                "企业或简称",
                part("", "", Brand.short_name),
                through(Brand.enterprise_id, Enterprise.id, part("", "", Enterprise.name)),
                width=230,
            ),
        ),
        sort="submitted_at",
        counts="view",
        bulk=(
            Bulk(
                approve_brand,
                lambda line, given: Told(line.id),
                label="批量通过",
                icon="done_all",
                key="f8",
                done="已通过",
                named="short_name",
                question="勾选的企业简称与图标全部审核通过？",
            ),
        ),
        empty="没有符合条件的申报",
    )
)


@query("practitioners.brand_open", "查看企业简称与图标", roles=READERS)
def open_brand(work: Work, brand_id: UUID) -> Line:
    """Return a brand as its lists show it."""
    return lines_of(work, BRANDS, [work.get(Brand, brand_id)])[0]


@query("practitioners.brand_logo", "查看企业图标", roles=READERS)
def see_logo(work: Work, brand_id: UUID) -> bytes:
    """The logo as PNG."""
    row = work.get(Brand, brand_id)
    return kept_file(work.sealer, row, row.logo) if row.logo else b""
