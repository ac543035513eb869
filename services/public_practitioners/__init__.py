"""What citizens may look up about practitioners and firms, and what they report (row 48)."""
