"""What each area adds to the walk of everybody over everything (tests/test_everybody.py); a module an area.

Each module has `ORACLE` (table -> (city, caller, row) -> may see), `ORDERS` (name -> (table of the id, (city, id) -> order)),
`UNFOREIGN` (name -> why no foreign id is tried) and `furnish(city)`, which puts at least four rows into each table.
"""
