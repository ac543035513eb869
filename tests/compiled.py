"""Compile the files of tests with their assertions before a run: its workers would otherwise all do it at once.

`python -m tests.compiled 0 2` takes the first half of them, `1 2` the second.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from _pytest.assertion.rewrite import PYC_TAIL, _read_pyc, _rewrite_test, _write_pyc_fp, get_cache_dir
from _pytest.config import get_config

HERE = Path(__file__).resolve().parent


def main(number: int, share: int) -> None:
    files = [path for path in sorted(HERE.rglob("*.py")) if path.stem == "conftest" or path.stem.startswith("test_")]
    compile_tests(files[number::share])


def compile_tests(files: Iterable[Path]) -> int:
    """Write the rewritten bytecode of files where pytest looks for it, and return of how many there was none.

    pytest finds by a digest whether bytecode is that of the file as it is.
    """
    config, new = get_config(), 0
    for path in files:
        folder = get_cache_dir(path)
        kept = folder / f"{path.stem}{PYC_TAIL}"
        if _read_pyc(path, kept) is None:
            digest, code = _rewrite_test(path, config)
            folder.mkdir(parents=True, exist_ok=True)
            fresh = kept.with_name(f"{kept.name}.{os.getpid()}")
            with fresh.open("wb") as file:
                _write_pyc_fp(file, digest, code)
            fresh.replace(kept)
            new += 1
    return new


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
