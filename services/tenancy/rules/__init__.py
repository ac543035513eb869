"""The rule catalogue of filings and cancellations: pure, facts in, findings out."""
