#!/bin/bash
# Entry of the replica: copies the database once, then follows it.
set -euo pipefail
export PGDATA=/var/lib/postgresql/data/replica
PGPASSWORD="$(cat /run/secrets/database.password)"
export PGPASSWORD
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    rm -rf "${PGDATA:?}"
    pg_basebackup -h database -U follower -D "$PGDATA" -R -X stream -c fast
    chmod 700 "$PGDATA"
fi
exec postgres -D "$PGDATA"
