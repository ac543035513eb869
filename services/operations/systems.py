"""Labels of the outside systems."""

from collections.abc import Mapping

LABELS: Mapping[str, str] = {
    "licence_library": "电子证照库",
    "short_messages": "短信平台",
    "property_register": "不动产登记系统",
    "police": "公安身份核验",
    "public_housing": "公有住房系统",
    "legal_entities": "法人库",
    "one_map": "资源共享平台",
    "provident_fund": "公积金中心",
    "rental_company": "租赁企业",
    "broker_association": "经纪行业协会",
    "district_platform": "区级平台",
}


def label_of(system: str) -> str:
    """The Chinese name of a system, or its code where it has none yet."""
    return LABELS.get(system, system)
