#!/usr/bin/env bash
# Starts, stops and keeps a unit of this folder where there is no systemd: for trying an installation, not for running one.
# Usage: supervise.sh start|stop|running|log UNIT. It reads ExecStart, Environment, EnvironmentFile, User and RestartPreventExitStatus.
set -euo pipefail
units=${UNITS:-/etc/systemd/system} run=${RUN_FOLDER:-/run/shenfang}
order=$1 unit=$2 name=${2%.service}
instance=${name#*@}
file="$units/${name%%@*}$([ "$instance" = "$name" ] || echo @).service"
install -d -m 755 $run
pid_file="$run/$name.pid" log="$run/$name.log"

value() { sed -n "s/^$1=//p" "$file" | sed "s/%i/$instance/g"; }
# One that ended and was not waited for by its parent counts as gone.
alive() { kill -0 "$1" 2>/dev/null && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }
running() { [ -s "$pid_file" ] && alive "$(cat "$pid_file")"; }

keep() {
    local child=0 code over=
    trap 'over=1; [ "$child" -eq 0 ] || kill -TERM "$child" 2>/dev/null' TERM
    set -a
    while read -r setting; do . "$setting"; done < <(value EnvironmentFile)
    set +a
    while read -r pair; do export "${pair?}"; done < <(value Environment)
    export HOME=/var/lib/shenfang
    cd "$(value WorkingDirectory)"
    while [ -z "$over" ]; do
        # shellcheck disable=SC2046
        setpriv --reuid="$(value User)" --regid="$(value Group)" --init-groups --no-new-privs $(value ExecStart) &
        child=$!
        code=0
        wait "$child" || code=$?
        # A signal interrupts the wait; the child has its time to end in order.
        [ -z "$over" ] || { wait "$child" 2>/dev/null || true; break; }
        case " $(value RestartPreventExitStatus) " in *" $code "*) break ;; esac
        sleep "$(value RestartSec)" &
        wait $! || true
    done
}

case "$order" in
    start)
        running && exit 0
        [ -f "$file" ] || { echo "没有单元 $file" >&2; exit 2; }
        export -f keep value
        units=$units file=$file instance=$instance setsid bash -c 'set -u; keep' </dev/null >>"$log" 2>&1 &
        echo $! >"$pid_file"
        ;;
    stop)
        running || exit 0
        pid="$(cat "$pid_file")"
        kill -TERM "$pid"
        for _ in $(seq 600); do alive "$pid" || break; sleep 0.1; done
        rm -f "$pid_file"
        ;;
    running) running ;;
    log) cat "$log" ;;
    *) echo "supervise.sh start|stop|running|log 单元" >&2; exit 2 ;;
esac
