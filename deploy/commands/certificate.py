"""`main.py certificate issue | bind | sign | revoke | show`: test certificates, and signing a sign-in challenge (M1)."""

import argparse
import base64
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from deploy.commands import OpenHouse, Settings, refuse
from integrations.cloud_crypto import sm2
from integrations.cloud_crypto.armour import pem, unarmoured
from integrations.cloud_crypto.certificates import Certificate, TrustStore
from integrations.cloud_crypto.local_authority import FOLDER, LocalAuthority, key_file, read_key, system_moment
from models.sealing import CryptoError
from services.access.access_list_signature import sign_pending
from services.access.administrators import SAID, BindAdministrator, bind_administrator
from services.engine.callers import SYSTEM
from services.engine.private_files import write_whole

HELP = "登录证书：签发试用证书、绑定管理员证书、对登录挑战码签名、吊销"


def arguments(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="part", required=True)
    issue = parts.add_parser("issue", help="为一个登录名签发试用证书和私钥（正式环境不可用）")
    issue.add_argument("login", metavar="LOGIN")
    issue.add_argument("--out", type=Path, default=None, metavar="DIR", help="写入的目录，默认 DATA_DIR/certificates")
    issue.add_argument("--days", type=int, default=365, help="有效天数")
    bind = parts.add_parser("bind", help="为系统、安全、审计管理员绑定证书；其他账号在系统管理中登记、确认")
    bind.add_argument("login", metavar="LOGIN")
    bind.add_argument("--cert", type=Path, required=True, metavar="FILE")
    sign = parts.add_parser("sign", help="用私钥对登录页的挑战码签名")
    sign.add_argument("challenge", metavar="CHALLENGE")
    sign.add_argument("--key", type=Path, required=True, metavar="FILE")
    revoke = parts.add_parser("revoke", help="吊销一张试用证书，立即生效")
    revoke.add_argument("--cert", type=Path, required=True, metavar="FILE")
    show = parts.add_parser("show", help="查看证书的指纹、序列号和状态")
    show.add_argument("--cert", type=Path, required=True, metavar="FILE")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    part = {"issue": issue, "bind": bind, "sign": sign, "revoke": revoke, "show": show}[arguments.part]
    try:
        return part(settings, arguments, open_house)
    except OSError as problem:
        return refuse(f"文件无法读写：{problem.filename}")
    except CryptoError:
        return refuse("文件内容不是可用的证书或私钥")


def issue(settings: Settings, order: argparse.Namespace, _: OpenHouse) -> int:
    """A certificate of our own authority and its key, readable by its owner only; binding it is another's duty."""
    if settings.mode == "production":
        return refuse("正式环境使用电子认证机构签发的证书，不签发试用证书")
    if not order.login.isprintable() or "/" in order.login or not 1 <= len(order.login) <= 64:
        return refuse("登录名不正确")
    folder = order.out or settings.data_dir / "certificates"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = system_moment()
    made = LocalAuthority(_key_dir(settings)).issue(order.login, now, not_after=now + timedelta(days=order.days))
    certificate, key = folder / f"{order.login}.cer", folder / f"{order.login}.key"
    write_whole(certificate, pem("CERTIFICATE", made.der).encode())
    write_whole(key, key_file(made.key).encode())
    sys.stdout.write(f"证书\t{certificate}\n私钥\t{key}\n指纹\t{made.certificate.fingerprint}\n")
    sys.stdout.write("请由系统管理员登记该指纹、安全管理员确认后登录；管理员本人的证书用 certificate bind 绑定。\n")
    return 0


def bind(settings: Settings, order: argparse.Namespace, open_house: OpenHouse) -> int:
    """Bind an administrator's certificate at the host, as the three accounts were made there."""
    content = _certificate(order.cert)
    with closing(open_house(settings)) as house:
        fingerprint = house.door.perform(bind_administrator, SYSTEM, BindAdministrator(order.login, content))
        sign_pending(house.door)
    sys.stdout.write(f"已绑定 {order.login} 的证书，指纹 {fingerprint}\n")
    return 0


def sign(settings: Settings, order: argparse.Namespace, _: OpenHouse) -> int:
    """The signature to paste into the sign-in page; only a sign-in challenge is signed, never another text."""
    if not order.challenge.startswith("shfg-login.") or len(order.challenge) > 200:
        return refuse("这不是登录页上的挑战码，不予签名")
    signature = sm2.sign(read_key(order.key.read_bytes()), order.challenge.encode())
    sys.stdout.write(base64.b64encode(signature).decode() + "\n")
    return 0


def revoke(settings: Settings, order: argparse.Namespace, _: OpenHouse) -> int:
    """Put a certificate of our own authority on its list of revoked ones."""
    serial = Certificate.of(_certificate(order.cert)).serial
    if not LocalAuthority(_key_dir(settings)).revoke(Certificate.of(_certificate(order.cert)), system_moment()):
        return refuse("这张证书不是本系统签发的试用证书，请到签发机构吊销")
    sys.stdout.write(f"已吊销证书 {serial}\n")
    return 0


def show(settings: Settings, order: argparse.Namespace, _: OpenHouse) -> int:
    """Return what people read out to each other when a certificate is bound."""
    folders = [_key_dir(settings) / "trust", *([] if settings.mode == "production" else [_key_dir(settings) / FOLDER])]
    found = TrustStore(*folders).check(_certificate(order.cert), "sign", system_moment())
    sys.stdout.write(
        f"持有人\t{found.subject}\n颁发者\t{found.issuer}\n序列号\t{found.serial}\n指纹\t{found.fingerprint}\n"
    )
    sys.stdout.write(f"有效期\t{found.not_before} 至 {found.not_after}\n状态\t{SAID.get(found.state, '可用于登录')}\n")
    return 0


def _certificate(file: Path) -> bytes:
    return unarmoured(file.read_bytes(), "CERTIFICATE")


def _key_dir(settings: Settings) -> Path:
    return Path(settings.key_dir or settings.data_dir / "keys")
