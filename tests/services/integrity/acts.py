"""What somebody with the database and the disks can do to an installation, place by place, each act with the check that must find it."""

import base64
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel, select

from deploy import launch
from integrations.cloud_crypto import sm2
from models.access import AccountSort, AccountState, Role
from models.audit import AuditCheckpoint, AuditEvent
from models.columns import new_id
from models.dialect import Database
from models.labels import Label
from models.partners import PartnerState
from models.rights import AccessList
from models.row_mac import keeps_ledger
from services.access.access_list_signature import check_list
from services.access.entries import key_of
from services.audit.sources import FolderSource
from services.audit.verification import verify
from services.audit.verification_runs import own_keys
from services.engine.audit import event_hash
from services.integrity.contents import kept_files
from services.operations.restore import RestoreRefused, restore_backup
from tests.deploy.trees import SITE, record
from tests.evidence import first_bad_line
from tests.services.integrity.estate import MODULES, Answers, Estate
from tests.services.integrity.tampering import Tampered, Tamperer
from tests.world import provider


class Act(NamedTuple):
    """One thing done. `found` says whether the checks named it; `rows` are those that may be locked for it."""

    place: str
    what: str
    found: Callable[[Answers], bool]
    rows: frozenset[tuple[str, UUID]] = frozenset()


def said(found: bool) -> Callable[[Answers], bool]:
    """What a check said at once: it names the first bad place only, so it is asked after each act."""
    return lambda _: found


@dataclass
class Hand:
    """Whoever tampers: with one installation, in one order of chance, no row twice."""

    estate: Estate
    chance: Random
    rows: Tamperer

    def __post_init__(self) -> None:
        self.windows = iter(self.estate.windows())
        self.hosts = iter(self.chance.sample(self.estate.hosts, len(self.estate.hosts)))
        self.modules = iter(self.chance.sample(range(MODULES), MODULES))
        self.planted = iter(self.chance.sample(sorted(PLANTED), len(PLANTED)))
        self.lines = iter(range(len(self.estate.audited.sink.path.read_text().splitlines()), 0, -1))
        self.copies = 0
        self.rows.spared |= self.estate.collections()

    def table(self, name: str) -> sa.Table:
        return SQLModel.metadata.tables[name]

    def sql(self, *statements: str, **values: Any) -> None:
        self.estate.audited.past_us(*statements, **values)


# Rows and stored files


def row(hand: Hand) -> Act | None:
    """A protected row changed, forged, stripped, deleted, or put back in an earlier version."""
    tables = [table for table in hand.rows.tables() if table.name not in {"integrity_fault", "alarm"}]
    contracts = hand.table("lease_contract")
    ways: tuple[Callable[[sa.Table], Tampered | None], ...] = (
        hand.rows.change,
        hand.rows.change,
        hand.rows.change,
        hand.rows.forge,
        hand.rows.strip,
        lambda table: hand.rows.take_away(table) if keeps_ledger(table) else None,
        lambda _: hand.rows.put_back(contracts, hand.chance.choice(hand.estate.old)),
    )
    return _locked(hand, "数据行", hand.chance.choice(ways)(hand.chance.choice(tables)))


def stored_file(hand: Hand) -> Act | None:
    """One bit of a paper or an attachment turned."""
    tables = [table for table in kept_files() if hand.rows.rows(table)]
    return _locked(hand, "文书与附件", hand.rows.break_file(hand.chance.choice(tables)))


def _locked(hand: Hand, place: str, done: Tampered | None) -> Act | None:
    if done is None or done.row_id in hand.rows.spared:
        return None
    hand.rows.spared.add(done.row_id)
    where = (done.table, done.row_id)
    return Act(place, f"{done.table} {done.what}", lambda told: where in told.locked, frozenset({where}))


# The audit: verification names the first bad entry, so every act lies before those done until then


def audit_event(hand: Hand) -> Act | None:
    """An event changed, deleted, inserted or moved within the next older signed window."""
    window = next(hand.windows)
    what = hand.chance.choice(sorted(_EVENT_ACTS))
    _EVENT_ACTS[what](hand, window)
    return _first_bad(hand, "审计事件", what, window)


def _event(hand: Hand, seq: int) -> AuditEvent:
    wanted = select(AuditEvent).where(AuditEvent.seq == seq)
    found: AuditEvent = hand.estate.counter.world.read(lambda work: work.session.exec(wanted).one())
    return found


