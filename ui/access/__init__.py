"""Pages of accounts, offices, grants and the signed access list."""
