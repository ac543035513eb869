"""Public enquiries of citizens about practitioners and firms, and their reports (row 48)."""
