"""What is drawn from the declarations of kinds beside pages: sheets, printed records, attachments, the API."""
