"""What workers share: files of tests compiled once, which pytest then takes as its own."""

import subprocess
import sys
from pathlib import Path

import pytest
from _pytest.assertion.rewrite import PYC_TAIL, get_cache_dir

from tests.compiled import compile_tests


@pytest.mark.night
def test_what_was_compiled_before_is_what_pytest_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "compiled"))
    file = tmp_path / "test_something.py"
    file.write_text("def test_something():\n    assert [1] == [2]\n", encoding="utf-8")
    assert [compile_tests([file]) for _ in range(2)] == [1, 0]
    kept = get_cache_dir(file) / f"test_something{PYC_TAIL}"
    before = kept.stat().st_mtime_ns
    environment = {"PYTHONPYCACHEPREFIX": str(tmp_path / "compiled"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", str(tmp_path), str(file)]
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "assert [1] == [2]" in ended.stdout
    assert kept.stat().st_mtime_ns == before
    file.write_text("def test_something():\n    assert [1] == [3]\n", encoding="utf-8")
    assert compile_tests([file]) == 1