def _change_text(hand: Hand, window: AuditCheckpoint) -> None:
    body = _event(hand, window.first + 1).body.replace('"act":"test.act"', '"act":"test.not"')
    hand.sql("UPDATE audit_event SET body = :body WHERE seq = :seq", seq=window.first + 1, body=body)


def _change_text_and_digest(hand: Hand, window: AuditCheckpoint) -> None:
    body = _event(hand, window.first + 1).body.replace('"act":"test.act"', '"act":"test.not"')
    statement = "UPDATE audit_event SET body = :body, hash = :hash WHERE seq = :seq"
    hand.sql(statement, seq=window.first + 1, body=body, hash=event_hash(body))


def _change_column(hand: Hand, window: AuditCheckpoint) -> None:
    column = hand.chance.choice(["account", "act", "result", "object_id", "event", "request_id"])
    hand.sql(f"UPDATE audit_event SET {column} = 'other' WHERE seq = :seq", seq=window.first + 2)


def _delete(hand: Hand, window: AuditCheckpoint) -> None:
    hand.sql("DELETE FROM audit_event WHERE seq = :seq", seq=window.first + 1)


def _delete_and_close(hand: Hand, window: AuditCheckpoint) -> None:
    hand.sql(
        "DELETE FROM audit_event WHERE seq = :seq",
        "UPDATE audit_event SET seq = -seq WHERE seq > :seq",
        "UPDATE audit_event SET seq = -seq - 1 WHERE seq < 0",
        "UPDATE audit_head SET seq = seq - 1",
        seq=window.first + 1,
    )


def _insert(hand: Hand, window: AuditCheckpoint) -> None:
    before, table = _event(hand, window.first), hand.table("audit_event")
    said = json.loads(before.body) | {"seq": window.first + 1, "prev": before.hash, "uid": "ghost"}
    body = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    hand.sql(
        "UPDATE audit_event SET seq = -seq WHERE seq > :seq",
        "UPDATE audit_event SET seq = -seq + 1 WHERE seq < 0",
        "UPDATE audit_head SET seq = seq + 1",
        seq=window.first,
    )
    forged = before.model_dump() | {"id": new_id(), "seq": window.first + 1, "account": "ghost"}
    hand.rows.write(table.insert().values(**forged | {"body": body, "prev": before.hash, "hash": event_hash(body)}))


def _swap(hand: Hand, window: AuditCheckpoint) -> None:
    hand.sql(
        "UPDATE audit_event SET seq = -1 WHERE seq = :seq",
        "UPDATE audit_event SET seq = :seq WHERE seq = :seq + 1",
        "UPDATE audit_event SET seq = :seq + 1 WHERE seq = -1",
        seq=window.first + 1,
    )


_EVENT_ACTS: dict[str, Callable[[Hand, AuditCheckpoint], None]] = {
    "正文改动": _change_text,
    "正文连同摘要改动": _change_text_and_digest,
    "列改动": _change_column,
    "删除": _delete,
    "删除并补齐序号": _delete_and_close,
    "插入": _insert,
    "换序": _swap,
}


def checkpoint(hand: Hand) -> Act | None:
    """A checkpoint deleted, changed or signed by somebody else, in the database or in the second store."""
    window = next(hand.windows)
    what = hand.chance.choice(["签名换掉", "正文改动", "删除", "第二存储的副本改动"])
    other = base64.b64encode(sm2.sign(sm2.PrivateKey.fresh(), window.statement.encode())).decode()
    spoilt = window.statement.replace(window.statement.split("\n")[4], "0" * 64)
    if what == "第二存储的副本改动":
        path = next((hand.estate.home / "store").glob("*.checkpoints"))
        _rewrite(path, path.read_text().replace(window.signature, other))
    elif what == "删除":
        hand.sql("DELETE FROM audit_checkpoint WHERE last = :last", last=window.last)
    elif what == "正文改动":
        hand.sql("UPDATE audit_checkpoint SET statement = :text WHERE last = :last", last=window.last, text=spoilt)
    else:
        hand.sql("UPDATE audit_checkpoint SET signature = :sig WHERE last = :last", last=window.last, sig=other)
    return _first_bad(hand, "审计检查点", what, window)


