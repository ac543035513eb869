"""数据编目: every table and column with label, unit, level, protection, keeper, source and sharing (security.md 2.4)."""
