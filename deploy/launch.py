"""The launcher: proves the signed release before any of its code is loaded, then runs `main.py` (security.md 8.3, M4).

Started as `python -I -B deploy/launch.py [command ...]`. Standard library only, for nothing else is trusted yet.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import runpy
import site
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = "shenfang"
MANIFEST, SIGNATURE, ENVIRONMENT = "manifest.json", "manifest.sig", ".venv"
#: Beside the launcher; production names one outside the tree in RELEASE_PUB, or keeps the first one it has seen.
PUBLIC_KEY = "deploy/release.pub"
#: EX_CONFIG: started wrongly or not as it was released.
REFUSED = 78
CACHES = (".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache", "build")
MEASURED = "build/fonts"
EXECUTABLE = (".py", ".pyc", ".pyo", ".pyd", ".pyw", ".pyz", ".pth", ".so", ".dll", ".dylib", ".egg", ".whl", ".zip")
#: Commands that run the product; a command that only looks, at a release not yet in use perhaps, raises no floor.
_RUNNING = {"", "web", "worker", "prepare", "bootstrap"}
_FLAGS = ("-I", "-B", "-S")
_SHOWN = 20


@dataclass
class Outcome:
    """Result of checking the tree; without a manifest it is a working copy, not a release."""

    problems: list[str] = field(default_factory=list)
    signed: bool = False
    version: str = ""
    build_no: int = 0
    floor: int = 0
    public_key: str = ""
    files: int = 0
    digest: str = ""

    @property
    def ok(self) -> bool:
        return self.signed and not self.problems


#: The outcome of this process's start; None when it was not started by the launcher.
started: Outcome | None = None


def check(root: Path, data_dir: Path, public_key_file: Path | None = None) -> Outcome:
    """Hold the tree against its manifest, the manifest against its signature and the highest build seen so far."""
    outcome = Outcome()
    if not (root / MANIFEST).is_file():
        outcome.problems.append("没有发布清单 manifest.json，程序未经签名")
        return outcome
    body, memory = (root / MANIFEST).read_bytes(), _remembered(data_dir)
    outcome.digest = sm3(body).hex()
    outcome.public_key = _public_key(root, memory, public_key_file, outcome)
    if outcome.problems or not _signed(root, body, outcome):
        return outcome
    outcome.signed = True
    manifest = json.loads(body)
    outcome.version, outcome.build_no = str(manifest["version"]), int(manifest["build_no"])
    outcome.floor = max(int(manifest["min_build"]), memory.get("build_no", 0), memory.get("floor", 0))
    if manifest["product"] != PRODUCT:
        outcome.problems.append("发布清单不是本产品的")
    if outcome.build_no < outcome.floor:
        outcome.problems.append(f"不允许回退：本次构建号 {outcome.build_no} 低于已运行过的 {outcome.floor}")
    try:
        outcome.files = _compare(root, data_dir, manifest, outcome.problems)
    except OSError as problem:
        outcome.problems.append(f"安装目录中有不能读取的文件或目录：{problem.filename}（{problem.strerror}）")
    return outcome


def remember(data_dir: Path, outcome: Outcome) -> None:
    """Keep the highest build and the key outside the tree, so that neither can be set back by changing the tree."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    seen = {"build_no": outcome.build_no, "floor": outcome.floor, "pub": outcome.public_key}
    # A name of its own: web processes and worker of a host start together.
    descriptor, fresh = tempfile.mkstemp(prefix="release.json.", dir=data_dir)
    with os.fdopen(descriptor, "w") as stream:
        json.dump(seen, stream)
        stream.flush()
        os.fsync(stream.fileno())
    Path(fresh).replace(data_dir / "release.json")


def walk(root: Path, data_dir: Path) -> list[Path]:
    """Every file and link of the tree; the data directory and version control are none of it."""
    found: list[Path] = []
    outside = {root / ".git", data_dir}
    folders = [root]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                path = Path(entry.path)
                if path in outside:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(path)
                else:
                    found.append(path)
    return sorted(found)


def in_cache(place: str) -> bool:
    """Return whether a file is made at run or test time: not measured, but nothing that runs may lie there."""
    return place.split("/", 1)[0] in CACHES and not place.startswith(MEASURED + "/")


def recorded(root: Path, packages: dict[str, str], problems: list[str]) -> dict[str, tuple[str, int]]:
    """Digest and size of every file the proven packages vouch for, by its place in the tree."""
    found: dict[str, tuple[str, int]] = {}
    for place in records(root):
        body = (root / place).read_bytes()
        expected = packages.pop(place, None)
        if expected is None:
            problems.append(f"多出未登记的软件包：{place}")
        elif sm3(body).hex() != expected:
            problems.append(f"软件包清单被改动：{place}")
        else:
            found.update(lines_of_record(root, place, body))
    problems.extend(f"缺少软件包：{place}" for place in packages)
    return found


def records(root: Path) -> list[str]:
    """The RECORD of every package installed in the tree's environment."""
    return sorted(path.relative_to(root).as_posix() for path in packages_dir(root).glob("*.dist-info/RECORD"))


