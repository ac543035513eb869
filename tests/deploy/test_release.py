"""Only what was released runs: the launcher over a small signed tree, each change of it refused (M4, H72, H73)."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy import launch
from integrations.cloud_crypto import sm2
from tests.commands import run_main
from tests.deploy.trees import SITE, Tree, record, small_tree
from tests.world import at_once


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return small_tree(tmp_path)


@pytest.mark.proves("M4", "D18")
def test_a_release_as_it_was_signed_runs(tree: Tree) -> None:
    answer = tree.start()
    assert (answer.returncode, answer.stdout) == (0, "ran web 申房\n")
    assert re.fullmatch(r"程序完整性：7 个文件与发布一致，用时 [\d.]+ 秒（处理器 [\d.]+ 秒）\n", answer.stderr)
    assert tree.verify() == 0


def overwrite(place: str, body: str = "pass\n") -> Callable[[Tree], None]:
    def change(tree: Tree) -> None:
        (tree.root / place).parent.mkdir(parents=True, exist_ok=True)
        (tree.root / place).write_text(body)

    return change


def swap_package(tree: Tree) -> None:
    overwrite(f"{SITE}/brick/__init__.py", "WHOLE = False\n")(tree)
    record(tree.root)


def add_script(tree: Tree) -> None:
    overwrite("run")(tree)
    (tree.root / "run").chmod(0o755)


CHANGES: dict[str, tuple[Callable[[Tree], object], str]] = {
    "our code": (overwrite("words.py", "WORD = '别的'\n"), "文件被改动：words.py"),
    "a data file": (overwrite("text.csv", "a,c\n"), "文件被改动：text.csv"),
    "the launcher itself": (
        lambda tree: (tree.root / "deploy/launch.py").write_text(
            (tree.root / "deploy/launch.py").read_text() + "# more\n"
        ),
        "文件被改动：deploy/launch.py",
    ),
    "a package": (overwrite(f"{SITE}/brick/__init__.py", "WHOLE = False\n"), "文件被改动：.venv"),
    "a package with its record": (
        swap_package,
        "软件包清单被改动",
    ),
    "a file gone": (lambda tree: (tree.root / "text.csv").unlink(), "缺少文件：text.csv"),
    "an extra module": (overwrite("models/extra.py"), "多出可执行文件：models/extra.py"),
    "extra bytecode": (overwrite("__pycache__/words.cpython-313.pyc"), "多出可执行文件：__pycache__"),
    "bytecode in a cache": (overwrite("build/words.pyc"), "多出可执行文件：build/words.pyc"),
    "a package's bytecode": (overwrite(f"{SITE}/brick/__pycache__/x.pyc"), "多出可执行文件：.venv"),
    "a path file": (overwrite(f"{SITE}/more.pth", "import os\n"), "多出可执行文件：.venv"),
    "a sitecustomize": (overwrite(f"{SITE}/sitecustomize.py", "import os; os._exit(0)\n"), "多出可执行文件：.venv"),
    "an extra library": (overwrite(f"{SITE}/brick/fast.abi3.so"), "多出可执行文件：.venv"),
    "an extra package": (
        lambda tree: shutil.copytree(tree.root / SITE / "brick-1.2.dist-info", tree.root / SITE / "evil-1.dist-info"),
        "多出未登记的软件包",
    ),
    "a link": (lambda tree: (tree.root / "other.py").symlink_to("words.py"), "不允许的符号链接：other.py"),
    "a folder that is a link": (lambda tree: (tree.root / "more").symlink_to(tree.home), "不允许的符号链接：more"),
    "a script": (
        add_script,
        "多出可执行文件：run",
    ),
    "the manifest": (
        lambda tree: (tree.root / "manifest.json").write_text(
            (tree.root / "manifest.json").read_text().replace('"1.0"', '"1.1"')
        ),
        "签名不正确",
    ),
    "the signature": (overwrite("manifest.sig", "MAYCAQECAQE=\n"), "签名不正确"),
    "no manifest": (lambda tree: (tree.root / "manifest.json").unlink(), "没有发布清单"),
}


@pytest.mark.proves("H72", "M4", "D18")
@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_tree_does_not_start(tree: Tree, what: str) -> None:
    """H72: whatever is changed, added or left out, production refuses and names it."""
    change, word = CHANGES[what]
    change(tree)
    tree.refused(word)
    assert tree.verify() == launch.REFUSED


@pytest.mark.proves("H73")
def test_a_manifest_of_another_key_is_refused(tree: Tree) -> None:
    """H73: signed with somebody else's key, his public key put beside the launcher too."""
    assert tree.start().returncode == 0
    tree.keygen("thief")
    assert tree.sign(8, key="thief") == 0
    tree.refused("发布公钥与首次运行时的不同")
    assert tree.start(RELEASE_PUB=str(tree.home / "key" / "release.pub")).returncode == launch.REFUSED
    assert tree.start(RELEASE_PUB=str(tree.home / "thief" / "release.pub")).returncode == 0


