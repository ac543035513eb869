"""Index exchanges of a partner in the order of their time, so that its newest is found by the index (issue 19)."""

from alembic import op

revision = "0216"
down_revision = "0215"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_partner_exchange_app_id", table_name="partner_exchange")
    op.create_index("ix_partner_exchange_app_id", "partner_exchange", ["app_id", "at"])
