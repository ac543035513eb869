"""Parameters of the older city system may be seven (issue 18); those kept so far are four."""

import sqlalchemy as sa
from alembic import op
from models.columns import ScaledNumber

revision = "0200"
down_revision = "0188"
branch_labels = None
depends_on = None

_PLANAR = (("shift_e", "东平移"), ("shift_n", "北平移"), ("rotation", "旋转"))
_SPATIAL = (
    ("meridian", "旧系统中央子午线"),
    ("false_e", "旧系统东坐标加常数"),
    ("false_n", "旧系统北坐标加常数"),
    ("shift_x", "X平移"),
    ("shift_y", "Y平移"),
    ("shift_z", "Z平移"),
    ("turn_x", "X旋转"),
    ("turn_y", "Y旋转"),
    ("turn_z", "Z旋转"),
)


def upgrade() -> None:
    method = sa.Column("method", sa.String(length=32), nullable=False, server_default="PLANAR", comment="参数类型")
    op.add_column("plane_transform", method)
    ellipsoid = sa.Column("ellipsoid", sa.String(length=32), nullable=True, comment="旧系统参考椭球")
    op.add_column("plane_transform", ellipsoid)
    for name, label in _SPATIAL:
        op.add_column("plane_transform", sa.Column(name, ScaledNumber(14, 4), nullable=True, comment=label))
    with op.batch_alter_table("plane_transform") as batch:
        for name, label in _PLANAR:
            batch.alter_column(name, existing_type=ScaledNumber(14, 4), existing_comment=label, nullable=True)
