"""The review queue: a component for every kind of record that waits for a decision."""
