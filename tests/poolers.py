"""A throw-away pgbouncer with the configuration as it is handed over, before a throw-away PostgreSQL."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.browser import ROOT, end, free_port
from tests.deploy.nginx_site import eventually
from tests.postgres import server_user

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")
SHIPPED = ROOT / "deploy" / "host" / "pgbouncer.ini"


@dataclass
class Pooler:
    """A running pgbouncer; `order` speaks to its console, `lead_to` has it lead to another server."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    changes: dict[str, str]

    def url(self, name: str = "shenfang") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def order(self, *statements: str) -> list[tuple[object, ...]]:
        """Give the console its orders; returns what the last one shows."""
        shown: list[tuple[object, ...]] = []
        # The console speaks the simple protocol alone.
        with psycopg.connect(
            f"postgresql://postgres@127.0.0.1:{self.port}/pgbouncer",
            autocommit=True,
            cursor_factory=psycopg.ClientCursor,
        ) as console:
            for statement in statements:
                cursor = console.execute(statement.encode())
                shown = cursor.fetchall() if cursor.description else []
        return shown

    def lead_to(self, home: Path, database: str) -> None:
        """Have `shenfang` lead to the server of `home`; what runs there now is broken off."""
        self.changes["host=db01 port=5432 dbname=shenfang"] = f"host={home / 'postgres'} dbname={database}"
        write_configuration(self.folder, self.changes)
        self.order("RELOAD")


def write_configuration(folder: Path, changes: dict[str, str]) -> Path:
    """Write the shipped configuration with changed lines into a folder."""
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "pgbouncer.ini"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)
    return path


@contextmanager
def running_pooler(
    folder: Path, home: Path, database: str, settings: Mapping[str, str], *, replica: Path | None = None
) -> Iterator[Pooler]:
    """Run a pgbouncer with changed settings before a database of `home`, and one of `replica` as `shenfang_read`."""
    assert PGBOUNCER is not None
    folder.mkdir(exist_ok=True)
    port = free_port()
    changes = {
        "host=db01 port=5432 dbname=shenfang": f"host={home / 'postgres'} dbname={database}",
        "host=db02 port=5432 dbname=shenfang": f"host={(replica or home) / 'postgres'} dbname={database}",
        "listen_port = 6432": f"listen_port = {port}",
        "unix_socket_dir = /run/postgresql": "unix_socket_dir =",
        # Whoever reaches a throw-away server may enter it.
        "auth_type = scram-sha-256": "auth_type = trust",
        "auth_file = /etc/pgbouncer/userlist.txt": f"auth_file = {folder / 'userlist.txt'}",
        "admin_users = pgbouncer": "admin_users = postgres",
        "server_tls_sslmode = verify-full": "server_tls_sslmode = disable",
        "server_tls_ca_file = /etc/pgbouncer/db-ca.pem": "",
    }
    shipped = SHIPPED.read_text(encoding="utf-8").splitlines()
    for name, value in settings.items():
        (line,) = [line for line in shipped if line.startswith(f"{name} =")]
        changes[line] = f"{name} = {value}"
    path = write_configuration(folder, changes)
    (folder / "userlist.txt").write_text('"postgres" ""\n', encoding="ascii")
    with (folder / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen(
            [*_as_somebody(), PGBOUNCER, str(path)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    pooler = Pooler(folder, port, process, changes)
    try:
        _wait(pooler)
        yield pooler
    finally:
        end(process)


def _as_somebody() -> list[str]:
    """pgbouncer refuses to run as root, like the server."""
    user = server_user()
    if user is None:
        return []
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _wait(pooler: Pooler) -> None:
    def answers() -> bool:
        with suppress(psycopg.OperationalError):
            pooler.order("SHOW VERSION")
            return True
        return False

    if not eventually(answers):
        raise RuntimeError((pooler.folder / "pgbouncer.log").read_text(errors="replace"))
