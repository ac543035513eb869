"""企业监测: registry data of watched companies, their changes, and the resulting alerts (rows 51, 52, 54)."""
