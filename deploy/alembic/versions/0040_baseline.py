"""The schema of the first release; every installation begins here or later."""

from deploy.alembic.versions.baseline import (
    access,
    alarms,
    alerts,
    association,
    audit,
    cancellation,
    companies,
    direct_pay,
    documents,
    engine,
    enterprise,
    file_pieces,
    house,
    imports,
    integrity,
    keys,
    list_settings,
    monitoring,
    operations,
    parcels,
    partners,
    practitioners,
    privacy,
    projects,
    pushes,
    records,
    rights,
    sign_in,
    tenancy,
    triggers,
)

revision = '0040'
down_revision = None
branch_labels = None
depends_on = None

#: A table is made after those it refers to.
PARTS = (
    access,
    alarms,
    alerts,
    association,
    audit,
    companies,
    enterprise,
    documents,
    engine,
    file_pieces,
    house,
    imports,
    integrity,
    keys,
    list_settings,
    monitoring,
    operations,
    parcels,
    partners,
    sign_in,
    privacy,
    rights,
    practitioners,
    pushes,
    records,
    tenancy,
    projects,
    cancellation,
    direct_pay,
    triggers,
)


def upgrade() -> None:
    for part in PARTS:
        part.create()
