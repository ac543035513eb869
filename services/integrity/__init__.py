"""Rows as the product wrote them: scans, the ledger of versions, locked rows and their release."""
