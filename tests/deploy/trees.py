"""A small signed product with one package, for tests of releases and for the tamper drill."""

import argparse
import base64
import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy import launch
from deploy.commands import OpenedHouse, release
from deploy.settings import Settings

SITE = f".venv/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"


def no_house(settings: Settings) -> OpenedHouse:
    """Fail: the command of this test opens nothing."""
    raise AssertionError("this command opens no house")


@dataclass
class Tree:
    """A small product with one package, its release key and its data directory."""

    root: Path
    home: Path

    def sign(self, build: int = 7, *, key: str = "key", version: str = "1.0", least: int = 0) -> int:
        order = ["sign", "--root", str(self.root), "--key", str(self.home / key / "release.key")]
        order += ["--version", version, "--build", str(build), "--min-build", str(least)]
        return self.run(order)

    def verify(self) -> int:
        return self.run(["verify", "--root", str(self.root)])

    def keygen(self, name: str) -> None:
        assert self.run(["keygen", "--out", str(self.home / name)]) == 0

    def run(self, order: list[str]) -> int:
        parser = argparse.ArgumentParser()
        release.arguments(parser)
        return release.run(Settings(data_dir=self.home / "data"), parser.parse_args(order), no_house)

    def start(
        self, *, mode: str = "production", command: str = "web", **extra: str
    ) -> "subprocess.CompletedProcess[str]":
        environment = {"MODE": mode, "DATA_DIR": str(self.home / "data"), "PATH": os.environ["PATH"], **extra}
        order = [sys.executable, "-I", "-B", str(self.root / "deploy" / "launch.py"), command]
        return subprocess.run(
            order, env=environment, cwd=self.home, capture_output=True, text=True, timeout=60, check=False
        )

    def refused(self, word: str) -> None:
        """Production refuses with 78 before any of the product's code runs; elsewhere it is a warning."""
        answer = self.start()
        assert answer.returncode == launch.REFUSED
        assert word in answer.stderr
        assert "Traceback" not in answer.stderr
        assert "ran" not in answer.stdout
        trial = self.start(mode="test")
        assert "ran web" in trial.stdout
        assert "演示、测试环境只作提示，照常启动" in trial.stderr


def small_tree(home: Path) -> Tree:
    """The product in `home/app`, signed as build 7 with the key in `home/key`."""
    root = home / "app"
    package = root / SITE / "brick"
    (root / "deploy").mkdir(parents=True)
    package.mkdir(parents=True)
    shutil.copy(launch.ROOT / "deploy" / "launch.py", root / "deploy" / "launch.py")
    (root / "main.py").write_text("import sys\nimport brick\nimport words\nprint('ran', *sys.argv[1:], words.WORD)\n")
    (root / "words.py").write_text("WORD = '申房'\n")
    (root / "text.csv").write_text("a,b\n")
    (package / "__init__.py").write_text("WHOLE = True\n")
    record(root)
    made = Tree(root, home)
    made.keygen("key")
    assert made.sign() == 0
    return made


def record(root: Path) -> None:
    """Write what the package's installer would have recorded of it."""
    body = (root / SITE / "brick" / "__init__.py").read_bytes()
    digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()
    info = root / SITE / "brick-1.2.dist-info"
    info.mkdir(exist_ok=True)
    (info / "RECORD").write_text(f"brick/__init__.py,sha256={digest},{len(body)}\nbrick-1.2.dist-info/RECORD,,\n")
