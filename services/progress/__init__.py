"""Progress of a project: payments and reports by month, milestones, and the watch over them (rows 71, 74, 75)."""
