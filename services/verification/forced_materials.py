"""Materials of a forced review by the failed rule and by who applies (rows 28, 29)."""

from collections.abc import Iterable

from models.codes import Code
from services.tenancy.review_materials import materials_for


class Capacity(Code):
    """In which capacity a person comes to the window."""

    OWNER = "OWNER", "权利人本人"
    AGENT = "AGENT", "代理人"
    HEIR = "HEIR", "继承人"


APPLICATION, TITLE, IDENTITY = "强制核验申请书", "权属证明", "申请人身份证件"
MANDATE, HEIRSHIP = "权利人授权委托书", "继承公证书或者生效法律文书"
ALWAYS = (APPLICATION, TITLE, IDENTITY)
_OF_CAPACITY = {Capacity.AGENT: (MANDATE,), Capacity.HEIR: (HEIRSHIP,)}


def wanted(codes: Iterable[str], capacity: Capacity) -> tuple[str, ...]:
    """Return the materials whose originals the clerk must have seen, in the order of the receipt."""
    of_rules = [name for code in sorted(codes) for name in materials_for(code)]
    return tuple(dict.fromkeys((*ALWAYS, *_OF_CAPACITY.get(capacity, ()), *of_rules)))
