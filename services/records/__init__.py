"""Outputs drawn from the declarations of kinds: sheets, printed records, attachments, the API."""
