"""The electronic project handbook: chapters, versions, texts of the company, archives, watches (rows 77-79)."""
