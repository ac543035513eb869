"""Makes fictional houses and lease contracts with expected verdicts.

python make_houses.py --out DIR [--houses 2000] [--contracts 2000] [--problems 0.15] [--seed 20260630]

The verdicts are computed from the finished tables, not from what was planted, so that accidental problems count too.
"""

import argparse
import collections
import datetime as dt
from pathlib import Path

import common as c
from expected_verdicts import CERT_NEW, RULES, judge_contracts, judge_houses, norm_cert, owners_of, rooms_of, verdict

CENTRAL = {"310101", "310104", "310105", "310106", "310107", "310109", "310110"}
H_COLS = [
    "house_id",
    "district_code",
    "district",
    "street_code9",
    "street",
    "committee",
    "road",
    "lane",
    "building",
    "room",
    "address",
    "house_kind",
    "cert_no",
    "reg_date",
    "use",
    "structure",
    "floors_total",
    "floor",
    "floor_area",
    "inner_area",
    "bedrooms",
    "living_rooms",
    "kitchens",
    "bathrooms",
    "rooms",
    "owners",
    "limit_status",
    "safety_status",
    "planted",
    "expected_verdict",
    "expected_codes",
]
C_COLS = [
    "contract_no",
    "house_id",
    "mode",
    "room_no",
    "lessor_name",
    "lessor_id",
    "lessor_role",
    "authorised",
    "lessees",
    "occupants",
    "family",
    "sign_date",
    "start_date",
    "end_date",
    "monthly_rent",
    "deposit",
    "pay_cycle",
    "channel",
    "status",
    "cancel_date",
    "planted",
    "expected_verdict",
    "expected_codes",
]


