"""备案强制核验 and 社区受理: applications, the queue with its clocks, review side by side (rows 11, 12)."""
