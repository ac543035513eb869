"""Areas of the business over one engine: actions, queries, facts, rules."""
