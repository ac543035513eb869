"""The families of keys in words, and what changing one of them brings (security.md 3.5)."""

from models.codes import Toned
from models.sealing import FAMILIES

FAMILY_LABELS = {
    "kek.root": "根密钥",
    "dek.pii": "个人信息加密",
    "dek.auth": "口令记录加密",
    "dek.doc": "文书与附件加密",
    "dek.cfg": "配置加密",
    "idx.pii": "个人信息检索索引",
    "mac.row": "数据完整性校验",
    "mac.sess": "会话校验",
    "mac.qr": "二维码校验",
    "sig.doc": "文书签名",
    "sig.audit": "审计签名",
    "sig.acl": "访问控制签名",
    "sig.api": "接口应答签名",
    "enc.api": "接口报文解密",
    "gw.assert": "网关断言验签",
}
STATE_LABELS = {
    "pre": Toned("待启用", "warn"),
    "active": Toned("在用", "good"),
    "retired": Toned("已退役"),
    "compromised": Toned("已泄露", "bad"),
    "destroyed": Toned("已销毁"),
}
#: What may be done with a key in a state: rotate it, count what uses it, or move it to another state.
WAYS: dict[str, frozenset[str]] = {
    "pre": frozenset({"destroyed"}),
    "active": frozenset({"rotate", "count"}),
    "retired": frozenset({"compromised", "destroyed", "count"}),
    "compromised": frozenset({"destroyed", "count"}),
    "destroyed": frozenset(),
}
#: What these keys have written into tables is written anew after a rotation.
REWRITTEN = ("dek.pii", "dek.auth", "dek.doc", "dek.cfg", "idx.pii", "mac.row")
#: A process may write with a new key only when every process can read with it.
PREPARED_FIRST = FAMILIES
ROTATED = tuple(family for family in FAMILY_LABELS if family != "gw.assert")
