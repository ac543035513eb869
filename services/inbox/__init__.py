"""待办: what waits for somebody of the market, from every area, with working-day clocks and delegation (market 3.8)."""
