"""经纪行业协会: leases its members signed, pushed in batches."""
