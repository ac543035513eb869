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
# A replica takes no fewer connections and senders than its primary in compose.yaml, or it stops.
exec postgres -D "$PGDATA" -c max_connections=200 -c max_wal_senders=4
