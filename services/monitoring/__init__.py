"""企业监测: what the registry tells of watched companies, what changed, and the alerts that follow (rows 51, 52, 54)."""
