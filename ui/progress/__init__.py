"""Pages of progress: the board of projects, plan beside what was reached, payments as a curve (rows 71, 74, 75)."""
