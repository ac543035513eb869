"""Companies of the market."""
