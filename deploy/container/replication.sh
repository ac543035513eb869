#!/bin/bash
# Run once by the database's image when its folder is made: the replica may follow, by password, from this network only.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres \
    -c "CREATE ROLE follower LOGIN REPLICATION PASSWORD '$(cat "$POSTGRES_PASSWORD_FILE")'"
echo "host replication follower samenet scram-sha-256" >>"$PGDATA/pg_hba.conf"
