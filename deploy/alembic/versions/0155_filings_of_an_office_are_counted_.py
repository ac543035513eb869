"""Count filings of an office by state from their index alone (issue 20)."""

from alembic import op

revision = "0155"
down_revision = "0161"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_lease_filing_unit_id", table_name="lease_filing")
    op.create_index("ix_lease_filing_unit_id", "lease_filing", ["unit_id", "filed_on", "state", "valid_to"])
