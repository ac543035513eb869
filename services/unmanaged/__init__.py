"""Places let outside the managed library: reports of districts, duplicates, reminders and conversion (row 37)."""
