"""Keep the audit by month on PostgreSQL, and what events that have left the database logged last."""

import sqlalchemy as sa
from alembic import op

from models.months import put_in_parts

revision = "0174"
down_revision = "0154"
branch_labels = None
depends_on = None

#: The first release with triggers of parts made with those of their table.
_LEAST = (13,)


def upgrade() -> None:
    op.create_table(
        "carried_state",
        sa.Column("id", sa.Uuid(), nullable=False, comment="主键"),
        sa.Column("mac", sa.String(length=80), nullable=True, comment="完整性校验值"),
        sa.Column("table_name", sa.String(length=63), nullable=False, comment="数据表"),
        sa.Column("place", sa.String(length=36), nullable=False, comment="记录或日期"),
        sa.Column("of_day", sa.Boolean(), nullable=False, comment="按日合计"),
        sa.Column("state", sa.String(length=90), nullable=False, comment="版本与摘要或行数与校验和"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("table_name", "place"),
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite" or (connection.dialect.server_version_info or ()) < _LEAST:
        return
    put_in_parts(connection, "audit_event")
    connection.exec_driver_sql(
        "CREATE TRIGGER audit_event_kept BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()"
    )
