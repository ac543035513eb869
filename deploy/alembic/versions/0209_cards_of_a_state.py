"""Index cards of a state in the order of their lists (issue 20)."""

from alembic import op

revision = "0209"
down_revision = "0203"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_info_card_state", table_name="info_card")
    op.create_index("ix_info_card_state", "info_card", ["state", "card_no"])
