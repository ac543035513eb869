"""Sums of homes by month, district and stage of sale, by DuckDB from the CSV files of an export (a rival's figure).

Run by `tests.bench.supply` as a process of its own, with the rival's package in front of ours. Its stages are simpler than
ours: sold, opened, listed, or none of these by the events so far, each home with its last area.
"""

import json
import sys
from pathlib import Path
from time import process_time

import duckdb  # type: ignore[import-not-found]

FOLDER, FIRST, LAST = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
SUMS = """
WITH acts AS (
    SELECT house_unit_id AS home, date_trunc('month', happened_on) AS month,
        arg_max(type, (happened_on, event_no)) FILTER (type IN ('SIGN', 'REGISTER', 'CANCEL')) AS sale,
        bool_or(type = 'OPEN') AS opened, bool_or(type = 'LIST') AS listed
    FROM read_csv($events) GROUP BY ALL
), states AS (
    SELECT home, month, lead(month, 1, DATE '9999-01-01') OVER whole AS until,
        last_value(sale IGNORE NULLS) OVER so_far AS sale,
        bool_or(opened) OVER so_far AS opened, bool_or(listed) OVER so_far AS listed
    FROM acts WINDOW whole AS (PARTITION BY home ORDER BY month),
        so_far AS (PARTITION BY home ORDER BY month ROWS UNBOUNDED PRECEDING)
), homes AS (
    SELECT house.id AS home, district_code AS district, coalesce(surveyed_gross, forecast_gross) AS area
    FROM read_csv($homes) house JOIN read_csv($buildings) building ON building.id = natural_building_id
        JOIN read_csv($projects) project ON project.id = project_id WHERE sale_role = 'FOR_SALE'
), months AS (SELECT unnest(range($first::DATE, $last::DATE + INTERVAL 1 DAY, INTERVAL 1 MONTH)) AS month)
SELECT months.month, district,
    CASE WHEN sale IN ('SIGN', 'REGISTER') THEN 'S5' WHEN opened THEN 'S4b' WHEN listed THEN 'S4a' ELSE '' END AS stage,
    sum(area) AS area, count(*) AS sets
FROM months JOIN states ON states.month <= months.month AND months.month < until JOIN homes USING (home) GROUP BY ALL
"""
FILES = {"events": "sale_events", "homes": "house_units", "buildings": "natural_buildings", "projects": "projects"}

paths = {name: str(FOLDER / f"{file}.csv") for name, file in FILES.items()}
started = process_time()
rows = duckdb.connect(config={"threads": 2}).execute(SUMS, {**paths, "first": FIRST, "last": LAST}).fetchall()
print(json.dumps({"computed": process_time() - started, "rows": len(rows), "version": duckdb.__version__}))
