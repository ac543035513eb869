"""Labels of the outside systems."""

from collections.abc import Mapping

from services.ports.port import PORTS

#: Partners that send messages to us; the systems we ask carry their labels in their ports.
LABELS: Mapping[str, str] = {
    "provident_fund": "公积金中心",
    "rental_company": "租赁企业",
    "broker_association": "经纪行业协会",
    "district_platform": "区级平台",
    "listing_platform": "网络信息平台",
    "civil_affairs": "社区事务受理（民政）",
}


def label_of(system: str) -> str:
    """The Chinese name of a system, or its code where it has none yet."""
    port = PORTS.get(system)
    return port.label if port is not None else LABELS.get(system, system)
