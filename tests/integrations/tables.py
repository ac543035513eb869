"""Small tables of invented flats, leases, persons and firms, in the layout the simulators read."""

import csv
from pathlib import Path

CHEN = ("陈晓明", "310101199901010018")
LI = ("李静", "310104199506150028")
WANG = ("王磊", "310115198808080031")
ZHAO = ("赵敏", "310106200002290041")
ZHOU = ("周桂英", "310151196001010063")
STRANGER = ("高远", "310105199208080013")
BAD_NUMBER = "310101199901010013"
RENTAL_FIRM = "91310115MA1K000016"
LEASING_FIRM = "91310106MAXAX7TK3U"

PLAN = "A:卧室:14.2;B:卧室:11.6;T:客厅:13.0;K:厨房:5.5;W:卫生间:4.1;Y:阳台:4.0;C:储藏室:2.2"
PLAIN = "沪（2021）浦字不动产权第012345号"
COMMON = "沪（2020）浦字不动产权第012346号"
SEVERAL = "沪（2019）浦字不动产权第012347号"
RENEWED_OLD = "沪房地浦字（2008）第012348号"
RENEWED_NEW = "沪（2022）浦字不动产权第012349号"
TO_SEIZE = "沪（2021）浦字不动产权第012350号"
TO_SELL = "沪（2021）浦字不动产权第012351号"
LEASED = "沪（2021）浦字不动产权第012352号"
PUBLIC = "沪公租凭浦字第00012353号"
PUBLIC_TO_CHANGE = "沪公租凭浦字第00012354号"
STATUSES = ("正常", "抵押", "查封", "异议登记", "预告登记", "违法建筑", "D级危房")
FIXTURE_LIMITS = ("EXPROPRIATION", "GROUP_LETTING", "POLICY")


def status_cert(status: str) -> str:
    """The certificate of the flat that has this status."""
    return f"沪（2018）浦字不动产权第0200{STATUSES.index(status):02d}号"


def limit_cert(kind: str) -> str:
    """The certificate of the fixture that has this restriction."""
    return f"沪（2018）浦字不动产权第0300{FIXTURE_LIMITS.index(kind):02d}号"


def write_tables(folder: Path) -> Path:
    """Write houses, contracts and fixtures; returns the folder."""
    houses = [
        _flat(1, "101室", PLAIN, _owned(CHEN)),
        _flat(2, "102室", COMMON, f"{_owned(CHEN, 50)};{_owned(ZHOU, 50)}"),
        _flat(3, "201室", SEVERAL, _owned(ZHAO)),
        _flat(4, "202室", SEVERAL, _owned(ZHAO)),
        _flat(7, "401室", TO_SEIZE, _owned(LI)),
        _flat(8, "402室", TO_SELL, _owned(ZHAO)),
        _flat(9, "501室", LEASED, _owned(ZHOU)),
        _flat(10, "502室", PUBLIC, _owned(WANG), house_kind="租用公有住房"),
        _flat(11, "601室", PUBLIC_TO_CHANGE, _owned(ZHOU), house_kind="租用公有住房"),
    ]
    for number, status in enumerate(STATUSES):
        column = "safety_status" if status in ("违法建筑", "D级危房") else "limit_status"
        houses.append(_flat(20 + number, f"7{number:02d}室", status_cert(status), _owned(CHEN), **{column: status}))
    fixtures = [
        _flat(5, "301室", RENEWED_OLD, _owned(ZHAO), unit_no="310115005001GB00001F00000301", ended_on="2022-03-01"),
        _flat(6, "301室", RENEWED_NEW, _owned(CHEN), unit_no="310115005001GB00001F00000301"),
        *(
            _flat(40 + number, f"8{number:02d}室", limit_cert(kind), _owned(CHEN), restriction=kind)
            for number, kind in enumerate(FIXTURE_LIMITS)
        ),
    ]
    contracts = [
        _lease("L1", houses[6], "上海测试住房租赁有限公司", LEASING_FIRM, "住房租赁企业", "是", LI),
        _lease("L2", houses[0], "甲、乙", f"{CHEN[1]}+{ZHOU[1]}", "权利人", "", WANG),
    ]
    columns = list(houses[0])
    _write(folder / "houses_16.csv", columns, houses)
    _write(folder / "contracts_2.csv", list(contracts[0]), contracts)
    extra = ["unit_no", "ended_on", "restriction", "proof_type", "fixture_id"]
    _write(folder / "fixtures" / "houses.csv", [*columns, *extra], fixtures)
    persons = [{"fixture_id": f"P-{n}", "name": name, "id_no": id_no} for n, (name, id_no) in enumerate((CHEN, LI))]
    persons.append({"fixture_id": "X-bad", "name": "错号", "id_no": BAD_NUMBER})
    _write(folder / "fixtures" / "persons.csv", ["fixture_id", "name", "id_no"], persons)
    firms = [{"fixture_id": "E-1", "uscc": RENTAL_FIRM, "name": "沪寓公寓管理有限公司", "status": "暂停"}]
    _write(folder / "fixtures" / "enterprises.csv", ["fixture_id", "uscc", "name", "status"], firms)
    return folder


def _owned(person: tuple[str, str], share: int = 100) -> str:
    return f"{person[0]}/{person[1]}/{share}"


def _flat(number: int, room: str, cert_no: str, owners: str, **other: str) -> dict[str, str]:
    return {
        "house_id": f"310115{number:014d}",
        "district_code": "310115",
        "district": "浦东新区",
        "street_code9": "310115005",
        "street": "陆家嘴街道",
        "committee": "第一居委会",
        "road": "商城路",
        "lane": "100弄",
        "building": "1号",
        "room": room,
        "address": f"商城路100弄1号{room}",
        "house_kind": "产权房",
        "cert_no": cert_no,
        "reg_date": "2021-05-06",
        "use": "居住",
        "structure": "钢混",
        "floors_total": "18",
        "floor": "3",
        "floor_area": "88.50",
        "inner_area": "70.10",
        "bedrooms": "2",
        "living_rooms": "1",
        "kitchens": "1",
        "bathrooms": "1",
        "rooms": PLAN,
        "owners": owners,
        "limit_status": "正常",
        "safety_status": "正常",
        **other,
    }


def _lease(
    number: str, flat: dict[str, str], lessor: str, lessor_id: str, role: str, authorised: str, lessee: tuple[str, str]
) -> dict[str, str]:
    return {
        "contract_no": number,
        "house_id": flat["house_id"],
        "lessor_name": lessor,
        "lessor_id": lessor_id,
        "lessor_role": role,
        "authorised": authorised,
        "lessees": "/".join(lessee),
    }


def _write(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(rows)
