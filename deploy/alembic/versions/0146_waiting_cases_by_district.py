"""Index cases by state with district and day, for the work that waits on homes (issue 19)."""

from alembic import op

revision = "0146"
down_revision = "0141"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_gov_case_state", table_name="gov_case")
    op.create_index("ix_gov_case_state", "gov_case", ["state", "district_code", "accepted_on"])