def packages_dir(root: Path) -> Path:
    return root / ENVIRONMENT / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def lines_of_record(root: Path, place: str, body: bytes) -> dict[str, tuple[str, int]]:
    """Return the lines of a RECORD that carry a digest; its other files are in the manifest themselves."""
    import csv

    base = (root / place).parent.parent
    found = {}
    for row in csv.reader(body.decode().splitlines()):
        if len(row) == 3 and row[1].startswith("sha256=") and row[2].isdigit():
            path = Path(os.path.normpath(base / row[0]))
            if path.is_relative_to(root):
                found[path.relative_to(root).as_posix()] = (row[1][7:], int(row[2]))
    return found


def _compare(root: Path, data_dir: Path, manifest: dict[str, Any], problems: list[str]) -> int:
    files = {one["path"]: one for one in manifest["files"]}
    links = {one["path"]: one["target"] for one in manifest["links"]}
    vouched = recorded(root, {one["record"]: one["record_sm3"] for one in manifest["packages"]}, problems)
    seen = 0
    for path in walk(root, data_dir):
        place = path.relative_to(root).as_posix()
        if path.is_symlink():
            if links.pop(place, None) != str(path.readlink()):
                problems.append(f"不允许的符号链接：{place}")
        elif place in files:
            seen += 1
            one = files.pop(place)
            body = path.read_bytes()
            if len(body) != one["size"] or sm3(body).hex() != one["sm3"]:
                problems.append(f"文件被改动：{place}")
        elif place in vouched:
            seen += 1
            digest, size = vouched.pop(place)
            body = path.read_bytes()
            if len(body) != size or _sha256(body) != digest:
                problems.append(f"文件被改动：{place}")
        elif place not in (MANIFEST, SIGNATURE) and runs(path):
            problems.append(f"多出可执行文件：{place}")
    problems.extend(f"缺少文件：{place}" for place in [*files, *links, *vouched])
    return seen


def runs(path: Path) -> bool:
    """Return whether something may be executed: by its ending, its name or its mode."""
    name = path.name.lower()
    return name.endswith(EXECUTABLE) or ".so." in name or bool(path.stat().st_mode & 0o111)


def _sha256(body: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()


def _remembered(data_dir: Path) -> dict[str, Any]:
    try:
        seen = json.loads((data_dir / "release.json").read_text())
        return {"build_no": int(seen["build_no"]), "floor": int(seen["floor"]), "pub": str(seen["pub"])}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError):
        # What cannot be read must not let an older release in.
        return {"build_no": 1 << 62, "floor": 1 << 62, "pub": ""}


def _public_key(root: Path, memory: dict[str, Any], named: Path | None, outcome: Outcome) -> str:
    try:
        if named is not None:
            return named.read_text().strip()
        beside = (root / PUBLIC_KEY).read_text().strip()
    except OSError:
        outcome.problems.append("缺少发布公钥文件")
        return ""
    if memory.get("pub") and memory["pub"] != beside:
        outcome.problems.append("发布公钥与首次运行时的不同；确需更换时请用 RELEASE_PUB 指定新的公钥文件")
    return beside


def _signed(root: Path, body: bytes, outcome: Outcome) -> bool:
    try:
        signature = base64.b64decode((root / SIGNATURE).read_bytes().strip(), validate=True)
    except (OSError, ValueError):
        signature = b""
    if not verify(outcome.public_key, body, signature):
        outcome.problems.append("发布清单的签名不正确")
        return False
    return True


# SM3 and the verification of SM2, in the standard library alone: the product's own are part of what is to be proven.

_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_A = _P - 3
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
_MASK = 0xFFFFFFFF


