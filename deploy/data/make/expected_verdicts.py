"""The 32 rules of the sample data and the verdicts they give: what the product's own check must agree with.

Rule texts and codes are this data set's reading of the usual practice; the authority has to confirm them.
"""

import collections
import datetime as dt
import re

import common as c

RULES = [
    ("H01", "CERT_FORMAT", "fail", "不动产权证号格式不符"),
    ("H02", "CERT_DUP", "manual", "同一权证号出现在不同房屋上"),
    ("H03", "AREA", "fail", "建筑面积不为正、大于1000或小于套内面积"),
    ("H04", "USE", "fail", "用途不是居住"),
    ("H05", "OWNER_ID", "manual", "权利人证件号码校验不通过(登记信息错漏,走强制核验)"),
    ("H06", "SEIZED", "fail", "查封"),
    ("H07", "RESTRICTED", "manual", "异议登记或预告登记"),
    ("H08", "ADDRESS_REGION", "manual", "路名与街镇所在区不一致"),
    ("H09", "SHARE_SUM", "manual", "共有份额合计不是100%"),
    ("H10", "FLOOR", "manual", "所在层大于总层数"),
    ("H11", "ADDRESS_DUP", "manual", "同一地址出现两次"),
    ("H12", "DANGEROUS", "fail", "违法建筑或危险房屋"),
    ("H13", "REG_DATE", "manual", "登记日期在未来"),
    ("C01", "HOUSE_NOT_FOUND", "fail", "房屋编码不存在"),
    ("C02", "HOUSE_FAIL", "fail", "房屋核验不通过"),
    ("C03", "LESSOR_NOT_OWNER", "fail", "出租人不是权利人且无授权"),
    ("C04", "TERM_ORDER", "fail", "止日早于起日"),
    ("C05", "TERM_OVER_20Y", "fail", "租期超过20年(民法典第705条)"),
    ("C06", "OVERLAP", "fail", "与先签的有效合同租期重叠(整套或同一间)"),
    ("C07", "LESSEE_ID", "fail", "承租人证件号码校验不通过"),
    ("C08", "RENT", "fail", "月租金不为正"),
    ("C09", "ROOM_PERSONS", "fail", "每间超过2人(无法定赡养抚养扶养关系)"),
    ("C10", "PER_CAPITA", "fail", "人均居住面积低于5平方米"),
    ("C11", "MIN_UNIT", "fail", "厨房、卫生间、阳台、储藏室等非居住空间单独出租"),
    ("C12", "SAME_PERSON", "fail", "出租人与承租人相同"),
    ("C13", "SIGN_BEFORE_REG", "manual", "签约早于产权登记日"),
    ("C14", "NO_DUP", "fail", "合同编号重复(后签的)"),
    ("C15", "LESSEE_MINOR", "manual", "承租人均未满18周岁"),
    ("C16", "INTERVAL", "manual", "同房同承租人注销后7天内再次备案"),
    ("C17", "ROOM_NOT_FOUND", "fail", "房间号不在该房屋内"),
    ("C18", "COOWNER_MISSING", "manual", "共有房屋只有部分共有人作为出租人"),
    ("C19", "HOUSE_MANUAL", "manual", "房屋需人工核验"),
]
RULE = {code: (no, v, t) for no, code, v, t in RULES}
SHORT = "黄徐长静普虹杨闵宝嘉浦金松青奉崇"
BR = "[\uff08(]", "[)\uff09]"
CERT_NEW = re.compile("^沪{}(20(1[6-9]|2\\d)){}[{}]字不动产权第\\d{{6}}号$".format(*BR, SHORT))
CERT_OLD = re.compile("^沪房地[{}]字{}((19|20)\\d\\d){}第\\d{{6}}号$".format(SHORT, *BR))
CERT_PUB = re.compile(f"^沪公租凭[{SHORT}]字第\\d{{8}}号$")


def norm_cert(s):
    return s.replace("(", "\uff08").replace(")", "\uff09").replace(" ", "")


def owners_of(h):
    """[(name, id, share)]"""
    return [tuple(x.split("/")) for x in h["owners"].split(";")]


def rooms_of(h):
    """{room_no: (kind, area)}"""
    out = {}
    for x in h["rooms"].split(";"):
        n, k, a = x.split(":")
        out[n] = (k, float(a))
    return out


