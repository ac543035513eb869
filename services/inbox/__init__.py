"""待办: open tasks of a market user from every area, with working-day terms and delegation (market 3.8)."""
