"""企业监测: registry data of watched companies, their changes, and the resulting alerts (rows 51, 52, 54)."""

from services.engine.thresholds import declare_beside

declare_beside(__file__)
