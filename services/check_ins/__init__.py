"""入住即备案: check-ins of long-rent projects become filings, move-outs end them, occupied rooms are reconciled (row 14)."""
