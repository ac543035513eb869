"""Pages of the association's reports."""
