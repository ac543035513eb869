"""Triggers by which the database itself refuses overlapping filings and changed events (decision 21)."""

from alembic import op

_OVERLAP = """SELECT 1 FROM filing_part f WHERE f.house_id = NEW.house_id AND f.holds AND f.filing_id <> NEW.filing_id
 AND f.valid_from <= NEW.valid_to AND NEW.valid_from <= f.valid_to
 AND (f.part_key = '*' OR NEW.part_key = '*' OR f.part_key = NEW.part_key)"""

_TRIGGERS = {
    "sqlite": [
        f"""CREATE TRIGGER filing_part_{word} BEFORE {word} ON filing_part WHEN NEW.holds AND EXISTS ({_OVERLAP})
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: filing overlap'); END"""
        for word in ("insert", "update")
    ]
    + [
        f"CREATE TRIGGER audit_event_{word} BEFORE {word} ON audit_event BEGIN SELECT RAISE(ABORT, 'audit is append only'); END"
        for word in ("update", "delete")
    ],
    "postgresql": [
        f"""CREATE FUNCTION filing_no_overlap() RETURNS trigger AS $$ BEGIN
IF NEW.holds AND EXISTS ({_OVERLAP})
THEN RAISE EXCEPTION 'filing overlap' USING ERRCODE = '23505'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql""",
        "CREATE TRIGGER filing_no_overlap BEFORE INSERT OR UPDATE ON filing_part "
        "FOR EACH ROW EXECUTE FUNCTION filing_no_overlap()",
        "CREATE FUNCTION audit_append_only() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'audit is append only'; END $$ "
        "LANGUAGE plpgsql",
        "CREATE TRIGGER audit_event_kept BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
    ],
}


def create() -> None:
    for statement in _TRIGGERS[op.get_bind().dialect.name]:
        op.get_bind().exec_driver_sql(statement)
