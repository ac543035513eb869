"""The gates of the supply chain: `python -m deploy.supply.gate` in `make gate`, with `--release` before a release."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from deploy.supply import advisories, secret_scan
from deploy.supply.components import SHIPPED, absent, carried, packages, strangers
from deploy.supply.licences import allowed
from deploy.supply.locks import DEVELOPMENT, EXTRAS, POSTGRES, PRODUCT, ROOT, unpinned
from deploy.supply.pages import LICENCES, NOTICE, licence_page, notice

#: Written in pieces, so that this file does not name what it looks for.
_HOSTS = re.compile(
    r"|".join(
        [
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            "npm" + r"js\.(?:org|com)",
            "debian" + r"\.org",
            r"\bmirrors?\.[a-z]+\.(?:com|cn|org|edu)",
            r"--(?:extra-)?index-url\s+\S",
            r"\bfind-" + r"links\s*[= ]\s*\S",
        ]
    )
)

#: A finding of bandit that is accepted, with the reason.
_ACCEPTED = re.compile(r"# nosec B\d+ # \w")


def pins() -> list[str]:
    """Return the packages of the locks that lack a single version or its digests."""
    return [f"{path.name}：{line}" for path in sorted((ROOT / "deploy").glob("*.lock")) for line in unpinned(path)]


def environment() -> list[str]:
    """Return where the installed packages differ from the lock."""
    return [*(f"未安装：{one}" for one in absent()), *(f"不在锁定文件中：{one}" for one in strangers())]


def hosts() -> list[str]:
    """Return the tracked files that name a registry: the machine's own setting says where packages come from."""
    found = []
    for path in secret_scan.tracked_files():
        content = path.read_bytes()
        if b"\0" in content[:4096]:
            continue
        for number, line in enumerate(content.decode("utf-8", errors="replace").splitlines(), 1):
            if _HOSTS.search(line):
                found.append(f"{path.relative_to(ROOT).as_posix()}:{number}")
    return found


def licences() -> list[str]:
    """Return faults of licences: a part without an allowed licence, or printed lists that are not of this lock."""
    parts = {
        part.key: part
        for part in (
            *packages(PRODUCT),
            *(part for extra in EXTRAS for part in packages(extra)),
            *packages(DEVELOPMENT),
            *packages(POSTGRES),
            *carried(),
        )
    }
    found = [f"{part.name}：{part.licence}" for part in parts.values() if not allowed(part.name, part.licence)]
    for path, text in ((LICENCES, licence_page()), (NOTICE, notice())):
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            found.append(f"{path.relative_to(ROOT).as_posix()} 已过时，请执行 python -m deploy.supply.pages")
    return found


def weaknesses() -> list[str]:
    """Return locked or installed packages below a fixed version."""
    snapshot = advisories.read_snapshot()
    return advisories.weak_here(snapshot) if snapshot else []


def bandit(root: Path = ROOT, targets: tuple[str, ...] = (*SHIPPED, "main.py")) -> list[str]:
    """Return what bandit finds in the shipped code: `# nosec` with a reason accepts a finding while there is one."""
    shape = ["--ignore-nosec", "--format", "custom", "--msg-template", "{relpath}:{line} {test_id}（{severity}）{msg}"]
    command = [sys.executable, "-m", "bandit", "--quiet", "--recursive", "--configfile", str(ROOT / "pyproject.toml")]
    told = subprocess.run([*command, *shape, *targets], cwd=root, capture_output=True, text=True, check=False)
    if told.returncode not in (0, 1):
        raise RuntimeError(told.stderr[-500:])
    found = [(line.split()[0], line) for line in told.stdout.splitlines() if line]
    accepted = {
        f"{path.relative_to(root).as_posix()}:{number}"
        for target in targets
        for path in ([root / target] if target.endswith(".py") else (root / target).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _ACCEPTED.search(line)
    }
    outlived = sorted(accepted - {place for place, _ in found})
    return [line for place, line in found if place not in accepted] + [
        f"{one} 的 nosec 已无对应发现" for one in outlived
    ]


def ruff() -> list[str]:
    """Return what ruff finds in every file: the rules of bandit that it knows are among its own."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--quiet", "--output-format", "concise", "."]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.splitlines()


def freshness() -> Iterator[str]:
    """Return whether the list of advisories is too old (decision 38)."""
    if problem := advisories.stale(advisories.read_snapshot(), datetime.now(UTC).date()):
        yield problem


GATES: dict[str, Callable[[], list[str]]] = {
    "锁定文件的版本与摘要": pins,
    "安装内容与锁定文件一致": environment,
    "源码不含软件源地址": hosts,
    "许可证": licences,
    "已知漏洞": weaknesses,
    "密钥与口令扫描": secret_scan.secrets,
    "代码检查（ruff）": ruff,
    "静态安全检查（bandit）": bandit,
}


def main() -> int:
    parser = argparse.ArgumentParser(description="供应链检查。")
    parser.add_argument("--release", action="store_true", help="发布前：通告快照过期也算不通过")
    release = parser.parse_args().release
    failed = False
    for label, gate in GATES.items():
        wrong = gate()
        failed = failed or bool(wrong)
        print(f"{'未通过' if wrong else '通过'}  {label}")
        for line in wrong:
            print(f"    {line}")
    for problem in freshness():
        failed = failed or release
        print(f"{'未通过' if release else '提醒'}  {problem}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
