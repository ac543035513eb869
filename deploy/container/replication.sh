#!/bin/bash
# Run once by the database's image when its folder is made: the replica may follow, by password, from this network only.
set -euo pipefail
# The image reads the password's file and takes its name away before this runs.
password="$(cat /run/secrets/database.password)"
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres \
    -c "CREATE ROLE follower LOGIN REPLICATION PASSWORD '$password'"
echo "host replication follower samenet scram-sha-256" >>"$PGDATA/pg_hba.conf"
