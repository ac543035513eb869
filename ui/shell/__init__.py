"""The shell every workspace uses: frame, tabs, calls to the door, grids, fields, findings."""
