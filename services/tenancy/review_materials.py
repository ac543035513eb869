"""Materials that speak to a failed rule, for people who review what it stopped (rows 11, 28, 29)."""

_OF_RULE = {
    "P04": ("换领后的证件或者办理换证的受理凭证",),
    "P11": ("租赁关系真实性说明",),
    "H01": ("登记机构出具的权属说明",),
    "H02": ("权利人与出租人关系证明",),
    "H03": ("其他共有人同意出租的材料",),
    "H04": ("改建批准文件",),
    "H07": ("解除限制或者准予出租的证明",),
    "H08": ("征收部门出具的说明",),
    "H09": ("公房凭证变更材料",),
    "H10": ("公房管理单位和同住人同意转租的材料",),
    "H13": ("更正登记材料或者实测说明",),
    "H17": ("整治完成证明",),
    "O03": ("法定赡养、抚养、扶养关系证明",),
    "O07": ("原居住人已搬离的证明",),
    "F02": ("再次出租的情况说明和原合同终止的证明",),
    # Rules of listing verification.
    "V02": ("租赁关系已终止的证明",),
}


def materials_for(code: str) -> tuple[str, ...]:
    """Return the names of the materials for a rule; none where nothing special is asked for."""
    return _OF_RULE.get(code, ())
