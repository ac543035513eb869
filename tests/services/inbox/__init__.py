"""What waits for whom, and who stands in."""