def judge_houses(hs, roads):
    by_cert, by_addr = collections.defaultdict(set), collections.Counter(h["address"] for h in hs)
    for h in hs:
        by_cert[norm_cert(h["cert_no"])].add(h["house_id"])
    known = {(r["road"], r["district_code"]) for r in roads}
    out = {}
    for h in hs:
        f = set()
        pat = CERT_PUB if h["house_kind"] == "租用公有住房" else None
        if not (pat.match(h["cert_no"]) if pat else CERT_NEW.match(h["cert_no"]) or CERT_OLD.match(h["cert_no"])):
            f.add("CERT_FORMAT")
        if len(by_cert[norm_cert(h["cert_no"])]) > 1:
            f.add("CERT_DUP")
        if not 0 < h["floor_area"] <= 1000 or h["inner_area"] > h["floor_area"]:
            f.add("AREA")
        if h["use"] != "居住":
            f.add("USE")
        if any(not c.id_is_valid(o[1]) for o in owners_of(h)):
            f.add("OWNER_ID")
        if h["limit_status"] == "查封":
            f.add("SEIZED")
        if h["limit_status"] in ("异议登记", "预告登记"):
            f.add("RESTRICTED")
        if (h["road"], h["district_code"]) not in known:
            f.add("ADDRESS_REGION")
        if sum(int(o[2]) for o in owners_of(h)) != 100:
            f.add("SHARE_SUM")
        if h["floor"] > h["floors_total"]:
            f.add("FLOOR")
        if by_addr[h["address"]] > 1:
            f.add("ADDRESS_DUP")
        if h["safety_status"] != "正常":
            f.add("DANGEROUS")
        if h["reg_date"] > c.REF_DATE:
            f.add("REG_DATE")
        out[h["house_id"]] = f
    return out


def verdict(codes):
    v = {RULE[x][1] for x in codes}
    return "fail" if "fail" in v else "manual" if "manual" in v else "pass"


def judge_contracts(cs, hs, hcodes):
    houses = {h["house_id"]: h for h in hs}
    out, seen, active = [], set(), collections.defaultdict(list)
    cancelled = collections.defaultdict(list)
    for k in sorted(range(len(cs)), key=lambda k: (cs[k]["sign_date"], k)):
        x = cs[k]
        f = set()
        h = houses.get(x["house_id"])
        people = [p.split("/") for p in x["lessees"].split(";")]
        if x["contract_no"] in seen:
            f.add("NO_DUP")
        seen.add(x["contract_no"])
        if any(not c.id_is_valid(p[1]) for p in people):
            f.add("LESSEE_ID")
        elif all(c.age_on(c.id_birthday(p[1]), x["sign_date"]) < 18 for p in people):
            f.add("LESSEE_MINOR")
        if x["end_date"] < x["start_date"]:
            f.add("TERM_ORDER")
        elif x["end_date"] >= dt.date(x["start_date"].year + 20, x["start_date"].month, min(x["start_date"].day, 28)):
            f.add("TERM_OVER_20Y")
        if x["monthly_rent"] <= 0:
            f.add("RENT")
        if x["lessor_id"] in [p[1] for p in people]:
            f.add("SAME_PERSON")
        if not h:
            f.add("HOUSE_NOT_FOUND")
        else:
            hv = verdict(hcodes[h["house_id"]])
            if hv == "fail":
                f.add("HOUSE_FAIL")
            if hv == "manual":
                f.add("HOUSE_MANUAL")
            own = owners_of(h)
            if x["lessor_role"] == "权利人":
                ids = x["lessor_id"].split("+")
                if not set(ids) <= {o[1] for o in own}:
                    f.add("LESSOR_NOT_OWNER")
                elif len(ids) < len(own):
                    f.add("COOWNER_MISSING")
            elif x["authorised"] != "是":
                f.add("LESSOR_NOT_OWNER")
            if x["lessor_role"] == "权利人" and x["sign_date"] < h["reg_date"]:
                f.add("SIGN_BEFORE_REG")
            rooms = rooms_of(h)
            if x["mode"] == "分间":
                if x["room_no"] not in rooms:
                    f.add("ROOM_NOT_FOUND")
                    area, n_rooms = None, 1
                else:
                    kind, area = rooms[x["room_no"]]
                    n_rooms = 1
                    if kind != "卧室":
                        f.add("MIN_UNIT")
                        area = None
            else:
                area = sum(a for kd, a in rooms.values() if kd == "卧室")
                n_rooms = sum(kd == "卧室" for kd, _ in rooms.values())
            if (
                x["occupants"] > 2 * n_rooms
                and x["family"] != "是"
                and "ROOM_NOT_FOUND" not in f
                and "MIN_UNIT" not in f
            ):
                f.add("ROOM_PERSONS")
            if area is not None and area / x["occupants"] < 5:
                f.add("PER_CAPITA")
            key = x["room_no"] if x["mode"] == "分间" else "*"
            end = x["end_date"]
            for s, e, kk in active[h["house_id"]]:
                if (key == "*" or kk == "*" or kk == key) and x["start_date"] <= e and s <= end:
                    f.add("OVERLAP")
            who = frozenset(p[1] for p in people)
            for day, w in cancelled[h["house_id"]]:
                if w == who and dt.timedelta(0) <= x["sign_date"] - day <= dt.timedelta(days=7):
                    f.add("INTERVAL")
            if verdict(f) != "fail":
                if x["status"] == "已注销":
                    cancelled[h["house_id"]].append((x["cancel_date"], who))
                    end = min(end, x["cancel_date"])
                active[h["house_id"]].append((x["start_date"], end, key))
        out.append((k, f))
    return dict(out)
