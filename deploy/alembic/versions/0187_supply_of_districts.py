"""Index sums of supply with what homes and reports add up of districts, so that no row is read for them (issue 19)."""

from alembic import op

revision = "0187"
down_revision = "0155"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns = ["grain", "item", "district_code", "month", "area", "sets", "amount"]
    op.create_index("ix_supply_sum_district", "supply_sum", columns)
