"""独立核验一份备案的证据包：只用 Python 标准库，不依赖本系统的任何代码。

用法：python3 verify_evidence.py 证据包.zip [--pub 公钥或文件]... [--paper 文书.pdf]...

公钥为 04 开头的 130 位十六进制，文件每行“密钥名 公钥”。不给 --pub 时只能用包内的公钥，结果会注明。
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Point = tuple[int, int] | None

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0
USER_ID = b"1234567812345678"
MASK = 0xFFFFFFFF
LARGEST = 64 * 1024 * 1024
CHECKPOINT = re.compile(
    r"shfg-rental/audit/([a-z0-9.-]{1,32})\n([1-9][0-9]{0,17})\n([1-9][0-9]{0,17})\n([0-9a-f]{64})\n([0-9a-f]{64})\n"
    r"([0-9a-f]{64})\n([0-9TZ:.-]{24})\n([a-z0-9.-]{3,40})\n"
)
#: Archived handbooks.
HANDBOOK = "shfg-handbook/"


class Broken(Exception):
    """Raised when a part of the package is not what it claims."""


def sm3_plain(data: bytes) -> bytes:
    """SM3 in plain Python, for an interpreter whose OpenSSL has none."""

    def left(x: int, n: int) -> int:
        n %= 32
        return ((x << n) | (x >> (32 - n))) & MASK

    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    for start in range(0, len(padded), 64):
        w = [int.from_bytes(padded[start + 4 * i : start + 4 * i + 4], "big") for i in range(16)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ left(w[j - 3], 15)
            w.append(x ^ left(x, 15) ^ left(x, 23) ^ left(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            t = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = left((left(a, 12) + e + left(t, j)) & MASK, 7)
            ss2 = ss1 ^ left(a, 12)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
            tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & MASK
            tt2 = (gg + h + ss1 + w[j]) & MASK
            a, b, c, d = tt1, a, left(b, 9), c
            e, f, g, h = tt2 ^ left(tt2, 9) ^ left(tt2, 17), e, left(f, 19), g
        state = [x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h))]  # noqa: B905
    return b"".join(x.to_bytes(4, "big") for x in state)


def sm3(data: bytes) -> bytes:
    try:
        return hashlib.new("sm3", data).digest()
    except ValueError:
        return sm3_plain(data)


def add(one: Point, other: Point) -> Point:
    """Points of the curve; None is infinity."""
    if one is None:
        return other
    if other is None:
        return one
    (x1, y1), (x2, y2) = one, other
    if x1 == x2:
        if (y1 + y2) % P == 0:
            return None
        slope = (3 * x1 * x1 + A) * pow(2 * y1, -1, P) % P
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, P) % P
    x3 = (slope * slope - x1 - x2) % P
    return x3, (slope * (x1 - x3) - y1) % P


def times(k: int, point: Point) -> Point:
    total: Point = None
    while k:
        if k & 1:
            total = add(total, point)
        point = add(point, point)
        k >>= 1
    return total


def point_of(public: str) -> Point:
    """The point of `04` and 128 hex digits, or None."""
    if not re.fullmatch("04[0-9a-f]{128}", public):
        return None
    x, y = int(public[2:66], 16), int(public[66:], 16)
    return (x, y) if x < P and y < P and (y * y - x * x * x - A * x - B) % P == 0 else None


def numbers_of(der: bytes) -> tuple[int, int] | None:
    """r and s of a strict DER signature, or None."""
    if len(der) < 8 or der[0] != 0x30 or der[1] != len(der) - 2:
        return None
    found, at = [], 2
    for _ in range(2):
        if at + 2 > len(der) or der[at] != 2:
            return None
        body = der[at + 2 : at + 2 + der[at + 1]]
        minimal = len(body) == der[at + 1] and body and body[0] < 0x80
        if not minimal or (len(body) > 1 and body[0] == 0 and body[1] < 0x80):
            return None
        found.append(int.from_bytes(body, "big"))
        at += 2 + len(body)
    return (found[0], found[1]) if at == len(der) else None


def signed_by(public: str, data: bytes, signature: str) -> bool:
    """Return whether a base64 DER signature (GB/T 32918.2, SM3, the usual id) is this key's over these bytes."""
    point = point_of(public)
    try:
        numbers = numbers_of(base64.b64decode(signature, validate=True))
    except ValueError:
        return False
    if point is None or numbers is None:
        return False
    r, s = numbers
    t = (r + s) % N
    if not (0 < r < N and 0 < s < N and t):
        return False
    fields = b"".join(number.to_bytes(32, "big") for number in (A, B, GX, GY, *point))
    z = sm3((len(USER_ID) * 8).to_bytes(2, "big") + USER_ID + fields)
    e = int.from_bytes(sm3(z + data), "big")
    found = add(times(s, (GX, GY)), times(t, point))
    return found is not None and (e + found[0]) % N == r


