"""`main.py release keygen | sign | verify`: the signed manifest the launcher holds the tree against (security.md 8.3)."""

import argparse
import base64
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy import launch
from deploy.commands import OpenHouse, Settings, refuse
from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.provider_choice import service_of
from integrations.cloud_crypto.release_signature import ReleaseSigner
from models.sealing import CryptoError
from services.engine.clock import system_now
from services.engine.private_files import write_whole

HELP = "发布签名：生成发布密钥、签发发布清单、核对程序完整性"


def arguments(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", required=True)
    keys = parts.add_parser("keygen", help="生成发布密钥对；私钥只留在发布机，不得放到服务器")
    keys.add_argument("--out", type=Path, required=True, metavar="DIR")
    sign = parts.add_parser("sign", help="为一个安装目录签发 manifest.json 与 manifest.sig")
    signed_with(sign)
    sign.add_argument("--version", required=True)
    sign.add_argument("--build", type=int, required=True, metavar="N", help="构建号，每次发布递增")
    sign.add_argument("--min-build", type=int, default=0, metavar="N", help="此后不允许再运行低于它的构建")
    sign.add_argument("--root", type=Path, default=None, metavar="DIR", help="安装目录，默认本程序所在目录")
    sign.add_argument("--sbom", type=Path, default=None, metavar="FILE", help="物料清单，登记摘要并签名")
    verify = parts.add_parser("verify", help="核对一个安装目录与其发布清单")
    verify.add_argument("--root", type=Path, default=None, metavar="DIR")
    verify.add_argument("--pub", type=Path, default=None, metavar="FILE", help="发布公钥，默认用目录内的")


def signed_with(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Return whose key signs: a file on the release machine, or one that never leaves the cloud's signature service."""
    key = parser.add_mutually_exclusive_group(required=required)
    key.add_argument("--key", type=Path, metavar="FILE", help="release.key")
    key.add_argument(
        "--service", metavar="KEYID", help="云签名服务中的发布密钥，如 sig.release；连接按 CRYPTO_ 各项设置"
    )


@dataclass(frozen=True)
class Signer:
    """A release key: its public half, and what signs with the other; the signature comes in DER."""

    public: str
    sign: Callable[[bytes], bytes]


def signer_of(settings: Settings, key_file: Path | None, service: str | None) -> Signer:
    """The key that was named. Raises `CryptoError` when the service has none of this name or is silent."""
    if service:
        remote = ReleaseSigner(service_of(settings), service)
        return Signer(remote.public, remote.sign)
    assert key_file is not None
    key = sm2.PrivateKey.of(json.loads(key_file.read_text(encoding="utf-8"))["private"])
    return Signer(key.public.hex, lambda body: sm2.sign(key, body))


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    if arguments.part == "keygen":
        return keygen(arguments.out)
    root = (arguments.root or launch.ROOT).resolve()
    if arguments.part == "verify":
        return verify(root, settings.data_dir.resolve(), arguments.pub)
    try:
        return sign(root, settings, arguments)
    except CryptoError as problem:
        return refuse(f"未签发：签名服务没有发布密钥 {arguments.service} 或没有应答（{problem.code}）")


def keygen(out: Path) -> int:
    """A new pair: `release.key`, readable by its owner only, and `release.pub`."""
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (out / "release.key").exists():
        return refuse(f"{out / 'release.key'} 已存在，不会覆盖")
    key = sm2.PrivateKey.fresh()
    write_whole(out / "release.key", json.dumps({"kid": "sig.release.1", "private": key.hex}).encode())
    (out / "release.pub").write_text(key.public.hex + "\n")
    sys.stdout.write(f"已生成 {out / 'release.key'}（妥善离线保管）与 {out / 'release.pub'}（随安装介质分发）\n")
    return 0


def sign(root: Path, settings: Settings, order: argparse.Namespace) -> int:
    """Write manifest and signature of the tree, and the public key beside the launcher."""
    if order.key and order.key.resolve().is_relative_to(root):
        return refuse("发布私钥不得放在安装目录内")
    if order.key and order.key.stat().st_mode & 0o077:
        return refuse(f"发布私钥 {order.key} 的权限过宽，请执行 chmod 600")
    signer = signer_of(settings, order.key, order.service)
    data_dir = settings.data_dir.resolve()
    if order.build < 1 or order.build < order.min_build:
        return refuse("构建号须为正数，且不小于 --min-build")
    sbom = order.sbom.read_bytes() if order.sbom else b""
    if order.sbom:
        _write(order.sbom.with_name(order.sbom.name + ".sig"), _line(signer.sign(sbom)))
    _write(root / launch.PUBLIC_KEY, (signer.public + "\n").encode())
    files, links, packages, unfit = inventory(root, data_dir)
    if unfit:
        return refuse("发布目录中有不应发布的文件，请清除后再签：" + "、".join(unfit[:8]))
    manifest = {
        "product": launch.PRODUCT,
        "version": order.version,
        "build_no": order.build,
        "min_build": order.min_build,
        "time": system_now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "files": files,
        "links": links,
        "packages": packages,
        "sbom_sm3": launch.sm3(sbom).hex() if order.sbom else "",
    }
    body = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    _write(root / launch.MANIFEST, body)
    _write(root / launch.SIGNATURE, _line(signer.sign(body)))
    sys.stdout.write(
        f"已签发 {order.version}（构建号 {order.build}）：文件 {len(files)} 个，软件包 {len(packages)} 个\n"
    )
    return 0


def inventory(
    root: Path, data_dir: Path
) -> tuple[list[dict[str, Any]], list[dict[str, str]], list[dict[str, str]], list[str]]:
    """Files, links and packages of a tree, and what must not be released in it."""
    packages = []
    vouched: set[str] = set()
    for place in launch.records(root):
        body = (root / place).read_bytes()
        name, version = Path(place).parent.name.removesuffix(".dist-info").rsplit("-", 1)
        packages.append({"name": name, "version": version, "record": place, "record_sm3": launch.sm3(body).hex()})
        vouched.update(launch.lines_of_record(root, place, body))
    files: list[dict[str, Any]] = []
    links, unfit = [], []
    for path in launch.walk(root, data_dir):
        place = path.relative_to(root).as_posix()
        inside = place.startswith(launch.ENVIRONMENT + "/")
        if path.is_symlink():
            links.append({"path": place, "target": str(path.readlink())}) if inside else unfit.append(place)
        elif place in vouched or place in (launch.MANIFEST, launch.SIGNATURE):
            continue
        elif launch.in_cache(place) or (path.suffix == ".pyc" and not inside):
            if launch.runs(path):
                unfit.append(place)
        else:
            body = path.read_bytes()
            files.append({"path": place, "size": len(body), "sm3": launch.sm3(body).hex()})
    return files, links, packages, unfit


def verify(root: Path, data_dir: Path, public_key: Path | None) -> int:
    """Say what differs, or that nothing does."""
    outcome = launch.check(root, data_dir, public_key)
    for problem in outcome.problems:
        sys.stdout.write(problem + "\n")
    if not outcome.ok:
        return launch.REFUSED
    sys.stdout.write(f"一致：版本 {outcome.version}，构建号 {outcome.build_no}，核对文件 {outcome.files} 个\n")
    return 0


def _line(signature: bytes) -> bytes:
    return base64.b64encode(signature) + b"\n"


def _write(path: Path, body: bytes) -> None:
    """All of a file or nothing of it; those who run a release read it."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(body)
    fresh.replace(path)
