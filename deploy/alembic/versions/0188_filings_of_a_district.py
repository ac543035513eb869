"""Index filings of a district by day and street, as its home counts them (issue 19)."""

from alembic import op

revision = "0188"
down_revision = "0187"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_lease_filing_district_code", table_name="lease_filing")
    op.create_index("ix_lease_filing_district_code", "lease_filing", ["district_code", "filed_on", "street_code"])
