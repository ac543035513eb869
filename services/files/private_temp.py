"""Temporary files in a private folder of this process, emptied when the process is gone (D22, H45)."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def use_private_temp(home: Path) -> Path:
    """Have every library of the process put its temporary files under `home`; what dead processes left there goes."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.chmod(0o700)
    for left in home.iterdir():
        if not _lives(left.name):
            shutil.rmtree(left, ignore_errors=True)
    own = home / str(os.getpid())
    own.mkdir(exist_ok=True, mode=0o700)
    tempfile.tempdir = str(own)
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    return own


def _lives(name: str) -> bool:
    if not name.isdecimal():
        return False
    try:
        os.kill(int(name), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
