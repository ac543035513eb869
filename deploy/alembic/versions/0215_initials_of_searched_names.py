"""Keep the pinyin initials of every name that a list searches by (issue 19)."""

import sqlalchemy as sa
from alembic import op

revision = "0215"
down_revision = "0209"
branch_labels = None
depends_on = None

_NAMES = {
    "parcel": ("parcel_name", 200, "地块名称"),
    "subject_application": ("company_name", 200, "企业名称"),
    "org_unit": ("name", 80, "单位名称"),
    "alert": ("subject_label", 200, "对象名称"),
    "brand": ("short_name", 12, "企业简称"),
    "head_exit": ("company_name", 200, "企业名称"),
    "project_exit": ("company_name", 200, "企业名称"),
    "community": ("name", 200, "小区名称"),
    "project_transfer": ("transferee_name", 200, "受让方"),
    "spatial_area": ("area_name", 60, "范围名称"),
    "unmanaged_report": ("project_name", 100, "项目名称"),
}


def upgrade() -> None:
    for table, (name, length, label) in _NAMES.items():
        column = sa.Column(f"{name}_letters", sa.String(length=length), nullable=True, comment=label + "首字母")
        op.add_column(table, column)
