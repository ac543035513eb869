"""Index filings of a day, a district, a state or an office in the very order of their lists (issue 20)."""

from alembic import op

revision = "0203"
down_revision = "0200"
branch_labels = None
depends_on = None

_INDEXES = {
    "filed_on": ["filed_on", "id", "district_code", "street_code"],
    "district_code": ["district_code", "filed_on", "id", "street_code"],
    "state": ["state", "filed_on", "id", "valid_to"],
    "unit_id": ["unit_id", "filed_on", "id"],
}


def upgrade() -> None:
    for name, columns in _INDEXES.items():
        op.drop_index(f"ix_lease_filing_{name}", table_name="lease_filing")
        op.create_index(f"ix_lease_filing_{name}", "lease_filing", columns)
    op.create_index("ix_lease_filing_unit_state", "lease_filing", ["unit_id", "state", "filed_on", "id", "valid_to"])
