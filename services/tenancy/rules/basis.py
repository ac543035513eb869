"""The legal basis of rules, by source; the leasing ordinance is cited by its 2025 numbering with the amendment's date."""

_ORDINANCE = "《上海市住房租赁条例》（2025年11月26日修正）"
_NATIONAL = "《住房租赁条例》（国务院令第812号）"
_LETTING = "《上海市居住房屋租赁管理办法》（市政府令第68号）"
_FILING = "《上海市住房租赁合同网签备案操作规定》（沪房规范〔2024〕8号）"
_FILING_2019 = "沪房规范〔2019〕11号"
_PLATFORM = "《上海市住房租赁公共服务平台管理规定》（沪房规范〔2023〕6号）"
_CONCENTRATED = "《上海市集中出租房屋安全管理规定》（沪公行规〔2024〕1号）"
_AFFORDABLE = "《保障性租赁住房租赁管理办法（试行）》（沪住建规范联〔2022〕3号）"
_BUILDERS = "《新时代城市建设者管理者之家规定（试行）》（沪房规范〔2025〕5号）"
_WITHDRAWAL = "《上海市住房公积金提取管理办法》（沪公积金管委会〔2023〕4号）"
_LISTING = "《上海市租赁住房房源核验业务规则》"
_TRANSFER = "《公有住房承租权转让合同网签操作规定》（沪房市场〔2020〕150号）"
_GROUP = "《群租治理联动的通知》（沪房市场〔2025〕179号）"
_CODE = "《中华人民共和国民法典》"

#: Nothing published says it: the authority's own practice.
PRACTICE = "网签备案业务核验要求"
#: The national ordinance, where its article number was not read in the text itself.
NATIONAL_UNREAD = _NATIONAL
ID_STANDARD = "GB 11643《公民身份号码》、GB 32100《法人和其他组织统一社会信用代码编码规则》"
FILING_RULES_2024 = _FILING
PLATFORM_RULES = _PLATFORM
CONCENTRATED = _CONCENTRATED
LISTING_RULES = _LISTING
GROUP_LETTING = _GROUP


def ordinance(article: str) -> str:
    return f"{_ORDINANCE}第{article}条"


def national(article: str) -> str:
    return f"{_NATIONAL}第{article}条"


def letting(article: str) -> str:
    return f"{_LETTING}第{article}条"


def filing_2019(article: str) -> str:
    return f"{_FILING}（参照{_FILING_2019}第{article}条）"


def platform(article: str) -> str:
    return f"{_PLATFORM}第{article}条"


def affordable(article: str) -> str:
    return f"{_AFFORDABLE}第{article}条"


def builders(article: str) -> str:
    return f"{_BUILDERS}第{article}条"


def withdrawal(article: str) -> str:
    return f"{_WITHDRAWAL}第{article}条"


def transfer(article: str) -> str:
    return f"参照{_TRANSFER}第{article}条"


def civil_code(article: str) -> str:
    return f"{_CODE}第{article}条"


def together(*texts: str) -> str:
    return "；".join(texts)
