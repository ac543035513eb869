"""The installer refuses a host that cannot carry the product before it changes anything, and the trial supervisor keeps a unit.

The installation itself is walked in a bare root by `deploy/install_walk.sh`, with its results in docs/admin/bare-machines.md.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser import ROOT, free_port

INSTALLER = ROOT / "deploy" / "install.sh"
SUPERVISOR = ROOT / "deploy" / "host" / "supervise.sh"
#: What a large host says of itself, whatever this one is.
LARGE = {
    "CORES": "8",
    "MEMORY_MB": "16000",
    "MACHINE": "x86_64",
    "LEAST_OPT_MB": "1",
    "LEAST_DATA_MB": "1",
    "PORTS": "1",
}


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line with the installer's functions."""
    given = {"PATH": os.environ["PATH"], **environment}
    order = ["bash", "-c", f'. "{INSTALLER}"; {line}']
    return subprocess.run(order, capture_output=True, text=True, env=given, check=False)


def system(folder: Path, text: str) -> str:
    path = folder / "os-release"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("ID=debian", "deb"),
        ("ID=ubuntu\nID_LIKE=debian", "deb"),
        ('ID="openEuler"', "rpm"),
        ("ID=rocky\nID_LIKE='rhel centos fedora'", "rpm"),
        ("ID=alpine", "unknown"),
    ],
)
def test_a_distribution_is_known_by_its_family(tmp_path: Path, told: str, kind: str) -> None:
    assert shell("family", OS_RELEASE=system(tmp_path, told)).stdout.strip() == kind


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"CORES": "1"}, "处理器 1 核"),
        ({"MEMORY_MB": "900"}, "内存 900MB"),
        ({"MACHINE": "loongarch64"}, "处理器 loongarch64"),
        ({"LEAST_DATA_MB": "99999999"}, "/var/lib/shenfang 余"),
    ],
)
def test_a_host_that_is_too_small_is_refused_with_its_reason(changed: dict[str, str], word: str) -> None:
    ended = shell("check_host", **LARGE | changed)
    assert ended.returncode == 1
    assert any(line.startswith("不符合") and word in line for line in ended.stdout.splitlines()), ended.stdout
    assert "未作任何改动" in ended.stdout


def test_a_port_in_use_is_found_before_anything_is_installed() -> None:
    from socket import socket

    with socket() as taken:
        taken.bind(("127.0.0.1", free_port()))
        taken.listen()
        port = taken.getsockname()[1]
        assert shell(f"listens {port}").returncode == 0
        assert f"不符合  端口 {port} 已被占用" in shell("check_host", **LARGE | {"PORTS": str(port)}).stdout
    assert shell(f"listens {port}").returncode == 1


def test_an_answer_is_kept_and_not_asked_again(tmp_path: Path) -> None:
    line = f'ETC={tmp_path} CONF={tmp_path}/install.conf; remember HOST_NAME "$1"; unset HOST_NAME; recall; echo "$HOST_NAME"'
    assert shell(f"set -- 'a b; c'; {line}").stdout == "a b; c\n"
    asked = shell(f"ETC={tmp_path} CONF={tmp_path}/none.conf; ask RELEASE 发布包 </dev/null")
    assert (asked.returncode, "缺少发布包" in asked.stderr) == (2, True)


def test_versions_are_compared_by_their_numbers() -> None:
    assert shell("version_at_least 1.26.3 1.25.1").returncode == 0
    assert shell("version_at_least 1.9.9 1.25.1").returncode == 1


def test_every_command_of_the_help_is_there() -> None:
    text = INSTALLER.read_text()
    for name in ("install", "upgrade", "rollback", "restart", "announce", "maintenance", "status"):
        assert f"do_{name}()" in text
        assert f"  {name}" in shell("usage").stdout


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="the supervisor changes the account")
def test_the_trial_supervisor_keeps_a_unit_and_gives_up_where_systemd_would(tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    program = tmp_path / "program.sh"
    program.write_text(f'#!/bin/sh\necho "$PORT $GIVEN" >> {tries}\n[ "$(wc -l < {tries})" -ge 3 ] && exit 2\nexit 1\n')
    program.chmod(0o755)
    (tmp_path / "given.env").write_text("GIVEN='x y'\n")
    (tmp_path / "trial@.service").write_text(
        "[Service]\nUser=root\nGroup=root\nRestartSec=0\nRestartPreventExitStatus=2 78\n"
        f"Environment=PORT=%i\nEnvironmentFile={tmp_path}/given.env\nWorkingDirectory={tmp_path}\nExecStart={program} web\n"
    )
    given = {"PATH": os.environ["PATH"], "UNITS": str(tmp_path), "RUN_FOLDER": str(tmp_path)}

    def order(name: str) -> int:
        return subprocess.run(["bash", SUPERVISOR, name, "trial@8081"], env=given, check=False).returncode

    assert order("start") == 0
    pid = int((tmp_path / "trial@8081.pid").read_text())
    # Its parent is gone, so that it ends by itself once the third try gave 2.
    subprocess.run(["tail", f"--pid={pid}", "-f", "/dev/null"], timeout=20, check=True)
    assert tries.read_text() == "8081 x y\n" * 3
    assert order("running") == 1
    assert order("stop") == 0
