"""租赁企业: their own systems, which bill rent and take mandates."""