# ---------------------------------------------------------------- making
class Maker:
    def __init__(self, seed):
        self.r = c.rng(seed, "houses")
        self.roads = c.read_csv(c.DATA / "regions" / "roads.csv")
        self.dist = {d["code"]: d for d in c.read_csv(c.DATA / "regions" / "districts.csv")}
        com = collections.defaultdict(list)
        for x in c.read_csv(c.DATA / "regions" / "committees.csv"):
            if x["kind"] == "居委会":
                com[x["street_code9"]].append(x["name"])
        self.com = com
        self.ids = c.IdMaker(self.r)
        self.addr = set()
        self.by_d = collections.defaultdict(list)
        for x in self.roads:
            self.by_d[x["district_code"]].append(x)

    def person(self, lo=dt.date(1960, 1, 1), hi=dt.date(2006, 12, 31)):
        s = self.ids.new(lo=lo, hi=hi)
        return c.rand_name(self.r, int(s[16]) % 2 == 1), s

    def house(self, n):
        r = self.r
        d = r.choices(c.SH_REGIONS, [5, 8, 5, 7, 7, 5, 8, 12, 10, 7, 18, 2, 8, 4, 4, 1])[0]
        road = r.choice(self.by_d[d])
        while True:
            floors = r.choice((6, 6, 6, 7, 11, 14, 18, 18, 24, 28, 33))
            floor = r.randint(1, floors)
            lane = "%d弄" % r.randint(5, 2999) if r.random() < 0.8 else ""
            bld = "%d号" % r.randint(1, 120)
            room = "%d%02d室" % (floor, r.randint(1, 4 if floors > 7 else 6))
            a = "{}{}{}{}".format(road["road"], lane, bld, room)
            if a not in self.addr:
                self.addr.add(a)
                break
        bed = r.choices((1, 2, 3, 4), (28, 45, 22, 5))[0]
        areas = sorted((round(r.uniform(9, 19), 1) for _ in range(bed)), reverse=True)
        living = 1 if bed == 1 and r.random() < 0.6 else r.choice((1, 2)) if bed > 1 else 0
        kit, bath = 1, 1 if bed < 3 else 2
        parts = [("%d" % (i + 1), "卧室", x) for i, x in enumerate(areas)]
        parts += [("T%d" % (i + 1), "客厅", round(r.uniform(10, 25), 1)) for i in range(living)]
        parts += [("K1", "厨房", round(r.uniform(4, 8), 1))] + [
            ("W%d" % (i + 1), "卫生间", round(r.uniform(3, 6), 1)) for i in range(bath)
        ]
        if r.random() < 0.7:
            parts.append(("B1", "阳台", round(r.uniform(3, 7), 1)))
        inner = round(sum(p[2] for p in parts) * 1.06, 2)
        pub = r.random() < 0.12 and d in CENTRAL
        reg = c.rand_day(r, dt.date(2001, 1, 1), dt.date(2025, 12, 31))
        sh = self.dist[d]["cert_short"]
        if pub:
            cert, kind = "沪公租凭%s字第%08d号" % (sh, r.randrange(10**8)), "租用公有住房"
        elif reg >= dt.date(2016, 10, 8):
            cert, kind = "沪(%d)%s字不动产权第%06d号" % (reg.year, sh, r.randrange(1, 160000)), "产权房"
        else:
            cert, kind = "沪房地%s字(%d)第%06d号" % (sh, reg.year, r.randrange(1, 90000)), "产权房"
        if r.random() < 0.85:  # certificates print full-width brackets; half-width is a common way to type them
            cert = norm_cert(cert)
        k = r.choices((1, 2, 3), (62, 34, 4))[0] if not pub else 1
        shares = [100] if k == 1 else [50, 50] if k == 2 and r.random() < 0.8 else [70, 30] if k == 2 else [34, 33, 33]
        own = [self.person(hi=dt.date(1998, 12, 31)) for _ in range(k)]
        com = self.com.get(road["street_code9"]) or [""]
        return {
            "house_id": "%s%014d" % (d, 10000000 + n),
            "district_code": d,
            "district": road["district_name"],
            "street_code9": road["street_code9"],
            "street": road["street_name"],
            "committee": r.choice(com),
            "road": road["road"],
            "lane": lane,
            "building": bld,
            "room": room,
            "address": a,
            "house_kind": kind,
            "cert_no": cert,
            "reg_date": reg,
            "use": "居住",
            "structure": "钢混" if floors > 7 else r.choice(("混合一", "混合二", "钢混")),
            "floors_total": floors,
            "floor": floor,
            "floor_area": round(inner / r.uniform(0.72, 0.86), 2),
            "inner_area": inner,
            "bedrooms": bed,
            "living_rooms": living,
            "kitchens": kit,
            "bathrooms": bath,
            "rooms": ";".join("{}:{}:{}".format(*p) for p in parts),
            "owners": ";".join("%s/%s/%d" % (o[0], o[1], s) for o, s in zip(own, shares, strict=False)),
            "limit_status": r.choices(("正常", "抵押"), (70, 30))[0],
            "safety_status": "正常",
            "planted": "",
        }

    def plant_house(self, hs, n, code):
        r, h = self.r, hs[n]
        if code == "CERT_FORMAT":
            h["cert_no"] = r.choice(
                [
                    h["cert_no"].replace("第", ""),
                    "沪(2025)沪字不动产权第012345号",
                    "苏(2021)苏州市不动产权第0012345号",
                    h["cert_no"][:-3] + "号",
                    "012345",
                ]
            )
        elif code == "CERT_DUP":
            o = hs[r.randrange(n)] if n else hs[1]
            if o["house_kind"] != h["house_kind"]:
                h["house_kind"] = o["house_kind"]
            h["cert_no"], h["district_code"] = o["cert_no"], h["district_code"]
        elif code == "AREA":
            h["floor_area"] = r.choice((0.0, -88.5, 10840.0, round(h["inner_area"] * 0.8, 2)))
        elif code == "USE":
            h["use"] = r.choice(("商业", "办公", "车库", "工业", "居住(酒店式公寓)"))
        elif code == "OWNER_ID":
            o = [list(x) for x in owners_of(h)]
            s = o[0][1]
            o[0][1] = r.choice((s[:6] + s[8:17], s[:17] + ("1" if s[17] != "1" else "2"), ""))
            h["owners"] = ";".join("/".join(x) for x in o)
        elif code == "SEIZED":
            h["limit_status"] = "查封"
        elif code == "RESTRICTED":
            h["limit_status"] = r.choice(("异议登记", "预告登记"))
        elif code == "ADDRESS_REGION":
            while True:
                x = r.choice(self.roads)
                if not any(y["road"] == x["road"] for y in self.by_d[h["district_code"]]):
                    break
            h["road"] = x["road"]
            h["address"] = "{}{}{}{}".format(h["road"], h["lane"], h["building"], h["room"])
        elif code == "SHARE_SUM":
            o = [list(x) for x in owners_of(h)]
            o[0][2] = str(int(o[0][2]) - 10)
            h["owners"] = ";".join("/".join(x) for x in o)
        elif code == "FLOOR":
            h["floor"] = h["floors_total"] + r.randint(1, 5)
        elif code == "ADDRESS_DUP":
            o = hs[r.randrange(n)] if n else hs[1]
            for k in (
                "district_code",
                "district",
                "street_code9",
                "street",
                "committee",
                "road",
                "lane",
                "building",
                "room",
                "address",
            ):
                h[k] = o[k]
        elif code == "DANGEROUS":
            h["safety_status"] = r.choice(("违法建筑", "D级危房"))
        elif code == "REG_DATE":
            h["reg_date"] = dt.date(2027, 1, 1) + dt.timedelta(days=r.randint(1, 300))
            if CERT_NEW.match(h["cert_no"]):
                h["cert_no"] = h["cert_no"].replace(h["cert_no"][2:6], "2027", 1)
        h["planted"] = code

    def contract(self, n, h, busy):
        r = self.r
        own = owners_of(h)
        role = r.choices(("权利人", "转租人", "住房租赁企业"), (78, 7, 15))[0]
        if role == "权利人":
            ln, lid = "、".join(o[0] for o in own), "+".join(o[1] for o in own)
        elif role == "转租人":
            ln, lid = self.person(hi=dt.date(1999, 1, 1))
        else:
            ln, lid = "上海测试住房租赁有限公司", c.make_uscc("91", h["district_code"], c.rand_org8(r))
        rooms = [(k, v) for k, v in rooms_of(h).items() if v[0] == "卧室"]
        mode = "分间" if len(rooms) > 1 and r.random() < 0.3 else "整租"
        room = r.choice(rooms)[0] if mode == "分间" else ""
        cap = 2 if mode == "分间" else 2 * len(rooms)
        area = rooms_of(h)[room][1] if room else sum(v[1] for _, v in rooms)
        occ = min(r.randint(1, min(cap, 4)), int(area // 5) or 1)
        people = [self.person(hi=dt.date(2004, 6, 30)) for _ in range(min(occ, r.randint(1, 2)))]
        start = c.rand_day(
            r,
            min(max(dt.date(2023, 1, 1), h["reg_date"] + dt.timedelta(days=30)), dt.date(2026, 6, 1)),
            dt.date(2026, 6, 15),
        )
        last = busy.get(h["house_id"])
        if last and start <= last:
            start = last + dt.timedelta(days=r.randint(1, 20))
        months = r.choices((3, 6, 12, 24, 36, 60), (5, 12, 60, 15, 6, 2))[0]
        y, m = divmod(start.month - 1 + months, 12)
        end = dt.date(start.year + y, m + 1, min(start.day, 28)) - dt.timedelta(days=1)
        busy[h["house_id"]] = max(end, last or end)
        unit = {True: r.uniform(85, 150), False: r.uniform(32, 75)}[h["district_code"] in CENTRAL]
        rent = int(round((h["floor_area"] if not room else area * 1.6) * unit / 50) * 50)
        return {
            "contract_no": "沪租%s%s%07d" % (h["district_code"], start.year, n + 1),
            "house_id": h["house_id"],
            "mode": mode,
            "room_no": room,
            "lessor_name": ln,
            "lessor_id": lid,
            "lessor_role": role,
            "authorised": "" if role == "权利人" else "是",
            "lessees": ";".join("{}/{}".format(*p) for p in people),
            "occupants": occ,
            "family": "是" if r.random() < 0.25 else "否",
            "sign_date": start - dt.timedelta(days=r.randint(0, 12)),
            "start_date": start,
            "end_date": end,
            "monthly_rent": max(rent, 500),
            "deposit": max(rent, 500),
            "pay_cycle": r.choice(("押一付一", "押一付三")),
            "channel": r.choices(
                ("一网通办", "政务窗口", "企业端", "经纪行业协会", "区级长租公寓"), (45, 20, 18, 12, 5)
            )[0],
            "status": "有效",
            "cancel_date": "",
            "planted": "",
        }

    def plant_contract(self, cs, n, code, hs, ok_houses, bad_houses):
        """Returns an extra contract if the problem needs a pair."""
        r, x = self.r, cs[n]
        x["planted"] = code
        h = next((h for h in hs if h["house_id"] == x["house_id"]), None)
        extra = None
        if code == "HOUSE_NOT_FOUND":
            x["house_id"] = x["house_id"][:6] + "%014d" % r.randrange(10**12, 10**13)
        elif code == "HOUSE_FAIL" and bad_houses:
            b = r.choice(bad_houses)
            x["house_id"], own = b["house_id"], owners_of(b)
            if x["lessor_role"] == "权利人":
                x["lessor_name"], x["lessor_id"] = "、".join(o[0] for o in own), "+".join(o[1] for o in own)
            x["mode"], x["room_no"] = "整租", ""
            x["occupants"] = 1
        elif code == "LESSOR_NOT_OWNER":
            x["lessor_role"], x["authorised"] = r.choice((("权利人", ""), ("转租人", "否")))
            x["lessor_name"], x["lessor_id"] = self.person()
        elif code == "TERM_ORDER":
            x["start_date"], x["end_date"] = x["end_date"], x["start_date"]
        elif code == "TERM_OVER_20Y":
            x["end_date"] = dt.date(x["start_date"].year + 20 + r.randint(0, 10), 12, 31)
        elif code in ("OVERLAP", "NO_DUP"):
            extra = dict(x)
            extra["planted"] = code
            p = self.person()
            extra["lessees"], extra["occupants"] = "{}/{}".format(*p), 1
            extra["sign_date"] = x["sign_date"] + dt.timedelta(days=20)
            if code == "OVERLAP":
                extra["contract_no"] = x["contract_no"][:12] + "9%06d" % n
                extra["start_date"] = min(x["end_date"], x["start_date"] + dt.timedelta(days=r.randint(25, 60)))
                extra["end_date"] = extra["start_date"] + dt.timedelta(days=364)
            else:
                extra["start_date"], extra["end_date"] = (
                    x["end_date"] + dt.timedelta(days=400),
                    x["end_date"] + dt.timedelta(days=764),
                )
        elif code == "LESSEE_ID":
            p = x["lessees"].split(";")[0].split("/")
            s = p[1]
            x["lessees"] = "{}/{}".format(
                p[0], r.choice((s[:17] + ("2" if s[17] == "3" else "3"), s[:6] + s[8:17], s[:17]))
            )
        elif code == "RENT":
            x["monthly_rent"] = r.choice((0, -100))
        elif code == "ROOM_PERSONS":
            x["family"] = "否"
            n_r = 1 if x["mode"] == "分间" else h["bedrooms"]
            x["occupants"] = 2 * n_r + r.randint(1, 3)
        elif code == "PER_CAPITA":
            x["family"] = "是"
            a = (
                rooms_of(h)[x["room_no"]][1]
                if x["mode"] == "分间"
                else sum(v[1] for v in rooms_of(h).values() if v[0] == "卧室")
            )
            x["occupants"] = int(a // 5) + 1
        elif code == "MIN_UNIT":
            x["mode"], x["room_no"], x["occupants"] = (
                "分间",
                r.choice([k for k, v in rooms_of(h).items() if v[0] != "卧室"]),
                1,
            )
        elif code == "SAME_PERSON":
            own = owners_of(h)
            x["lessor_role"], x["authorised"] = "权利人", ""
            x["lessor_name"], x["lessor_id"] = own[0][0], own[0][1]
            x["lessees"] = f"{own[0][0]}/{own[0][1]}"
        elif code == "SIGN_BEFORE_REG":
            x["lessor_role"], x["authorised"] = "权利人", ""
            own = owners_of(h)
            x["lessor_name"], x["lessor_id"] = "、".join(o[0] for o in own), "+".join(o[1] for o in own)
            x["sign_date"] = h["reg_date"] - dt.timedelta(days=r.randint(1, 400))
        elif code == "LESSEE_MINOR":
            s = c.make_id("310101", dt.date(2011, r.randint(1, 12), r.randint(1, 28)), c.rand_seq(r, True))
            x["lessees"], x["occupants"] = f"{c.rand_name(r)}/{s}", 1
        elif code == "INTERVAL":
            x["status"], x["cancel_date"] = "已注销", x["start_date"] + dt.timedelta(days=r.randint(20, 60))
            extra = dict(x)
            extra.update(
                {
                    "contract_no": x["contract_no"][:12] + "8%06d" % n,
                    "planted": code,
                    "status": "有效",
                    "cancel_date": "",
                    "sign_date": x["cancel_date"] + dt.timedelta(days=r.randint(1, 5)),
                }
            )
            extra["start_date"] = extra["sign_date"] + dt.timedelta(days=1)
            extra["end_date"] = extra["start_date"] + dt.timedelta(days=364)
        elif code == "ROOM_NOT_FOUND":
            x["mode"], x["room_no"], x["occupants"] = "分间", "9", 1
        elif code == "COOWNER_MISSING":
            own = owners_of(h)
            x["lessor_role"], x["authorised"], x["lessor_name"], x["lessor_id"] = "权利人", "", own[0][0], own[0][1]
        return extra


def build(seed, n_h, n_c, share):
    m = Maker(seed)
    hs = [m.house(i) for i in range(n_h)]
    hcodes = [x[1] for x in RULES if x[0][0] == "H"]
    bad = [i for i in range(1, n_h) if m.r.random() < share]
    for j, i in enumerate(bad):
        m.plant_house(hs, i, hcodes[j % len(hcodes)])
    hj = judge_houses(hs, m.roads)
    for h in hs:
        f = hj[h["house_id"]]
        h["expected_verdict"], h["expected_codes"] = verdict(f), " ".join(sorted(f))
        assert not h["planted"] or h["planted"] in f, (h["planted"], f, h)
    okh = [h for h in hs if h["expected_verdict"] == "pass"]
    failh = [h for h in hs if h["expected_verdict"] == "fail"]
    ccodes = [x[1] for x in RULES if x[0][0] == "C" and x[1] != "HOUSE_MANUAL"]
    busy, cs = {}, []
    two = [h for h in okh if len(owners_of(h)) > 1]
    j = 0
    m.r.shuffle(okh)
    q = 0
    while len(cs) < n_c:
        code = None
        if m.r.random() < share:
            code = ccodes[j % len(ccodes)]
            j += 1
        if code == "COOWNER_MISSING":
            h = m.r.choice(two)
        elif m.r.random() < 0.02 and not code:
            h = m.r.choice(hs)
        else:
            h = okh[q % len(okh)]
            q += 1
        x = m.contract(len(cs), h, busy)
        cs.append(x)
        if code:
            e = m.plant_contract(cs, len(cs) - 1, code, hs, okh, failh)
            if e and len(cs) < n_c:
                cs.append(e)
                busy[h["house_id"]] = max(busy[h["house_id"]], e["end_date"])
            elif e:
                x["planted"], x["status"], x["cancel_date"] = "", "有效", ""
            busy[h["house_id"]] = max(busy[h["house_id"]], x["end_date"], x["start_date"])
    # one personal sub-lessor with 12 units, one with exactly 10 (module 49: more than 10 gives an alert)
    alerts = []
    free = [x for x in cs if not x["planted"] and x["lessor_role"] == "转租人"]
    k = 0
    for cnt in (12, 10):
        p = m.person(hi=dt.date(1995, 1, 1))
        mine = free[k : k + cnt]
        k += cnt
        if len(mine) < cnt:
            break
        for x in mine:
            x["lessor_name"], x["lessor_id"] = p
            x["start_date"], x["end_date"] = dt.date(2026, 2, 1), dt.date(2027, 1, 31)
            x["sign_date"] = dt.date(2026, 1, 20)
        alerts.append([p[0], p[1], cnt, "超过10套(间),预警" if cnt > 10 else "等于10套(间),不预警"])
    # full control over overlaps created by the block above: judge again
    cj = judge_contracts(cs, hs, hj)
    for i, x in enumerate(cs):
        f = cj[i]
        x["expected_verdict"], x["expected_codes"] = verdict(f), " ".join(sorted(f))
    return hs, cs, alerts


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--houses", type=int, default=2000)
    ap.add_argument("--contracts", type=int, default=2000)
    ap.add_argument("--problems", type=float, default=0.15)
    ap.add_argument("--seed", default="20260630")
    ap.add_argument("--out", required=True)
    a = ap.parse_args()
    out = Path(a.out)
    hs, cs, alerts = build(a.seed, a.houses, a.contracts, a.problems)
    c.write_csv(out / ("houses_%d.csv" % len(hs)), H_COLS, hs)
    c.write_csv(out / ("contracts_%d.csv" % len(cs)), C_COLS, cs)
    c.write_csv(out / "sublet_alerts.csv", ["lessor_name", "lessor_id", "active_units", "expected"], alerts)
    c.write_csv(out / "rules.csv", ["no", "code", "verdict", "text"], RULES)
    hp = collections.Counter(h["expected_verdict"] for h in hs)
    cp = collections.Counter(x["expected_verdict"] for x in cs)
    miss = [
        x
        for x in cs
        if x["planted"]
        and x["planted"] not in x["expected_codes"].split()
        and x["planted"] not in ("OVERLAP", "NO_DUP", "INTERVAL")
    ]
    codes = collections.Counter(k for x in cs for k in x["expected_codes"].split())
    print(
        dict(hp), dict(cp), "planted but not found:", len(miss), [(x["planted"], x["expected_codes"]) for x in miss[:5]]
    )
    print(dict(codes))
    print(dict(collections.Counter(k for x in hs for k in x["expected_codes"].split())))
    print(
        "unplanted with codes:",
        collections.Counter(x["expected_codes"] for x in cs if not x["planted"] and x["expected_codes"]),
    )


if __name__ == "__main__":
    main()
