"""Trials of the rows by a reader who had not built them: tables of cases, expectations from the specification."""
