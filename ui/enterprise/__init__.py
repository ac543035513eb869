"""The enterprise workspace: what came, bills, terminations (rows 17-22)."""
