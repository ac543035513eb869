"""A synthetic Shanghai for demo and tests: offices, named accounts, houses, legacy leases, fixtures (decision 3)."""
