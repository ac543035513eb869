"""Bodies the simulated library knows in full: the market's companies from their table, every other firm in outline."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from integrations.legal_entities.contract import STATES, EntityFull, Investor
from integrations.wire.records import Firm, rows_of
from models.normal import normal_id_no

#: A table with these columns is about the market's companies.
_COLUMNS = {"uscc", "name", "parent", "capital", "holding_ratio"}
_OUTLINE_CAPITAL = Decimal(10_000_000)


def read_bodies(folder: Path, firms: Mapping[str, Firm]) -> dict[str, EntityFull]:
    """Return every firm by its code, market companies with all data from the folder's tables."""
    bodies = {uscc: _outline(firm) for uscc, firm in firms.items()}
    for path in sorted(folder.glob("*.csv")):
        rows = rows_of(path)
        if rows and set(rows[0]) >= _COLUMNS:
            bodies |= _market(rows)
    return bodies


def _outline(firm: Firm) -> EntityFull:
    return EntityFull(
        uscc=firm.uscc,
        name=firm.name,
        company_type="有限责任公司",
        status=firm.status,
        legal_rep=firm.legal_rep,
        registered_capital=_OUTLINE_CAPITAL,
        paid_in_capital=_OUTLINE_CAPITAL,
        scope=firm.scope,
    )


def _market(rows: Iterable[Mapping[str, str]]) -> dict[str, EntityFull]:
    by_id = {row.get("fixture_id") or row["uscc"]: row for row in rows}
    return {
        normal_id_no(row["uscc"]): EntityFull(
            uscc=normal_id_no(row["uscc"]),
            name=row["name"],
            company_type="有限责任公司",
            status=status if (status := row.get("registry_status", "")) in STATES.values() else "存续",
            legal_rep=row.get("legal_rep", ""),
            registered_capital=Decimal(row["capital"] or 0),
            paid_in_capital=Decimal(row.get("paid") or 0),
            established_on=date.fromisoformat(row["established_on"]) if row.get("established_on") else None,
            address="上海市" if row["uscc"].startswith("9131") else "",
            scope=row.get("scope", ""),
            holders=_investors(row, by_id.get(row["parent"])),
        )
        for row in by_id.values()
    }


def _investors(row: Mapping[str, str], parent: Mapping[str, str] | None) -> tuple[Investor, ...]:
    """The parent with its share and a fund with the rest; a group belongs to the state and a fund."""
    capital = Decimal(row["capital"] or 0)
    if parent is not None:
        ratio = Decimal(row["holding_ratio"] or 100)
        holders = [
            (parent["name"], "COMPANY", parent["uscc"], ratio),
            ("上海浦汇城市更新基金（有限合伙）", "COMPANY", "", 100 - ratio),
        ]
    elif row.get("level") == "group":
        holders = [
            ("上海市国有资产监督管理委员会", "STATE", "", Decimal(60)),
            ("沪新产业投资基金（有限合伙）", "COMPANY", "", Decimal(40)),
        ]
    else:
        holders = [(row.get("legal_rep", "") or "自然人股东", "PERSON", "", Decimal(100))]
    return tuple(
        Investor(
            name=name,
            kind=kind,
            uscc=uscc,
            subscribed=capital * share / 100,
            paid=capital * share / 100,
            ratio=share,
            form="货币",
        )
        for name, kind, uscc, share in holders
        if share > 0
    )