def _openssl_sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def slow_sm3(data: bytes) -> bytes:
    """SM3 in Python, for an interpreter whose OpenSSL was built without it."""
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + (len(data) * 8).to_bytes(8, "big")
    v = [
        int(f"{x}", 16)
        for x in ["7380166f", "4914b2b9", "172442d7", "da8a0600", "a96f30bc", "163138aa", "e38dee4d", "b0fb0e4e"]
    ]
    for start in range(0, len(padded), 64):
        w = [int.from_bytes(padded[start + i : start + i + 4], "big") for i in range(0, 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ _turn(w[j - 3], 15)
            w.append(x ^ _turn(x, 15) ^ _turn(x, 23) ^ _turn(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            early = j < 16
            turned = _turn(a, 12)
            s = _turn((turned + e + _turn(0x79CC4519 if early else 0x7A879D8A, j % 32)) & _MASK, 7)
            ff, gg = (a ^ b ^ c, e ^ f ^ g) if early else ((a & b) | (a & c) | (b & c), (e & f) | (~e & _MASK & g))
            t1 = (ff + d + (s ^ turned) + (w[j] ^ w[j + 4])) & _MASK
            t2 = (gg + h + s + w[j]) & _MASK
            a, b, c, d, e, f, g, h = t1, a, _turn(b, 9), c, t2 ^ _turn(t2, 9) ^ _turn(t2, 17), e, _turn(f, 19), g
        v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h), strict=True)]
    return b"".join(x.to_bytes(4, "big") for x in v)


def _turn(x: int, by: int) -> int:
    return ((x << by) | (x >> (32 - by))) & _MASK if by else x


sm3: Callable[[bytes], bytes] = _openssl_sm3 if "sm3" in hashlib.algorithms_available else slow_sm3


def verify(public_key: str, message: bytes, signature: bytes) -> bool:
    """Return whether a strict DER signature is that of the key `04` and 128 hex digits, with the usual identity."""
    try:
        if len(public_key) != 130 or not public_key.startswith("04"):
            return False
        x, y = int(public_key[2:66], 16), int(public_key[66:], 16)
        r, s = _read_signature(signature)
    except (ValueError, IndexError):
        return False
    t = (r + s) % _N
    on_curve = x < _P and y < _P and (y * y - (x * x + _A) * x - _B) % _P == 0
    if not (on_curve and 0 < r < _N and 0 < s < _N and t):
        return False
    identity = b"1234567812345678"
    numbers = b"".join(number.to_bytes(32, "big") for number in (_A, _B, *_G, x, y))
    z = sm3((len(identity) * 8).to_bytes(2, "big") + identity + numbers)
    point = _sum(_times(s, _G), _times(t, (x, y)))
    return point is not None and r == (int.from_bytes(sm3(z + message), "big") + point[0]) % _N


def _read_signature(der: bytes) -> tuple[int, int]:
    if der[0] != 0x30 or der[1] != len(der) - 2 or len(der) > 72:
        raise ValueError
    numbers, at = [], 2
    while at < len(der):
        size = der[at + 1]
        body = der[at + 2 : at + 2 + size]
        if der[at] != 2 or len(body) != size or not body or body[0] & 0x80:
            raise ValueError
        if body[0] == 0 and (size == 1 or not body[1] & 0x80):
            raise ValueError
        numbers.append(int.from_bytes(body, "big"))
        at += 2 + size
    r, s = numbers
    return r, s


def _sum(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2:
        if (y1 + y2) % _P == 0:
            return None
        slope = (3 * x1 * x1 + _A) * pow(2 * y1, -1, _P) % _P
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, _P) % _P
    x = (slope * slope - x1 - x2) % _P
    return x, (slope * (x1 - x) - y1) % _P


def _times(k: int, point: tuple[int, int] | None) -> tuple[int, int] | None:
    total = None
    while k:
        if k & 1:
            total = _sum(total, point)
        point, k = _sum(point, point), k >> 1
    return total


# Starting


def command_again() -> list[str] | None:
    """The command line that starts another process of the product the way this one was; None without the launcher."""
    if started is None:
        return None
    return [sys.executable, *_FLAGS, str(ROOT / "deploy" / "launch.py")]


def main(arguments: list[str]) -> None:
    """Check, say what is wrong, refuse in production; then let the packages in and run `main.py`."""
    global started
    if not (sys.flags.isolated and sys.flags.dont_write_bytecode and sys.flags.no_site):
        # Without -S a planted .pth or sitecustomize would have run before this line.
        os.execv(sys.executable, [sys.executable, *_FLAGS, str(Path(__file__).resolve()), *arguments])  # nosec B606 # fixed  # noqa: S606
    production = os.environ.get("MODE", "demo") == "production"
    data_dir = Path(os.environ.get("DATA_DIR", ".data")).resolve()
    named = os.environ.get("RELEASE_PUB")
    begun = time.perf_counter()
    started = check(ROOT, data_dir, Path(named) if named else None)
    taken = time.perf_counter() - begun
    for problem in started.problems[:_SHOWN]:
        sys.stderr.write(f"程序完整性：{problem}\n")
    if len(started.problems) > _SHOWN:
        sys.stderr.write(f"程序完整性：另有 {len(started.problems) - _SHOWN} 处\n")
    if not started.ok:
        then = "正式环境拒绝启动" if production else "演示、测试环境只作提示，照常启动"
        sys.stderr.write(f"程序未通过发布验签，{then}\n")
        if production:
            sys.exit(REFUSED)
    if started.ok and (arguments[0] if arguments else "") in _RUNNING:
        try:
            remember(data_dir, started)
        except OSError as problem:
            sys.stderr.write(f"DATA_DIR {data_dir} 不能写入：{problem.strerror}\n")
            sys.exit(1)
        sys.stderr.write(
            f"程序完整性：{started.files} 个文件与发布一致，用时 {taken:.1f} 秒（处理器 {time.process_time():.1f} 秒）\n"
        )
    # The product finds this very module, and with it the outcome.
    package = ModuleType("deploy")
    package.__path__ = [str(ROOT / "deploy")]
    sys.modules.update({"deploy": package, "deploy.launch": sys.modules[__name__]})
    if packages_dir(ROOT).is_dir():
        site.addsitedir(str(packages_dir(ROOT)))
    sys.path.insert(0, str(ROOT))
    sys.argv = [str(ROOT / "main.py"), *arguments]
    runpy.run_path(str(ROOT / "main.py"), run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
