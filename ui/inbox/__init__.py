"""待办: what waits for whoever of the market sits in front, and what he was told."""
