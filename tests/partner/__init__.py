"""Partners: the signed exchange, samples, sandbox, handbook, and the month of direct payment."""
