"""Index filings and cases by day and district, for the figures of homes (issue 19)."""

from alembic import op

revision = "0145"
down_revision = "0133"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_lease_filing_filed_on", table_name="lease_filing")
    op.create_index("ix_lease_filing_filed_on", "lease_filing", ["filed_on", "district_code", "street_code"])
    op.create_index("ix_gov_case_accepted_on", "gov_case", ["accepted_on", "district_code", "state", "street_code"])
