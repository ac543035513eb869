"""`main.py audit verify|checkpoint|export|detach`: the audit verified on the database or on exported files, with the first bad entry."""

import argparse
import base64
import binascii
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

from deploy.commands import OpenedHouse, OpenHouse, Settings
from integrations.cloud_crypto import sm2
from models.months import SCHEMA, part_of
from models.sealing import CryptoError
from services.audit.checkpoints import checkpoint, copy_out, used_keys
from services.audit.detachment import DetachAudit, detach_audit
from services.audit.jobs import export_events
from services.audit.sources import DatabaseSource, FolderSource, Source
from services.audit.verification import Check, Report, verify
from services.audit.verification_runs import own_keys, verified
from services.engine.callers import SYSTEM
from services.engine.clock import SHANGHAI
from services.engine.refusals import Refusal

HELP = "核验审计链，签署检查点，导出审计事件"


def arguments(parser: argparse.ArgumentParser) -> None:
    parts = parser.add_subparsers(dest="what", required=True)
    verify = parts.add_parser("verify", help="逐条核验审计链和检查点签名，指出首个异常")
    verify.add_argument("--from", dest="since", default="", metavar="序号或日期", help="从第几条或哪一天起")
    verify.add_argument("--to", dest="until", default="", metavar="序号或日期", help="到第几条或哪一天止")
    verify.add_argument(
        "--pub", action="append", default=[], metavar="FILE|HEX", help="签名公钥（04开头130位）或公钥文件"
    )
    verify.add_argument("--external", type=Path, metavar="DIR", help="第二存储的目录，用于发现末尾删除和回退")
    verify.add_argument("--export", type=Path, metavar="DIR", help="核验导出的目录，不需要数据库和密钥")
    verify.add_argument("--chain", default="app", help=argparse.SUPPRESS)
    parts.add_parser("checkpoint", help="立即签署检查点并复制到第二存储")
    parts.add_parser("export", help="立即把审计事件导出到第二存储")
    detach = parts.add_parser("detach", help="把保存期满的最早一个月移出数据库（仅 PostgreSQL）；事件须已签署并导出")
    detach.add_argument("--month", type=_month, required=True, metavar="YYYY-MM", help="最早的月份")
    keys = parts.add_parser("keys", help="显示审计和文书的签名公钥，供核验方保存")
    keys.add_argument("--out", type=Path, metavar="FILE", help="写入文件")


def run(settings: Settings, arguments: argparse.Namespace, open_house: OpenHouse) -> int:
    if arguments.what == "verify" and arguments.export is not None:
        return _verify_files(arguments)
    with closing(open_house(settings)) as house:
        return _WHAT[arguments.what](house, arguments)


def _verify_files(arguments: argparse.Namespace) -> int:
    if not arguments.pub:
        print("核验导出文件需要 --pub 指定签名公钥")
        return 2
    external = FolderSource(arguments.external, arguments.chain) if arguments.external else None
    report = _report(FolderSource(arguments.export, arguments.chain), given_keys(arguments.pub), external, arguments)
    print(report.sentence)
    return 0 if report.ok else 1


def _verify(house: OpenedHouse, arguments: argparse.Namespace) -> int:
    folder = arguments.external or house.settings.audit_store_folder
    external = FolderSource(folder, arguments.chain) if folder.exists() else None
    check = given_keys(arguments.pub) if arguments.pub else own_keys(house.door.house.crypto)
    source = DatabaseSource(house.door.database.url, arguments.chain, folder if folder.exists() else None)
    report = _report(source, check, external, arguments)
    house.door.perform(verified, SYSTEM, report)
    print(report.sentence)
    return 0 if report.ok else 1


def _report(source: Source, check: Check, external: Source | None, arguments: argparse.Namespace) -> Report:
    first = _number(source, arguments.since, 0) or 1
    last = _number(source, arguments.until, 1) if arguments.until else None
    return verify(source, check, external=external, first=first, last=last, chain=arguments.chain)


def _number(source: Source, text: str, days: int) -> int:
    """A number as it is; of a day its first event, or with `days` the last event of that day."""
    if not text or text.isdecimal():
        return int(text or 0)
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=SHANGHAI)
    except ValueError:
        raise SystemExit("--from、--to 应为序号或形如 2026-11-25 的日期") from None
    return int(source.first_since(day + timedelta(days=days))) - days


def given_keys(given: list[str]) -> Check:
    """A check by the keys of the command line: hex digits, or files of `name hex` or bare hex lines."""
    keys: dict[str, sm2.PublicKey] = {}
    for text in given:
        lines = Path(text).read_text(encoding="utf-8").split("\n") if Path(text[:250]).is_file() else [text]
        for line in filter(None, map(str.strip, lines)):
            name, _, public = line.rpartition(" ")
            try:
                keys[name.strip() or "*"] = sm2.PublicKey.of(public.lower())
            except CryptoError:
                raise SystemExit("--pub 不是有效的 SM2 公钥（04开头的130位十六进制）") from None

    def check(key: str, text: str, signature: str) -> bool:
        public = keys.get(key) or keys.get("*")
        try:
            der = base64.b64decode(signature, validate=True)
        except (ValueError, binascii.Error):
            return False
        return public is not None and sm2.verify(public, text.encode(), der)

    return check


def _checkpoint(house: OpenedHouse, arguments: argparse.Namespace) -> int:
    covered = checkpoint(house.door, at_once=True)
    copy_out(house.door)
    print(f"已签署，覆盖{covered}条事件")
    return 0


def _export(house: OpenedHouse, arguments: argparse.Namespace) -> int:
    checkpoint(house.door, at_once=True)
    copy_out(house.door)
    print(f"已导出{export_events(house.door)}条事件到 {house.settings.audit_store_folder}")
    return 0


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=SHANGHAI).date()
    except ValueError:
        raise argparse.ArgumentTypeError("月份应形如 2026-11") from None


def _detach(house: OpenedHouse, arguments: argparse.Namespace) -> int:
    try:
        done = house.door.perform(detach_audit, SYSTEM, DetachAudit(arguments.month))
    except Refusal as refusal:
        print(refusal.message)
        return 1
    part = f"{SCHEMA}.{part_of('audit_event', arguments.month)}"
    print(
        f"已移出第{done.first}至{done.last}条审计事件，留存{done.states}项记录的最后状态；数据在 {part}，备份后可以删除"
    )
    return 0


def _keys(house: OpenedHouse, arguments: argparse.Namespace) -> int:
    lines = [f"{name} {public}" for name, public in used_keys(house.door)]
    if arguments.out is not None:
        arguments.out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print("\n".join(lines))
    return 0


_WHAT: dict[str, Callable[[OpenedHouse, argparse.Namespace], int]] = {
    "verify": _verify,
    "checkpoint": _checkpoint,
    "export": _export,
    "detach": _detach,
    "keys": _keys,
}