class Result:
    """Findings of a verification: proven, unproven, wrong."""

    def __init__(self) -> None:
        self.wrong = 0

    def proven(self, text: str) -> None:
        print(f"[已证明] {text}")

    def unproven(self, text: str) -> None:
        print(f"[未证明] {text}")

    def bad(self, text: str) -> None:
        self.wrong += 1
        print(f"[不一致] {text}")


def read_package(path: Path) -> dict[str, bytes]:
    """The files of the package by name."""
    parts = {}
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > LARGEST:
            raise Broken("压缩包过大")
        for name in archive.namelist():
            parts[name] = archive.read(name)
    return parts


def read_keys(given: Sequence[str]) -> dict[str, str]:
    """Return trusted keys by name; `*` means every key."""
    keys = {}
    for text in given:
        path = Path(text)
        lines = path.read_text(encoding="utf-8").splitlines() if len(text) < 200 and path.is_file() else [text]
        for line in lines:
            words = line.split()
            if words:
                keys[words[0] if len(words) > 1 else "*"] = words[-1].lower()
    return keys


class Package:
    """A package and the keys it is judged by."""

    def __init__(self, parts: dict[str, bytes], trusted: dict[str, str], result: Result) -> None:
        self.parts, self.trusted, self.result = parts, trusted, result
        self.inside: dict[str, str] = self.json("keys.json") if "keys.json" in parts else {}
        self.events: list[dict[str, Any]] = []

    def json(self, name: str) -> Any:
        if name not in self.parts:
            raise Broken(f"缺少文件 {name}")
        return json.loads(self.parts[name])

    def key(self, kid: str) -> str:
        if self.trusted:
            return self.trusted.get(kid) or self.trusted.get("*") or ""
        return self.inside.get(kid, "")

    def check_manifest(self) -> str:
        """Check signature and files; gives the format of the package."""
        manifest = self.json("manifest.json")
        said = json.loads(manifest["text"])
        key = self.key(manifest["kid"]) or ("" if self.trusted else manifest["public"])
        if signed_by(key, manifest["text"].encode(), manifest["sig"]):
            self.result.proven(f"清单签名有效（{manifest['kid']}），制作时间 {said['made']}，编号 {said['number']}")
        else:
            self.result.bad("清单签名无效：证据包被改动，或不是由所给公钥的系统制作")
        listed = set(said["files"]) | {"manifest.json", "README.txt"}
        for name in sorted(set(self.parts) - listed):
            self.result.bad(f"多出清单以外的文件 {name}")
        for name, digest in sorted(said["files"].items()):
            if name not in self.parts:
                self.result.bad(f"缺少清单所列文件 {name}")
            elif sm3(self.parts[name]).hex() != digest:
                self.result.bad(f"文件 {name} 与清单摘要不一致")
        return str(said["format"])

    def check_handbook(self) -> None:
        """An archived handbook: its text is the content of which the manifest says the digest."""
        said = json.loads(self.json("manifest.json")["text"])
        if sm3(self.parts.get("handbook.json", b"")).hex() == said["content"]:
            self.result.proven(f"手册《{said['project']}》{said['version']}版的内容与归档时一致")
        else:
            self.result.bad("手册内容与清单所载的内容摘要不一致")

    def check_checkpoints(self) -> dict[int, tuple[str, int]]:
        """The roots of checkpoints whose signature is good, by their last event."""
        roots: dict[int, tuple[str, int]] = {}
        good = 0
        kept = self.json("checkpoints.json")
        for one in kept:
            found = CHECKPOINT.fullmatch(one["text"])
            if found is None or found[8] != one["kid"]:
                self.result.bad("有检查点的内容不合格式")
            elif not signed_by(self.key(one["kid"]), one["text"].encode(), one["sig"]):
                self.result.bad(f"检查点（第{found[2]}至{found[3]}条）签名无效")
            else:
                roots[int(found[3])] = (found[5], int(found[2]))
                good += 1
        if good and good == len(kept):
            self.result.proven(f"{good}个审计检查点签名有效")
        return roots

    def check_events(self, roots: dict[int, tuple[str, int]]) -> None:
        covered = 0
        for one in self.json("events.json"):
            body = one["body"].encode()
            digest = sm3(b"AUD1\n" + body)
            said = json.loads(body)
            if digest.hex() != one["hash"] or said["seq"] != one["seq"]:
                self.result.bad(f"审计事件第{one['seq']}条内容与摘要不一致")
                continue
            if "checkpoint" not in one:
                self.result.unproven(f"审计事件第{one['seq']}条（{said['evt']} {said['act']}）在导出时尚未签名")
                continue
            node = sm3(b"\x00" + digest)
            for side, other in one["path"]:
                pair = bytes.fromhex(other) + node if side == "L" else node + bytes.fromhex(other)
                node = sm3(b"\x01" + pair)
            root, first = roots.get(one["checkpoint"], ("", 0))
            if node.hex() != root or not first <= one["seq"] <= one["checkpoint"]:
                self.result.bad(f"审计事件第{one['seq']}条不在所称的检查点之内")
                continue
            covered += 1
            self.events.append(said)
        if covered:
            self.result.proven(f"{covered}条审计事件确在已签名的检查点之内，内容自签署后未被改动")

    def check_decision(self) -> None:
        said = self.json("decision.json")
        if "decision" not in said:
            self.result.unproven("该备案没有系统核验记录（历史数据），不能证明核验结论")
            return
        digest = sm3(said["decision"].encode()).hex()
        decision = json.loads(said["decision"])
        told = [event for event in self.events if event["obj_t"] == "decision" and event["obj_id"] == said["run_id"]]
        if any(event["dig"] == digest for event in told):
            passed = sum(1 for item in decision["items"] if item[1] == "PASS")
            self.result.proven(
                f"核验结论 {decision['outcome']}、规则版本 {decision['rule_set']}、{len(decision['items'])}条规则的结果"
                f"（通过{passed}条）与办理时（{told[0]['ts']}）记入审计的一致"
            )
        elif told:
            self.result.bad("核验结论与办理时记入审计的摘要不一致")
        else:
            self.result.unproven("包内没有已签名的核验审计事件，不能证明核验结论")
        if said["facts_masked"]:
            self.result.unproven("核验事实已脱敏，只能证明其摘要；取得完整证据包后可以证明事实内容")
        elif sm3(said["facts"].encode()).hex() == decision["facts"]:
            self.result.proven("核验事实与核验结论所依据的一致")
        else:
            self.result.bad("核验事实与核验结论所依据的不一致")
        if decision["run"] != said["run_id"]:
            self.result.bad("核验结论不属于所称的核验批次")

    def check_papers(self, given: Sequence[Path]) -> None:
        digests = {sm3(path.read_bytes()).hex(): path.name for path in given}
        for one in self.json("papers.json"):
            name = f"{one['title']} {one['number']}"
            if not one["digest"]:
                self.result.unproven(f"{name} 在导出时尚未生成")
                continue
            if not signed_by(self.key(one["kid"]), bytes.fromhex(one["digest"]), one["sig"]):
                if self.trusted and not self.key(one["kid"]):
                    self.result.unproven(f"{name}：未提供密钥 {one['kid']} 的可信公钥，不能核验其签名")
                else:
                    self.result.bad(f"{name} 的签名无效")
                continue
            told = any(event["obj_id"] == one["id"] and event["dig"] == one["digest"] for event in self.events)
            where = "，且其摘要已记入已签名的审计" if told else "；其摘要未见于已签名的审计"
            self.result.proven(f"{name} 的签名有效{where}")
            if one["digest"] in digests:
                self.result.proven(f"所给文件 {digests.pop(one['digest'])} 就是签发的《{one['title']}》")
        for name in digests.values():
            self.result.bad(f"所给文件 {name} 不是本证据包中任何一份签发的文书")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="独立核验备案证据包、手册归档包")
    parser.add_argument("package", type=Path, metavar="证据包.zip")
    parser.add_argument("--pub", action="append", default=[], metavar="公钥或文件")
    parser.add_argument("--paper", action="append", default=[], type=Path, metavar="文书.pdf")
    arguments = parser.parse_args(argv)
    result = Result()
    try:
        trusted = read_keys(arguments.pub)
        package = Package(read_package(arguments.package), trusted, result)
        if package.check_manifest().startswith(HANDBOOK):
            package.check_handbook()
        else:
            package.check_events(package.check_checkpoints())
            package.check_decision()
            package.check_papers(arguments.paper)
        if not trusted:
            result.unproven("公钥取自包内，未与可信来源核对；请用 --pub 指定另行取得的公钥")
    except Broken as problem:
        result.bad(str(problem))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, zipfile.BadZipFile):
        result.bad("证据包不能读取：不是本系统导出的格式，或已损坏")
    print(
        "结论："
        + (f"发现{result.wrong}处不一致，证据包不可信" if result.wrong else "未发现不一致，以上“已证明”的内容可以采信")
    )
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
