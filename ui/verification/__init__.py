"""Pages of listing verification: a home to be verified, requests, codes, room plans (rows 26, 27, 31)."""
