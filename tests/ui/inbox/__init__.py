"""The inbox of people of the market."""
