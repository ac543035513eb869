"""The folders of operations from the settings: backups, hosts whose logs are collected, files whose modes count."""

import json
import socket
from pathlib import Path
from typing import Any

from services.ports.place import HostTarget, Place

ROOT = Path(__file__).resolve().parent.parent
#: What is collected of this machine unless DEVICE_TARGETS says otherwise; what is not there is left out.
LOCAL_LOGS = ("/var/log/*.log.[0-9]*", "/var/log/*.[0-9]", "/var/log/*-[0-9]*", "/var/log/postgresql/*.log.[0-9]*")
LOCAL_SETTINGS = (
    "/etc/passwd",
    "/etc/group",
    "/etc/sudoers",
    "/etc/sudoers.d/*",
    "/etc/ssh/sshd_config",
    "/etc/postgresql/*/*/pg_hba.conf",
)


def place_of(settings: Any) -> Place:
    """Return where this installation's operations are."""
    home: Path = settings.data_dir.resolve()
    keys: Path = settings.key_dir or home / "keys"
    code = [
        ROOT / part
        for part in ("main.py", "deploy/*.py", "deploy/commands/*.py", "models/*.py", "services/engine/*.py")
    ]
    own = (home, home / "*.db", keys, keys / "*.*", settings.root_key_file or keys / "root.key", *code)
    return Place(
        data_dir=home,
        backup_dir=settings.backup_dir or home / "backups",
        backup_copy_dir=settings.backup_copy_dir,
        backup_keep_days=settings.backup_keep_days,
        targets=_targets(settings.device_targets),
        own_files=tuple(map(str, own)),
    )


def _targets(told: str) -> tuple[HostTarget, ...]:
    """DEVICE_TARGETS is JSON: a list of {host, logs, settings, root}; `root` is where the host's files are mounted."""
    if not told:
        return (HostTarget(socket.gethostname()[:64], LOCAL_LOGS, LOCAL_SETTINGS),)
    return tuple(
        HostTarget(
            str(one["host"])[:64],
            tuple(one.get("logs", LOCAL_LOGS)),
            tuple(one.get("settings", LOCAL_SETTINGS)),
            Path(one.get("root", "/")),
        )
        for one in json.loads(told)
    )
