"""Pages of parcels: links of both sides, claims, assignments, the calendar of payments (rows 55-57)."""
