"""Temporary files in a private folder of this process, emptied when the process is gone (D22, H45)."""

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

_LOCK = ".lock"


def use_private_temp(home: Path) -> Path:
    """Have every library of the process put its temporary files under `home`; what dead processes left there goes.

    Each folder is locked by its process: containers that share `home` have the same process numbers.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.chmod(0o700)
    # One process after another begins, so that none takes a folder that is being made for one of the dead.
    beginning = _locked(home / _LOCK, wait=True)
    for left in home.iterdir():
        if left.name != _LOCK and not _lives(left):
            shutil.rmtree(left, ignore_errors=True)
    own = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=home))
    # Held until the process is gone.
    _locked(own / _LOCK)
    if beginning is not None:
        os.close(beginning)
    tempfile.tempdir = str(own)
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    return own


def _lives(folder: Path) -> bool:
    try:
        free = _locked(folder / _LOCK, new=False)
    except OSError:
        return False
    if free is not None:
        os.close(free)
    return free is None


def _locked(path: Path, *, wait: bool = False, new: bool = True) -> int | None:
    """Return a descriptor that holds the lock of a file, or nothing where another process holds it."""
    descriptor = os.open(path, os.O_RDWR | (os.O_CREAT if new else 0), 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
