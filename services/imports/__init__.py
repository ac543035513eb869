"""Tables people bring in: kept as sessions, corrected row by row, committed in parts, undone as a whole (row 42)."""