def exported_event(hand: Hand) -> Act | None:
    """One line changed in the events that were copied to the second store."""
    window = next(hand.windows)
    path = next((hand.estate.home / "store").glob("*.events"))
    lines = path.read_text().splitlines(keepends=True)
    place = next(place for place, line in enumerate(lines) if line.startswith(f"{window.first + 1}\t"))
    lines[place] = lines[place].replace("test.act", "test.not")
    _rewrite(path, "".join(lines))
    fault = verify(FolderSource(path.parent), own_keys(hand.estate.door.house.crypto)).fault
    found = fault is not None and window.first <= fault.seq <= window.last
    return Act("审计导出文件", "一行改动", said(found))


def evidence(hand: Hand) -> Act | None:
    """One line changed in the log of evidence."""
    path, line = hand.estate.audited.sink.path, next(hand.lines)
    lines = path.read_text().splitlines(keepends=True)
    lines[line - 1] = lines[line - 1].replace('"kind"', '"sort"')
    _rewrite(path, "".join(lines))
    bad = first_bad_line(path, provider())
    return Act("存证日志", "一行改动", said(bad == line))


def _first_bad(hand: Hand, place: str, what: str, window: AuditCheckpoint) -> Act:
    fault = hand.estate.audited.verify().fault
    found = fault is not None and window.first <= fault.seq <= window.last
    return Act(place, f"{what}（应在 {window.first}-{window.last}，查出 {fault}）", said(found))


def _rewrite(path: Path, text: str) -> None:
    assert text != path.read_text()
    path.chmod(0o600)
    path.write_text(text)


# Rights


def rights(hand: Hand) -> Act | None:
    """An account's rights widened, put back, prolonged or taken away by SQL."""
    account, grant = hand.table("account"), hand.table("account_role")
    grants = hand.rows.rows(grant)
    accounts = [row for row in hand.rows.rows(account) if any(one["account_id"] == row["id"] for one in grants)]
    chosen = hand.chance.choice(accounts)
    own = hand.chance.choice([one for one in grants if one["account_id"] == chosen["id"]])
    changes: dict[str, tuple[sa.Table, dict[str, Any], Any]] = {
        "加一个岗位": (grant, {**own, "id": new_id(), "role": _other_role(own["role"])}, None),
        "换岗位": (grant, {"role": _other_role(own["role"])}, own["id"]),
        "扩大范围": (grant, {"scope_code": "999999"}, own["id"]),
        "延长期限": (grant, {"valid_from": own["valid_from"] - timedelta(days=400)}, own["id"]),
        "停用账号启用": (account, {"state": _other(AccountState, chosen["state"])}, chosen["id"]),
        "提高安全标记": (account, {"clearance": _other(Label, chosen["clearance"])}, chosen["id"]),
        "换证书": (account, {"cert_fingerprint": "ab" * 32}, chosen["id"]),
        "换账号类别": (account, {"sort": _other(AccountSort, chosen["sort"])}, chosen["id"]),
    }
    what = hand.chance.choice(sorted(changes))
    table, values, row_id = changes[what]
    if row_id is None:
        row_id = values["id"]
        hand.rows.write(table.insert().values(**values))
    else:
        hand.rows.write(table.update().where(table.c.id == row_id).values(**values))
    hand.rows.spared |= {chosen["id"], row_id, *(one["id"] for one in grants if one["account_id"] == chosen["id"])}
    return _right("访问控制表", what, key_of("account", chosen["id"]), (table.name, row_id))


def partner(hand: Hand) -> Act | None:
    """A partner's key exchanged, its address led elsewhere, its scopes widened or itself switched on by SQL."""
    table, keys = hand.table("partner"), hand.table("partner_key")
    chosen = hand.chance.choice(hand.rows.rows(table))
    own = next((one for one in hand.rows.rows(keys) if one["partner_id"] == chosen["id"]), None)
    if own is None:
        return None
    thief = sm2.PrivateKey.fresh().public.hex
    changes: dict[str, tuple[sa.Table, dict[str, Any], UUID]] = {
        "换公钥": (keys, {"public_key": thief}, own["id"]),
        "延长公钥": (keys, {"valid_to": own["valid_to"] + timedelta(days=3650)}, own["id"]),
        "加公钥": (keys, {**own, "id": new_id(), "kid": f"{own['kid']}9", "public_key": thief}, own["id"]),
        "改地址": (table, {"base_url": "https://thief.example"}, chosen["id"]),
        "扩大接口权限": (table, {"scopes": f"{chosen['scopes']},direct-pay.results"}, chosen["id"]),
        "停用": (table, {"state": _other(PartnerState, chosen["state"])}, chosen["id"]),
    }
    what = hand.chance.choice(sorted(changes))
    place, values, row_id = changes[what]
    if what == "加公钥":
        row_id = values["id"]
        hand.rows.write(place.insert().values(**values))
    else:
        hand.rows.write(place.update().where(place.c.id == row_id).values(**values))
    hand.rows.spared |= {chosen["id"], own["id"], row_id}
    return _right("对接方登记", what, key_of("partner", chosen["id"]), (place.name, row_id))


