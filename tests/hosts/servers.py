"""PostgreSQL servers of a drill: a primary that archives its WAL, a streaming replica, and what is restored from the archive."""

import os
import pwd
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from deploy.setup import find_postgres
from tests.postgres import as_user, reachable_by, server_url, server_user

#: What a commit says is on disk is there after the server is killed; the machine itself does not fall in a drill.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_wal_senders": "8",
    "wal_keep_size": "256MB",
    "hot_standby": "on",
    "archive_timeout": "5s",
}


@dataclass
class DatabaseHost:
    """A server in `home/postgres`; `archive` is a folder where others find its WAL."""

    home: Path
    archive: Path | None = None
    settings: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.user = server_user()
        programs = find_postgres()
        assert programs is not None
        self.home.mkdir(parents=True, exist_ok=True)
        for folder in (self.home / "postgres", self.archive):
            if folder is not None:
                folder.mkdir(exist_ok=True)
                _give(folder, self.user)
        self.programs = programs if self.user is None else reachable_by(self.user, programs, self.home)

    @property
    def data(self) -> Path:
        return self.home / "postgres" / "data"

    def make(self) -> None:
        """Make an empty cluster of databases."""
        self._run(
            "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )

    def copy_of(self, other: "DatabaseHost", *, replica: bool) -> None:
        """Copy a running server, to follow it or to be restored from what it archives."""
        more = ("-R", "-X", "stream") if replica else ("-X", "none")
        self._run(
            "pg_basebackup",
            "-D",
            self.data,
            "-h",
            other.home / "postgres",
            "-U",
            "postgres",
            "-c",
            "fast",
            "--no-sync",
            *more,
        )

    def recover_to(self, moment: str) -> None:
        """Have the next start replay the archive up to a moment and open there."""
        assert self.archive is not None
        lines = (
            f"restore_command = 'cp {self.archive}/%f %p'",
            f"recovery_target_time = '{moment}'",
            "recovery_target_action = 'promote'",
        )
        with (self.data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
        (self.data / "recovery.signal").touch()
        _give(self.data / "recovery.signal", self.user)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [str(self.programs / "postgres"), "-D", str(self.data), "-k", str(self.home / "postgres")]
        settings = SETTINGS | self.settings
        if self.archive is not None:
            copied = f"test ! -f {self.archive}/%f && cp %p {self.archive}/%f.part && mv {self.archive}/%f.part {self.archive}/%f"
            settings |= {"archive_mode": "on", "archive_command": copied}
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        if self.user is not None:
            command = [
                "setpriv",
                f"--reuid={self.user.pw_uid}",
                f"--regid={self.user.pw_gid}",
                "--clear-groups",
                *command,
            ]
        with (self.home / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + 120
        while not self.answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError((self.home / "postgres.log").read_text(errors="replace")[-3000:])
            time.sleep(0.05)

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(self.url("postgres")):
            return True
        return False

    def url(self, database: str) -> str:
        return server_url(self.home, database)

    def order(self, statement: str, database: str = "postgres") -> Any:
        """Give the server an order; returns the first value that it shows."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            row = cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def promote(self) -> None:
        """Make the replica the primary."""
        self._run("pg_ctl", "promote", "-D", self.data, "-w", "-t", "60")

    def fall(self) -> None:
        """End every process of the server at once, as when its host loses power."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """End the server in order."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
        self.fall()

    def replayed(self, other: "DatabaseHost") -> bool:
        """Return whether this replica has replayed what the other server has written by now."""
        written = other.order("SELECT pg_current_wal_insert_lsn()")
        return bool(self.order(f"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn"))

    def _run(self, program: str, *arguments: object) -> None:
        done = subprocess.run(
            [self.programs / program, *map(str, arguments)],
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            **as_user(self.user),
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed: {done.stderr or done.stdout}")


def _give(path: Path, user: pwd.struct_passwd | None) -> None:
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)
