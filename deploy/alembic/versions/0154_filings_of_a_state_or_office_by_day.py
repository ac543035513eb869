"""Index filings of a state and of an office by day, in the order of their lists (issue 20)."""

from alembic import op

revision = "0154"
down_revision = "0169"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_lease_filing_state", table_name="lease_filing")
    op.create_index("ix_lease_filing_state", "lease_filing", ["state", "filed_on", "valid_to"])
    op.drop_index("ix_lease_filing_unit_id", table_name="lease_filing")
    op.create_index("ix_lease_filing_unit_id", "lease_filing", ["unit_id", "filed_on"])