@pytest.mark.proves("H73")
def test_an_older_release_is_refused(tree: Tree) -> None:
    """H73: an older release, correctly signed, does not run after a newer one, nor below a floor once told."""
    assert tree.sign(9) == 0
    assert tree.start().returncode == 0
    assert tree.sign(8) == 0
    tree.refused("不允许回退")
    assert tree.sign(9) == 0
    assert tree.start().returncode == 0


@pytest.mark.proves("H73")
def test_a_memory_that_was_spoilt_lets_nothing_older_in(tree: Tree) -> None:
    assert tree.start().returncode == 0
    (tree.home / "data" / "release.json").write_text("{}")
    tree.refused("不允许回退")


def test_a_key_in_the_tree_or_open_to_others_signs_nothing(tree: Tree) -> None:
    (tree.home / "key" / "release.key").chmod(0o644)
    assert tree.sign(8) != 0
    shutil.copytree(tree.home / "key", tree.root / "key")
    order = ["sign", "--root", str(tree.root), "--key", str(tree.root / "key" / "release.key")]
    assert tree.run([*order, "--version", "1", "--build", "8"]) != 0


def test_production_without_the_launcher_does_not_start(tmp_path: Path) -> None:
    answer = run_main(tmp_path, "web", MODE="production", DATA_DIR=str(tmp_path / "data"))
    assert answer.code == launch.REFUSED
    assert "deploy/launch.py" in answer.err


@pytest.mark.parametrize("size", [0, 1, 55, 56, 63, 64, 65, 1000])
def test_the_launchers_own_digest_is_sm3(size: int) -> None:
    body = bytes(range(256)) * 4
    assert launch.slow_sm3(body[:size]) == hashlib.new("sm3", body[:size]).digest()


def test_the_launchers_own_verification_is_sm2() -> None:
    key = sm2.PrivateKey.fresh()
    signature = sm2.sign(key, b"release")
    assert launch.verify(key.public.hex, b"release", signature)
    assert not launch.verify(key.public.hex, b"release!", signature)
    assert not launch.verify(key.public.hex, b"release", signature + b"\0")
    assert not launch.verify(sm2.PrivateKey.fresh().public.hex, b"release", signature)
    assert not launch.verify("04" + "1" * 128, b"release", signature)
    for broken in (b"", b"\x30\x06\x02\x01\x00\x02\x01\x01", b"\x30\x06\x02\x01\x01\x02\x01\x01", signature[:-1]):
        assert not launch.verify(key.public.hex, b"release", broken)


@pytest.mark.parametrize("command", ["release", "db-probe", "backup"])
def test_looking_at_a_newer_release_does_not_bar_the_one_in_use(tree: Tree, command: str) -> None:
    tree.start()
    seen = (tree.home / "data" / "release.json").read_text()
    tree.sign(build=8)
    assert f"ran {command}" in tree.start(command=command).stdout
    assert (tree.home / "data" / "release.json").read_text() == seen
    tree.sign(build=7)
    assert tree.start().returncode == 0


def test_processes_that_start_together_keep_one_whole_file(tmp_path: Path) -> None:
    """Each writes under a name of its own: under a common one the other's was gone, or half of it was read (O-F3)."""
    outcome = launch.Outcome(signed=True, build_no=7, public_key="04" + "1" * 128)

    def start() -> None:
        for _ in range(30):
            launch.remember(tmp_path, outcome)
            assert json.loads((tmp_path / "release.json").read_text())["build_no"] == 7

    assert at_once([start] * 4) == [None] * 4
    assert [path.name for path in tmp_path.iterdir()] == ["release.json"]


def test_checking_a_release_leaves_nothing_in_it(tree: Tree) -> None:
    unset = {"DATA_DIR": str(tree.root / ".data")}
    assert tree.start(command="release", **unset).returncode == 0
    assert not (tree.root / ".data").exists()


def test_what_cannot_be_read_is_told(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(place: Path) -> None:
        raise PermissionError(13, "Permission denied", str(place))

    # Root may read everything, so the system's answer to others is put in.
    monkeypatch.setattr("deploy.launch.os.scandir", closed)
    outcome = launch.check(tree.root, tree.home / "data")
    assert not outcome.ok
    assert f"不能读取的文件或目录：{tree.root}" in outcome.problems[-1]
