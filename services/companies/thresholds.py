"""The keys of the thresholds of admission, declared in `parameters.csv`; those of monitoring hold for it too (rows 51-54)."""

from services.engine.thresholds import declare_beside

LEAST_CAPITAL = "subjects.least_capital"
LEAST_TECHNICIANS = "subjects.least_technicians"
LEAST_ACCOUNTANTS = "subjects.least_accountants"
RATIO_TOLERANCE = "subjects.ratio_tolerance"
OFFER_DAYS = "subjects.offer_working_days"

declare_beside(__file__)