def _right(place: str, what: str, key: str, where: tuple[str, UUID]) -> Act:
    """Found twice: by the signed list and by the nightly check of rows."""

    def found(told: Answers) -> bool:
        return key in {problem.key for problem in told.rights} and where in told.locked

    return Act(place, what, found, frozenset({where}))


def _other_role(role: Role) -> Role:
    return Role.SEC_ADMIN if role is not Role.SEC_ADMIN else Role.AUDITOR


def _other(codes: Any, value: Any) -> Any:
    return next(one for one in codes if one is not value)


def signed_lists(hand: Hand, count: int) -> list[Act]:
    """Signed access lists, then the changes they stand over, each before the one damaged last; done when all else is checked."""
    world, done = hand.estate.counter.world, []
    lists = world.read(lambda work: list(work.session.exec(select(AccessList).order_by(sa.desc("version"))).all()))
    for newer, one in list(pairwise(lists))[: (count + 1) // 2]:
        what, statement = hand.chance.choice(_LIST_ACTS)
        hand.sql(statement, version=one.version, other=newer.signature)
        numbers = {problem.number for problem in check_list(hand.estate.door, every_signature=True).problems}
        found = bool(numbers & {one.version, one.version + 1})
        done.append(Act("已签名的访问控制清单", f"{what}，版本 {one.version}", said(found)))
    seq = lists[0].seq - 1
    for _ in range(count - len(done)):
        seq -= hand.chance.randint(3, 6)
        what, statement = hand.chance.choice(_CHANGE_ACTS)
        hand.sql(statement, seq=seq)
        first = check_list(hand.estate.door).problems[0]
        found = first.code in {"HASH", "GAP", "ORDER"} and first.number in {seq, seq + 1}
        done.append(Act("访问控制变更记录", f"{what}，第 {seq} 条", said(found)))
    return done


_LIST_ACTS = (
    ("签名换成另一版本的", "UPDATE access_list SET signature = :other WHERE version = :version"),
    ("正文改动", "UPDATE access_list SET body = replace(body, 'count', 'amount') WHERE version = :version"),
    ("摘要改动", "UPDATE access_list SET digest = '0' WHERE version = :version"),
    ("删除", "DELETE FROM access_list WHERE version = :version"),
)
_CHANGE_ACTS = (
    ("正文改动", "UPDATE access_change SET body = replace(body, '\"act\"', '\"tca\"') WHERE seq = :seq"),
    ("摘要改动", "UPDATE access_change SET digest = '0' WHERE seq = :seq"),
    ("删除", "DELETE FROM access_change WHERE seq = :seq"),
)


# Hosts


def host(hand: Hand) -> Act | None:
    """A log, an access setting, a kept copy or a signed list of one host changed on the disk."""
    name = next(hand.hosts)
    root, kept = hand.estate.root_of(name), hand.estate.kept_of(name)
    what = hand.chance.choice(
        ["日志改一行", "日志删一行", "权限加一行", "权限文件删除", "采集副本改动", "采集清单改动"]
    )
    log, sudoers = root / "var/log/auth.log.1", root / "etc/sudoers"
    lines = log.read_text().splitlines(keepends=True)
    line = hand.chance.randrange(len(lines))
    word = "auth.log.1"
    if what == "日志改一行":
        _rewrite(log, "".join([*lines[:line], "Nov 24 10:00 nothing happened\n", *lines[line + 1 :]]))
    elif what == "日志删一行":
        _rewrite(log, "".join([*lines[:line], *lines[line + 1 :]]))
    elif what == "权限加一行":
        _rewrite(sudoers, sudoers.read_text() + "mallory ALL=(ALL) NOPASSWD: ALL\n")
        word = "/etc/sudoers"
    elif what == "权限文件删除":
        (root / "etc/passwd").unlink()
        word = "/etc/passwd"
    elif what == "采集副本改动":
        copy = next((kept / "logs").iterdir())
        _rewrite(copy, copy.read_text().replace("session 7\n", "session 8\n"))
    else:
        listed = next((kept / "manifests").iterdir())
        _rewrite(listed, listed.read_text().replace("%admin", "%mayor"))
        word = listed.name
    return Act("主机", f"{what}（{name}）", lambda told: any(word in problem for problem in told.hosts[name]))


# The released program


def program(hand: Hand) -> Act | None:
    """A shipped file changed or gone, or something that runs put beside the shipped files."""
    root = hand.estate.tree.root
    if hand.chance.random() < 0.5:
        path = root / f"module{next(hand.modules)}.py"
        path.unlink() if hand.chance.random() < 0.3 else _rewrite(path, path.read_text() + "NUMBER += 1\n")
        return _named("改动或删除", path.relative_to(root).as_posix())
    what = next(hand.planted)
    place = PLANTED[what]
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    if what == "符号链接":
        path.symlink_to("words.py")
    else:
        path.write_text("pass\n")
    if what == "脚本":
        path.chmod(0o755)
    return _named(what, place)


def _named(what: str, place: str) -> Act:
    return Act("发布文件", f"{what} {place}", lambda told: any(problem.endswith(place) for problem in told.tree))


PLANTED = {
    "多出源码": "extra.py",
    "多出字节码": "__pycache__/words.cpython-313.pyc",
    "缓存中的字节码": "build/words.pyc",
    "路径文件": f"{SITE}/more.pth",
    "启动模块": f"{SITE}/sitecustomize.py",
    "多出动态库": f"{SITE}/brick/fast.abi3.so",
    "软件包改动": f"{SITE}/brick/__init__.py",
    "符号链接": "other.py",
    "脚本": "run",
}


def manifest(hand: Hand) -> Act | None:
    """The manifest of a copy of the tree changed, signed by somebody else, taken away, or one package's record made to fit."""
    tree = hand.estate.tree
    hand.copies += 1
    root = tree.home / f"copy{hand.copies}"
    shutil.copytree(tree.root, root, symlinks=True)
    (root / "deploy" / "release.pub").write_bytes((tree.root / "deploy" / "release.pub").read_bytes())
    what = hand.chance.choice(["正文改动", "他人签名", "删除", "软件包清单改动"])
    body = root / launch.MANIFEST
    if what == "正文改动":
        _rewrite(body, body.read_text().replace('"version":"1.0"', '"version":"1.1"'))
    elif what == "他人签名":
        signature = sm2.sign(sm2.PrivateKey.fresh(), body.read_bytes())
        (root / launch.SIGNATURE).write_bytes(base64.b64encode(signature) + b"\n")
    elif what == "删除":
        body.unlink()
    else:
        (root / SITE / "brick" / "__init__.py").write_text("WHOLE = None\n")
        record(root)
    problems = launch.check(root, tree.home / "data").problems
    word = {"删除": "没有发布清单", "软件包清单改动": "软件包清单被改动"}.get(what, "签名不正确")
    found = any(word in problem for problem in problems)
    return Act("发布清单", what, said(found))


# Backups


def backup(hand: Hand) -> Act | None:
    """One bit of a copy of the backup turned, or its end cut off."""
    hand.copies += 1
    copy = hand.estate.home / f"copy{hand.copies}.backup"
    body = bytearray(hand.estate.backup.read_bytes())
    what = hand.chance.choice(["改一位", "截尾"])
    if what == "改一位":
        body[hand.chance.randrange(len(body))] ^= 1 << hand.chance.randrange(8)
    copy.write_bytes(body if what == "改一位" else body[: -hand.chance.randint(1, 1000)])
    house = hand.estate.door.house
    empty = Database(f"sqlite:///{hand.estate.home}/restored{hand.copies}.db", house.sealer)
    try:
        restore_backup(replace(house, database=empty), copy)
        found = False
    except RestoreRefused:
        found = True
    finally:
        empty.dispose()
    return Act("备份文件", what, said(found))
