"""privacy: the reason of a reveal is sealed"""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Reasons stood in clear and may name somebody; the audit has kept each of these looks.
    op.execute("DELETE FROM reveal")
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("reveal", "reason", type_=sa.Text(), existing_nullable=False)
