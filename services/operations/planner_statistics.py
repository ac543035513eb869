"""The nightly survey of what fills the tables of grids, so that SQLite's planner finds the right index (rows 51-62)."""

from services.engine.door import Door
from services.engine.jobs import job


@job("database.survey", "更新数据分布统计", at="03:50")
def survey(door: Door) -> None:
    """Of no record anything is changed; with PostgreSQL nothing is to do."""
    door.database.survey()
