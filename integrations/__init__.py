"""A package per outside system: contract, client, simulator, endpoints, jobs."""
