"""Materials of a forced review by the failed rule and by who applies (rows 28, 29)."""

from collections.abc import Iterable

from models.codes import Code


class Capacity(Code):
    """In which capacity a person comes to the window."""

    OWNER = "OWNER", "权利人本人"
    AGENT = "AGENT", "代理人"
    HEIR = "HEIR", "继承人"


APPLICATION, TITLE, IDENTITY = "强制核验申请书", "权属证明", "申请人身份证件"
MANDATE, HEIRSHIP = "权利人授权委托书", "继承公证书或者生效法律文书"
ALWAYS = (APPLICATION, TITLE, IDENTITY)
_OF_CAPACITY = {Capacity.AGENT: (MANDATE,), Capacity.HEIR: (HEIRSHIP,)}
_OF_RULE = {
    "H02": ("权利人与出租人关系证明",),
    "H03": ("其他共有人同意出租的材料",),
    "H04": ("改建批准文件",),
    "H07": ("解除限制或者准予出租的证明",),
    "H08": ("征收部门出具的说明",),
    "H09": ("公房凭证变更材料",),
    "H17": ("整治完成证明",),
    "V02": ("租赁关系已终止的证明",),
}


def wanted(codes: Iterable[str], capacity: Capacity) -> tuple[str, ...]:
    """Return the materials whose originals the clerk must have seen, in the order of the receipt."""
    of_rules = [name for code in sorted(codes) for name in _OF_RULE.get(code, ())]
    return tuple(dict.fromkeys((*ALWAYS, *_OF_CAPACITY.get(capacity, ()), *of_rules)))
