"""Addresses of databases: how one may begin, and why others cannot carry the product, in one Chinese sentence each."""

#: How the address of a database may begin.
DATABASES = ("postgresql://", "postgres://", "sqlite:///")
WRONG = "应以 postgresql:// 开头（SQLite 为 sqlite:///文件路径）"

_MYSQL = "{}使用 MySQL 协议，本系统只用 PostgreSQL 协议，不能承载"
_OWN = "{}使用自有协议和 SQL 方言，本系统没有它的驱动，不能承载"
_RELATIVE = "{}使用 PostgreSQL 协议，地址同样写作 postgresql://用户:口令@主机:端口/库名，并先用 db-probe 检查"
_INSTEAD = "，可改用 PostgreSQL，或用 db-probe 检查 openGauss、KingbaseES 等使用 PostgreSQL 协议的数据库"
#: By the beginning of an address.
_SENTENCES = {
    **dict.fromkeys(("dm", "dameng"), _OWN.format("达梦") + _INSTEAD),
    **dict.fromkeys(("oscar", "shentong"), _OWN.format("神通") + _INSTEAD),
    **dict.fromkeys(("gbase", "gbasedbt", "gbasedbt-sqli"), _OWN.format("GBase 8s、8a ") + "（GBase 8c 使用 PostgreSQL 协议，地址写作 postgresql://）"),
    "oracle": _OWN.format("Oracle ") + _INSTEAD,
    **dict.fromkeys(("mssql", "sqlserver"), _OWN.format("SQL Server ") + _INSTEAD),
    "db2": _OWN.format("DB2 ") + _INSTEAD,
    "oceanbase": _MYSQL.format("OceanBase ") + _INSTEAD,
    "tidb": _MYSQL.format("TiDB ") + _INSTEAD,
    "goldendb": _MYSQL.format("GoldenDB ") + _INSTEAD,
    **dict.fromkeys(("mysql", "mariadb"), _MYSQL.format("MySQL 和与它兼容的 OceanBase、TiDB、GoldenDB、TDSQL ") + _INSTEAD),
    "opengauss": _RELATIVE.format("openGauss "),
    "gaussdb": _RELATIVE.format("GaussDB "),
    **dict.fromkeys(("kingbase", "kingbase8", "kingbasees"), _RELATIVE.format("KingbaseES ")),
    "vastbase": _RELATIVE.format("Vastbase "),
    "polardb": _RELATIVE.format("PolarDB PostgreSQL 版"),
    **dict.fromkeys(("highgo", "hgdb"), _RELATIVE.format("瀚高数据库")),
}  # fmt: skip


def why_not(url: str) -> str:
    """Return what is wrong with the address of a database; nothing when the product can use it."""
    if url.startswith(DATABASES):
        return ""
    scheme = url.removeprefix("jdbc:").partition("://")[0].partition("+")[0].partition(":")[0].lower()
    known = _SENTENCES.get(scheme)
    return f"{WRONG}；{known}" if known else WRONG
