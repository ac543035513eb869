"""Shared by the makers of sample data: repeatable random numbers, identity numbers, names, CSV files.

Every generator is deterministic: same arguments, same bytes.  REF_DATE stands
for "today" in all age and date rules.
"""

import csv
import datetime as dt
import io
import random
import re
from pathlib import Path

REF_DATE = dt.date(2026, 6, 30)
DATA = Path(__file__).resolve().parents[1]


def rng(seed, *parts):
    """Independent stream for each purpose, stable across Python versions."""
    return random.Random("|".join([str(seed)] + [str(p) for p in parts]))  # nosec B311 # repeatable samples


def write_csv(path, header, rows, encoding="utf-8-sig", newline="\r\n"):
    """CSV that Excel opens (UTF-8 with BOM, CRLF) unless told otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    buf = io.StringIO()
    w = csv.writer(buf, lineterminator=newline)
    w.writerow(header)
    for r in rows:
        if isinstance(r, dict):
            r = [r.get(h, "") for h in header]
        w.writerow(["" if v is None else v for v in r])
    with path.open("wb") as f:
        f.write(buf.getvalue().encode(encoding))


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


# ---------------------------------------------------------------- GB 11643
ID_W = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_C = "10X98765432"


def id_check(first17):
    return ID_C[sum(int(c) * w for c, w in zip(first17, ID_W, strict=False)) % 11]


def make_id(region, birthday, seq):
    s = "%s%s%03d" % (region, birthday.strftime("%Y%m%d"), seq)
    return s + id_check(s)


def id_is_valid(s):
    if not re.fullmatch(r"\d{17}[\dX]", s):
        return False
    try:
        dt.datetime.strptime(s[6:14], "%Y%m%d")
    except ValueError:
        return False
    return id_check(s[:17]) == s[17]


def id_birthday(s):
    return dt.date(int(s[6:10]), int(s[10:12]), int(s[12:14]))


def age_on(birthday, day=REF_DATE):
    return day.year - birthday.year - ((day.month, day.day) < (birthday.month, birthday.day))


def rand_day(r, first, last):
    return first + dt.timedelta(days=r.randint(0, (last - first).days))


# Sequence part: only 900-989 is used, so that generated numbers can be told
# apart from most real ones.  They are fictional all the same.
def rand_seq(r, male):
    n = r.randrange(900, 990)
    return n if n % 2 == (1 if male else 0) else n - 1 if n > 900 else n + 1


SH_REGIONS = [
    "310101",
    "310104",
    "310105",
    "310106",
    "310107",
    "310109",
    "310110",
    "310112",
    "310113",
    "310114",
    "310115",
    "310116",
    "310117",
    "310118",
    "310120",
    "310151",
]
SH_OLD_REGIONS = [
    "310102",
    "310103",
    "310108",
    "310111",
    "310119",
    "310221",
    "310222",
    "310223",
    "310224",
    "310225",
    "310226",
    "310227",
    "310228",
    "310229",
    "310230",
]
OTHER_REGIONS = [
    "110101",
    "110105",
    "120101",
    "130102",
    "140105",
    "150102",
    "210102",
    "220102",
    "230102",
    "320102",
    "320106",
    "320505",
    "320583",
    "320602",
    "320981",
    "330102",
    "330106",
    "330203",
    "330402",
    "340102",
    "340111",
    "341522",
    "350102",
    "350203",
    "360102",
    "360730",
    "370102",
    "370203",
    "410102",
    "411403",
    "411728",
    "420102",
    "420106",
    "421083",
    "430102",
    "430104",
    "440103",
    "440304",
    "450102",
    "460105",
    "500103",
    "510104",
    "511304",
    "520102",
    "530102",
    "610102",
    "610113",
    "620102",
    "630102",
    "640104",
    "650102",
]


# First and last year in which a code is listed (python-stdnum's table; codes not
# named here: from the first national code list of 1983, with Shanghai's, Beijing's
# and Tianjin's city districts without limit).  Real numbers may also carry a code
# that is younger than the birthday (number given at a later registration), but
# strict checkers such as python-stdnum refuse those, so the generators avoid them.
REGION_YEARS = {
    "310112": (1981, 9999),
    "310113": (1988, 9999),
    "310114": (1992, 9999),
    "310115": (1992, 9999),
    "310116": (1997, 9999),
    "310117": (1998, 9999),
    "310118": (1999, 9999),
    "310120": (2001, 9999),
    "310151": (2016, 9999),
    "310102": (0, 2000),
    "310103": (0, 2011),
    "310108": (0, 2015),
    "310111": (0, 1988),
    "310119": (2001, 2009),
    "310221": (1982, 1992),
    "310222": (1982, 1992),
    "310223": (1982, 1988),
    "310224": (1982, 1992),
    "310225": (1982, 2001),
    "310226": (1982, 2001),
    "310227": (1982, 1998),
    "310228": (1982, 1997),
    "310229": (1982, 1999),
    "310230": (1982, 2016),
    "140105": (1997, 9999),
    "320505": (2000, 9999),
    "320583": (1989, 9999),
    "320602": (1983, 2019),
    "320981": (1989, 9999),
    "341522": (1999, 9999),
    "360730": (1998, 9999),
    "411403": (1997, 9999),
    "411728": (2000, 9999),
    "421083": (1994, 9999),
    "460105": (2002, 9999),
    "500103": (1997, 9999),
    "510104": (1990, 9999),
    "511304": (1993, 9999),
    "640104": (2002, 9999),
}


def region_ok(region, year):
    lo, hi = REGION_YEARS.get(region, (0 if region[:2] in ("31", "11", "12") else 1983, 9999))
    return lo <= year <= hi


def rand_region(r, year=None):
    while True:
        x = r.random()
        pool = SH_REGIONS if x < 0.45 else SH_OLD_REGIONS if x < 0.55 else OTHER_REGIONS
        reg = r.choice(pool)
        if year is None or region_ok(reg, year):
            return reg


def birthday_for(r, region, lo, hi):
    """A birthday in [lo, hi] at which the region code existed."""
    a, b = REGION_YEARS.get(region, (0 if region[:2] in ("31", "11", "12") else 1983, 9999))
    lo = max(lo, dt.date(max(a, 1), 1, 1))
    hi = min(hi, dt.date(b, 12, 31)) if b < 9999 else hi
    return rand_day(r, lo, hi) if lo <= hi else None


class IdMaker:
    """Hands out valid numbers, each once."""

    def __init__(self, r):
        self.r, self.used = r, set()

    def new(self, male=None, lo=dt.date(1966, 1, 1), hi=dt.date(2007, 12, 31), region=None):
        r = self.r
        while True:
            m = r.random() < 0.5 if male is None else male
            bd = birthday_for(r, region, lo, hi) if region else rand_day(r, lo, hi)
            if bd is None:
                raise ValueError("no birthday for region " + region)
            s = make_id(region or rand_region(r, bd.year), bd, rand_seq(r, m))
            if s not in self.used:
                self.used.add(s)
                return s


# ------------------------------------------------- GB 32100 and GB 11714
USCC_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_W = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORG_W = (3, 7, 9, 10, 5, 8, 4, 2)


def org_check(first8):
    s = sum((int(c) if c.isdigit() else ord(c) - 55) * w for c, w in zip(first8, ORG_W, strict=False))
    return "0123456789X0"[11 - s % 11 if s % 11 else 11]


def uscc_check(first17):
    s = sum(USCC_CHARS.index(c) * w for c, w in zip(first17, USCC_W, strict=False))
    return USCC_CHARS[(31 - s % 31) % 31]


def make_uscc(dept, region, org8):
    s = dept + region + org8 + org_check(org8)
    return s + uscc_check(s)


def uscc_is_valid(s):
    if not re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}", s):
        return False
    return org_check(s[8:16]) == s[16] and uscc_check(s[:17]) == s[17]


def rand_org8(r):
    # "MAX"/"MAY" prefixes: not yet given out when this was written
    return r.choice(("MAX", "MAY")) + "".join(r.choice(USCC_CHARS) for _ in range(5))


# ---------------------------------------------------------------- names
SURNAMES = list(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜"
    "崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万钱严覃武戴莫孔向汤施洪乔翁柏樊"
)
COMPOUND = ["欧阳", "上官", "司徒", "诸葛", "夏侯", "东方", "皇甫", "尉迟"]
GIVEN_M = list(
    "伟强磊军勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢佳阳博文轩昊然子豪晨泽睿翔辰毅诚志远建国庆德胜海峰立东"
)
GIVEN_F = list(
    "芳娜敏静丽艳娟霞秀燕玲桂英萍红玉兰雪梅琳洁颖婷慧莹璐倩丹晶欣怡佳琪梦涵诗雨萱思彤雅妍语嫣若溪淑珍美华蓉蕾薇菲悦"
)


def rand_name(r, male=True):
    s = r.choice(COMPOUND) if r.random() < 0.02 else r.choice(SURNAMES)
    pool = GIVEN_M if male else GIVEN_F
    n = 1 if r.random() < 0.22 else 2
    return s + "".join(r.choice(pool) for _ in range(n))
