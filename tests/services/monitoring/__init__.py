"""The monitoring of companies: its rules, its nights, what it shows."""
