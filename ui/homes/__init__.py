"""工作台: the home of each role, drawn from its declared tiles."""
