"""Bodies the simulated library knows in full: the market's companies from their table, every other firm in outline."""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from integrations.legal_entities.contract import EntityFull, Investor, RegState
from integrations.wire.records import Firm
from models.normal import normal_id_no

STATES: Mapping[str, RegState] = {
    "存续": "A",
    "注销": "B",
    "吊销": "C",
    "迁出": "D",
    "撤销": "E",
    "歇业": "F",
    "清算": "G",
}
WAN = Decimal(10_000)
#: A table with these columns tells of the market's companies.
_COLUMNS = {"uscc", "name", "parent", "capital", "holding_ratio"}
_OUTLINE_CAPITAL = Decimal(1_000)


def read_bodies(folder: Path, firms: Mapping[str, Firm]) -> dict[str, EntityFull]:
    """Return every firm by its code, market companies with all data from the folder's tables."""
    bodies = {uscc: _outline(firm) for uscc, firm in firms.items()}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            if set(table.fieldnames or ()) >= _COLUMNS:
                rows = [{key: (value or "").strip() for key, value in row.items() if key} for row in table]
                bodies |= _market(rows)
    return bodies


def _outline(firm: Firm) -> EntityFull:
    return EntityFull(
        uniScId=firm.uscc,
        entName=firm.name,
        entType="有限责任公司",
        regState=STATES[firm.status],
        leRep=firm.legal_rep,
        regCap=_OUTLINE_CAPITAL,
        recCap=_OUTLINE_CAPITAL,
        opScope=firm.scope,
    )


def _market(rows: Iterable[Mapping[str, str]]) -> dict[str, EntityFull]:
    by_id = {row.get("fixture_id") or row["uscc"]: row for row in rows}
    return {
        normal_id_no(row["uscc"]): EntityFull(
            uniScId=normal_id_no(row["uscc"]),
            entName=row["name"],
            entType="有限责任公司",
            regState=STATES.get(row.get("registry_status", ""), "A"),
            leRep=row.get("legal_rep", ""),
            regCap=Decimal(row["capital"] or 0) / WAN,
            recCap=Decimal(row.get("paid") or 0) / WAN,
            estDate=date.fromisoformat(row["established_on"]) if row.get("established_on") else None,
            dom="上海市" if row["uscc"].startswith("9131") else "",
            opScope=row.get("scope", ""),
            investors=_investors(row, by_id.get(row["parent"])),
        )
        for row in by_id.values()
    }


def _investors(row: Mapping[str, str], parent: Mapping[str, str] | None) -> tuple[Investor, ...]:
    """The parent with its share and a fund with the rest; a group belongs to the state and a fund."""
    capital = Decimal(row["capital"] or 0) / WAN
    if parent is not None:
        ratio = Decimal(row["holding_ratio"] or 100)
        holders = [
            (parent["name"], "1", parent["uscc"], ratio),
            ("上海浦汇城市更新基金（有限合伙）", "1", "", 100 - ratio),
        ]
    elif row.get("level") == "group":
        holders = [
            ("上海市国有资产监督管理委员会", "4", "", Decimal(60)),
            ("沪新产业投资基金（有限合伙）", "1", "", Decimal(40)),
        ]
    else:
        holders = [(row.get("legal_rep", "") or "自然人股东", "2", "", Decimal(100))]
    return tuple(
        Investor.model_validate(
            {
                "inv": name,
                "invType": kind,
                "uniScId": normal_id_no(uscc),
                "subConAm": capital * share / 100,
                "acConAm": capital * share / 100,
                "subConProp": share,
                "conForm": "货币",
            }
        )
        for name, kind, uscc, share in holders
        if share > 0
    )
