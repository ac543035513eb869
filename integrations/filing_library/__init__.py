"""备案库: which rooms of centralized projects a filing in force holds."""
