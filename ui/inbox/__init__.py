"""待办: the tasks and notices of a market user."""
